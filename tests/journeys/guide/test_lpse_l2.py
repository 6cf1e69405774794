"""The pages of User Guide and Video Tutorial of LPSE Level 2 (Gambar 45 to 63 of 2018).

Every picture that is taken here stands in docs/guide/lpse_l2.md.
"""

import pytest
from playwright.sync_api import expect

from faq.models import Article
from tests.cast import SERVER
from tests.journeys.guide import world_officers as world
from tests.journeys.people import starting_with
from tickets.models import Ticket

QUESTION = "Apakah akun ini pernah digabung dengan akun lain?"
ANSWER = "Belum pernah digabung. Sudah saya periksa di daftar penyedia pagi ini."
ESCALATED = "Tabel rekanan rusak setelah pembaruan tadi malam. Mohon diperiksa dari server."
FROM_LKPP = "Kapan cadangan basis data yang terakhir dibuat?"
REASON = "Petugas pindah tugas ke dinas lain mulai hari ini."
ARTICLE = "Kapan loket Helpdesk LPSE Kota Bandung buka?"


@pytest.fixture
def office(bandung):
    return world.Office(bandung)


def opens_menu(officer, link):
    officer.page.get_by_role("banner").locator("summary").click()
    officer.page.get_by_role("banner").get_by_role("link", name=link).click()


@pytest.mark.film
@pytest.mark.requirement("R6", "R9", "R11", "R12", "R13", "R16", "R19", "R20")
def test_masuk_lewat_spse_dan_help_center(office, person):
    officer = person()
    world.reaches(office, world.LIBRARY, 2, hours=7)
    world.is_in_hand(office, world.SCHEDULE, 2, office.pokja, hours=9)

    world.walks_through_spse(officer, "adminsistem")

    officer.is_told("Ada 1 tiket baru yang belum diproses.")
    officer.tells("Help Center menunjukkan tiket yang menunggu Anda dan tiga fungsi utama.")
    world.finds_three_functions(officer, "LPSE Level 2, Kota Bandung")
    officer.sees("Menunggu Anda", world.SCHEDULE.title)
    officer.pictures("help-center")


@pytest.mark.requirement("R96")
def test_dashboard(office, person):
    officer = person().is_already_in(office.admin_sistem)
    world.fill_a_year(office, per_month=1)
    world.reaches(office, world.LIBRARY, 2)
    world.publishes_guides("lpse_l2")

    officer.goes_to("/dashboard/")
    officer.tells("Dashboard menghitung tiket LPSE Anda yang sampai ke Level 2.")
    officer.is_at("Dashboard")
    for title in ("Tiket Pengguna Belum Dikerjakan", "Tiket Pengguna Belum Selesai",
                  "Kategori Pelapor", "Kategori Tiket", "Versi Aplikasi",
                  "Jumlah Tiket LPSE (Overall) – Bulan",
                  "Total Tiket Admin Sistem LPSE"):  # fmt: skip
        expect(world.region(officer, title)).to_be_visible()
    world.waits_for_charts(officer)
    officer.pictures("dashboard")


@pytest.mark.film
@pytest.mark.requirement("R98", "R99", "R100", "R101")
def test_tiket_baru_dari_level_1_diambil(office, person):
    officer = person().is_already_in(office.admin_sistem)
    world.comes_in(office, world.LOGIN, hours=1)
    number = str(world.reaches(office, world.LIBRARY, 2, hours=6).ticket)

    officer.goes_to("/")
    officer.tells("Tiket Baru berisi tiket yang dieskalasi Level 1 dan belum diambil.")
    officer.opens_tab("Tiket Baru", waiting=1)
    officer.does_not_see(world.LOGIN.title)
    officer.pictures("tiket-baru")
    officer.tells("Baca dahulu alasan eskalasinya di detail tiket.")
    officer.page.get_by_role("link", name=number, exact=True).click()
    officer.sees(world.ESCALATED)
    officer.pictures("tiket-baru-detail")

    officer.tells("Tekan Ambil Tiket. Klasifikasi dari Level 1 sudah terisi; perbaiki bila perlu.")
    officer.starts_from_row("Ambil Tiket", "Tiket Baru", number)
    expect(officer.form.get_by_label("Kategori Tiket")).not_to_have_value("")
    officer.pictures("ambil-tiket")
    officer.submits("Ambil Tiket")
    officer.is_asked(f"Anda akan mengambil tiket {number}.")
    officer.pictures("ambil-tiket-konfirmasi")
    officer.says_oke("Tiket yang sudah diambil tidak dapat dibatalkan.")
    officer.is_told("Tiket berhasil diambil.")


