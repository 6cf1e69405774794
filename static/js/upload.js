// Files of a form: listed as soon as they are chosen, and sent ahead one by one with a progress. The
// server keeps what it has received under the form's key, so the form itself goes the plain way after
// them and its answer is the server's own page. Without this file the form takes its files along.
{
  const IN_A_DOUBLE_CLICK = 500; // ms: its second click is no wish to cancel

  const shownSize = (bytes) => {
    if (bytes < 1024) return `${bytes} byte`;
    if (bytes < 1024 ** 2) return `${Math.round(bytes / 1024)} KB`;
    return `${(bytes / 1024 ** 2).toFixed(1).replace(".", ",")} MB`;
  };
  const sum = (files) => files.reduce((total, file) => total + file.size, 0);

  const help = (form, input) => {
    const list = form.querySelector("[data-chosen]");
    const row = form.querySelector("template[data-chosen-row]");
    const told = form.querySelector("[data-chosen-told]");
    const dialog = form.querySelector("dialog[data-sending]");
    const note = document.createElement("div");
    note.className = "invalid-feedback";
    note.setAttribute("role", "alert");
    note.id = `${input.id}_problem`;
    const hint = input.getAttribute("aria-describedby") ?? "";
    let chosen = []; // {file, pk once the server has it, problem that the server found}
    let goesPlain = false; // nothing is left to send ahead, or it cannot be

    // The same rules as on the server, said before sending.
    const problemOf = ({ file, problem }) => {
      const dot = file.name.lastIndexOf(".");
      const ending = dot < 0 ? "" : file.name.slice(dot).toLowerCase();
      if (!input.accept.split(",").includes(ending)) return "Format file tidak didukung.";
      if (file.size > Number(input.dataset.maxSize)) return "Ukuran file melebihi 50 MB.";
      return file.size === 0 ? "File kosong. Pilih file lain." : problem ?? "";
    };

    const draw = () => {
      const carried = new DataTransfer();
      for (const { file, pk } of chosen) if (!pk) carried.items.add(file);
      input.files = carried.files;
      list.hidden = !chosen.length;
      list.replaceChildren(...chosen.map((entry) => {
        const item = row.content.firstElementChild.cloneNode(true);
        const problem = problemOf(entry);
        item.classList.toggle("is-wrong", Boolean(problem));
        item.querySelector("b").textContent = entry.file.name;
        item.querySelector("small").textContent = [shownSize(entry.file.size), problem].filter(Boolean).join(", ");
        item.querySelector("button span").textContent = ` ${entry.file.name}`;
        item.querySelector("button").addEventListener("click", () => takeOff(entry));
        return item;
      }));
      const problems = chosen.filter(problemOf).map((entry) => `${entry.file.name}: ${problemOf(entry)}`);
      const most = Number(input.dataset.maxFiles);
      if (chosen.length + form.querySelectorAll(".files-kept li").length > most) problems.push(`Paling banyak ${most} file.`);
      note.textContent = problems.join(" ");
      if (problems.length) input.before(note); else note.remove();
      input.setCustomValidity(problems.join(" "));
      // whoever comes back to the field hears again what is wrong with it
      input.setAttribute("aria-describedby", problems.length ? `${hint} ${note.id}`.trim() : hint);
      if (problems.length) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
      goesPlain = false;
    };

    const add = (files) => {
      const isSame = (one, other) => one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
      const fresh = [...files].filter((file) => !chosen.some((entry) => isSame(entry.file, file)));
      chosen.push(...fresh.map((file) => ({ file })));
      draw();
      if (chosen.length) told.textContent = `${chosen.length} file dipilih, ${shownSize(sum(chosen.map(({ file }) => file)))}.`;
    };

    const fields = (more) => {
      const data = new FormData();
      for (const name of ["csrfmiddlewaretoken", "key", "seen"]) data.set(name, form.elements[name].value);
      for (const [name, value] of Object.entries(more)) data.set(name, value);
      return data;
    };

    // From the server, which has it already. Whether it is gone, or why not.
    const discard = async (pk) => {
      try {
        const answer = await fetch(form.action, { method: "POST", body: fields({ hapus: pk }), credentials: "same-origin", redirect: "manual" });
        if (!answer.ok) say(form, "File belum dapat dihapus. Muat ulang halaman lalu coba lagi.");
        return answer.ok;
      } catch {
        say(form, OFFLINE);
        return false;
      }
    };

    const takeOff = async (entry) => {
      if (entry.pk && !(await discard(entry.pk))) return;
      chosen = chosen.filter((other) => other !== entry);
      draw();
      told.textContent = `${entry.file.name} dihapus.`;
      input.focus();
    };

    const post = (file, tell) => new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) tell((event.loaded / event.total) * file.size); });
      request.addEventListener("load", () => {
        const { status } = request;
        try { done({ status, answer: JSON.parse(request.responseText) }); } catch { done({ status }); }
      });
      request.addEventListener("error", () => done({ isOffline: true }));
      request.addEventListener("abort", () => done({ isCancelled: true }));
      dialog.cancelSending = () => request.abort();
      request.send(fields({ unggah: "ya", files: file }));
    });

    const cancel = dialog.querySelector("[data-cancel]");
    const progress = dialog.querySelector("progress");
    const show = (sent, total) => {
      const percent = Math.min(100, Math.floor((sent / total) * 100));
      if (Math.floor(percent / 25) > Math.floor(progress.value / 25)) dialog.querySelector("[data-told]").textContent = `${percent}% terkirim`;
      progress.value = percent;
      dialog.querySelector("[data-percent]").textContent = `${percent}%`;
    };

    // Whether the form may go its way now.
    const sendAhead = async () => {
      const waiting = chosen.filter(({ pk }) => !pk);
      const total = sum(waiting.map(({ file }) => file));
      let sent = 0;
      for (const [index, entry] of waiting.entries()) {
        dialog.querySelector("[data-name]").textContent = `File ${index + 1} dari ${waiting.length}: ${entry.file.name}`;
        const { answer, status, isOffline, isCancelled } = await post(entry.file, (loaded) => show(sent + loaded, total));
        if (isOffline) { say(form, OFFLINE); return false; }
        if (status === 503 || status === 507) { say(form, AWAY); return false; }
        if (isCancelled) { told.textContent = "Pengiriman dibatalkan. Belum ada yang terkirim."; return false; }
        if (status === 413) { entry.problem = "File terlalu besar untuk dikirim."; draw(); input.focus(); return false; }
        if (!answer?.received || status === 429) return true; // a lost session, a limit: the plain way shows it
        if (answer.received.length) entry.pk = answer.received[0].pk;
        sent += entry.file.size;
        show(sent, total);
      }
      return true;
    };

    form.addEventListener("leaving", async (event) => {
      if (goesPlain || !chosen.some(({ pk }) => !pk)) return;
      event.preventDefault();
      progress.value = 0;
      show(0, 1);
      dialog.querySelector("[data-told]").textContent = "";
      cancel.disabled = true;
      setTimeout(() => { cancel.disabled = false; }, IN_A_DOUBLE_CLICK);
      dialog.showModal();
      const isFine = await sendAhead();
      if (dialog.open) dialog.close();
      if (!isFine) { if (!input.validity.valid) for (const other of form.querySelectorAll("dialog[open]")) other.close(); return; }
      draw(); // what the server refused goes with the form, and its page says why
      goesPlain = true;
      form.requestSubmit(event.detail.button);
    });
    cancel.addEventListener("click", () => dialog.cancelSending());
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); dialog.cancelSending(); });

    input.addEventListener("change", () => add(input.files));
    const field = input.closest(".field") ?? input;
    const hover = (isOver) => field.classList.toggle("is-dropping", isOver);
    field.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) { event.preventDefault(); hover(true); }
    });
    field.addEventListener("dragleave", () => hover(false));
    field.addEventListener("drop", (event) => {
      hover(false);
      if (event.dataTransfer?.files.length) { event.preventDefault(); add(event.dataTransfer.files); }
    });

    // What the server has received before is taken off without leaving the page and what is chosen on it.
    for (const button of form.querySelectorAll(".files-kept button[name=hapus]")) {
      button.addEventListener("click", async (event) => {
        event.preventDefault();
        if (!(await discard(button.value))) return;
        const item = button.closest("li");
        told.textContent = `${item.querySelector("b").textContent} dihapus.`;
        if (item.parentElement.children.length > 1) item.remove(); else item.parentElement.remove();
        draw();
        input.focus();
      });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll("form[data-confirm] input[type=file][data-max-size]")) help(input.form, input);
  });
}
