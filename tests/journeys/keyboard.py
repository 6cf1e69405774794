"""Hands without a mouse: Tab, Shift+Tab, arrows, Space, Enter and typing, as a story needs them.

`without_mouse` puts these in the place of the browser's own clicks, so that a story told for a
mouse is lived through with the keyboard alone. A control that no Tab leads to, or a stop on the
way that does not show where the focus is, fails the story.
"""

from playwright.sync_api import Locator

MOST_LOOKS = 12  # on the way to one control
TYPED = 12  # letters that are typed; what follows is pasted

# Where the focus is, seen from the wanted control, and how many stops lie between; from the first
# look on the page notes every stop that a person would not see.
LOOK_ROUND = """(wanted) => {
  const at = document.activeElement;
  window.unseen ??= (document.addEventListener("focusin", ({target}) => {
    const shown = [target, target.closest("label")].some((element) => {
      const {outlineStyle, outlineWidth} = element ? getComputedStyle(element) : {};
      return outlineStyle && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    const {bottom, right} = target.getBoundingClientRect();
    const isSeen = target.tabIndex < 0 || (shown && bottom > 0 && right > 0);
    if (!isSeen) unseen.push(target.outerHTML.slice(0, 120));
  }), []);
  if (at === wanted) return {key: null, unseen};
  const once = (key) => ({key, times: 1, unseen});
  const isPeer = wanted.type === "radio" && at.type === "radio" && at.name === wanted.name;
  if (isPeer && at.form === wanted.form) return once("ArrowDown");
  if (at.classList.contains("skip-link") && wanted.closest("main")) return once("Enter");
  if (at === document.body) return once("Tab");
  const whole = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document;
  const kinds = "a[href], button, input, select, textarea, summary";
  const isStop = (element) => element.tabIndex >= 0 && !element.disabled
    && element.checkVisibility() && (element.type !== "radio" || element.checked);
  const stops = [...whole.querySelectorAll(kinds)].filter((it) => it === wanted || isStop(it));
  const before = (stop) => stop === at
    || at.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_PRECEDING;
  const way = stops.indexOf(wanted) - stops.findLastIndex(before);
  return {key: way > 0 ? "Tab" : "Shift+Tab", times: Math.abs(way) || 1, unseen};
}"""


def reach(control):
    """Goes to `control` as a person does who cannot point at it."""
    page, control = control.page, control.element_handle()
    for _ in range(MOST_LOOKS):
        look = page.evaluate(LOOK_ROUND, control)
        assert not look["unseen"], f"the focus does not show: {look['unseen']}"
        if not look["key"]:
            return page.keyboard
        for _ in range(look["times"]):
            page.keyboard.press(look["key"])
    raise AssertionError(f"no Tab leads to {control}")


def click(control, **_):
    reach(control).press("Enter")


def check(control, **_):
    keyboard = reach(control)
    if not control.is_checked():
        keyboard.press("Space")


def fill(control, text, **_):
    keyboard = reach(control)
    keyboard.press("Control+A")
    keyboard.press("Delete")
    keyboard.type(text[:TYPED])
    keyboard.insert_text(text[TYPED:])


def select_option(control, *, label):
    keyboard = reach(control)
    keyboard.press("Home")
    for _ in range(control.locator("option").count()):
        if control.locator("option:checked").inner_text() == label:
            return
        keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow leads to {label}")


def set_input_files(control, files, **_):
    with control.page.expect_file_chooser() as chooser:  # the browser hears of it on the way there
        reach(control).press("Space")
    chooser.value.set_files(files)


def has_no_mouse(control, *_, **__):
    raise AssertionError(f"only a mouse can do this with {control}")


def without_mouse(monkeypatch):
    for act in (click, check, fill, select_option, set_input_files):
        monkeypatch.setattr(Locator, act.__name__, act)
    for name in ("dblclick", "hover", "tap", "drag_to", "press", "set_checked", "focus"):
        monkeypatch.setattr(Locator, name, has_no_mouse)
