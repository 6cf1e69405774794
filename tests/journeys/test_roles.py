"""One journey per role: what each finds in the house, from the door in to the door out."""

from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from faq.models import Article, Topic
from tests.cast import Cast, classification, send_ticket, ticket_at
from tests.factories import PASSWORD, make_user
from tests.journeys.people import CLASSIFIED
from tickets.models import Ticket

FUNCTIONS = ["Dashboard", "Tiket", "FAQ Help Center"]
QUESTION = "Mengapa User ID saya salah?"


@pytest.fixture
def faq(bandung):
    topic = Topic.objects.create(name="Login SPSE", slug="login-spse")
    Article.objects.create(
        topic=topic, question=QUESTION, slug="user-id", short_answer="Periksa huruf besar.",
        is_published=True,
    )  # fmt: skip


def looks_around(visitor):
    """Help Center with its three functions, each of which opens (R16)."""
    main = visitor.page.get_by_role("main")
    for function in FUNCTIONS:
        expect(main.get_by_role("heading", name=function, exact=True)).to_be_visible()
    menu = visitor.page.get_by_role("navigation", name="Utama").get_by_role("link")
    expect(menu).to_contain_text(FUNCTIONS)
    visitor.menu("Dashboard").click()
    visitor.is_at("Dashboard")
    visitor.sees("Jumlah Tiket")
    visitor.menu("FAQ Help Center").click()
    visitor.is_at("FAQ Help Center")
    visitor.page.get_by_text(QUESTION, exact=True).click()
    visitor.sees("Periksa huruf besar.")


class ReporterRole(NamedTuple):
    user_id: str
    office: str
    own: str  # the label of the identity field
    number: str  # as the profile fills it in
    foreign: str  # the field of the others


REPORTERS = [
    ReporterRole("penyedia1", "Penyedia", "No. NPWP", "0012 3456 7444 1000", "No. NIP"),
    ReporterRole("ppk", "PPK", "No. NIP", "19780312 200501 1 003", "No. NPWP"),
    ReporterRole("pp", "PP", "No. NIP", "19851124 201001 2 007", "No. NPWP"),
    ReporterRole("pokja", "Pokja Pemilihan", "No. NIP", "19810706 200604 1 002", "No. NPWP"),
]