@pytest.mark.film
@pytest.mark.requirement("R102", "R103", "R104", "R115", "R116")
def test_tiket_proses_butuh_feedback_dan_selesai(office, person):
    officer = person().is_already_in(office.admin_sistem)
    asked = world.is_in_hand(office, world.SCHEDULE, 2, office.pokja, hours=9)
    asked.then("ask", office.admin_sistem, message="Sejak kapan?", feedback_from=0)
    ticket = world.is_in_hand(office, world.LIBRARY, 2, hours=8).ticket
    number = str(ticket)

    officer.goes_to("/")
    officer.tells("Tiket Proses berisi tiket di tangan Anda dan pertanyaan untuk Anda.")
    officer.opens_tab("Tiket Proses", waiting=1)
    officer.pictures("tiket-proses")
    officer.tells("Butuh Feedback dapat ditujukan kepada Pelapor atau LPSE Level 1.")
    officer.begins_review(number, "Butuh Feedback")
    officer.chooses("Pelapor (User)")
    officer.chooses("LPSE Level 1")
    officer.writes(QUESTION)
    officer.pictures("review-butuh-feedback")
    officer.submits("Kirim Review")
    officer.is_asked(f'Hasil review "Butuh Feedback" akan dikirim untuk tiket {number}')
    officer.pictures("review-konfirmasi")
    officer.says_oke()
    officer.is_told("Review berhasil dikirim.")
    Ticket.objects.get(pk=ticket.pk).perform("answer", by=office.helpdesk, message=ANSWER)

    officer.tells("Selesai mengirim solusi kepada Pelapor dan meminta review darinya.")
    officer.goes_to("/")
    officer.begins_review(number, "Selesai")
    officer.sees(ANSWER)
    officer.writes("Kunci tabel sudah dilepas. Silakan masuk kembali dan periksa data Anda.")
    officer.pictures("review-selesai")
    officer.submits("Kirim Review")
    officer.says_oke('Hasil review "Selesai" akan dikirim')
    officer.is_told("Review berhasil dikirim.")


@pytest.mark.film
@pytest.mark.requirement(
    *("R105", "R106", "R107", "R108", "R109", "R110", "R111", "R112", "R113", "R114", "R116")
)
def test_eskalasi_ke_lkpp_dengan_data_server(office, person):
    officer = person().is_already_in(office.admin_sistem)
    ticket = world.is_in_hand(office, world.LIBRARY, 2, hours=8).ticket
    number = str(ticket)

    officer.goes_to("/")
    officer.tells("Eskalasi ke LKPP wajib disertai Data Server, agar LKPP dapat memeriksa server.")
    officer.begins_review(number, "Eskalasi")
    officer.writes(ESCALATED)
    for label, value in SERVER.items():
        officer.form.get_by_label(starting_with(label)).fill(value)
    password = officer.form.get_by_label("Password Server")
    expect(password).to_have_attribute("type", "password")
    officer.pictures("data-server")
    officer.tells("Data Server dienkripsi, hanya dibuka LKPP, dan dihapus saat tiket ditutup.")
    officer.submits("Kirim Review")
    officer.is_asked("Tiket akan diteruskan ke LKPP Level 1.")
    officer.pictures("eskalasi-konfirmasi")
    officer.says_oke()
    officer.is_told("Tiket diteruskan ke LKPP Level 1.")
    assert SERVER["Password Server"] not in officer.page.content()


@pytest.mark.requirement("R117", "R118", "R119")
def test_feedback_dari_lkpp(office, person):
    officer = person().is_already_in(office.admin_sistem)
    past = world.is_in_hand(office, world.LIBRARY, 4, hours=30)
    past.then("ask", office.lkpp2, message=FROM_LKPP, feedback_from=2)
    number = str(past.ticket)

    officer.goes_to("/")
    officer.tells("Pertanyaan dari LKPP muncul di Tiket Proses dengan tombol Feedback.")
    officer.opens_tab("Tiket Proses", waiting=1)
    expect(officer.row(number)).to_contain_text("Butuh Feedback LPSE Level 2")
    officer.pictures("feedback-daftar")
    officer.row(number).get_by_role("link", name="Feedback").click()
    officer.sees(FROM_LKPP)
    officer.writes("Cadangan terakhir dibuat Minggu pukul 23.00, sebelum pembaruan.")
    officer.pictures("feedback-balas")
    officer.submits("Kirim Feedback")
    officer.is_asked("Feedback tidak dapat diubah setelah dikirim. Kirim feedback?")
    officer.pictures("feedback-konfirmasi")
    officer.says_oke()
    officer.is_told("Feedback berhasil dikirim.")


