"""'Notifikasi' (R129), as a person meets it."""

import pytest
from playwright.sync_api import expect

from tests.cast import Cast, send_ticket, ticket_at

pytestmark = pytest.mark.requirement("R129")


@pytest.fixture
def cast(bandung):
    return Cast(bandung)


def counter(person):
    return person.page.locator(".bar-link [data-counter=unread] .count")


def test_a_notice_leads_to_its_ticket_and_is_read_then(cast, person):
    ticket = ticket_at(cast, "awaiting_feedback")
    penyedia = person().is_already_in(cast.penyedia)
    penyedia.goes_to("/notifikasi/")
    expect(counter(penyedia)).to_have_text("3 belum dibaca")

    penyedia.page.get_by_role("button", name="membutuhkan feedback Anda").click()

    expect(penyedia.page.get_by_role("heading", level=1)).to_have_text(ticket.title)
    expect(counter(penyedia)).to_have_count(0)  # the page of the ticket tells all of them


def test_opening_a_ticket_reads_what_was_told_of_it_and_of_no_other(cast, person):
    ticket = ticket_at(cast, "in_progress")
    send_ticket(cast.penyedia)
    penyedia = person().is_already_in(cast.penyedia)

    penyedia.goes_to(ticket.get_absolute_url())

    expect(counter(penyedia)).to_have_text("1 belum dibaca")


def test_news_are_counted_while_a_page_stays_open(cast, person):
    penyedia = person().is_already_in(cast.penyedia)
    penyedia.page.clock.install()
    penyedia.goes_to("/notifikasi/")
    expect(penyedia.page.get_by_text("Belum ada notifikasi.")).to_be_visible()

    send_ticket(cast.penyedia)
    penyedia.page.clock.run_for(31_000)

    expect(counter(penyedia)).to_have_text("1 belum dibaca")


def test_all_are_read_and_mails_are_chosen_by_keyboard_and_without_script(cast, person):
    ticket_at(cast, "in_progress")
    penyedia = person(java_script_enabled=False).is_already_in(cast.penyedia)
    penyedia.goes_to("/notifikasi/")

    penyedia.page.get_by_role("button", name="Tandai semua sudah dibaca").press("Enter")
    expect(counter(penyedia)).to_have_count(0)
    penyedia.page.get_by_role("link", name="Atur surel").press("Enter")
    penyedia.page.get_by_label("Ringkasan harian").press("Space")
    penyedia.page.get_by_role("button", name="Simpan").press("Enter")

    expect(penyedia.page.get_by_text("Pengaturan surel disimpan.")).to_be_visible()
    expect(penyedia.page.get_by_text("Surel: Ringkasan harian.")).to_be_visible()
