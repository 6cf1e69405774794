"""Films one person's browser (FILM=1): stills of what shows, and what the pointer did between them.

Time in a film is not time on the clock. Each look at the page is a still, and how long it stays is
reckoned: the pointer needs a moment to arrive, a caption needs to be read. So a film has no blank
seconds, and a slow machine makes the same film as a fast one. guidebook.film puts it together.
"""

import json
import math
import re

from playwright.sync_api import Locator, Page

from guidebook.film import HEIGHT_OF_PAGE, WIDTH, seconds_to_read

ARRIVES, PRESSES, LOOKS = 0.7, 0.4, 0.9  # seconds
SCROLL_STEP, TYPE_STEP = 0.05, 0.12
SECONDS_PER_LETTER, LONGEST_TYPING = 0.045, 3.5
LEAD = 1.2  # a caption is begun to be read before the pointer starts
MARGIN = 48  # nothing is pressed at the very edge of the picture
SETTLE = 150  # milliseconds in which an answer to a click has begun
PATIENCE = 40  # times SETTLE, until a page that does not come is given up
POINTED_AT = ("click", "check", "uncheck", "set_checked", "select_option", "set_input_files")
SCROLL = "top => window.scrollTo({top, behavior: 'instant'})"

NAMES = ("SPSE", "LPSE", "LKPP", "FAQ", "Level", "Help Center", "Dashboard", "Data Server")


def chapter_name(test):
    """'Masuk lewat SPSE' of test_masuk_lewat_spse."""
    words = test.removeprefix("test_").replace("_", " ").capitalize()
    for name in NAMES:
        words = re.sub(rf"\b{name}\b", name, words, flags=re.IGNORECASE)
    return words


