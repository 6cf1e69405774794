"""axe finds nothing against WCAG 2.2 AA on any page, wide and narrow; none scrolls sideways."""

import pytest
from playwright.sync_api import expect

from faq.models import Article, Guide, Topic
from tests.cast import Cast, ticket_at
from tests.factories import make_user
from tests.films import make_guide
from tests.journeys import samples

pytestmark = pytest.mark.requirement("R3", "R133")


@pytest.fixture
def cast(bandung):
    return Cast(bandung)


def test_pages_that_are_open_to_all(bandung, person, scan):
    topic = Topic.objects.create(name="Login SPSE", slug="login-spse")
    Article.objects.create(
        topic=topic, question="Mengapa User ID saya salah?", slug="user-id",
        short_answer="Periksa huruf besar.", is_published=True,
        body="## Sebab\n\n1. Huruf besar.\n\n| Tanda | Sebab |\n|---|---|\n| A | B |",
    )  # fmt: skip
    visitor = person()

    scan(visitor.goes_to("/akun/login/"), "login")
    visitor.logs_in("siapa", "salah")
    visitor.is_refused("User ID atau kata sandi salah.")
    scan(visitor, "login-with-error")
    scan(visitor.goes_to("/masuk/lpse/?lpse=bandung"), "find-lpse")
    scan(visitor.goes_to("/akun/password/reset/"), "password-reset")
    scan(visitor.goes_to("/faq/"), "faq")
    visitor.page.get_by_text("Mengapa User ID saya salah?", exact=True).click()
    scan(visitor, "faq-open")
    scan(visitor.goes_to("/faq/?q=salah"), "faq-results")
    scan(visitor.goes_to("/faq/?q=kulkas"), "faq-no-match")
    scan(visitor.goes_to("/faq/user-id/"), "faq-detail")


def test_pages_of_the_public_look_up(cast, person, scan, watch):
    ticket = ticket_at(cast, "awaiting_review", level=4)
    visitor = person()

    scan(visitor.goes_to("/cari-tiket/"), "lookup")
    visitor.page.get_by_role("button", name="Cari").click()
    visitor.sees("Nomor tiket tidak lengkap atau salah ketik.")
    scan(visitor, "lookup-mistyped")
    scan(visitor.goes_to(f"/lacak-tiket/{ticket}/"), "lookup-found")
    owner = person().is_already_in(cast.penyedia)
    scan(owner.goes_to(f"/lacak-tiket/{ticket}/"), "lookup-found-by-its-reporter")
    officer = person().is_already_in(cast.helpdesk)
    scan(officer.goes_to(f"/lacak-tiket/{ticket}/"), "lookup-found-by-an-officer")
    watch.expects(404, 429)
    scan(visitor.goes_to("/lacak-tiket/" + "9" * 500 + "/"), "lookup-missing")
    for _ in range(5):
        visitor.goes_to("/lacak-tiket/LS26-384-267-376-5/")
    scan(visitor, "lookup-enough")


def test_pages_of_the_simulated_spse(bandung, person, scan):
    visitor = person()

    scan(visitor.goes_to("/spse/"), "spse-offices")
    scan(visitor.goes_to("/spse/260/"), "spse-home")
    scan(visitor.goes_to("/spse/260/login/"), "spse-login")
    own = visitor.page.get_by_role("region", name="Atau isi sendiri")
    own.get_by_label("User ID").fill("penyedia1")
    own.get_by_label("Kata Sandi").fill("Latihan-2026")
    own.get_by_role("radio", name="Non-Penyedia").check()
    own.get_by_role("button", name="Login").click()
    visitor.is_refused("Akun ini terdaftar sebagai Penyedia.")
    scan(visitor, "spse-login-with-error")
    own.get_by_role("radio", name="Penyedia", exact=True).check()
    own.get_by_label("Kata Sandi").fill("Latihan-2026")
    own.get_by_role("button", name="Login").click()
    visitor.is_at("Beranda SPSE")
    scan(visitor, "spse-start")
    scan(visitor.goes_to("/spse/260/inaproc/"), "spse-inaproc")


