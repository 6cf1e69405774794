// Cari Tiket: a mistyped number is said at the field before it is sent. The rule is that of
// tickets/numbers.py; the server asks again, for those without script and those who do without.
{
  const DAMM = [
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
  ];

  const isNumber = (text) => {
    if ([...text].length > 64) return false;
    const typed = text.toUpperCase().replace(/[\s\-–—.]+/g, "").replace(/^LS/, "");
    const digits = typed.replaceAll("O", "0").replace(/[IL]/g, "1");
    return /^[0-9]{12}$/.test(digits) && [...digits].reduce((row, digit) => DAMM[row][digit], 0) === "0";
  };

  for (const form of document.querySelectorAll("form[data-lookup]")) {
    const field = form.elements.nomor;
    const error = document.getElementById("nomor_error");
    const hint = field.getAttribute("aria-describedby");
    const say = (isWrong) => {
      error.hidden = !isWrong;
      field.classList.toggle("is-invalid", isWrong);
      field.setAttribute("aria-describedby", isWrong ? `${hint} ${error.id}` : hint);
      if (isWrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
    };
    form.noValidate = true; // an empty field is told in the same words
    form.addEventListener("submit", (event) => {
      const isWrong = !isNumber(field.value);
      say(isWrong);
      if (!isWrong) return;
      event.preventDefault();
      field.focus();
    });
    field.addEventListener("input", () => say(false));
  }
}