@pytest.mark.requirement(
    *("R4", "R9", "R10", "R11", "R12", "R15", "R16", "R17", "R18", "R20", "R21", "R24", "R25"),
    *("R26", "R27", "R32", "R33", "R36", "R38", "R39", "R40", "R41", "R43", "R44", "R50", "R51"),
    *("R60", "R132"),
)
@pytest.mark.parametrize("role", REPORTERS, ids=lambda role: role.user_id)
def test_a_reporter_finds_their_way(bandung, faq, person, watch, role):
    cast = Cast(bandung)
    foreign = send_ticket(cast.penyedia, title="Tiket orang lain")
    reporter = person().enters_through_spse(role.user_id)
    reporter.sees(
        f"{role.office}, Kota Bandung", "Bantuan untuk pengguna SPSE di LPSE Kota Bandung"
    )
    reporter.sees("Belum ada tiket.")

    looks_around(reporter)

    # Tiket, with its two tabs; the list is empty and says what to do
    reporter.menu("Tiket").click()
    reporter.is_at("Daftar Tiket")
    reporter.has_tabs("Buat Tiket Baru", "Daftar Tiket")
    reporter.sees("Belum ada tiket.")
    reporter.tab("Buat Tiket Baru").click()
    expect(reporter.form.get_by_label(role.own)).to_have_value(role.number)
    expect(reporter.form.get_by_label(role.foreign)).to_have_count(0)

    # 'Batal' in the pop-up sends nothing, 'Oke' does
    reporter.describes(
        "Jadwal tidak dapat diubah", "Tombol Simpan abu-abu.", package_code="8214260"
    )
    expect(reporter.form.get_by_text("25/100")).to_be_visible()
    reporter.submits("Kirim")
    reporter.is_asked("Pastikan data yang Anda isi sudah benar.")
    reporter.says_batal()
    expect(reporter.form.get_by_label("Judul")).to_have_value("Jadwal tidak dapat diubah")
    reporter.submits("Kirim")
    reporter.says_oke()
    number = reporter.is_told_the_number()

    # List and detail
    expect(reporter.row(number)).to_contain_text("Menunggu Helpdesk LPSE")
    reporter.does_not_see("Tiket orang lain")
    reporter.opens(number)
    reporter.is_at("Jadwal tidak dapat diubah")
    reporter.sees("Dibuat oleh", role.number, "8214260", "Tombol Simpan abu-abu.", "Tiket dibuat")
    expect(reporter.form).to_have_count(0)
    reporter.goes_back()
    reporter.is_at("Daftar Tiket")

    # Another's ticket is as good as none
    watch.expects(404)
    reporter.goes_to(foreign.get_absolute_url())
    reporter.is_at("Halaman tidak ditemukan")

    # A question and a solution show on the list; 'Kembali' leaves the form unanswered
    mine = Ticket.objects.get(title="Jadwal tidak dapat diubah")
    mine.perform("take", by=cast.helpdesk, classification=classification())
    mine.perform("ask", by=cast.helpdesk, message="Versi berapa?", feedback_from=0)
    reporter.goes_to("/")
    reporter.opens_tab("Daftar Tiket", waiting=1)
    expect(reporter.row(number)).to_contain_text("Tiket butuh feedback Anda.")
    reporter.page.get_by_role("link", name=number, exact=True).click()
    reporter.sees("Versi berapa?")
    reporter.follows("Beri Feedback")
    reporter.form.get_by_role("link", name="Kembali").click()
    expect(reporter.form).to_have_count(0)
    mine.perform("answer", by=mine.reporter, message="Versi 4.5.")
    mine.perform("resolve", by=cast.helpdesk, message="Sudah diperbaiki.")
    reporter.opens_tab("Daftar Tiket", waiting=1)
    expect(reporter.row(number)).to_contain_text("Tiket butuh review Anda.")
    reporter.page.get_by_role("link", name=number, exact=True).click()
    reporter.sees("Sudah diperbaiki.")
    expect(reporter.page.get_by_role("link", name="Beri Review")).to_be_visible()

    reporter.leaves()
    reporter.goes_to("/tiket/daftar/")
    reporter.is_at("Masuk ke LPSE Support")


class OfficerRole(NamedTuple):
    user_id: str
    level: int
    office: str
    parties: list  # whom this level may ask; one is not worth a question
    outcomes: list


THREE = ["Butuh Feedback", "Eskalasi", "Selesai"]
OFFICERS = [
    OfficerRole("helpdesk1", 1, "LPSE Level 1, Kota Bandung", [], THREE),
    OfficerRole(
        *("adminsistem", 2, "LPSE Level 2, Kota Bandung"),
        *(["Pelapor (User)", "LPSE Level 1"], THREE),
    ),
    OfficerRole("lkpp1", 3, "LKPP Level 1", ["Pelapor (User)", "LPSE Level 2"], THREE),
    OfficerRole(
        *("lkpp2", 4, "LKPP Level 2"),
        *(["Pelapor (User)", "LPSE Level 2", "LKPP Level 1"], ["Butuh Feedback", "Selesai"]),
    ),
]