def test_pages_of_a_reporter(cast, person, scan, watch):
    reporter = person().is_already_in(cast.penyedia)

    scan(reporter.goes_to("/"), "reporter-home-empty")
    scan(reporter.goes_to("/tiket/daftar/"), "reporter-list-empty")
    asked = ticket_at(cast, "awaiting_feedback", title="Kata sandi ditolak " + "panjang" * 8)
    solved = ticket_at(cast, "awaiting_review", level=3)
    closed = ticket_at(cast, "closed", level=2, package_code="8214260")
    ticket_at(cast, "new")
    scan(reporter.goes_to("/"), "reporter-home")
    scan(reporter.goes_to("/dashboard/"), "reporter-dashboard")
    scan(reporter.goes_to("/tiket/alur/"), "reporter-flow")
    scan(reporter.goes_to("/tiket/daftar/"), "reporter-list")
    scan(reporter.goes_to("/tiket/daftar/?cari=zzz&prioritas=3"), "reporter-list-no-match")
    scan(reporter.goes_to(solved.get_absolute_url()), "reporter-detail")
    scan(reporter.goes_to(f"{asked.get_absolute_url()}feedback/"), "reporter-feedback")
    scan(reporter.goes_to(f"{solved.get_absolute_url()}review/"), "reporter-verdict")
    scan(reporter.goes_to(f"{closed.get_absolute_url()}penilaian/"), "reporter-rate")
    reporter.gives_stars(2)
    reporter.is_refused("Saran dan masukan wajib diisi")
    scan(reporter, "reporter-rate-with-error")
    watch.expects(404)
    scan(reporter.goes_to("/tiket/LS26-384-267-376-5/"), "404")


def test_the_form_of_a_new_ticket(cast, person, scan):
    reporter = person().is_already_in(cast.ppk)

    scan(reporter.goes_to("/tiket/buat/"), "create")
    reporter.describes(" ", "Berhenti di 99%.", error_code="??")
    reporter.attaches(samples.text("nama-file-yang-panjang-sekali-" * 3 + ".txt"), samples.png())
    reporter.submits("Kirim")
    reporter.is_refused("Judul wajib diisi.")
    scan(reporter, "create-with-errors")
    reporter.form.get_by_label("No. NIP").fill("197803122005011003")
    reporter.form.get_by_label("Judul").fill("Tidak bisa unggah dokumen")
    reporter.form.get_by_label("Kode Error").fill("")
    reporter.submits("Kirim")
    reporter.is_asked()
    scan(reporter, "create-dialog")


def test_suggested_answers(cast, person, scan):
    topic = Topic.objects.create(name="Dokumen", slug="dokumen")
    Article.objects.create(
        topic=topic, question="Mengapa unggah dokumen gagal?", slug="unggah",
        short_answer="Perkecil berkas.", is_published=True,
    )  # fmt: skip
    reporter = person().is_already_in(cast.ppk).goes_to("/tiket/buat/")

    reporter.form.get_by_label("Judul").fill("Tidak bisa unggah dokumen")
    reporter.page.get_by_text("Mengapa unggah dokumen gagal?", exact=True).click()
    scan(reporter, "create-with-suggestions")


def test_the_page_that_confirms(cast, person, scan):
    """The way without a pop-up, here because its question gets no answer: axe needs scripts."""

    def no_answer(route):
        if b'name="periksa"' in (route.request.post_data_buffer or b""):
            route.fulfill(body="")
        else:
            route.continue_()

    reporter = person().is_already_in(cast.ppk)
    reporter.page.route("**/tiket/buat/", no_answer)
    reporter.goes_to("/tiket/buat/")
    reporter.describes("Tidak bisa unggah dokumen", "Berhenti di 99%.")
    reporter.form.get_by_label("No. NIP").fill("197803122005011003")
    reporter.attaches(samples.text())
    reporter.submits("Kirim")
    expect(reporter.page.get_by_role("heading", level=1, name="Konfirmasi")).to_be_visible()
    scan(reporter, "confirm-page")


def test_pages_of_an_officer(cast, person, scan):
    officer = person().is_already_in(cast.admin_sistem)

    scan(officer.goes_to("/"), "officer-home-empty")
    for path in ("baru", "proses", "daftar"):
        scan(officer.goes_to(f"/tiket/{path}/"), f"officer-{path}-empty")
    pool = ticket_at(cast, level=2, package_code="8214260")
    held = ticket_at(cast, "in_progress", level=2, title="Kata sandi ditolak " + "panjang" * 8)
    ticket_at(cast, "awaiting_review", level=2)
    asked = ticket_at(cast, "awaiting_feedback", level=3, feedback_from=2)
    scan(officer.goes_to("/"), "officer-home")
    scan(officer.goes_to("/dashboard/"), "officer-dashboard")
    scan(officer.goes_to("/tiket/alur/"), "officer-flow")
    scan(officer.goes_to("/tiket/baru/"), "officer-baru")
    scan(officer.goes_to("/tiket/proses/?prioritas=2&urut=menunggu"), "officer-proses")
    scan(officer.goes_to("/tiket/daftar/"), "officer-daftar")
    scan(officer.goes_to("/tiket/daftar/?cari=zzz"), "officer-no-match")
    scan(officer.goes_to(pool.get_absolute_url()), "officer-detail")
    scan(officer.goes_to(f"{asked.get_absolute_url()}feedback/"), "officer-feedback")
    officer.goes_to(f"{held.get_absolute_url()}review/")
    officer.chooses("Butuh Feedback")
    scan(officer, "officer-review-feedback")
    officer.chooses("Eskalasi")
    scan(officer, "officer-review-escalation")
    officer.writes("Mohon diperiksa.")
    officer.submits("Kirim Review")
    officer.is_refused("Data server wajib diisi untuk eskalasi ke LKPP Level 1.")
    scan(officer, "officer-review-with-errors")
    scan(officer.goes_to(f"{pool.get_absolute_url()}ambil/"), "officer-take")
    officer.goes_to("/tiket/baru/")
    officer.starts_from_row("Ambil Tiket", "Tiket Baru", str(pool))
    scan(officer, "officer-take-in-list")
    officer.submits("Ambil Tiket")
    officer.is_asked()
    scan(officer, "officer-take-dialog")


