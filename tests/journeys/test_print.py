"""A ticket on paper: what an officer's printer gets."""

import re

import pytest
from playwright.sync_api import expect

from tests.cast import Cast, ticket_at

A4 = (595, 842)  # points
BETWEEN_MARGINS = round((210 - 2 * 16) / 25.4 * 96)  # pixels


def sheets(pdf):
    """Width and height in points of each page, rounded."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@pytest.fixture
def printed(bandung, person):
    """The page of a ticket that holds an internal message, as an officer's printer sees it."""
    cast = Cast(bandung)
    ticket = ticket_at(cast, level=2, title="Tidak bisa unggah dokumen penawaran")
    page = person().is_already_in(cast.admin_sistem).goes_to(ticket.get_absolute_url()).page
    expect(page.get_by_text("Mohon bantuan.")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    return page


def test_a_ticket_is_printed_on_a4_without_what_only_a_screen_needs(printed):
    ticket = printed.get_by_role("heading", name="Tidak bisa unggah dokumen penawaran", level=1)
    expect(ticket).to_be_visible()
    expect(printed.get_by_role("heading", name="Isi Diskusi")).to_be_visible()
    expect(printed.get_by_text("Tiket ini memuat data pribadi.")).to_be_visible()
    for role in ("navigation", "search", "button", "contentinfo"):
        for element in printed.get_by_role(role, include_hidden=True).all():
            expect(element).to_be_hidden()

    assert set(sheets(printed.pdf(prefer_css_page_size=True))) == {A4}


def test_nothing_is_cut_off_between_the_margins(printed):
    printed.set_viewport_size({"width": BETWEEN_MARGINS, "height": 900})

    assert printed.evaluate("document.documentElement.scrollWidth") <= BETWEEN_MARGINS


def test_internal_messages_stay_off_the_paper_and_that_is_said(printed):
    expect(printed.get_by_text("Mohon bantuan.")).to_be_hidden()
    expect(printed.get_by_text("Pesan internal tidak dicetak.")).to_be_visible()


def test_paper_is_white_with_black_text_even_from_a_dark_screen(printed):
    colours = printed.evaluate("""() => {
      const {color, backgroundColor} = getComputedStyle(document.body);
      return [color, backgroundColor];
    }""")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
