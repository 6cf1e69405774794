// The administration: a choice with a search of its own is named by its label, which its maker forgot.
// It is made when jQuery finds the page ready; this waits in the same queue, behind it.
window.django?.jQuery?.(() => {
  for (const label of document.querySelectorAll("label[for]")) {
    const select = document.getElementById(label.htmlFor);
    if (!select?.classList.contains("select2-hidden-accessible")) continue;
    const name = label.textContent.replace(/:\s*$/, "").trim();
    const parts = ".select2-selection, .select2-selection__rendered[role], .select2-search__field";
    for (const part of select.parentElement.querySelectorAll(parts)) part.setAttribute("aria-label", name);
  }
});
