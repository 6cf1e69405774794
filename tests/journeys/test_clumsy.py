"""People who press twice, come too late, forget a field, lose their session: nothing is lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from accounts.roles import Role
from tests.cast import Cast, send_ticket, ticket_at
from tests.factories import PASSWORD, make_lpse, make_user
from tests.journeys import samples
from tickets.models import Attachment, Event, Ticket


@pytest.fixture
def cast(bandung):
    return Cast(bandung)


@pytest.fixture
def penyedia(cast, person):
    cast.penyedia.identity_number = "0012345674441000"
    cast.penyedia.save()
    return person().is_already_in(cast.penyedia)


@pytest.mark.requirement("R35")
def test_a_double_click_on_oke_sends_one_ticket(cast, penyedia):
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    penyedia.attaches(samples.text())
    penyedia.submits("Kirim")
    penyedia.is_asked()

    penyedia.page.get_by_role("button", name="Oke", exact=True).dblclick()

    number = penyedia.is_told_the_number()
    assert [str(ticket) for ticket in Ticket.objects.all()] == [number]
    assert Attachment.objects.count() == 1


@pytest.mark.requirement("R35")
def test_going_back_and_sending_again_leads_to_the_ticket_that_is_there(cast, penyedia):
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    key = penyedia.form.locator("input[name=key]").input_value()
    penyedia.submits("Kirim")
    penyedia.says_oke()
    number = penyedia.is_told_the_number()

    # the page before, as a browser that keeps pages would show it
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    penyedia.form.locator("input[name=key]").evaluate("(input, key) => { input.value = key }", key)
    penyedia.submits("Kirim")

    assert penyedia.is_told_the_number() == number
    assert Ticket.objects.count() == 1


@pytest.mark.requirement("R77", "R81", "R86", "R104")
def test_an_officer_is_told_what_is_missing_and_may_turn_back(cast, person):
    ticket = ticket_at(cast, level=2)
    officer = person().is_already_in(cast.admin_sistem)
    officer.goes_to("/tiket/baru/")
    officer.starts_from_row("Ambil Tiket", "Tiket Baru", str(ticket))
    officer.form.get_by_label("Kategori Tiket").select_option("")
    officer.submits("Ambil Tiket")
    officer.is_refused("Kategori tiket, tipe tiket, prioritas, dan versi aplikasi wajib dipilih.")
    officer.form.get_by_role("link", name="Kembali").click()
    expect(officer.form).to_have_count(0)
    ticket.refresh_from_db()
    assert ticket.officer is None

    officer.takes(str(ticket), {})
    officer.chooses("Butuh Feedback")
    officer.submits("Kirim Review")

    officer.is_refused("Pilih tujuan feedback.", "Pesan wajib diisi.")
    officer.form.get_by_role("link", name="Kembali").click()
    expect(officer.form).to_have_count(0)
    assert not Event.objects.filter(action="ask").exists()


@pytest.mark.requirement("R80")
def test_an_officer_who_presses_too_late_reads_who_was_first(cast, person, watch):
    ticket = send_ticket(cast.penyedia)
    late = make_user(Role.LPSE_L1, cast.lpse, name="Dewi Anjani")
    first, second = person().is_already_in(cast.helpdesk), person().is_already_in(late)
    for officer in (first, second):
        officer.goes_to("/tiket/baru/")
        officer.starts_from_row("Ambil Tiket", "Tiket Baru", str(ticket), waiting=1)
        officer.classifies()
        officer.submits("Ambil Tiket")
        officer.is_asked()

    first.says_oke()
    first.is_told("Tiket berhasil diambil.")
    watch.expects(409)
    second.says_oke()

    second.is_refused("Tiket sudah diambil oleh Bagas Pramudyo.")
    second.pictures("taken-by-another")
    assert Event.objects.filter(action="take").count() == 1


@pytest.mark.requirement("R86")
def test_an_officer_whose_page_is_old_keeps_the_text(cast, person, watch):
    """Two windows of one officer: the second one's text is handed back with what is new."""
    ticket = ticket_at(cast, "in_progress")
    one, other = (person().is_already_in(cast.helpdesk) for _ in range(2))
    one.goes_to("/tiket/proses/")
    one.begins_review(str(ticket), "Selesai")
    one.writes("Sudah saya perbaiki, silakan dicoba.")
    other.goes_to("/tiket/proses/")
    other.asks_back(str(ticket), "Versi berapa?")

    one.submits("Kirim Review")
    watch.expects(409)
    one.says_oke()

    one.is_refused("Yang Anda isi belum terkirim. Salin bila masih diperlukan:")
    one.sees("Sudah saya perbaiki, silakan dicoba.", "Versi berapa?")
    one.pictures("old-page")
    assert not Event.objects.filter(action="resolve").exists()


