"""The pages of User Guide and Video Tutorial of LPSE Level 1 (Gambar 29 to 44 of 2018).

Every picture that is taken here stands in docs/guide/lpse_l1.md.
"""

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.journeys.guide import world_officers as world
from tests.journeys.guide.world_officers import CLASSIFIED
from tickets.models import Ticket

QUESTION = "Apakah pesannya sama bila dibuka dari peramban atau komputer lain?"
ANSWER = "Sudah dicoba dari Chrome dan Firefox, pesannya tetap sama."
FROM_LEVEL_2 = "Apakah akun ini pernah digabung dengan akun lain?"


@pytest.fixture
def office(bandung):
    return world.Office(bandung)


@pytest.mark.film
@pytest.mark.requirement("R5", "R9", "R11", "R12", "R13", "R16", "R19", "R20")
def test_masuk_lewat_spse_dan_help_center(office, person):
    officer = person()
    world.comes_in(office, world.SCHEDULE, office.pokja, hours=3)
    world.comes_in(office, world.LOGIN)
    world.is_in_hand(office, world.RUP, 1, office.ppk, hours=5)

    world.walks_through_spse(officer, "helpdesk1")

    officer.is_told("Ada 2 tiket baru yang belum diproses.")
    officer.tells("Help Center menunjukkan tiket yang menunggu Anda dan tiga fungsi utama.")
    world.finds_three_functions(officer, "LPSE Level 1, Kota Bandung")
    officer.sees("Menunggu Anda", world.RUP.title)
    officer.pictures("help-center")


@pytest.mark.requirement("R65", "R66", "R67", "R68", "R69", "R70", "R71", "R73")
def test_dashboard(office, person):
    officer = person().is_already_in(office.helpdesk)
    world.fill_a_year(office)
    world.comes_in(office, world.LOGIN, hours=30)
    world.is_in_hand(office, world.APENDO, 1)
    world.publishes_guides("lpse_l1")

    officer.goes_to("/dashboard/")
    officer.tells("Dashboard menghitung tiket LPSE Anda: yang belum dikerjakan dan belum selesai.")
    officer.is_at("Dashboard")
    for title in ("Jumlah Tiket LPSE (Overall) – Bulan", "Tiket Pengguna Belum Dikerjakan",
                  "Tiket Pengguna Belum Selesai", "Kategori Pelapor", "Kategori Tiket",
                  "Versi Aplikasi"):  # fmt: skip
        expect(world.region(officer, title)).to_be_visible()
    world.waits_for_charts(officer)
    officer.pictures("dashboard")

    officer.tells("Setiap diagram dapat dibaca sebagai tabel, dan setiap angkanya dapat dibuka.")
    chart = world.region(officer, "Kategori Pelapor")
    expect(chart.get_by_role("table")).to_be_hidden()
    chart.get_by_text("Lihat sebagai tabel").click()
    chart.get_by_role("link", name="tiket: Pokja Pemilihan").click()
    officer.is_at("Tiket yang Dihitung")
    officer.pictures("dashboard-rincian")
    officer.page.get_by_role("link", name="Kembali ke Dashboard").click()

    officer.tells("Tabel petugas diurutkan dengan memilih judul kolom, dan dapat diunduh.")
    table = world.region(officer, "Total Tiket Helpdesk LPSE")
    table.get_by_role("link", name="Total diambil").click()
    heading = officer.page.get_by_role("columnheader", name="Total diambil")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert world.downloads(officer, "Unduh XLSX", where=table).endswith(".xlsx")