class Film:
    """The stills and captions of one test, in `folder`. Begins when a person is followed."""

    def __init__(self, folder, chapter):
        self.folder, self.chapter = folder, chapter
        self.shots, self.captions = [], []
        self.page = None
        self._pointer = (WIDTH * 0.62, HEIGHT_OF_PAGE * 0.7)
        self._waiting = ""  # told before there was a page
        self._stills = {}
        self._is_navigating = False

    @property
    def now(self):
        return sum(shot["seconds"] for shot in self.shots)

    def follows(self, page):
        """From here on this page is filmed."""
        self.page = page
        page.on("request", self._request)
        for event in ("load", "requestfailed", "download"):
            page.on(event, self._arrived)

    def tells(self, sentence):
        """The caption from here to the next one."""
        if self.page.url == "about:blank":
            self._waiting = sentence
            return
        self._settle()
        still = self._still()
        self._let_read(still)
        self.captions.append({"at": self.now, "text": sentence})
        self._add(still, LEAD)

    def ends(self):
        """Lets the last caption be read and writes the storyboard."""
        if self.page and self.shots:
            still = self._still()
            self._let_read(still)
            self._add(still, LOOKS)
        storyboard = {"chapter": self.chapter, "shots": self.shots, "captions": self.captions}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.joinpath("storyboard.json").write_text(json.dumps(storyboard, indent=1))

    # What the browser is made to do

    def goes(self, go):
        """An address that somebody opens: the page is there, without a pointer's way."""
        answer = go()
        self._settle()
        if self._waiting:
            sentence, self._waiting = self._waiting, ""
            self.tells(sentence)
        else:
            self._add(self._still(), LOOKS)
        return answer

    def points(self, locator, act):
        """The pointer's way to what is pressed, the press, and what comes of it."""
        self._settle()
        if place := self._brings_into_view(locator):
            still = self._still()
            self._add(still, ARRIVES, begins=self._pointer, ends=place)
            self._pointer = place
            self._add(still, PRESSES, begins=place, ends=place, is_press=True)
        answer = act()
        self._settle()
        self._add(self._still(), LOOKS)
        return answer

    def types(self, locator, value, write):
        """A text as it grows."""
        self.points(locator, locator.focus)
        seconds = min(LONGEST_TYPING, len(value) * SECONDS_PER_LETTER)
        steps = max(1, math.ceil(seconds / TYPE_STEP))
        for step in range(1, steps + 1):
            write(value[: math.ceil(len(value) * step / steps)])
            self._add(self._still(), TYPE_STEP)
        self._add(self._still(), LOOKS / 2)

    def _brings_into_view(self, locator):
        """Where it is in the picture; None for what has no place there."""
        target = locator.first
        target.wait_for(state="attached")
        box = target.bounding_box()
        if box is None:
            return None
        if not self._is_in_view(box) and not target.evaluate("e => !!e.closest('dialog')"):
            self._scrolls_to(box)
            box = target.bounding_box()
        if not self._is_in_view(box):
            target.scroll_into_view_if_needed()
            box = target.bounding_box()
        return self._middle(box)

    def _is_in_view(self, box):
        return MARGIN <= self._middle(box)[1] <= HEIGHT_OF_PAGE - MARGIN

    def _middle(self, box):
        """Where a hand points: in the middle, at wide things nearer to where their text begins."""
        return box["x"] + min(box["width"] / 2, 120), box["y"] + box["height"] / 2

    def _scrolls_to(self, box):
        top = self.page.evaluate("window.scrollY")
        way = self._middle(box)[1] - HEIGHT_OF_PAGE * 0.45
        steps = 10
        for step in range(1, steps + 1):
            eased = (1 - math.cos(math.pi * step / steps)) / 2
            self.page.evaluate(SCROLL, top + way * eased)
            self._add(self._still(), SCROLL_STEP)

    # Stills

    def _still(self):
        """The name of a picture of the page as it is; the same picture has the same name."""
        content = self.page.screenshot()
        if content not in self._stills:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = f"{len(self._stills):04}.png"
            self.folder.joinpath(name).write_bytes(content)
            self._stills[content] = name
        return self._stills[content]

    def _add(self, still, seconds, begins=None, ends=None, is_press=False):
        begins = begins or self._pointer
        ends = ends or self._pointer
        shot = {"still": still, "seconds": seconds, "begins": begins, "ends": ends}
        self.shots.append(shot | {"is_press": is_press})

    def _let_read(self, still):
        if self.captions:
            last = self.captions[-1]
            missing = last["at"] + seconds_to_read(last["text"]) - self.now
            if missing > 0:
                self._add(still, missing)

    # Pages that come

    def _request(self, request):
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._is_navigating = True

    def _arrived(self, *_):
        self._is_navigating = False

    def _settle(self):
        """Waits until no page is under way; a page may send on to the next by itself."""
        for _ in range(PATIENCE):
            self.page.wait_for_timeout(SETTLE)
            if not self._is_navigating:
                break
        self._is_navigating = False
        self.page.evaluate("document.fonts.ready")


def follow_actions(film, monkeypatch):
    """What a test does to the filmed page becomes a part of its film.

    Playwright has no place to hang this in; its own methods are wrapped for the length of a test.
    """
    for name in POINTED_AT:
        monkeypatch.setattr(Locator, name, _pointing(film, getattr(Locator, name)))
    monkeypatch.setattr(Locator, "fill", _typing(film, Locator.fill))
    monkeypatch.setattr(Page, "goto", _going(film, Page.goto))


def _pointing(film, original):
    def act(locator, *args, **options):
        if locator.page is not film.page:
            return original(locator, *args, **options)
        return film.points(locator, lambda: original(locator, *args, **options))

    return act


def _typing(film, original):
    def fill(locator, value, **options):
        if locator.page is not film.page:
            return original(locator, value, **options)
        return film.types(locator, value, lambda text: original(locator, text, **options))

    return fill


def _going(film, original):
    def goto(page, *args, **options):
        if page is not film.page:
            return original(page, *args, **options)
        return film.goes(lambda: original(page, *args, **options))

    return goto
