"""The pages of User Guide and Video Tutorial of LKPP Level 1 and 2, which 2018 did not have.

Every picture that is taken here stands in docs/guide/lkpp.md.
"""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from playwright.sync_api import expect

from accounts.roles import Role
from tests.cast import SERVER
from tests.factories import PASSWORD, make_user
from tests.journeys.guide import world_officers as world
from tickets.models import Ticket

REASON = "Memeriksa tabel rekanan di basis data LPSE."
FORENSIC = "Dua file penawaran perlu uji forensik. Mohon Tim Teknis memeriksanya."
FROM_LEVEL_2 = "Apakah sidik file sudah dibandingkan dengan yang ada di server?"


@pytest.fixture
def office(bandung):
    office = world.Office(bandung)
    office.lkpp1 = make_user(Role.LKPP_L1, username="lkpp1", name="Ratih Kusumaningdyah")
    office.lkpp2 = make_user(Role.LKPP_L2, username="lkpp2", name="Yusuf Lestaluhu")
    return office


def code_of(secret):
    """What the authenticator app shows now; the one before may be that very code."""
    cache.clear()
    counter = list(totp.yield_hotp_counters_from_time())[-1]
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def confirms_password(officer):
    officer.is_at("Pastikan ini Anda")
    officer.page.get_by_label("Kata sandi").fill(PASSWORD)
    officer.page.get_by_role("button", name="Lanjutkan").click()


@pytest.mark.film
@pytest.mark.requirement("R7", "R13", "R14", "R16", "R19")
def test_masuk_dengan_faktor_kedua_dan_help_center(office, person, settings):
    settings.SECOND_FACTOR_REQUIRED, settings.MFA_TOTP_TOLERANCE = True, 1
    officer = person()
    page = officer.page
    world.reaches(office, world.DECRYPTION, 3, office.pokja, hours=8)
    world.is_in_hand(office, world.LIBRARY, 3, hours=12)

    officer.tells("Petugas LKPP masuk di halaman ini, dengan User ID dan kata sandi.")
    officer.goes_to("/akun/login/")
    officer.pictures("masuk")
    officer.logs_in("lkpp1", PASSWORD)
    confirms_password(officer)
    officer.tells("Saat pertama kali masuk, pasang aplikasi autentikator dan masukkan kodenya.")
    officer.is_at("Aktifkan aplikasi autentikator")
    officer.pictures("aktifkan-autentikator")
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.get_by_role("main").inner_text())[0]
    page.get_by_role("textbox").fill(code_of(secret))
    page.get_by_role("button", name="Aktifkan").click()
    officer.tells("Simpan kode pemulihan di tempat aman, untuk berjaga-jaga bila ponsel hilang.")
    officer.is_at("Kode pemulihan")
    officer.pictures("kode-pemulihan")
    officer.leaves()

    officer.logs_in("lkpp1", PASSWORD)
    officer.tells("Berikutnya, setiap kali masuk, Anda diminta kode enam angka.")
    officer.is_at("Kode autentikator")
    officer.pictures("kode-autentikator")
    page.get_by_role("textbox").fill(code_of(secret))
    page.get_by_role("button", name="Masuk", exact=True).click()
    officer.is_at("Help Center")
    officer.is_told("Ada 1 tiket baru yang belum diproses.")
    world.finds_three_functions(officer, "LKPP Level 1")
    officer.pictures("help-center")


@pytest.mark.requirement("R73", "R124")
def test_dashboard_nasional_membandingkan_lpse_dan_provinsi(office, person):
    officer = person().is_already_in(office.lkpp1)
    problems = [world.SLOW, world.AGGREGATION, world.RUP, world.CONTRACT]
    for place, cast in enumerate([office, *world.more_lpse(office.lkpp1, office.lkpp2)]):
        for problem in problems[place:]:
            past = world.is_in_hand(cast, problem, 3, hours=24 * 40 * (place + 1))
            past.then("resolve", office.lkpp1, hours=7, message="Sudah diperbaiki.")
            past.then("accept", cast.penyedia, hours=2).then("rate", cast.penyedia, stars=5)
        world.reaches(cast, problems[place], 3, hours=20 * (place + 1))
    world.publishes_guides("lkpp")

    officer.goes_to("/dashboard/")
    officer.tells("Dashboard LKPP menghitung tiket seluruh LPSE yang sampai ke level Anda.")
    officer.sees("Nasional")
    for title in ("Jumlah Tiket LPSE (Overall) – Bulan", "Tiket per Provinsi", "Tiket per LPSE",
                  "Total Tiket LKPP Level 1"):  # fmt: skip
        expect(world.region(officer, title)).to_be_visible()
    world.waits_for_charts(officer)
    officer.pictures("dashboard")
    officer.tells("Bandingkan LPSE: pilih judul kolom untuk mengurutkan, lalu buka angkanya.")
    table = world.region(officer, "Tiket per LPSE")
    table.get_by_role("link", name="Belum dikerjakan").click()
    heading = officer.page.get_by_role("columnheader", name="Belum dikerjakan")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert world.downloads(officer, "Unduh XLSX", where=table).startswith("tiket-per-lpse-")
    row = table.get_by_role("row").filter(has_text="LPSE Kota Denpasar")
    row.get_by_role("link").last.click()
    officer.is_at("Tiket yang Dihitung")
    officer.pictures("dashboard-rincian")


