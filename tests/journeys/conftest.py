"""What every journey gets: a real browser, people with one each, and a watch over all of them.

`PICTURES=1 pytest tests/journeys` also saves every page that a story stops at under pictures/;
`FILM=1 pytest tests/journeys/guide -m film` records the chapters of the video tutorials there.
"""

import os
import subprocess

import pytest
from django.conf import settings

from accounts import spse
from guidebook.film import HEIGHT_OF_PAGE, WIDTH
from tests.cast import classification
from tests.factories import make_lpse
from tests.journeys.filming import Film, chapter_name, follow_actions
from tests.journeys.looks import Looks
from tests.journeys.people import CLASSIFIED, Person
from tests.journeys.watch import Watch
from tickets.models import Category

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in this thread

WIDTHS = {"1440": 1440, "390": 390}
HEIGHT = 900


def pytest_collection_modifyitems(items):
    """The longest files begin first, so that no worker waits for one of them at the end."""
    items.sort(key=lambda item: not item.path.name.startswith("test_every_page"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    script = settings.BASE_DIR / "scripts" / "find_chromium"
    found = subprocess.run([script], stdout=subprocess.PIPE, text=True, check=True)
    return browser_type_launch_args | {
        "executable_path": found.stdout.strip(),
        "args": [
            "--no-sandbox",  # as root in a container; only our own pages are opened
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {
        "locale": "id-ID",
        "timezone_id": "Asia/Jakarta",
        "viewport": {"width": WIDTHS["1440"], "height": HEIGHT},
        "color_scheme": "light",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def watch(live_server):
    """Fails the test at its end for every problem that the test did not announce."""
    watch = Watch(live_server.url)
    yield watch
    watch.verdict()


@pytest.fixture
def new_context(new_context, watch, live_server):
    """A browser of somebody's own, under watch; `page` and `context` come from here too."""

    def make(**options):
        context = new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        watch.over(context)
        return context

    return make


@pytest.fixture
def picture(request):
    """picture(page, name): the whole page at both widths, when PICTURES is set."""
    *around, journey = request.module.__name__.removeprefix("tests.journeys.").split(".")
    folder = settings.BASE_DIR.joinpath("pictures", *around, journey.removeprefix("test_"))

    def picture(page, name):
        if not os.environ.get("PICTURES"):
            return
        before = page.viewport_size
        whole = not page.locator("dialog[open]").count()  # a pop-up belongs to the window
        for label, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": HEIGHT})
            page.screenshot(path=folder / f"{name}--{label}.png", full_page=whole)
        page.set_viewport_size(before)

    return picture


@pytest.fixture(scope="session")
def asked():
    """The combinations of colours that axe has judged in this process."""
    return set()


@pytest.fixture
def scan(picture, asked):
    """scan(person, name) looks at the page in front of the person; findings fail the test."""
    looks = Looks(asked)

    def scan(person, name):
        page = getattr(person, "page", person)
        looks.at(page, name)
        picture(page, name)

    yield scan
    assert not looks.findings, "\n".join(looks.findings)


@pytest.fixture
def film(request, monkeypatch):
    """The film of a test that is a chapter of a video tutorial, when FILM is set; else None."""
    marker = request.node.get_closest_marker("film")
    if not marker or not os.environ.get("FILM"):
        yield None
        return
    role = request.module.__name__.rpartition(".test_")[2]
    place = f"{request.node.location[1]:04}-{request.node.originalname}"  # in reading order
    chapter = marker.args[0] if marker.args else chapter_name(request.node.originalname)
    film = Film(settings.BASE_DIR / "pictures" / "film" / role / place, chapter)
    follow_actions(film, monkeypatch)
    yield film
    film.ends()


@pytest.fixture
def person(new_context, live_server, picture, film):
    """person() opens a browser for one more Person; a film follows the first."""

    def person(**options):
        if not film or film.page:
            return Person(new_context(**options).new_page(), live_server.url, picture)
        page = new_context(**options).new_page()
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT_OF_PAGE})
        film.follows(page)
        return Person(page, live_server.url, picture, film)

    return person


@pytest.fixture
def bandung(transactional_db):
    """The LPSE whose SPSE is simulated, with the lists that a ticket needs."""
    Category.objects.get_or_create(code="AKUN", defaults={"label": CLASSIFIED["Kategori Tiket"]})
    classification()
    return make_lpse(
        code="260",
        name="LPSE Kota Bandung",
        kind="kota",
        public_key=spse.public_key_pem(),
    )