@pytest.mark.requirement("R25", "R27", "R28", "R29", "R49")
def test_a_mistake_keeps_texts_and_files(cast, penyedia):
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("   ", "Berhenti di 99%.", package_code="8214260", error_code="??")
    penyedia.form.get_by_label("No. NPWP").fill("123")
    penyedia.attaches(samples.text("satu.txt"), samples.png("dua.png"))

    penyedia.submits("Kirim")

    penyedia.is_refused(
        "Judul wajib diisi.",
        "NPWP harus 15 atau 16 digit.",
        "Kode Error terdiri atas 6 sampai 12 huruf atau angka.",
    )
    expect(penyedia.page.get_by_role("alert").first).to_be_focused()
    penyedia.pictures("create-with-errors")
    form = penyedia.form
    expect(form.get_by_label("Deskripsi")).to_have_value("Berhenti di 99%.")
    expect(form.get_by_label("Kode Tender/Kode Paket")).to_have_value("8214260")
    expect(penyedia.kept_files).to_have_text(["satu.txt", "dua.png"])

    # the sentence leads to its field
    penyedia.page.get_by_role("link", name="Judul wajib diisi.").click()
    expect(form.get_by_label("Judul")).to_be_focused()

    penyedia.takes_off("satu.txt")
    expect(penyedia.kept_files).to_have_text(["dua.png"])
    form.get_by_label("Judul").fill("Tidak bisa unggah dokumen")
    form.get_by_label("No. NPWP").fill("0012 3456 7444 1000")
    form.get_by_label(re.compile("^Kode Error")).fill("A1B2C3")
    penyedia.submits("Kirim")
    penyedia.says_oke()
    penyedia.is_told_the_number()
    assert [file.name for file in Attachment.objects.all()] == ["dua.png"]
    assert Ticket.objects.get().description == "Berhenti di 99%."


@pytest.mark.requirement("R32")
def test_what_was_mended_is_not_marked_any_more_behind_the_pop_up(penyedia):
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("   ", "Berhenti di 99%.", package_code="8214260")
    penyedia.submits("Kirim")
    penyedia.is_refused("Judul wajib diisi.")

    penyedia.form.get_by_label("Judul").fill("Tidak bisa unggah dokumen")
    penyedia.submits("Kirim")

    penyedia.is_asked()
    marks = penyedia.form.locator(".errors, .invalid-feedback, [aria-invalid]")
    expect(marks).to_have_count(0)


@pytest.mark.requirement("R25", "R37")
def test_what_only_looks_wrong_is_said_but_does_not_block(cast, penyedia):
    make_lpse(code="17", name="LPSE Kota Denpasar")
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.", package_code="8214017")
    penyedia.form.get_by_label("No. NPWP").fill("0012345674441999")
    penyedia.submits("Kirim")

    penyedia.is_asked(
        "Kode tender ini milik LPSE Kota Denpasar. Pastikan LPSE yang dipilih sudah benar.",
    )
    penyedia.pictures("warnings-in-dialog")
    penyedia.says_oke()
    penyedia.is_told_the_number()