@pytest.mark.film
@pytest.mark.requirement("R42", "R74", "R75", "R76", "R77", "R79", "R81", "R82")
def test_tiket_baru_dilihat_lalu_diambil(office, person):
    officer = person().is_already_in(office.helpdesk)
    world.comes_in(office, world.SCHEDULE, office.pokja, hours=3)
    ticket = world.comes_in(office, world.LOGIN).ticket
    number = str(ticket)

    officer.goes_to("/")
    officer.tells("Tab Tiket Baru berisi tiket dari Pelapor LPSE Anda yang belum diambil.")
    officer.menu("Tiket").click()
    officer.has_tabs("Tiket Baru", "Tiket Proses", "Daftar Tiket")
    expect(officer.tab("Tiket Baru")).to_have_attribute("aria-current", "page")
    expect(officer.tab("Tiket Baru")).to_have_accessible_name("Tiket Baru 2 menunggu Anda")
    officer.sees("Nama Pelapor disamarkan sampai tiket diambil.")
    officer.pictures("tiket-baru")

    # The detail, 'Kembali' without taking
    officer.tells("Pilih nomor tiket untuk membaca isinya sebelum mengambilnya.")
    officer.page.get_by_role("link", name=number, exact=True).click()
    officer.is_at(world.LOGIN.title)
    officer.pictures("tiket-baru-detail")
    officer.goes_back()
    ticket.refresh_from_db()
    assert ticket.officer is None

    # The four answers are needed, and the pop-up is answered
    officer.tells("Tekan Ambil Tiket, lalu isi kategori, tipe, prioritas, dan versi aplikasi.")
    officer.starts_from_row("Ambil Tiket", "Tiket Baru", number)
    expect(officer.form.get_by_label("Kategori Tiket")).to_have_value("")
    officer.classifies(CLASSIFIED)
    officer.pictures("ambil-tiket")
    officer.submits("Ambil Tiket")
    officer.is_asked(f"Anda akan mengambil tiket {number}.")
    officer.pictures("ambil-tiket-konfirmasi")
    officer.tells("Tiket yang sudah diambil tidak dapat dibatalkan. Tekan Oke bila sudah yakin.")
    officer.says_oke("Tiket yang sudah diambil tidak dapat dibatalkan.")
    officer.is_told("Tiket berhasil diambil.")
    officer.opens_tab("Tiket Baru", waiting=1)
    expect(officer.row(number)).to_have_count(0)


@pytest.mark.film
@pytest.mark.requirement("R83", "R84", "R85", "R86", "R87", "R90")
def test_tiket_proses_dan_butuh_feedback(office, person):
    officer = person().is_already_in(office.helpdesk)
    waiting = world.is_in_hand(office, world.RUP, 1, office.ppk, hours=9)
    waiting.then("ask", office.helpdesk, message=QUESTION, feedback_from=0)
    ticket = world.is_in_hand(office, world.LOGIN, 1, hours=4).ticket
    number = str(ticket)

    officer.goes_to("/")
    officer.tells(
        "Tiket Proses berisi tiket di tangan Anda. Yang menunggu Anda selalu berada di atas."
    )
    officer.opens_tab("Tiket Proses", waiting=1)
    officer.sees("Menunggu Anda", "Menunggu pihak lain", "Menunggu Feedback Pelapor")
    officer.pictures("tiket-proses")

    officer.tells("Tekan Review, lalu pilih hasilnya. Butuh Feedback bertanya kepada Pelapor.")
    officer.begins_review(number, "Butuh Feedback")
    expect(officer.form.get_by_role("radio", name="LPSE Level 1")).to_have_count(0)
    officer.writes(QUESTION)
    officer.pictures("review-butuh-feedback")
    officer.submits("Kirim Review")
    officer.is_asked(f'Hasil review "Butuh Feedback" akan dikirim untuk tiket {number}')
    officer.pictures("review-konfirmasi")
    officer.says_oke()
    officer.is_told("Review berhasil dikirim.")

    # The answer brings the ticket back to its officer
    officer.tells("Setelah Pelapor menjawab, tiket kembali menunggu Anda.")
    Ticket.objects.get(pk=ticket.pk).perform("answer", by=office.penyedia, message=ANSWER)
    officer.goes_to("/")
    officer.opens_tab("Tiket Proses", waiting=1)
    officer.page.get_by_role("link", name=number, exact=True).click()
    officer.sees(ANSWER)
    officer.pictures("diskusi")


@pytest.mark.film
@pytest.mark.requirement("R88", "R90")
def test_eskalasi_ke_lpse_level_2(office, person):
    officer = person().is_already_in(office.helpdesk)
    number = str(world.is_in_hand(office, world.LIBRARY, 1, hours=6).ticket)

    officer.goes_to("/")
    officer.tells("Eskalasi meneruskan tiket ke LPSE Level 2. Alasannya hanya dibaca petugas.")
    officer.begins_review(number, "Eskalasi")
    officer.writes(world.ESCALATED)
    officer.sees("Eskalasi bersifat internal: dibaca petugas, tidak terlihat oleh Pelapor")
    officer.pictures("review-eskalasi")
    officer.submits("Kirim Review")
    officer.says_oke("Tiket akan diteruskan ke LPSE Level 2.")
    officer.is_told("Tiket diteruskan ke LPSE Level 2.")


