"""The pages of User Guide and Video Tutorial of administrators, which 2018 did not have.

Every picture that is taken here stands in docs/guide/administrator.md.
"""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from faq.models import Article, Guide
from tests.factories import PASSWORD, make_user
from tests.films import PDF
from tests.journeys.guide import world_officers as world
from tickets.models import Category, Holiday

pytestmark = pytest.mark.ignore_template_errors
QUESTION = "Apakah akun penyedia dapat dipakai di semua LPSE?"
REASON = "Petugas cuti sampai akhir bulan."
NEWER_FILE = """\
kode,nama,jenis,kode_provinsi,provinsi,zona,kode_wilayah,url_lama,slug_nasional,url_nasional,\
versi_spse_2022,aktif_2022
17,LPSE Kota Denpasar,kota,51,Bali,WITA,51.71,,denpasarkota,https://spse.inaproc.id/denpasarkota,\
4.5u20220721,1
260,LPSE Kota Bandung,kota,32,Jawa Barat,WIB,32.73,,bandung,https://spse.inaproc.id/bandung,\
4.5u20220801,1
"""


@pytest.fixture
def office(bandung):
    return world.Office(bandung)


@pytest.fixture
def keeper(office):
    return make_user(
        username="admin", name="Sri Wahyuningsih", is_staff=True, is_superuser=True,
        email="sri.wahyuningsih@lkpp.example.id",
    )  # fmt: skip


def saves(admin, sentence):
    admin.page.get_by_role("button", name="Simpan", exact=True).click()
    expect(admin.page.get_by_text(sentence).first).to_be_visible()


def file(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.film
@pytest.mark.requirement("R13", "R134")
def test_masuk_dan_membuka_administrasi(keeper, person):
    admin = person()

    admin.tells("Administrator masuk di halaman ini, dengan User ID dan kata sandi.")
    admin.goes_to("/akun/login/")
    admin.logs_in("admin", PASSWORD)
    admin.is_at("Help Center")
    admin.sees("Administrasi LPSE Support", "Isi tiket tidak ditampilkan kepada administrator.")
    admin.pictures("help-center")
    admin.tells("Semua pekerjaan administrator ada di Administrasi, di menu nama Anda.")
    admin.page.get_by_role("banner").locator("summary").click()
    admin.page.get_by_role("link", name="Administrasi", exact=True).click()
    expect(admin.page.get_by_role("link", name="Kategori tiket", exact=True).first).to_be_visible()
    admin.pictures("administrasi")


@pytest.mark.film
@pytest.mark.requirement("R63", "R134")
def test_artikel_faq_ditulis_dan_diterbitkan(keeper, person):
    admin = person().is_already_in(keeper)
    page = admin.page

    admin.tells("Artikel FAQ ditulis, dilihat lewat Pratinjau, lalu diterbitkan.")
    admin.goes_to("/admin/faq/article/?q=agregasi")
    admin.pictures("faq-daftar")
    page.get_by_role("link", name="Tambah artikel").click()
    page.get_by_label("Pertanyaan").fill(QUESTION)
    page.get_by_label("Jawaban singkat").fill("Ya, setelah Agregasi Data Penyedia diaktifkan.")
    page.get_by_label("Jawaban lengkap").fill("## Langkah\n\n1. Masuk ke SPSE.\n2. Pilih Agregasi.")
    page.get_by_label("Topik").select_option(label="Agregasi dan SIKaP")
    page.get_by_label("Terbit").check()
    admin.pictures("faq-artikel")
    saves(admin, "berhasil ditambahkan")
    assert Article.objects.get(question=QUESTION).is_published


@pytest.mark.film
@pytest.mark.requirement("R22", "R134")
def test_panduan_diunggah_dan_diterbitkan(keeper, person):
    admin = person().is_already_in(keeper)
    page = admin.page

    admin.tells("User Guide dan Video Tutorial diunggah di Panduan, satu untuk setiap peran.")
    admin.goes_to("/admin/faq/guide/add/?role=lpse_l1")
    page.get_by_label("Jenis").select_option(label="User Guide")
    page.get_by_label("Judul").fill("User Guide LPSE Support LPSE Level 1")
    page.get_by_label("Versi").fill("v2")
    page.get_by_label("File:").set_input_files(file("user-guide-lpse-level-1.pdf", PDF))
    page.get_by_label("Terbit").check()
    admin.pictures("panduan-unggah")
    saves(admin, "berhasil ditambahkan")
    assert Guide.objects.get().is_published


@pytest.mark.film
@pytest.mark.requirement("R134")
def test_kategori_tiket_ditambah_dan_dinonaktifkan(keeper, person):
    admin = person().is_already_in(keeper)
    page = admin.page

    admin.tells("Kategori dan versi ditambah di sini. Yang lama dinonaktifkan, tidak dihapus.")
    admin.goes_to("/admin/tickets/category/add/")
    page.get_by_label("Nama").fill("Katalog Elektronik v6")
    page.get_by_label("Kode").fill("KATALOG6")
    saves(admin, "berhasil ditambahkan")
    row = page.get_by_role("row").filter(has_text="KATALOG6")
    expect(row.get_by_role("link", name="Katalog Elektronik v6", exact=True)).to_be_visible()
    row = page.get_by_role("row").filter(has_text="Regulasi")
    row.get_by_role("checkbox").last.uncheck()
    admin.pictures("daftar-kategori")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_text("berhasil diubah").first).to_be_visible()
    assert not Category.objects.get(code="REGULASI").is_active


