// LPSE Support: small helps on top of pages that work without this file.
document.documentElement.classList.add("js");

document.addEventListener("DOMContentLoaded", () => {
  const number = (value) => value.toLocaleString("id");

  // A link opens a <dialog>: <a href="…" data-dialog="id">; without script it leads to a page.
  for (const link of document.querySelectorAll("a[data-dialog]")) {
    const dialog = document.getElementById(link.dataset.dialog);
    link.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
  }

  // A form asks before it is sent: <form data-confirm="id">. The server judges the texts first, so the
  // pop-up opens only over a form that can be sent; without script the server asks on a page.
  for (const form of document.querySelectorAll("form[data-confirm]")) {
    const dialog = document.getElementById(form.dataset.confirm);
    let judged = false;
    form.addEventListener("submit", async (event) => {
      const button = event.submitter;
      if (judged || (button && ["konfirmasi", "hapus", "batal"].includes(button.name))) {
        // a second click of a double click has nothing to press any more
        setTimeout(() => { for (const b of form.querySelectorAll("button")) b.disabled = true; });
        return;
      }
      event.preventDefault();
      const wrong = form.querySelector("input[type=file]:invalid");
      if (wrong) { wrong.focus(); return; }
      const data = new FormData(form);
      for (const input of form.querySelectorAll("input[type=file]")) data.delete(input.name);
      data.set("periksa", "ya");
      let verdict = { ok: false };
      try {
        const answer = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
        verdict = await answer.json();
      } catch { /* the plain way below works without it */ }
      if (!verdict.ok) { judged = true; form.requestSubmit(); return; }
      dialog.querySelector("[data-sentence]").textContent = verdict.sentence;
      dialog.querySelector("[data-warnings]").replaceChildren(...verdict.warnings.map((text) => {
        const note = document.createElement("p");
        note.className = "warn-feedback";
        note.textContent = text;
        return note;
      }));
      dialog.showModal();
    });
  }
  for (const dialog of document.querySelectorAll("dialog")) {
    for (const no of dialog.querySelectorAll("[data-close]")) {
      no.addEventListener("click", (event) => { event.preventDefault(); dialog.close(); });
    }
    if (dialog.hasAttribute("data-open")) dialog.showModal();
  }

  // A page that only hands something on.
  for (const form of document.querySelectorAll("form[data-autosubmit]")) form.requestSubmit();

  // Filters apply when a list is chosen from.
  for (const select of document.querySelectorAll(".filters select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }

  // Character counter: <span class="counter" data-for="id_title" data-max="100">
  for (const counter of document.querySelectorAll(".counter")) {
    const input = document.getElementById(counter.dataset.for);
    if (!input) continue;
    const max = Number(counter.dataset.max);
    const show = () => {
      const length = [...input.value].length;
      counter.textContent = `${number(length)}/${number(max)}`;
      counter.classList.toggle("over", length > max);
    };
    input.addEventListener("input", show);
    show();
  }

  // Fields that follow a choice: <div data-when="outcome" data-is="escalate">
  for (const part of document.querySelectorAll("[data-when]")) {
    const inputs = document.querySelectorAll(`[name="${part.dataset.when}"]`);
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

  // Files: the same rules as on the server, said before sending.
  for (const input of document.querySelectorAll("input[type=file][data-max-size]")) {
    const note = document.createElement("div");
    note.className = "invalid-feedback";
    note.setAttribute("role", "alert");
    note.hidden = true;
    input.before(note);
    input.addEventListener("change", () => {
      const allowed = input.accept.split(",");
      const kept = input.form.querySelectorAll(".files-kept li").length;
      const problems = [...input.files].flatMap((file) => {
        const dot = file.name.lastIndexOf(".");
        if (dot < 0 || !allowed.includes(file.name.slice(dot).toLowerCase())) return [`${file.name}: Format file tidak didukung.`];
        if (file.size > Number(input.dataset.maxSize)) return [`${file.name}: Ukuran file melebihi 50 MB.`];
        if (file.size === 0) return [`${file.name}: File kosong.`];
        return [];
      });
      const most = Number(input.dataset.maxFiles);
      if (input.files.length + kept > most) problems.push(`Paling banyak ${most} file.`);
      note.textContent = problems.join(" ");
      note.hidden = !problems.length;
      input.setCustomValidity(problems.join(" "));
    });
  }

  // Rating: 1 to 3 stars make the suggestion required.
  const advice = document.getElementById("id_suggestion");
  for (const star of document.querySelectorAll(".stars input")) {
    const show = () => { if (star.checked && advice) advice.required = Number(star.value) <= 3; };
    star.addEventListener("change", show);
    show();
  }

  // The summary of errors takes the focus.
  document.querySelector("[data-focus]")?.focus();

  // A notice can be put away.
  for (const button of document.querySelectorAll("[data-dismiss]")) {
    button.addEventListener("click", () => button.closest(".note").remove());
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
});
