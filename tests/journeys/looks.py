"""A close look at a page: axe in both colour schemes, wide and narrow, and what axe leaves out.

axe judges WCAG 2.0 to 2.2, A and AA, and its best practices (landmarks, headings, names), which
Django's own pages of the administration are spared. In the dark scheme only colours can differ,
so only the rules about colours are asked again. These are the slowest of all and depend on nothing
but the colours, the letters and what lies around and behind them: each such combination is asked
about until axe has judged it on one page, width and scheme. Besides, no page may scroll
sideways down to 320 pixels and at 200 % zoom, nor lose text when a reader spaces letters, words
and lines as WCAG 1.4.12 allows.
"""

import re
from html.parser import HTMLParser

from axe_playwright_python.sync_playwright import Axe

WIDE, ZOOMED, NARROW, NARROWEST = 1440, 720, 390, 320
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ASK = """(runOnly) => axe.run({
  runOnly, rules: {"color-contrast": {enabled: false}},
  resultTypes: ["violations"], preload: false,
}).then(({violations, passes}) => ({violations, passed: passes.length}))"""
ASK_ABOUT_COLOURS = """async (lines) => {
  const asked = new Set(lines.split("\\n"));
  // What lies behind the text of an element, and what veils it, ground and all
  const known = new Map([[null, {ground: "", veil: ""}]]);
  const around = (element) => {
    if (known.has(element)) return known.get(element);
    const outer = around(element.parentElement);
    const style = getComputedStyle(element);
    const {opacity, filter, mixBlendMode, backgroundImage, backgroundColor, position} = style;
    const fades = opacity !== "1" || filter !== "none" || mixBlendMode !== "normal";
    const veil = fades ? [opacity, filter, mixBlendMode, outer.veil].join() : outer.veil;
    let {ground} = outer;
    if (backgroundColor.startsWith("rgb(")) ground = backgroundColor;
    else if (backgroundColor !== "rgba(0, 0, 0, 0)") ground = `${backgroundColor} ${ground}`;
    // what floats without a ground of its own may lie over anything: of each page anew
    else if (/absolute|fixed/.test(position)) {
      ground = [location.pathname, element.className, innerWidth, ground].join();
    }
    if (backgroundImage !== "none") ground = `${backgroundImage} ${ground}`;
    known.set(element, {ground, veil});
    return known.get(element);
  };
  const kind = (element) => {
    const {color, fontSize, fontWeight, textShadow} = getComputedStyle(element);
    const parts = [element.localName, color, fontSize, fontWeight, textShadow, element.disabled];
    if (element.localName === "a") parts.push(getComputedStyle(element.parentElement).color);
    const {ground, veil} = around(element);
    return [...parts, ground, veil].join().replaceAll("\\n", " ");
  };
  const wordless = "video, [type=checkbox], [type=radio], [type=file]";
  const hasText = (element) => element.matches("input, select, textarea")
    || [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const shows = (element) => {
    const {width, bottom, right} = element.getBoundingClientRect();
    return element.checkVisibility() && width > 1 && bottom + scrollY > 0 && right > 0;
  };
  const fresh = new Map();
  for (const element of document.querySelectorAll("body *")) {
    if (element.matches(wordless) || !hasText(element) || !shows(element)) continue;
    const its = kind(element);
    if (!asked.has(its) && !fresh.has(its)) fresh.set(its, element);
  }
  if (!fresh.size) return {kinds: [], violations: []};
  const {violations, passes, incomplete} = await axe.run({include: [...fresh.values()]}, {
    runOnly: ["color-contrast", "link-in-text-block"], preload: false, elementRef: true,
  });
  // text on a picture or a gradient is none that axe could judge elsewhere
  const onPicture = ["bgImage", "bgGradient"];
  const isOnPicture = ({any}) => any.some(({data}) => onPicture.includes(data?.messageKey));
  const judged = new Set();
  for (const [found, counts] of [[violations], [passes], [incomplete, isOnPicture]]) {
    const nodes = found.filter(({id}) => id === "color-contrast").flatMap(({nodes}) => nodes);
    for (const node of counts ? nodes.filter(counts) : nodes) judged.add(node.element);
  }
  const kinds = [...fresh.keys()].filter((its) => judged.has(fresh.get(its)));
  const plain = ({target, failureSummary}) => ({target, failureSummary});
  return {kinds, violations: violations.map(({id, nodes}) => ({id, nodes: nodes.map(plain)}))};
}"""
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {
    line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;
  } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const cut = [...document.querySelectorAll("body *")].filter((element) => {
    const {overflowX, overflowY, clipPath} = getComputedStyle(element);
    if (clipPath !== "none" || element.clientWidth < 2 || !element.innerText?.trim()) return false;
    const {scrollWidth, clientWidth, scrollHeight, clientHeight} = element;
    return (/hidden|clip/.test(overflowX) && scrollWidth > clientWidth + 1)
      || (/hidden|clip/.test(overflowY) && scrollHeight > clientHeight + 1);
  }).map((element) => `<${element.localName} class="${element.className}">`);
  const reach = document.documentElement.scrollWidth;
  document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1);
  return {cut, reach};
}"""


class Looks:
    """Collects what is wrong with the pages that it looks at."""

    def __init__(self, asked):
        """`asked`: the set of combinations of colours that axe has judged; it grows."""
        self.asked = asked
        self.axe = Axe().axe_script
        self.findings = []
        self.count = 0

    def at(self, page, name):
        self.count += 1
        page.evaluate(self.axe)
        is_ours = "/admin/" not in page.url
        for width in (WIDE, NARROW):
            self._sizes(page, width)
            where = f"{name} at {width}"
            self._asks_axe(page, TAGS + ["best-practice"] * is_ours, where)
            self._asks_about_colours(page, where)
            page.emulate_media(color_scheme="dark")
            self._asks_about_colours(page, f"{where}, dark")
            page.emulate_media(color_scheme="light")
        self._measures(page, name, NARROW)
        if is_ours:
            self._spaces(page, name)
        for width in (NARROWEST, ZOOMED):
            self._sizes(page, width)
            self._measures(page, name, width)
        self._sizes(page, WIDE)

    def _asks_axe(self, page, rules, where):
        found = page.evaluate(ASK, rules)
        if not found["passed"]:
            self.findings.append(f"{where}: axe looked at nothing")
        self._notes(found, where)

    def _asks_about_colours(self, page, where):
        found = page.evaluate(ASK_ABOUT_COLOURS, "\n".join(self.asked))
        self.asked.update(found["kinds"])
        self._notes(found, where)

    def _notes(self, found, where):
        for violation in found["violations"]:
            nodes = [f"{node['target']} {node['failureSummary']}" for node in violation["nodes"]]
            self.findings.append(f"{where}: {violation['id']}: {nodes[:3]}")

    def _spaces(self, page, name):
        spaced = page.evaluate(SPACED)
        if spaced["reach"] > NARROW or spaced["cut"]:
            self.findings.append(f"{name}, spaced: {spaced}")

    def _measures(self, page, name, width):
        reach = page.evaluate("document.documentElement.scrollWidth")
        if reach > width:
            self.findings.append(f"{name} at {width}: scrolls sideways to {reach}")

    @staticmethod
    def _sizes(page, width):
        if page.viewport_size["width"] != width:
            page.set_viewport_size({"width": width, "height": 900})


class Markup(HTMLParser):
    """What a page consists of, without its words: two pages alike in it look alike to axe.

    The classes of the body style the main part too, so they belong to both. Of attributes that
    name things or places only the presence counts; numbers in ids do not.
    """

    WORDS = re.compile(r"href|src|value|action|content|datetime|title|alt|aria-label|d|x|y|data-.*")
    IDS = re.compile(r"id|for|name|headers|aria-(labelledby|describedby|controls)")

    def __init__(self, html):
        super().__init__()
        self.main, self.around = [], []
        self.parts = self.around
        self.feed(html)

    @property
    def keys(self):
        """Of the main part and of what is around it: each may be known from different pages."""
        return {hash(("main", *self.main)), hash(("around", *self.around))}

    def handle_starttag(self, tag, attrs):
        part = (tag, tuple(sorted(self._reduced(attrs))))
        self.parts.append(part)
        if tag == "body":
            self.main.append(part)
        if tag == "main":
            self.parts = self.main

    def handle_endtag(self, tag):
        if tag == "main":
            self.parts = self.around
        self.parts.append(("/", tag))

    def handle_data(self, data):
        if data.strip() and self.parts[-1:] != ["words"]:
            self.parts.append("words")

    def _reduced(self, attrs):
        for name, value in attrs:
            if self.WORDS.fullmatch(name):
                value = bool(value)
            elif self.IDS.fullmatch(name):
                value = re.sub(r"\d+", "", value or "")
            yield name, str(value)