def test_pages_of_lkpp(cast, person, scan):
    ticket = ticket_at(cast, "in_progress", level=3)
    ticket_at(cast, level=3)
    officer = person().is_already_in(cast.lkpp1)

    scan(officer.goes_to("/tiket/baru/"), "lkpp-baru")
    scan(officer.goes_to("/tiket/proses/"), "lkpp-proses")
    scan(officer.goes_to(ticket.get_absolute_url()), "lkpp-detail")
    officer.follows("Buka Data Server")
    scan(officer, "lkpp-data-server-reason")
    officer.writes("Memeriksa tabel akun.")
    officer.submits("Buka Data Server")
    officer.says_oke()
    officer.is_at("Data Server")
    scan(officer, "lkpp-data-server")
    scan(officer.goes_to("/akun/2fa/"), "second-factor")
    scan(officer.goes_to("/akun/logout/"), "logout")


def test_pages_of_an_administrator(bandung, person, scan):
    admin = person().is_already_in(make_user(name="Sri Wahyuningsih", is_staff=True))

    scan(admin.goes_to("/"), "administrator-home")
    admin.is_at("Help Center")


def test_pages_of_a_supervisor(cast, person, scan, watch):
    supervisor = person().is_already_in(make_user(name="Sri", is_staff=True, is_superuser=True))

    scan(supervisor.goes_to("/tiket/alihkan/"), "supervisor-list-empty")
    ticket = ticket_at(cast, "awaiting_feedback", level=3, feedback_from=2)
    left = ticket_at(cast, "in_progress")
    cast.helpdesk.is_active = False
    cast.helpdesk.save()
    make_user(cast.admin_sistem.role, cast.lpse, name="Nama Petugas yang Panjang " * 3)
    scan(supervisor.goes_to("/tiket/alihkan/"), "supervisor-list")
    scan(supervisor.goes_to("/tiket/alihkan/?cari=zzz"), "supervisor-no-match")
    scan(supervisor.goes_to(f"{left.get_absolute_url()}alihkan/"), "supervisor-nobody-else")
    supervisor.goes_to(f"{ticket.get_absolute_url()}alihkan/")
    scan(supervisor, "supervisor-form")
    supervisor.submits("Alihkan Tiket")
    supervisor.is_refused("Petugas baru wajib dipilih.")
    scan(supervisor, "supervisor-form-with-errors")
    supervisor.form.get_by_label("Petugas baru").select_option(index=1)
    supervisor.writes("Petugas cuti.")
    supervisor.submits("Alihkan Tiket")
    supervisor.is_asked()
    scan(supervisor, "supervisor-dialog")
    ticket.perform("answer", by=cast.admin_sistem, message="Jawaban.")
    ticket.perform("escalate", by=cast.lkpp1, message="Mohon bantuan.")
    watch.expects(404)
    supervisor.page.get_by_role("button", name="Oke", exact=True).click()
    supervisor.is_at("Tiket tidak dapat dialihkan")
    supervisor.sees("Petugas cuti.")
    scan(supervisor, "supervisor-too-late")


def test_the_guides(cast, person, scan):
    reporter = person().is_already_in(cast.penyedia)
    officer = person().is_already_in(cast.lkpp1)
    keeper = make_user(name="Sri Wahyuningsih", is_staff=True, is_superuser=True)
    admin = person().is_already_in(keeper)

    scan(reporter.goes_to("/panduan/"), "reporter-guides-missing")
    scan(officer.goes_to("/panduan/"), "lkpp-guides-missing")
    scan(admin.goes_to("/panduan/"), "administrator-guides-missing")
    for kind in Guide.Kind:
        make_guide(kind=kind, title="Panduan" + "panjang" * 10)
    draft = make_guide(kind=Guide.Kind.VIDEO, captions=b"", is_published=False)
    scan(reporter.goes_to("/panduan/"), "reporter-guides")
    scan(admin.goes_to(draft.get_absolute_url()), "administrator-guide-draft")
