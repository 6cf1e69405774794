"""One journey per kind of reporter: what each finds in the house, from the door in to the door out.

The journeys of officers and administrators are those of their guides, in tests/journeys/guide/.
"""

from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from faq.models import Article, Topic
from tests.cast import Cast, classification, send_ticket

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
def test_a_reporter_finds_their_way(bandung, faq, person, role):
    send_ticket(Cast(bandung).penyedia, title="Tiket orang lain")
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

    reporter.leaves()
    reporter.goes_to("/tiket/daftar/")
    reporter.is_at("Masuk ke LPSE Support")


@pytest.mark.requirement("R41", "R43", "R44", "R50", "R51", "R132")
def test_a_reporter_is_asked_and_answered(bandung, person, watch):
    cast = Cast(bandung)
    mine, foreign = send_ticket(cast.ppk), send_ticket(cast.penyedia)
    number = str(mine)
    reporter = person().is_already_in(cast.ppk)

    # Another's ticket is as good as none
    watch.expects(404)
    reporter.goes_to(foreign.get_absolute_url())
    reporter.is_at("Halaman tidak ditemukan")

    # A question and a solution show on the list; 'Kembali' leaves the form unanswered
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
