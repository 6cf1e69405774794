"""The whole life of a ticket where no script runs: the pop-up becomes a page of its own."""

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from tests.factories import make_user
from tests.journeys import samples
from tickets.models import Attachment, Rating, Ticket


@pytest.mark.requirement("R3", "R31", "R32", "R33", "R47", "R54", "R55", "R57", "R58", "R79")
def test_everything_works_without_javascript(bandung, person):
    reporter = make_user(Role.PPK, bandung, identity_number="197803122005011003")
    officer = make_user(Role.LPSE_L1, bandung, name="Bagas Pramudyo")
    ppk = person(java_script_enabled=False).is_already_in(reporter)
    helpdesk = person(java_script_enabled=False).is_already_in(officer)

    # Create: 'Batal' on the confirm page leads back to the form as it was, files and all
    ppk.goes_to("/tiket/buat/")
    ppk.describes("Menu SIRUP tidak muncul", "Menu hilang sejak kemarin.")
    ppk.attaches(samples.text())
    ppk.submits("Kirim")
    ppk.is_asked("Tiket tidak dapat diubah setelah dikirim. Kirim tiket?")
    ppk.sees("Menu SIRUP tidak muncul", "Menu hilang sejak kemarin.", "langkah.txt")
    ppk.pictures("01-confirm-create")
    ppk.says_batal()
    expect(ppk.form.get_by_label("Judul")).to_have_value("Menu SIRUP tidak muncul")
    expect(ppk.kept_files).to_have_text(["langkah.txt"])
    ppk.pictures("02-create-again")
    ppk.submits("Kirim")
    ppk.says_oke()
    number = ppk.is_told_the_number()

    # Take and ask: a text too little keeps the file that has arrived
    helpdesk.goes_to("/")
    helpdesk.takes(number, waiting=1)
    helpdesk.begins_review(number, "Butuh Feedback")
    helpdesk.attaches(samples.png("contoh.png"))
    helpdesk.submits("Kirim Review")
    helpdesk.is_refused("Pesan wajib diisi.")
    expect(helpdesk.kept_files).to_have_text(["contoh.png"])
    expect(helpdesk.form.get_by_role("radio", name="Butuh Feedback")).to_be_checked()
    helpdesk.pictures("03-review-with-kept-file")
    helpdesk.writes("Peran apa yang Anda pilih saat login?")
    helpdesk.submits("Kirim Review")
    helpdesk.says_oke('Hasil review "Butuh Feedback" akan dikirim')
    helpdesk.is_told("Review berhasil dikirim.")

    # Answer: the same for the reporter; a file can be taken off again
    ppk.starts_from_row("Beri Feedback", "Daftar Tiket", number, waiting=1)
    ppk.attaches(samples.text("satu.txt"), samples.text("dua.txt"))
    ppk.submits("Kirim Feedback")
    ppk.is_refused("Pesan wajib diisi.")
    ppk.writes("Saya memilih PPK.")
    ppk.takes_off("satu.txt")
    expect(ppk.kept_files).to_have_text(["dua.txt"])
    expect(ppk.form.get_by_label("Kirim Pesan")).to_have_value("Saya memilih PPK.")
    ppk.submits("Kirim Feedback")
    ppk.says_oke("Feedback tidak dapat diubah setelah dikirim. Kirim feedback?")
    ppk.is_told("Feedback berhasil dikirim.")
    ppk.sees("dua.txt").does_not_see("satu.txt")

    # Solved, not yet, solved, done
    helpdesk.solves(number, "Menu sudah dibuka.")
    ppk.begins_verdict(number, "Belum, Kirim Pesan Lagi")
    ppk.submits("Kirim Review")
    ppk.is_refused("Pesan wajib diisi.")
    ppk.rejects(number, "Menunya masih hilang.")
    helpdesk.sees_after("Menunya masih hilang.", number)
    helpdesk.solves(number, "Cache sudah dikosongkan.")
    ppk.accepts(number)
    ppk.pictures("04-rate")
    ppk.gives_stars(2)
    ppk.is_refused("Saran dan masukan wajib diisi untuk penilaian 1–3 bintang.")
    expect(ppk.form.get_by_role("radio", name="2 bintang")).to_be_checked()
    ppk.gives_stars(2, "Mohon lebih cepat.")
    ppk.says_oke("Penilaian tidak dapat diubah setelah dikirim. Kirim penilaian?")
    ppk.is_told("Terima kasih atas penilaian Anda.")

    assert Ticket.objects.get().status == "closed"
    assert Rating.objects.get().suggestion == "Mohon lebih cepat."
    assert set(Attachment.objects.values_list("name", flat=True)) == {
        *("langkah.txt", "contoh.png", "dua.txt")
    }


@pytest.mark.requirement("R15")
def test_entering_and_leaving_need_no_javascript(bandung, person):
    pokja = person(java_script_enabled=False)

    pokja.goes_through_spse("pokja")
    pokja.is_at("Menuju LPSE Support")
    pokja.page.get_by_role("button", name="Lanjutkan").click()

    pokja.is_at("Help Center")
    pokja.leaves()