@pytest.mark.film
@pytest.mark.requirement("R7", "R121")
def test_tiket_baru_dari_semua_lpse_diambil(office, person):
    officer = person().is_already_in(office.lkpp1)
    there = world.more_lpse(office.lkpp1, office.lkpp2)[0]
    world.reaches(office, world.LIBRARY, 2, hours=4)
    world.reaches(there, world.SLOW, 3, hours=7)
    number = str(world.reaches(office, world.DECRYPTION, 3, office.pokja, hours=9).ticket)

    officer.goes_to("/")
    officer.tells("Tiket Baru berisi eskalasi dari LPSE Level 2 seluruh LPSE.")
    officer.opens_tab("Tiket Baru", waiting=2)
    officer.sees("Kota Denpasar", "Kota Bandung").does_not_see(world.LIBRARY.title)
    officer.pictures("tiket-baru")
    officer.tells("Tekan Ambil Tiket, periksa klasifikasinya, lalu tekan Oke.")
    officer.starts_from_row("Ambil Tiket", "Tiket Baru", number)
    expect(officer.form.get_by_label("Kategori Tiket")).not_to_have_value("")
    officer.submits("Ambil Tiket")
    officer.is_asked(f"Anda akan mengambil tiket {number}.")
    officer.pictures("ambil-tiket-konfirmasi")
    officer.says_oke()
    officer.is_told("Tiket berhasil diambil.")


@pytest.mark.film
@pytest.mark.requirement("R114")
def test_data_server_dibuka_dengan_alasan(office, person):
    officer = person().is_already_in(office.lkpp1)
    number = str(world.is_in_hand(office, world.LIBRARY, 3, hours=12).ticket)

    officer.goes_to("/")
    officer.opens(number, tab="Tiket Proses")
    officer.tells("Bila perlu masuk ke server LPSE, tekan Buka Data Server.")
    officer.follows("Buka Data Server")
    officer.tells("Masukkan kata sandi Anda sekali lagi, lalu tulis alasannya.")
    officer.pictures("data-server-kata-sandi")
    officer.confirms_who_it_is()
    officer.writes(REASON)
    officer.pictures("data-server-alasan")
    officer.submits("Buka Data Server")
    officer.says_oke("Pembukaan Data Server dicatat dengan nama Anda")
    officer.tells("Setiap pembukaan dicatat. Jangan menyalin isinya ke pesan tiket.")
    officer.is_at("Data Server")
    officer.sees(*SERVER.values())
    officer.pictures("data-server")
    officer.follows("Selesai membaca")
    officer.sees("membuka Data Server")


@pytest.mark.film
@pytest.mark.requirement("R102", "R122")
def test_level_1_bertanya_mengeskalasi_dan_menyelesaikan(office, person):
    officer = person().is_already_in(office.lkpp1)
    world.is_in_hand(office, world.LIBRARY, 3, hours=30)
    number = str(world.is_in_hand(office, world.DECRYPTION, 3, office.pokja, hours=12).ticket)

    officer.goes_to("/")
    officer.tells("Tiket Proses berisi tiket di tangan Anda. Tekan Review untuk melanjutkan.")
    officer.opens_tab("Tiket Proses", waiting=2)
    officer.pictures("tiket-proses")
    officer.row(number).get_by_role("link", name="Review").click()
    officer.tells("Butuh Feedback bertanya kepada Pelapor atau LPSE Level 2.")
    officer.chooses("Selesai")
    officer.chooses("Butuh Feedback")
    officer.chooses("Pelapor (User)")
    officer.chooses("LPSE Level 2")
    expect(officer.form.locator("input[name=feedback_from]:visible")).to_have_count(2)
    officer.writes(FROM_LEVEL_2)
    officer.pictures("review-butuh-feedback")
    officer.tells("Eskalasi meneruskan tiket ke Tim Teknis, yaitu LKPP Level 2.")
    officer.chooses("Eskalasi")
    officer.writes(FORENSIC)
    officer.submits("Kirim Review")
    officer.is_asked("Tiket akan diteruskan ke LKPP Level 2.")
    officer.pictures("eskalasi-konfirmasi")
    officer.says_oke()
    officer.is_told("Tiket diteruskan ke LKPP Level 2.")


