// The counters of menu, tabs and notice renew themselves while the page is seen.
{
  const EVERY = 30_000; // ms
  const bar = document.querySelector('[data-counter="total"]');
  const isOfficer = Boolean(document.querySelector(".bar-find"));
  const title = document.title;
  let last = bar && { pool: Number(bar.dataset.pool), turn: Number(bar.dataset.turn) };
  let timer = null;
  let isOver = false; // the session is lost, or the address is gone: nothing is asked any more

  const name = (shown) => { if (isOfficer) document.title = shown ? `(${shown}) ${title}` : title; };
  const shownIn = (place) => place.querySelector(".count")?.firstChild.textContent.trim() ?? "";

  const draw = (place, { count, shown }) => {
    if (!count) { place.replaceChildren(); return; }
    const badge = document.createElement("span");
    badge.className = place.dataset.words ? "count" : "count count-turn";
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = place.dataset.words ?? " menunggu Anda";
    badge.append(shown, words);
    place.replaceChildren(badge);
  };

  const tell = (now) => {
    const more = (queue) => now[queue].count - last[queue];
    const words = [];
    if (more("pool") > 0) words.push(`${more("pool")} tiket baru`);
    if (more("turn") > 0) words.push(`${more("turn")} tiket lagi menunggu Anda`);
    if (words.length) announce(`${words.join(", ")}.`);
  };

  const show = (now) => {
    for (const place of document.querySelectorAll("[data-counter]")) {
      const counter = now[place.dataset.counter];
      if (shownIn(place) !== (counter.count ? counter.shown : "")) draw(place, counter);
    }
    for (const place of document.querySelectorAll("[data-figure]")) place.textContent = now[place.dataset.figure].shown;
    for (const [index, note] of document.querySelectorAll("[data-notice]").entries()) {
      const place = note.querySelector("p > span");
      if (!now.notice[index]) note.remove();
      else if (place.textContent !== now.notice[index]) place.textContent = now.notice[index];
    }
    name(now.total.count ? now.total.shown : "");
    tell(now);
    last = { pool: now.pool.count, turn: now.turn.count };
  };

  const renew = async () => {
    try {
      const answer = await fetch(bar.dataset.url, { credentials: "same-origin", redirect: "manual" });
      if (answer.ok) show(await answer.json());
      else if (answer.status < 500) isOver = true;
    } catch { /* no network just now: asked again next time */ }
  };

  const rest = () => { clearTimeout(timer); timer = null; };
  const wait = () => {
    rest();
    if (!isOver && !document.hidden) timer = setTimeout(async () => { await renew(); wait(); }, EVERY);
  };

  // The page of a ticket was opened: what 'Notifikasi' tells of it is read.
  const tellSeen = async (form) => {
    try { await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" }); await renew(); } catch { /* it stays unread */ }
  };

  if (bar) {
    const seen = document.querySelector("form[data-seen]");
    if (seen) tellSeen(seen);
    document.addEventListener("visibilitychange", async () => {
      rest();
      if (!document.hidden && !isOver) { await renew(); wait(); }
    });
    name(shownIn(bar));
    wait();
  }
}