@pytest.mark.requirement("R134")
def test_hari_libur_ditambah(keeper, person):
    admin = person().is_already_in(keeper)

    admin.goes_to("/admin/tickets/holiday/add/")
    admin.page.get_by_label("Tanggal").fill("2027-02-06")
    admin.page.get_by_label("Nama").fill("Tahun Baru Imlek 2578 Kongzili")
    admin.pictures("hari-libur")
    saves(admin, "berhasil ditambahkan")
    assert Holiday.objects.filter(date="2027-02-06").exists()


@pytest.mark.film
@pytest.mark.requirement("R134")
def test_file_lpse_yang_lebih_baru_diimpor_setelah_laporannya_dibaca(keeper, person):
    admin = person().is_already_in(keeper)
    page = admin.page

    admin.tells("File LPSE yang lebih baru diimpor dalam dua langkah: laporan, lalu Terapkan.")
    admin.goes_to("/admin/accounts/lpse/")
    page.get_by_role("link", name="Impor file").click()
    page.get_by_label("File CSV").set_input_files(file("lpse-2026.csv", NEWER_FILE.encode()))
    page.get_by_role("button", name="Lihat laporan").click()
    expect(page.get_by_text("1 LPSE baru")).to_be_visible()
    admin.pictures("impor-lpse")
    page.get_by_role("button", name="Terapkan").click()
    expect(page.get_by_text("1 LPSE ditambahkan dan 1 LPSE diubah.")).to_be_visible()

    admin.tells("Kunci publik SPSE milik LPSE menentukan apakah orangnya dapat masuk.")
    page.get_by_role("link", name="LPSE Kota Bandung", exact=True).click()
    expect(page.get_by_label("Kunci publik")).not_to_have_value("")
    admin.pictures("lpse-kunci")


