// Keys for officers, who spend their day in the lists. Nothing is reached by a key alone: each presses
// a link that is on the page. They can be switched off, because single letters get in the way of speech
// input (WCAG 2.1.4), and rest in fields, in dialogs and together with Ctrl, Alt or Meta.
{
  const OFF = "pintasan-mati"; // in localStorage
  const AFTER_G = 1500; // ms
  const TABS = { b: "baru", p: "proses", d: "daftar" };

  const isOff = () => { try { return localStorage.getItem(OFF) === "ya"; } catch { return false; } };
  const switchOff = (off) => { try { if (off) localStorage.setItem(OFF, "ya"); else localStorage.removeItem(OFF); } catch { /* for this page only */ } };

  const rows = () => [...document.querySelectorAll("main .tbl tbody tr:not(.group)")].filter((row) => row.querySelector("a.no"));
  const here = () => document.activeElement.closest?.("main .tbl tbody tr:not(.group)");
  const move = (by) => {
    const all = rows();
    const at = all.indexOf(here());
    const next = at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[at + by];
    next?.querySelector("a.no").focus();
    next?.scrollIntoView({ block: "nearest" });
    return Boolean(next);
  };

  // The act of the chosen row, or of the ticket that the page is about; a form that is open gets the focus.
  const act = (...slugs) => {
    const place = here() ?? document.querySelector("main .page-head");
    const isAct = (link) => slugs.some((slug) => link.pathname.endsWith(`/${slug}/`));
    const link = [...(place?.querySelectorAll("a") ?? [])].find(isAct);
    if (link) { link.click(); return true; }
    const form = document.querySelector("main #form");
    if (!form || !slugs.some((slug) => new URL(form.action).pathname.endsWith(`/${slug}/`))) return false;
    form.querySelector("input:not([type=hidden]), select, textarea").focus();
    return true;
  };
  const press = (link) => { link?.click(); return Boolean(link); };
  const search = () => {
    const field = document.querySelector("main .filters [name=cari]") ?? document.getElementById("cari-nomor");
    field?.select();
    field?.focus();
    return Boolean(field);
  };

  const dialog = document.getElementById("pintasan");
  const help = () => { dialog.showModal(); return true; };
  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    o: () => press(here()?.querySelector("a.no")),
    a: () => act("ambil"),
    r: () => act("review", "feedback"),
    u: () => press(document.querySelector("main a.back")),
    "/": search,
    "?": help,
    ArrowDown: () => Boolean(here()) && move(1),
    ArrowUp: () => Boolean(here()) && move(-1),
  };

  let afterG = 0;
  const work = (key) => {
    const isSecond = Date.now() - afterG < AFTER_G;
    afterG = 0;
    if (isSecond && TABS[key]) { location.assign(`${dialog.dataset.tabs}${TABS[key]}/`); return true; }
    if (key === "g") { afterG = Date.now(); return true; }
    return KEYS[key]?.() ?? false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isOff()) return;
    if (document.querySelector("dialog[open]") || event.target.closest("input, select, textarea, [contenteditable], details[open] > ul")) return;
    if (work(event.key)) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("pintasan-aktif");
    const sync = () => { box.checked = !isOff(); };
    sync();
    box.addEventListener("change", () => {
      switchOff(!box.checked);
      announce(box.checked ? "Pintasan aktif." : "Pintasan tidak aktif.");
    });
    window.addEventListener("storage", sync);
    for (const button of document.querySelectorAll("[data-shortcuts]")) {
      button.hidden = false;
      button.addEventListener("click", help);
    }
  });
}