@pytest.mark.requirement("R42", "R73", "R120")
def test_daftar_tiket_dan_ekspor(office, person):
    officer = person().is_already_in(office.admin_sistem)
    world.fill_a_year(office, per_month=0)

    officer.goes_to("/tiket/daftar/")
    officer.tells("Daftar Tiket menyimpan tiket yang pernah Anda tangani, dan dapat diunduh.")
    officer.pictures("daftar-tiket")
    assert world.downloads(officer, "Unduh CSV").endswith(".csv")


@pytest.mark.film
@pytest.mark.requirement("R136", "R54")
def test_alihkan_petugas_level_1(office, person):
    """The ticket of an officer who left is handed to a colleague, and comes to its end."""
    officer = person().is_already_in(office.admin_sistem)
    helpdesk = person().is_already_in(office.colleague)
    number = str(world.is_in_hand(office, world.LOGIN, 1, hours=30).ticket)
    world.is_in_hand(office, world.RUP, 1, office.ppk, hours=50)
    office.helpdesk.is_active = False
    office.helpdesk.save()

    # Level 2 finds the ticket of the officer who left, and nothing of what is in it
    officer.goes_to("/")
    officer.tells("Bila petugas Level 1 berhalangan, buka Alihkan Petugas dari menu nama Anda.")
    opens_menu(officer, "Alihkan Petugas")
    officer.is_at("Alihkan Petugas")
    officer.sees(office.helpdesk.name, "Nonaktif", number)
    officer.pictures("alihkan-daftar")
    officer.follows(f"Alihkan {number}")
    officer.does_not_see(world.LOGIN.title, office.penyedia.name)
    officer.tells("Pilih petugas baru dan tulis alasannya. Isi tiket tidak ditampilkan.")
    choice = officer.form.get_by_label("Petugas baru")
    choice.select_option(label=f"{office.colleague.name}, LPSE Level 1 (0 tiket di tangan)")
    officer.submits("Alihkan Tiket")
    officer.is_refused("Alasan wajib diisi.")
    officer.writes(REASON)
    officer.submits("Alihkan Tiket")
    officer.is_asked(f"Tiket {number} akan dialihkan dari {office.helpdesk.name}")
    officer.pictures("alihkan-konfirmasi")
    officer.says_batal()
    expect(officer.form.get_by_label("Alasan")).to_have_value(REASON)
    officer.submits("Alihkan Tiket")
    officer.says_oke()
    officer.is_told(f"Tiket {number} dialihkan kepada {office.colleague.name}.")

    # The new officer has it in hand, reads why, and solves it
    helpdesk.goes_to("/")
    helpdesk.opens_tab("Tiket Proses", waiting=1)
    helpdesk.sees_after(REASON, number)
    helpdesk.sees(f"mengalihkan tiket dari {office.helpdesk.name} kepada {office.colleague.name}")
    helpdesk.solves(number, world.SOLVED)


@pytest.mark.requirement("R60", "R63", "R134")
def test_menulis_artikel_faq_untuk_pelapor_lpse(office, person):
    officer = person().is_already_in(office.admin_sistem)
    reporter = person().is_already_in(office.penyedia)
    page = officer.page

    officer.goes_to("/")
    officer.tells("Level 2 juga menulis artikel FAQ untuk LPSE-nya, lewat menu Kelola FAQ.")
    opens_menu(officer, "Kelola FAQ")
    page.get_by_role("link", name="Tambah artikel").click()
    page.get_by_label("Pertanyaan").fill(ARTICLE)
    page.get_by_label("Jawaban singkat").fill("Senin sampai Jumat, pukul 08.00 sampai 15.00 WIB.")
    page.get_by_label("Jawaban lengkap").fill("## Hari libur\n\nLoket tutup pada hari libur.")
    page.get_by_label("Topik").select_option(label="Tentang tiket")
    page.get_by_label("Terbit").check()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Pratinjau").click()
    expect(opened.value.get_by_role("heading", name="Hari libur")).to_be_visible()
    opened.value.close()
    assert not Article.objects.filter(lpse=office.lpse).exists()
    officer.pictures("kelola-faq")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("berhasil ditambahkan")).to_be_visible()

    article = Article.objects.get(question=ARTICLE)
    reporter.goes_to(article.get_absolute_url())
    reporter.is_at(ARTICLE)
    reporter.sees(f"oleh {office.lpse}", "Loket tutup pada hari libur.")


@pytest.mark.requirement("R15", "R60", "R61", "R62")
def test_faq_lalu_keluar(office, person):
    officer = person().is_already_in(office.admin_sistem)

    officer.goes_to("/")
    world.reads_an_answer(officer, "Berkas tidak bisa dibuka Pokja")
    officer.tells("Selesai bekerja, buka menu nama Anda di kanan atas, lalu pilih Keluar.")
    officer.leaves()
