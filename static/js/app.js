// LPSE Support: small helps on top of pages that work without this file.
document.documentElement.classList.add("js");

const number = (value) => value.toLocaleString("id");

// Says something politely to those who do not see it happen.
function announce(text) {
  const place = document.querySelector("[data-announcer]");
  if (place) { place.textContent = ""; setTimeout(() => { place.textContent = text; }, 50); }
}

// Without network nothing is sent and nothing is lost: the page says so and stays.
const OFFLINE = "Tidak ada koneksi internet. Belum ada yang terkirim; isian dan file yang Anda pilih masih ada di halaman ini. Periksa koneksi Anda, lalu kirim lagi.";
const AWAY = "Sistem sedang tidak dapat menyimpan. Isian dan file yang Anda pilih masih ada di halaman ini. Tunggu sebentar, lalu kirim lagi.";
function say(form, sentence) {
  form.querySelector(".offline")?.remove();
  const note = document.createElement("p");
  note.className = "note note-late offline";
  note.setAttribute("role", "alert");
  note.tabIndex = -1;
  note.textContent = sentence;
  for (const dialog of form.querySelectorAll("dialog[open]")) dialog.close();
  form.querySelector(".actions:has(> [type=submit])").before(note);
  note.focus();
}

// Everything below is done for a page, and again for a form that was fetched into a pop-up.
function enhance(root) {
  // A link opens a <dialog>: <a href="…" data-dialog="id">; without script it leads to a page.
  for (const link of root.querySelectorAll("a[data-dialog]")) {
    const dialog = document.getElementById(link.dataset.dialog);
    link.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
  }

  // A row's button opens the form of its page in a pop-up: <a href="…" data-form-dialog="id">
  for (const link of root.querySelectorAll("a[data-form-dialog]")) {
    const dialog = document.getElementById(link.dataset.formDialog);
    link.addEventListener("click", async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      try {
        const answer = await fetch(link.href, { credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const form = page.getElementById("form");
        if (!answer.ok || !form) throw new Error(answer.status);
        form.classList.remove("panel", "composer");
        const title = document.createElement("p");
        title.textContent = `${page.querySelector(".ticket-no .no").textContent.trim()} ${page.querySelector("h1").textContent.trim()}`;
        form.querySelector("h2").after(title);
        for (const back of form.querySelectorAll("a.btn-quiet")) back.dataset.close = "";
        form.querySelector("h2").tabIndex = -1;  // its title is read first, not the first field
        form.querySelector("h2").autofocus = true;
        dialog.replaceChildren(document.adoptNode(form));
        enhance(dialog);
        dialog.showModal();
      } catch { location.assign(link.href); }
    });
  }

  // A form asks before it is sent: <form data-confirm="id">. The server judges the texts first, so the
  // pop-up opens only over a form that can be sent; without script the server asks on a page.
  for (const form of root.querySelectorAll("form[data-confirm]")) {
    const dialog = document.getElementById(form.dataset.confirm);
    let judged = false;
    let isReachable = false;
    form.addEventListener("submit", async (event) => {
      const button = event.submitter;
      if (judged || (button && ["konfirmasi", "hapus", "batal"].includes(button.name))) {
        if (!navigator.onLine && !isReachable) {  // a browser may be wrong about that, so it is tried
          event.preventDefault();
          try {
            await fetch(document.querySelector("link[rel=icon]").href, { cache: "no-store" });
            isReachable = true;
            form.requestSubmit(button);
          } catch { say(form, OFFLINE); }
          return;
        }
        const leaving = new CustomEvent("leaving", { cancelable: true, detail: { button } });
        if (!form.dispatchEvent(leaving)) { event.preventDefault(); return; }  // files go first: upload.js
        // a second click of a double click has nothing to press any more
        setTimeout(() => { for (const b of form.querySelectorAll("button")) b.disabled = true; });
        return;
      }
      event.preventDefault();
      const wrong = form.querySelector("input[type=file]:invalid");
      if (wrong) { wrong.focus(); return; }
      const data = new FormData(form);
      for (const input of form.querySelectorAll("input[type=file]")) {
        data.delete(input.name);
        for (const file of input.files) data.append("nama", file.name);  // only the name goes ahead
      }
      data.set("periksa", "ya");
      let verdict = { ok: false };
      let answer = null;
      try {
        answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin", redirect: "manual" });
      } catch { say(form, OFFLINE); return; } // the plain way would leave the page for nothing
      if (answer.status === 503) { say(form, AWAY); return; }
      form.querySelector(".offline")?.remove();
      try { verdict = await answer.json(); } catch { /* the plain way below works without it */ }
      if (!verdict.ok) { judged = true; form.requestSubmit(); return; }
      // what was wrong before is mended now
      for (const error of form.querySelectorAll(".errors, .invalid-feedback")) error.remove();
      for (const field of form.querySelectorAll("[aria-invalid]")) {
        field.classList.remove("is-invalid");
        field.removeAttribute("aria-invalid");
      }
      dialog.querySelector("[data-sentence]").textContent = verdict.sentence;
      for (const fact of dialog.querySelectorAll("[data-typed-in]")) {
        const isLeftOut = document.getElementById(fact.dataset.unless)?.checked;
        fact.textContent = (isLeftOut ? "" : document.getElementById(fact.dataset.typedIn).value.trim()) || fact.dataset.else;
      }
      for (const fact of dialog.querySelectorAll("[data-files]")) {
        const files = form.querySelectorAll(".files li").length;
        fact.textContent = files ? `${files} file` : fact.dataset.else;
      }
      dialog.querySelector("[data-warnings]").replaceChildren(...verdict.warnings.map((text) => {
        const note = dialog.querySelector("[data-warning]").content.firstElementChild.cloneNode(true);
        note.querySelector("span").textContent = text;
        return note;
      }));
      // what looks private is shown first, and sending takes another button than usual
      const found = new DOMParser().parseFromString(verdict.found ?? "", "text/html").querySelector(".found");
      dialog.querySelector("[data-found]").replaceChildren(...(found ? [document.adoptNode(found)] : []));
      dialog.querySelector("[data-when-found]").hidden = !found;
      dialog.querySelector("[data-when-clean]").hidden = Boolean(found);
      dialog.showModal();
    });
  }
  for (const no of root.querySelectorAll("dialog [data-close]")) {
    no.addEventListener("click", (event) => { event.preventDefault(); no.closest("dialog").close(); });
  }

  // 'Perbaiki' leads to the found piece in its field.
  for (const mend of root.querySelectorAll("dialog [data-mend]")) {
    mend.addEventListener("click", () => {
      const dialog = mend.closest("dialog");
      const { field, piece } = dialog.querySelector(".found").dataset;
      const input = document.getElementById(`id_${field}`);
      dialog.close();
      input.focus();
      const start = input.value.indexOf(piece);
      if (input.type !== "file" && start >= 0) input.setSelectionRange(start, start + piece.length);
    });
  }

  // A page that only hands something on.
  for (const form of root.querySelectorAll("form[data-autosubmit]")) form.requestSubmit();

  // Filters apply when a list is chosen from. Arrows pass by choices that nobody means: who chooses by
  // keyboard says so with Enter, or with the form's button.
  for (const select of root.querySelectorAll(".filters select")) {
    let byKey = false;
    select.addEventListener("pointerdown", () => { byKey = false; });
    select.addEventListener("keydown", (event) => {
      byKey = true;
      if (event.key === "Enter") { event.preventDefault(); select.form.requestSubmit(); }
    });
    select.addEventListener("change", () => {
      if (byKey) return;
      const days = select.form.querySelector(`[data-when="${select.name}"][data-is="${select.value}"] input`);
      if (days) days.focus(); else select.form.requestSubmit();  // days of one's own are typed first
    });
  }

  // Character counter: <span class="counter" data-for="id_title" data-max="100">. It counts what the
  // server will: neither blanks around the text nor, in one line, more than one between two words. It
  // is read out after a pause in typing, and only near the end.
  for (const counter of root.querySelectorAll(".counter")) {
    const input = document.getElementById(counter.dataset.for);
    if (!input) continue;
    const max = Number(counter.dataset.max);
    const wasWrong = input.classList.contains("is-invalid");
    let pause;
    const lengthOf = (text) => [...(input.type === "text" ? text.replace(/\s+/g, " ") : text).trim()].length;
    const left = () => max - lengthOf(input.value);
    const say = () => {
      if (left() < 0) announce(`Kelebihan ${number(-left())} karakter.`);
      else if (left() <= max / 5) announce(`Tersisa ${number(left())} karakter.`);
    };
    const show = () => {
      const isOver = left() < 0;
      counter.textContent = `${number(max - left())}/${number(max)}${isOver ? `, kelebihan ${number(-left())}` : ""}`;
      counter.classList.toggle("over", isOver);
      if (wasWrong) return; // what the server found wrong stays marked
      input.classList.toggle("is-invalid", isOver);
      if (isOver) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
    };
    input.addEventListener("input", () => { show(); clearTimeout(pause); pause = setTimeout(say, 1000); });
    show();
  }

  // A button copies a ticket's number: <button data-copy="LS26-…" hidden>; nothing without a clipboard.
  for (const button of root.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    const words = button.querySelector("[data-words]");
    const before = words.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
      words.textContent = "Tersalin";
      announce(`Nomor tiket ${button.dataset.copy} tersalin.`);
      setTimeout(() => { words.textContent = before; }, 3000);
    });
  }

  // Fields that follow a choice: <div data-when="outcome" data-is="escalate">
  for (const part of root.querySelectorAll("[data-when]")) {
    const inputs = root.querySelectorAll(`[name="${part.dataset.when}"]`);
    const show = () => {
      const chosen = [...inputs].find((input) => input.type === "radio" || input.type === "checkbox" ? input.checked : true);
      part.hidden = !chosen || !part.dataset.is.split(" ").includes(chosen.value);
    };
    for (const input of inputs) input.addEventListener("change", show);
    show();
  }

  // 'Permasalahan tidak terkait paket' needs no code.
  const unrelated = document.getElementById("id_no_package");
  const code = document.getElementById("id_package_code");
  if (unrelated && code) {
    const show = () => { code.disabled = unrelated.checked; };
    unrelated.addEventListener("change", show);
    show();
  }

  // Rating: 1 to 3 stars make the suggestion required.
  const advice = document.getElementById("id_suggestion");
  for (const star of root.querySelectorAll(".stars input")) {
    const show = () => { if (star.checked && advice) advice.required = Number(star.value) <= 3; };
    star.addEventListener("change", show);
    show();
  }

  // The summary of errors takes the focus.
  root.querySelector("[data-focus]")?.focus();
  for (const link of root.querySelectorAll(".errors a[href^='#']")) {
    const group = document.getElementById(link.hash.slice(1))?.closest("legend");
    if (group) link.addEventListener("click", (event) => { event.preventDefault(); group.parentElement.querySelector("input").focus(); });
  }
  // What a filter found takes it too, where the filter was just set and not on a way back.
  const wasHere = document.referrer && new URL(document.referrer).pathname === location.pathname;
  if (wasHere && !location.hash && performance.getEntriesByType("navigation")[0]?.type === "navigate") root.querySelector("[data-result]")?.focus();

  // A notice can be put away.
  for (const button of root.querySelectorAll("[data-dismiss]")) {
    button.addEventListener("click", () => button.closest(".note").remove());
  }

  for (const button of root.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
}

// The menu of the person closes by Escape and by a click beside it.
function closeMenu() {
  const menu = document.querySelector(".bar-user");
  if (!menu) return;
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
  });
}

document.addEventListener("DOMContentLoaded", () => { enhance(document); closeMenu(); });
// Back from another page: what was pressed there may be pressed again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("button:disabled")) button.disabled = false;
});