@pytest.mark.film
@pytest.mark.requirement("R54", "R89", "R90")
def test_selesai_lalu_dikembalikan_lalu_dinilai(office, person):
    officer = person().is_already_in(office.helpdesk)
    ticket = world.is_in_hand(office, world.LOGIN, 1, hours=6).ticket
    number = str(ticket)

    officer.goes_to("/")
    officer.tells("Selesai mengirim solusi kepada Pelapor, yang lalu memberi review.")
    officer.begins_review(number, "Selesai")
    officer.writes(world.SOLVED)
    officer.pictures("review-selesai")
    officer.submits("Kirim Review")
    officer.says_oke('Hasil review "Selesai" akan dikirim')
    officer.is_told("Review berhasil dikirim.")

    # 'Belum, Kirim Pesan Lagi' brings it back to the officer who called it solved
    officer.tells("Bila Pelapor menjawab Belum, tiket kembali ke Anda bersama pesannya.")
    ticket = Ticket.objects.get(pk=ticket.pk)
    ticket.perform("reject", by=office.penyedia, message="Pesan yang sama masih muncul pagi ini.")
    officer.goes_to("/")
    officer.opens_tab("Tiket Proses", waiting=1)
    officer.page.get_by_role("link", name=number, exact=True).click()
    officer.sees("Pesan yang sama masih muncul pagi ini.")
    officer.pictures("dikembalikan")
    officer.solves(number, "Akun sudah dibuka kembali. Silakan masuk sekali lagi.")

    ticket.perform("accept", by=office.penyedia)
    ticket.perform("rate", by=office.penyedia, stars=5, suggestion="Cepat dan jelas, terima kasih.")
    officer.goes_to(ticket.get_absolute_url())
    officer.sees("5 dari 5 bintang", "Selesai – Sudah Dinilai")


@pytest.mark.requirement("R91", "R92", "R93", "R94")
def test_feedback_dari_lpse_level_2(office, person):
    officer = person().is_already_in(office.helpdesk)
    past = world.is_in_hand(office, world.LIBRARY, 2, hours=26)
    past.then("ask", office.admin_sistem, message=FROM_LEVEL_2, feedback_from=1)
    number = str(past.ticket)

    officer.goes_to("/")
    officer.tells("Pertanyaan dari LPSE Level 2 muncul di Tiket Proses dengan tombol Feedback.")
    officer.opens_tab("Tiket Proses", waiting=1)
    expect(officer.row(number)).to_contain_text("Butuh Feedback LPSE Level 1")
    officer.pictures("feedback-daftar")
    officer.row(number).get_by_role("link", name="Feedback").click()
    officer.sees(FROM_LEVEL_2, "Internal, tidak terlihat oleh Pelapor")
    officer.writes("Belum pernah digabung. Sudah saya periksa di daftar penyedia pagi ini.")
    officer.pictures("feedback-balas")
    officer.tells("Tulis jawaban, lampirkan file bila perlu, lalu tekan Kirim Feedback.")
    officer.submits("Kirim Feedback")
    officer.is_asked("Feedback tidak dapat diubah setelah dikirim. Kirim feedback?")
    officer.pictures("feedback-konfirmasi")
    officer.says_oke()
    officer.is_told("Feedback berhasil dikirim.")
    assert Ticket.objects.get().officer == office.admin_sistem


@pytest.mark.requirement("R42", "R73", "R95")
def test_daftar_tiket_saringan_dan_ekspor(office, person):
    officer = person().is_already_in(office.helpdesk)
    world.fill_a_year(office, per_month=0)
    number = str(world.is_in_hand(office, world.SCHEDULE, 1, office.pokja).ticket)
    foreign = Cast()
    world.comes_in(foreign, world.CONTRACT)

    officer.goes_to("/tiket/daftar/")
    officer.tells("Daftar Tiket menyimpan semua tiket yang pernah Anda tangani.")
    officer.does_not_see(str(Ticket.objects.get(lpse=foreign.lpse)))
    officer.page.get_by_text("Saringan lain").click()
    officer.pictures("daftar-tiket")
    officer.tells("Cari menurut nomor, judul, atau kode tender. Hasilnya dapat diunduh.")
    officer.searches("jadwal")
    expect(officer.row(number)).to_be_visible()
    assert world.downloads(officer, "Unduh XLSX").startswith("daftar-tiket-")
    officer.searches("kulkas")
    officer.sees("Tidak ada tiket yang sesuai dengan pencarian.")
    officer.follows("Hapus saringan")

    # The field at the top leads straight to a ticket
    find = officer.page.get_by_role("banner").get_by_role("search")
    find.get_by_label("Nomor tiket").fill(number.lower().replace("-", " "))
    find.get_by_role("button", name="Cari").click()
    officer.is_at(world.SCHEDULE.title)


@pytest.mark.film
@pytest.mark.requirement("R15", "R60", "R61", "R62")
def test_faq_lalu_keluar(office, person):
    officer = person().is_already_in(office.helpdesk)

    officer.goes_to("/")
    world.reads_an_answer(officer, "Ganti ponsel, kode autentikator hilang")
    officer.pictures("faq-detail")
    officer.tells("Selesai bekerja, buka menu nama Anda di kanan atas, lalu pilih Keluar.")
    officer.leaves()
