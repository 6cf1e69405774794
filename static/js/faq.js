// Answers of the FAQ while the title of a new ticket is typed; without this file the confirm page shows them.
{
  const WAIT = 350; // ms after the last key
  const title = document.getElementById("id_title");
  const place = document.querySelector("[data-suggestions]");
  const told = document.querySelector("[data-suggestions-told]");
  const hint = document.querySelector("[data-suggestions-hint]");

  const answers = async (text) => {
    if (text.length < 3) return "";
    try {
      const address = `${place.dataset.suggestions}?judul=${encodeURIComponent(text)}`;
      const answer = await fetch(address, { credentials: "same-origin" });
      return answer.ok && !answer.redirected ? await answer.text() : "";
    } catch { return ""; }
  };

  if (title && place) {
    let timer;
    let asked = "";
    const look = async () => {
      const text = title.value.trim().slice(0, 200);
      if (text === asked) return;
      asked = text;
      const found = new DOMParser().parseFromString(await answers(text), "text/html").body;
      if (text !== asked) return; // more was typed meanwhile
      hint.hidden = !found.querySelector("section");
      place.replaceChildren(...found.childNodes);
      const count = place.querySelectorAll("li").length;
      told.textContent = count ? `${count} jawaban FAQ mungkin cocok dengan judul ini.` : "";
    };
    title.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, WAIT); });
    look();
  }
}
