"""A close look at a page: axe in both colour schemes, wide and narrow, and what axe leaves out.

axe judges WCAG 2.0 to 2.2, A and AA, and its best practices (landmarks, headings, names), which
Django's own pages of the administration are spared. In the dark scheme only colours can differ,
so only the rules about colours are asked again. Besides, no page may scroll sideways down to 320
pixels and at 200 % zoom, nor lose text when a reader spaces letters, words and lines as WCAG
1.4.12 allows.
"""

import re
from html.parser import HTMLParser

from axe_playwright_python.sync_playwright import Axe

WIDE, ZOOMED, NARROW, NARROWEST = 1440, 720, 390, 320
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
LOOK = """(rules) => axe.run({runOnly: rules, resultTypes: ["violations"], preload: false})
  .then(({violations, passes}) => ({
    passed: passes.length,
    violations: violations.map(({id, nodes}) => ({
      id, nodes: nodes.map(({target, failureSummary}) => `${target} ${failureSummary}`),
    })),
  }))"""
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

    def __init__(self):
        self.axe = Axe().axe_script
        self.findings = []
        self.count = 0

    def at(self, page, name):
        self.count += 1
        page.evaluate(self.axe)
        is_ours = "/admin/" not in page.url
        for width in (WIDE, NARROW):
            self._sizes(page, width)
            self._asks_axe(page, TAGS + ["best-practice"] * is_ours, f"{name} at {width}")
            page.emulate_media(color_scheme="dark")
            self._asks_axe(page, COLOURS, f"{name} at {width}, dark")
            page.emulate_media(color_scheme="light")
        if is_ours:
            self._spaces(page, name)
        self._measures(page, name)
        self._sizes(page, WIDE)

    def _asks_axe(self, page, rules, where):
        found = page.evaluate(LOOK, rules)
        if not found["passed"]:
            self.findings.append(f"{where}: axe looked at nothing")
        for violation in found["violations"]:
            self.findings.append(f"{where}: {violation['id']}: {violation['nodes'][:3]}")

    def _spaces(self, page, name):
        spaced = page.evaluate(SPACED)
        if spaced["reach"] > NARROW or spaced["cut"]:
            self.findings.append(f"{name}, spaced: {spaced}")

    def _measures(self, page, name):
        for width in (NARROW, NARROWEST, ZOOMED):
            self._sizes(page, width)
            reach = page.evaluate("document.documentElement.scrollWidth")
            if reach > width:
                self.findings.append(f"{name} at {width}: scrolls sideways to {reach}")

    @staticmethod
    def _sizes(page, width):
        page.set_viewport_size({"width": width, "height": 900})


class Markup(HTMLParser):
    """What a page consists of, without its words: two pages alike in it look alike to axe.

    Of attributes that name things or places only the presence counts; numbers in ids do not.
    """

    WORDS = re.compile(r"href|src|value|action|content|datetime|title|alt|aria-label|d|x|y|data-.*")
    IDS = re.compile(r"id|for|name|headers|aria-(labelledby|describedby|controls)")

    def __init__(self, html):
        super().__init__()
        self.parts = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.parts.append((tag, tuple(sorted(self._reduced(attrs)))))

    def handle_endtag(self, tag):
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

    @property
    def key(self):
        return hash(tuple(self.parts))