@pytest.mark.film
@pytest.mark.requirement("R7", "R123")
def test_level_2_bertanya_ke_level_1_lalu_menyelesaikan(office, person):
    officer = person().is_already_in(office.lkpp2)
    ticket = world.is_in_hand(office, world.DECRYPTION, 4, office.pokja, hours=20).ticket
    number = str(ticket)

    officer.goes_to("/")
    officer.tells("LKPP Level 2 adalah level terakhir: tidak ada Eskalasi lagi.")
    officer.begins_review(number, "Butuh Feedback")
    expect(officer.form.get_by_role("radio", name="Eskalasi")).to_have_count(0)
    for party in ("Pelapor (User)", "LPSE Level 2", "LKPP Level 1"):
        officer.chooses(party)
    officer.pictures("review-level-2")
    officer.writes(FROM_LEVEL_2)
    officer.submits("Kirim Review")
    officer.says_oke(f'Hasil review "Butuh Feedback" akan dikirim untuk tiket {number}')
    officer.is_told("Review berhasil dikirim.")
    Ticket.objects.get(pk=ticket.pk).perform("answer", by=office.lkpp1, message="Sudah, berbeda.")

    officer.goes_to("/")
    officer.tells("Selesai mengirim solusi kepada Pelapor, yang lalu memberi review.")
    officer.begins_review(number, "Selesai")
    officer.writes("Kedua file berhasil dipulihkan dan dapat dibuka. Silakan dicoba kembali.")
    officer.pictures("review-selesai")
    officer.submits("Kirim Review")
    officer.says_oke('Hasil review "Selesai" akan dikirim')
    officer.is_told("Review berhasil dikirim.")


@pytest.mark.requirement("R117", "R118")
def test_level_1_membalas_feedback_dari_level_2(office, person):
    officer = person().is_already_in(office.lkpp1)
    past = world.is_in_hand(office, world.DECRYPTION, 4, office.pokja, hours=20)
    past.then("ask", office.lkpp2, message=FROM_LEVEL_2, feedback_from=3)
    number = str(past.ticket)

    officer.goes_to("/")
    officer.tells("Pertanyaan LKPP Level 2 dijawab LKPP Level 1 dengan tombol Feedback.")
    officer.starts_from_row("Feedback", "Tiket Proses", number, waiting=1)
    officer.sees(FROM_LEVEL_2, "Internal, tidak terlihat oleh Pelapor")
    officer.writes("Sudah dibandingkan. Sidik kedua file berbeda dari yang ada di server.")
    officer.pictures("feedback-balas")
    officer.submits("Kirim Feedback")
    officer.says_oke("Feedback tidak dapat diubah setelah dikirim. Kirim feedback?")
    officer.is_told("Feedback berhasil dikirim.")


@pytest.mark.requirement("R42", "R72", "R73", "R95")
def test_daftar_tiket_ekspor_dan_panduan_lpse(office, person):
    officer = person().is_already_in(office.lkpp1)
    world.is_in_hand(office, world.LIBRARY, 3, hours=30)
    world.is_in_hand(office, world.DECRYPTION, 4, office.pokja, hours=90)
    world.publishes_guides("lkpp", "lpse_l1", "lpse_l2")

    officer.goes_to("/tiket/daftar/")
    officer.tells("Daftar Tiket menyimpan tiket yang pernah Anda tangani, dan dapat diunduh.")
    officer.pictures("daftar-tiket")
    assert world.downloads(officer, "Unduh XLSX").startswith("daftar-tiket-")
    officer.goes_to("/panduan/")
    officer.tells("Di Panduan, LKPP juga dapat membaca User Guide petugas LPSE.")
    for role in ("LKPP", "LPSE Level 1", "LPSE Level 2"):
        expect(world.region(officer, f"Panduan untuk {role}")).to_be_visible()
    officer.pictures("panduan")


@pytest.mark.requirement("R15", "R60", "R61", "R62", "R63")
def test_faq_nasional_lalu_keluar(office, person):
    officer = person().is_already_in(office.lkpp1)

    officer.goes_to("/")
    world.reads_an_answer(officer, "NPWP dipakai dua akun")
    officer.tells("Artikel nasional ditulis LKPP lewat Kelola FAQ. Selesai bekerja, pilih Keluar.")
    officer.leaves()