@pytest.mark.film
@pytest.mark.requirement("R134")
def test_akun_administrator_dibuat_dan_diberi_grup(keeper, person):
    admin = person().is_already_in(keeper)
    page = admin.page

    admin.tells("Akun LKPP dan administrator dibuat di sini. Akun lain dibuat otomatis dari SPSE.")
    admin.goes_to("/admin/accounts/user/add/")
    page.get_by_label("User ID").fill("penulis.faq")
    page.get_by_label("Nama").fill("Bonar Hutasoit")
    page.get_by_label("Alamat surel").fill("bonar.hutasoit@lkpp.example.id")
    page.get_by_label("Peran").select_option(label="Administrator (tanpa peran di tiket)")
    page.get_by_label("Kata sandi:", exact=True).fill("Jalan-Baru-88")
    page.get_by_label("Konfirmasi kata sandi").fill("Jalan-Baru-88")
    admin.pictures("akun-baru")
    saves(admin, "berhasil ditambahkan")
    admin.tells("Hak administrator diberikan lewat grup: Administrator atau Pengelola FAQ.")
    page.get_by_label("Boleh membuka Administrasi").check()
    page.get_by_label("Pengelola FAQ").check()
    admin.pictures("akun-grup")
    saves(admin, "berhasil diubah")
    assert User.objects.get(username="penulis.faq").groups.get().name == "Pengelola FAQ"


@pytest.mark.film
@pytest.mark.requirement("R134", "R136")
def test_petugas_dinonaktifkan_lalu_tiketnya_dialihkan(keeper, office, person):
    admin = person().is_already_in(keeper)
    page = admin.page
    number = str(world.is_in_hand(office, world.LOGIN, 1, hours=30).ticket)

    admin.tells("Akun dinonaktifkan, tidak dihapus. Tiket yang masih dipegangnya disebutkan.")
    admin.goes_to(f"/admin/accounts/user/{office.helpdesk.pk}/change/")
    page.get_by_label("Aktif", exact=True).uncheck()
    page.get_by_role("button", name="Simpan dan tetap di sini").click()
    expect(page.get_by_text("Masih ada tiket yang belum selesai di tangan")).to_be_visible()
    admin.pictures("akun-nonaktif")

    admin.tells("Alihkan tiketnya kepada rekan di level yang sama, dengan alasan.")
    admin.goes_to("/tiket/alihkan/")
    admin.sees(office.helpdesk.name, "Nonaktif", number)
    admin.pictures("alihkan-daftar")
    admin.follows(f"Alihkan {number}")
    admin.does_not_see(world.LOGIN.title, office.penyedia.name)
    choice = admin.form.get_by_label("Petugas baru")
    choice.select_option(label=f"{office.colleague.name}, LPSE Level 1 (0 tiket di tangan)")
    admin.writes(REASON)
    admin.pictures("alihkan-tiket")
    admin.submits("Alihkan Tiket")
    admin.says_oke(f"Tiket {number} akan dialihkan dari {office.helpdesk.name}")
    admin.is_told(f"Tiket {number} dialihkan kepada {office.colleague.name}.")


@pytest.mark.film
@pytest.mark.requirement("R130", "R134")
def test_catatan_tiket_dilihat_tanpa_isinya(keeper, office, person):
    admin = person().is_already_in(keeper)
    past = world.is_in_hand(office, world.LIBRARY, 3, hours=30)
    past.then("read_server_access", office.lkpp1, message="Memeriksa tabel rekanan.")

    admin.tells("Catatan tiket hanya dapat dilihat: siapa, kapan, dari mana ke mana, tanpa isinya.")
    admin.goes_to("/admin/tickets/ticket/")
    admin.page.get_by_role("link", name=str(past.ticket)).click()
    expect(admin.page.get_by_role("heading", name="Lihat tiket")).to_be_visible()
    expect(admin.page.get_by_role("button", name="Simpan", exact=True)).to_have_count(0)
    admin.does_not_see(world.LIBRARY.title, world.LIBRARY.message, office.penyedia.name)
    admin.pictures("catatan-tiket")
    admin.tells("Setiap pembukaan Data Server tercatat beserta alasannya.")
    admin.goes_to("/admin/tickets/reading/")
    admin.sees("Memeriksa tabel rekanan.")
    admin.pictures("catatan-data-server")
    admin.tells("Selesai bekerja, kembali ke Help Center, lalu pilih Keluar.")
    admin.goes_to("/")
    admin.leaves()
