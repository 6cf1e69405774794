"""A text cannot be edited once it is sent: what looks private in it is shown while it still can."""

import pytest
from playwright.sync_api import expect

from tests.cast import Cast, ticket_at
from tests.journeys import samples
from tests.journeys.keyboard import without_mouse
from tickets.models import Attachment, Event, Ticket

PHONE = {"width": 390, "height": 844}
TOLD = "Saya tidak bisa masuk. Kata sandi saya Rahasia123, mohon dicek."
SELECTED = "(field) => field.value.slice(field.selectionStart, field.selectionEnd)"
MENDED = "Saya tidak bisa masuk."
SEALED = {
    "name": "penawaran.rhs",
    "mimeType": "application/octet-stream",
    "buffer": b"\x93\x01\xfe" * 100,
}


@pytest.fixture
def cast(bandung):
    cast = Cast(bandung)
    cast.penyedia.identity_number = "0012345674441000"
    cast.penyedia.save()
    return cast


def found(person):
    return person.page.get_by_role("region", name="Periksa sebelum dikirim")


def presses(person, button):
    person.page.get_by_role("button", name=button, exact=True).click()


def test_perbaiki_leads_to_the_very_words_by_keyboard_alone(cast, person, scan, monkeypatch):
    penyedia = person().is_already_in(cast.penyedia)
    without_mouse(monkeypatch)
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa login", TOLD)
    description = penyedia.form.get_by_label("Deskripsi")

    penyedia.submits("Kirim")
    penyedia.is_asked("Tiket tidak dapat diubah setelah dikirim dan dibaca petugas LPSE.")
    expect(found(penyedia).get_by_role("listitem")).to_have_text(
        "Deskripsi: tampaknya memuat kata sandi: “…masuk. Kata sandi saya Rahasia123, mohon dicek.”"
    )
    expect(found(penyedia).locator("mark")).to_have_text("Rahasia123")
    expect(penyedia.page.get_by_role("button", name="Oke", exact=True)).to_have_count(0)
    scan(penyedia, "found")
    presses(penyedia, "Perbaiki")

    expect(description).to_be_focused()
    assert description.evaluate(SELECTED) == "Rahasia123"
    description.fill(MENDED)
    penyedia.submits("Kirim")
    penyedia.says_oke()
    penyedia.is_told_the_number()
    assert Event.objects.get().message == MENDED


def test_on_a_phone_a_sealed_bid_is_told_and_may_be_sent_as_it_is(cast, person, scan):
    penyedia = person().is_already_in(cast.penyedia)
    penyedia.page.set_viewport_size(PHONE)
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Berkas tidak terunggah", "Hubungi saya di 0860-1234-5678.")
    penyedia.attaches(SEALED)

    penyedia.submits("Kirim")
    penyedia.is_asked("Jangan kirim dokumen penawaran sebelum jadwal pembukaan.")
    expect(found(penyedia).locator("mark")).to_have_text(["0860-1234-5678", "penawaran.rhs"])
    scan(penyedia, "found-on-a-phone")
    presses(penyedia, "Kirim apa adanya")

    penyedia.is_told_the_number()
    assert Event.objects.get().message == "Hubungi saya di 0860-1234-5678."
    assert Attachment.objects.get().name == "penawaran.rhs"


def test_an_officer_is_shown_it_in_the_pop_up_too(cast, person, scan):
    ticket = ticket_at(cast, "in_progress")
    helpdesk = person().is_already_in(cast.helpdesk)
    helpdesk.goes_to(f"{ticket.get_absolute_url()}review/")
    helpdesk.chooses("Selesai")
    helpdesk.writes("Akun dibuat ulang. Kata sandi sementara: Awal-2026")

    helpdesk.submits("Kirim Review")
    helpdesk.is_asked("Review tidak dapat diubah setelah dikirim dan dibaca Pelapor.")
    scan(helpdesk, "found-by-officer")
    presses(helpdesk, "Perbaiki")
    helpdesk.writes("Akun dibuat ulang. Kata sandi dikirim lewat surel.")
    helpdesk.submits("Kirim Review")
    helpdesk.says_oke()

    helpdesk.is_told("Review berhasil dikirim.")


def test_what_is_mended_is_asked_about_as_ever_and_a_second_piece_again(cast, person):
    penyedia = person().is_already_in(cast.penyedia)
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa login", TOLD)
    penyedia.submits("Kirim")
    presses(penyedia, "Perbaiki")

    penyedia.describes("Tidak bisa login", MENDED)
    penyedia.submits("Kirim")
    penyedia.is_asked()
    expect(found(penyedia)).to_have_count(0)
    penyedia.says_batal()
    penyedia.describes("PIN saya 123456", MENDED)
    penyedia.submits("Kirim")

    expect(found(penyedia).locator("mark")).to_have_text("123456")
    expect(penyedia.page.get_by_role("button", name="Perbaiki", exact=True)).to_have_count(1)


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1440, "height": 900}])
def test_without_script_a_page_shows_it_and_leads_back_to_the_field(cast, person, viewport):
    penyedia = person(java_script_enabled=False).is_already_in(cast.penyedia)
    penyedia.page.set_viewport_size(viewport)
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa login", TOLD)
    penyedia.attaches(samples.text())
    penyedia.submits("Kirim")

    penyedia.is_asked("Tiket tidak dapat diubah setelah dikirim dan dibaca petugas LPSE.")
    expect(found(penyedia).locator("mark")).to_have_text("Rahasia123")
    penyedia.pictures("found-without-script")
    presses(penyedia, "Perbaiki")
    expect(penyedia.form.get_by_label("Deskripsi")).to_be_focused()
    expect(penyedia.form.get_by_label("Deskripsi")).to_have_value(TOLD)
    expect(penyedia.kept_files).to_have_text(["langkah.txt"])

    penyedia.submits("Kirim")
    presses(penyedia, "Kirim apa adanya")
    penyedia.is_told_the_number()
    assert Ticket.objects.get().events.get().message == TOLD
