"""The close look itself: what it must find, and what it may leave out (R133)."""

import pytest

from tests.journeys.looks import Looks, Markup

pytestmark = pytest.mark.requirement("R133")

PAGE = """<!DOCTYPE html><html lang="id"><title>Daftar Tiket</title>
<meta name="viewport" content="width=device-width"><style>
  :root {{ color-scheme: light dark }} body {{ margin: 0; color: #111; background: #fff }}
  @media (prefers-color-scheme: dark) {{ body {{ color: #eee; background: #111 }} }}
  {style}
</style><main><h1>Daftar Tiket</h1>{body}</main>"""
PALE = "<p class='pale'>Menunggu dua jam</p>"


@pytest.fixture
def page(new_context):
    return new_context().new_page()


@pytest.fixture
def finds(page):
    """finds(body, style, asked): what a look at such a page finds."""

    def finds(body, style="", asked=None, path="/daftar/"):
        looks = Looks(set() if asked is None else asked)
        html = PAGE.format(body=body, style=style)
        page.route("**" + path, lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(path)
        looks.at(page, "daftar")
        return looks.findings

    return finds


def test_nothing_is_found_where_nothing_is_wrong(finds):
    assert finds("<p>Belum ada tiket. <a href='/tiket/buat/'>Buat Tiket</a></p>") == []


def test_pale_text_is_found(finds):
    (light,) = finds(PALE, ".pale { color: #aaa; background: #fff }")
    assert light.startswith("daftar at 1440: color-contrast")


def test_text_that_is_pale_only_in_the_dark_is_found(finds):
    (dark,) = finds(PALE, "@media (prefers-color-scheme: dark) { .pale { color: #333 } }")
    assert dark.startswith("daftar at 1440, dark: color-contrast")


def test_text_that_is_pale_only_on_a_phone_is_found(finds):
    (narrow,) = finds(PALE, "@media (max-width: 400px) { .pale { color: #aaa; background: #fff } }")
    assert narrow.startswith("daftar at 390: color-contrast")


def test_text_under_a_veil_is_found_though_its_colours_are_fine(finds):
    asked = set()
    assert finds("<div>Menunggu</div>", "div { color: #111; background: #fff }", asked) == []

    (veiled,) = finds(
        "<section><div>Menunggu</div></section>",
        "div { color: #111; background: #fff } section { opacity: .3 }",
        asked,
    )

    assert "color-contrast" in veiled


def test_a_combination_of_colours_is_judged_once(finds):
    asked, style = set(), ".pale { color: #aaa; background: #fff }"

    assert finds(PALE, style, asked)
    assert finds(PALE, style, asked) == []
    assert finds(f"<p>Selesai</p>{PALE}", style.replace("#fff", "#eee"), asked)


@pytest.mark.parametrize(
    "unjudged",
    ["position: absolute; width: 1px; height: 1px; overflow: hidden", "text-indent: -9999px"],
)
def test_text_that_axe_could_not_judge_is_judged_where_it_can(finds, unjudged):
    asked, style = set(), ".pale { color: #aaa; background: #fff }"

    assert finds(PALE.replace("<p", f"<p style='{unjudged}'"), style, asked) == []
    assert finds(PALE, style, asked)


def test_text_that_floats_over_something_else_is_judged_on_every_page(finds):
    asked = set()
    style = (
        "section { position: relative } i { display: block; height: 2em } b { position: absolute }"
    )
    body = "<section><i style='background: {}'></i><b style='top: 0; color: #111'>12</b></section>"

    assert finds(body.format("#fff"), style, asked) == []
    over_dark = finds(body.format("#222"), style, asked, "/lain/")

    assert {finding.split(": ")[1] for finding in over_dark} == {"color-contrast"}


def test_a_link_that_only_its_colour_tells_from_the_text_is_found(finds):
    asked = set()
    style = "main { color: #111; background: #fff } a { color: #222; text-decoration: none }"

    assert finds("<p>Lihat juga</p><a href='/'>Beranda</a>", style, asked) == []
    hidden = finds("<p>Lihat juga <a href='/'>Beranda</a> dan lainnya.</p>", style, asked)

    assert {finding.split(": ")[1] for finding in hidden} == {"link-in-text-block"}


def test_a_field_without_a_name_is_found_wide_and_narrow(finds):
    unnamed = finds("<input>")
    assert [finding.split(": ")[1] for finding in unnamed] == ["label", "label"]


def test_a_page_that_scrolls_sideways_is_found(finds):
    assert finds("<p style='width: 350px'>Nomor</p>") == [
        "daftar at 320: scrolls sideways to 350",
    ]


def test_text_that_is_cut_when_it_is_spaced_is_found(finds):
    cut = "width: 6.5em; overflow: hidden; white-space: nowrap"
    (spaced,) = finds(f"<p style='{cut}'>Belum dinilai</p>")
    assert spaced.startswith("daftar, spaced: ")


def markup(main, around="", look="public"):
    return Markup(f"<body class='{look}'>{around}<main>{main}</main></body>").keys


def test_pages_that_differ_in_words_numbers_and_addresses_have_the_same_keys():
    one = markup('<a href="/tiket/1/" id="t1">Satu</a>', "<p>Sri</p>")
    assert one == markup('<a href="/tiket/22/" id="t22">Dua</a>', "<p>Dewi</p>")


def test_a_new_main_part_is_told_from_new_surroundings():
    one = markup("<p>A</p>", "<nav></nav>")
    assert len(one - markup("<ol></ol>", "<nav></nav>")) == 1
    assert len(one - markup("<p>A</p>", "<aside></aside>")) == 1
    assert len(one - markup("<p class='x'>A</p>", "<aside></aside>")) == 2


def test_a_main_part_in_another_look_is_new():
    one = markup("<p>A</p>", "<nav></nav>")
    assert one.isdisjoint(markup("<p>A</p>", "<nav></nav>", look="staff"))
