// What a person typed and ticked is kept in this browser until it is sent: a closed tab, a lost session
// or a lost network loses no text. Never what is in .secret (Data Server), never passwords or files.
{
  const PREFIX = "ketikan:";
  const KEPT_FOR = 24 * 60 * 60 * 1000; // ms: computers are shared
  const user = document.body.dataset.user;
  const FIELDS = "textarea, select, input[type=text], input[type=radio], input[type=checkbox]";

  // A browser that keeps nothing, or has no room left, only loses this help.
  const quietly = (work) => { try { return work(); } catch { return null; } };
  const read = (key) => quietly(() => JSON.parse(localStorage.getItem(key)));
  const keys = () => quietly(() => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) ?? [];
  const forget = (isMeant) => { for (const key of keys().filter(isMeant)) localStorage.removeItem(key); };

  // Nothing old, nothing of somebody else, and nothing at the door unless a lost session led there.
  const tidy = () => {
    forget((key) => !(Date.now() - (read(key)?.at ?? 0) < KEPT_FOR));
    if (user) { forget((key) => !key.startsWith(`${PREFIX}${user}:`)); return; }
    if (!location.pathname.startsWith("/akun/login/")) return;
    if (new URLSearchParams(location.search).has("next")) quietly(() => sessionStorage.setItem("sesi-berakhir", "ya"));
    else if (!quietly(() => sessionStorage.getItem("sesi-berakhir"))) forget(() => true);
  };

  const keyOf = (form) => `${PREFIX}${user}:${new URL(form.action).pathname}`;
  const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
  const nameOf = (field) => (isChoice(field) ? `${field.name}=${field.value}` : field.name);
  const valueOf = (field) => (isChoice(field) ? field.checked : field.value);
  const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)].filter((field) => field.name && !field.closest(".secret"));

  const put = (field, value) => {
    if (isChoice(field)) field.checked = value; else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const restore = (form) => {
    const kept = read(keyOf(form));
    if (!kept) return;
    const before = fieldsOf(form).map((field) => [field, valueOf(field)]);
    let isChanged = false;
    for (const [field, value] of before) {
      const wanted = kept.fields[nameOf(field)];
      if (wanted === undefined || wanted === value) continue;
      put(field, wanted);
      isChanged ||= valueOf(field) !== value;
    }
    if (isChanged) tell(form, before, kept.files && !form.querySelector(".files-kept"));
  };

  const tell = (form, before, hadFiles) => {
    const note = document.createElement("div");
    note.className = "note restored";
    note.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = `Isian Anda yang belum terkirim dipulihkan.${hadFiles ? " File harus dipilih lagi." : ""}`;
    const button = document.createElement("button");
    button.className = "btn btn-quiet btn-sm";
    button.type = "button";
    button.textContent = "Buang";
    button.addEventListener("click", () => {
      for (const [field, value] of before) if (valueOf(field) !== value) put(field, value);
      localStorage.removeItem(keyOf(form));
      note.remove();
      announce("Isian dibuang.");
      before.find(([field]) => !field.disabled && field.offsetParent)?.[0].focus();
    });
    note.append(words, button);
    const place = form.querySelector(":scope > h2");
    if (place) place.after(note); else form.prepend(note);
  };

  const keep = (form) => {
    const start = fieldsOf(form).map((field) => [field, valueOf(field)]);
    const save = () => {
      const fields = read(keyOf(form))?.fields ?? {};
      for (const [field, value] of start) {
        const name = nameOf(field);
        if (valueOf(field) !== value || name in fields) fields[name] = valueOf(field);
      }
      const files = form.querySelector("input[type=file]")?.files.length ?? 0;
      quietly(() => localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields, files })));
    };
    form.addEventListener("input", save);
    form.addEventListener("change", save);
  };

  document.addEventListener("DOMContentLoaded", () => {
    tidy();
    const sent = quietly(() => sessionStorage.getItem("terkirim"));
    if (sent && document.querySelector(".note-done, [data-done]")) quietly(() => localStorage.removeItem(sent));
    quietly(() => sessionStorage.removeItem("terkirim"));
    if (user) quietly(() => sessionStorage.removeItem("sesi-berakhir"));
    document.querySelector("form[data-forgets]")?.addEventListener("submit", () => forget(() => true));
    for (const form of document.querySelectorAll("form[data-confirm]")) { restore(form); keep(form); }
  });

  // Also from the page that confirms, where the form is another one to the same address.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.submitter?.name !== "konfirmasi") return;
    quietly(() => sessionStorage.setItem("terkirim", keyOf(event.target)));
  });
}