@pytest.mark.requirement(
    *("R5", "R6", "R7", "R13", "R15", "R16", "R19", "R20", "R42", "R65", "R66", "R74", "R75"),
    *("R76", "R77", "R79", "R81", "R82", "R83", "R84", "R85", "R86", "R87", "R88", "R89", "R95"),
    *("R98", "R99", "R100", "R102", "R104", "R120", "R121", "R122", "R123"),
)
@pytest.mark.parametrize("role", OFFICERS, ids=lambda role: role.user_id)
def test_an_officer_finds_their_way(bandung, faq, person, role):
    make_user(Role.LKPP_L1, username="lkpp1")
    make_user(Role.LKPP_L2, username="lkpp2")
    cast = Cast(bandung)
    first = ticket_at(cast, level=role.level, title="Jadwal tender hilang")
    ticket_at(cast, level=role.level, title="Cetak dokumen kosong")
    number = str(first)

    # In: the notice, the three functions
    officer = person()
    if role.level <= 2:
        officer.enters_through_spse(role.user_id)
    else:
        officer.enters_locally(role.user_id, PASSWORD)
    officer.is_told("Ada 2 tiket baru yang belum diproses.")
    expect(officer.page.get_by_role("banner")).to_contain_text(role.office)
    looks_around(officer)

    # 'Tiket' leads to where the work is; three tabs
    officer.menu("Tiket").click()
    officer.has_tabs("Tiket Baru", "Tiket Proses", "Daftar Tiket")
    expect(officer.tab("Tiket Baru")).to_have_attribute("aria-current", "page")
    expect(officer.tab("Tiket Baru")).to_have_accessible_name("Tiket Baru 2 menunggu Anda")
    officer.searches("jadwal")
    expect(officer.row(number)).to_be_visible()
    officer.does_not_see("Cetak dokumen kosong")
    officer.searches("tidak ada yang begini")
    officer.sees("Tidak ada tiket yang sesuai dengan pencarian.")
    officer.follows("Hapus saringan")

    # The detail before taking, 'Kembali' without taking
    officer.page.get_by_role("link", name=number, exact=True).click()
    officer.is_at("Jadwal tender hilang")
    officer.follows("Ambil Tiket")
    officer.form.get_by_role("link", name="Kembali").click()
    expect(officer.form).to_have_count(0)
    officer.goes_back()
    expect(officer.tab("Tiket Baru")).to_have_attribute("aria-current", "page")
    first.refresh_from_db()
    assert first.officer is None

    # Taking needs the four answers; above level 1 they are there already
    officer.starts_from_row("Ambil Tiket", "Tiket Baru", number)
    category = officer.form.get_by_label("Kategori Tiket")
    if role.level == 1:
        expect(category).to_have_value("")
        officer.submits("Ambil Tiket")
        officer.is_refused(
            "Kategori tiket, tipe tiket, prioritas, dan versi aplikasi wajib dipilih."
        )
        officer.classifies()
    expect(category).not_to_have_value("")
    officer.submits("Ambil Tiket")
    officer.says_oke("Tiket yang sudah diambil tidak dapat dibatalkan.")
    officer.is_told("Tiket berhasil diambil.")

    # 'Hasil Review' of this level
    for outcome in role.outcomes:
        officer.chooses(outcome)
    expect(officer.form.locator("input[name=outcome]")).to_have_count(len(role.outcomes))
    officer.chooses("Butuh Feedback")
    for party in role.parties:
        officer.chooses(party)
    expect(officer.form.locator("input[name=feedback_from]:visible")).to_have_count(
        len(role.parties)
    )
    officer.submits("Kirim Review")
    officer.is_refused("Pesan wajib diisi.")

    # It is in Tiket Proses and in Daftar Tiket now, with one left in Tiket Baru
    officer.opens_tab("Tiket Baru", waiting=1)
    expect(officer.row(number)).to_have_count(0)
    officer.opens_tab("Tiket Proses", waiting=1)
    expect(officer.row(number)).to_contain_text("Tiket Proses")
    officer.opens_tab("Daftar Tiket")
    expect(officer.row(number)).to_be_visible()
    officer.page.get_by_role("link", name=number, exact=True).click()
    officer.goes_back()
    expect(officer.tab("Daftar Tiket")).to_have_attribute("aria-current", "page")

    officer.leaves()


@pytest.mark.requirement("R13", "R134")
def test_an_administrator_keeps_the_lists(bandung, person):
    make_user(username="admin", name="Sri Wahyuningsih", is_staff=True, is_superuser=True)
    ticket = ticket_at(Cast(bandung), "in_progress")
    admin = person().enters_locally("admin", PASSWORD)
    admin.sees("Administrasi LPSE Support")

    admin.page.get_by_role("banner").locator("summary").click()
    admin.page.get_by_role("link", name="Administrasi", exact=True).click()
    admin.page.get_by_role("link", name="Kategori tiket", exact=True).first.click()
    label = CLASSIFIED["Kategori Tiket"]
    expect(admin.page.get_by_role("link", name=label, exact=True)).to_be_visible()
    admin.goes_to("/admin/tickets/ticket/")
    admin.page.get_by_role("link", name=str(ticket)).click()
    expect(admin.page.get_by_role("heading", name="Lihat tiket")).to_be_visible()
    expect(admin.page.get_by_role("button", name="Simpan", exact=True)).to_have_count(0)

    admin.goes_to("/")
    admin.leaves()