@pytest.mark.requirement("R29", "R30", "R49")
def test_files_that_may_not_be_sent(cast, penyedia):
    penyedia.goes_to("/tiket/buat/")
    penyedia.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")

    # The browser knows names and sizes
    penyedia.attaches(samples.program())
    penyedia.is_refused("perbaikan.exe: Format file tidak didukung.")
    penyedia.submits("Kirim")
    expect(penyedia.page.get_by_role("dialog")).to_have_count(0)
    upload = penyedia.form.get_by_label("Upload File")
    expect(upload).to_be_focused()
    expect(upload).to_have_accessible_description(re.compile("Format file tidak didukung"))
    penyedia.pictures("refused-by-the-browser")
    penyedia.takes_off("perbaikan.exe")
    penyedia.attaches(samples.text("kosong.txt", ""))
    penyedia.is_refused("kosong.txt: File kosong. Pilih file lain.")
    penyedia.takes_off("kosong.txt")
    penyedia.attaches(*(samples.text(f"{n}.txt") for n in range(6)))
    penyedia.is_refused("Paling banyak 5 file.")
    for n in range(6):
        penyedia.takes_off(f"{n}.txt")

    # The server looks inside; the good one stays
    penyedia.attaches(samples.page_named_picture(), samples.text("baik.txt"))
    penyedia.submits("Kirim")
    penyedia.says_oke()
    penyedia.is_refused(
        "bukti.jpg: Isi file tidak sesuai dengan formatnya. Simpan ulang dari aplikasi aslinya."
    )
    penyedia.pictures("refused-by-the-server")
    expect(penyedia.kept_files).to_have_text(["baik.txt"])
    expect(penyedia.form.get_by_label("Judul")).to_have_value("Tidak bisa unggah dokumen")
    assert not Ticket.objects.exists()

    penyedia.submits("Kirim")
    penyedia.says_oke()
    penyedia.is_told_the_number()
    assert [file.name for file in Attachment.objects.all()] == ["baik.txt"]


@pytest.mark.requirement("R14")
def test_a_lost_session_leads_through_spse_back_to_the_wanted_page(cast, person):
    reporter = person().enters_through_spse("penyedia1")
    number = reporter.files_ticket("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    Session.objects.all().delete()

    reporter.page.get_by_role("link", name=number, exact=True).click()

    reporter.is_at("Masuk ke LPSE Support")
    reporter.sees("Sesi Anda telah berakhir. Silakan masuk kembali.")
    reporter.pictures("session-lost")
    reporter.goes_through_spse("penyedia1")
    reporter.is_at("Tidak bisa unggah dokumen")


@pytest.mark.requirement("R14")
def test_a_session_lost_while_typing_loses_no_text(cast, person):
    make_user(Role.LKPP_L1, username="lkpp1")
    ticket = ticket_at(cast, level=3)
    officer = person().enters_locally("lkpp1", PASSWORD)
    officer.takes(str(ticket), {}, waiting=1)
    officer.chooses("Selesai")
    officer.writes("Solusi yang panjang sekali.")
    Session.objects.all().delete()

    officer.submits("Kirim Review")

    officer.is_at("Masuk ke LPSE Support")
    officer.sees("Sesi Anda telah berakhir. Silakan masuk kembali.")
    officer.logs_in("lkpp1", PASSWORD)
    officer.is_at(ticket.title)
    expect(officer.form.get_by_label("Pesan")).to_have_value("Solusi yang panjang sekali.")


@pytest.mark.requirement("R14")
def test_a_session_lost_while_typing_loses_no_text_of_a_reporter(cast, person):
    reporter = person().enters_through_spse("penyedia1")
    reporter.opens_tab("Buat Tiket Baru")
    reporter.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    Session.objects.all().delete()

    reporter.submits("Kirim")

    reporter.is_at("Masuk ke LPSE Support")
    reporter.goes_through_spse("penyedia1")
    reporter.is_at("Buat Tiket Baru")
    expect(reporter.form.get_by_label("Judul")).to_have_value("Tidak bisa unggah dokumen")
    expect(reporter.form.get_by_label("Deskripsi")).to_have_value("Berhenti di 99%.")


@pytest.mark.requirement("R14")
def test_wrong_credentials_are_told_at_both_doors(cast, person):
    make_user(Role.LKPP_L1, username="lkpp1")
    visitor = person()

    visitor.goes_to("/akun/login/")
    visitor.logs_in("lkpp1", "salah")
    visitor.is_refused("User ID atau kata sandi salah.")
    visitor.pictures("wrong-password")
    visitor.goes_to("/spse/260/login/")
    own = visitor.page.get_by_role("region", name="Atau isi sendiri")
    own.get_by_label("User ID").fill("penyedia1")
    own.get_by_label("Kata Sandi").fill("salah")
    own.get_by_role("radio", name="Penyedia", exact=True).check()
    own.get_by_role("button", name="Login").click()
    visitor.is_refused("User ID atau kata sandi salah.")
