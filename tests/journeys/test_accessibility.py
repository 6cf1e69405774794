"""What pages look like once somebody acted on them: errors, pop-ups, nothing found, the last step.

The pages as an address brings them are in test_every_page.py and test_every_page_of_officers.py.
"""

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from playwright.sync_api import expect

from accounts.roles import Role
from faq.models import Article, Topic
from tests.cast import Cast, ticket_at
from tests.factories import PASSWORD, make_user
from tests.journeys import samples

pytestmark = pytest.mark.requirement("R3", "R133")


@pytest.fixture
def cast(bandung):
    return Cast(bandung)


def publishes(question, short_answer, body=""):
    topic, _ = Topic.objects.get_or_create(name="Dokumen", slug="dokumen")
    Article.objects.create(
        topic=topic, question=question, slug="unggah", short_answer=short_answer, body=body,
        is_published=True,
    )  # fmt: skip


def test_pages_that_are_open_to_all(bandung, person, scan):
    publishes("Mengapa User ID saya salah?", "Periksa huruf besar.")
    visitor = person().goes_to("/akun/login/")

    visitor.logs_in("siapa", "salah")
    visitor.is_refused("User ID atau kata sandi salah.")
    scan(visitor, "login-with-error")
    scan(visitor.goes_to("/masuk/lpse/?lpse=bandung"), "find-lpse")
    scan(visitor.goes_to("/masuk/lpse/?lpse=zzz"), "find-lpse-no-match")
    visitor.goes_to("/faq/").page.get_by_text("Mengapa User ID saya salah?", exact=True).click()
    scan(visitor, "faq-open")
    scan(visitor.goes_to("/faq/?q=salah"), "faq-results")
    scan(visitor.goes_to("/faq/?q=kulkas"), "faq-no-match")


def test_pages_of_the_public_look_up(cast, person, scan, watch):
    visitor = person().goes_to("/cari-tiket/")

    visitor.page.get_by_role("button", name="Cari").click()
    visitor.sees("Nomor tiket tidak lengkap atau salah ketik.")
    scan(visitor, "lookup-mistyped")
    watch.expects(404, 429)
    scan(visitor.goes_to("/lacak-tiket/" + "9" * 500 + "/"), "lookup-missing")
    for _ in range(5):
        visitor.goes_to("/lacak-tiket/LS26-384-267-376-5/")
    scan(visitor, "lookup-enough")


def test_a_refused_login_of_the_simulated_spse(bandung, person, scan):
    visitor = person().goes_to("/spse/260/login/")

    own = visitor.page.get_by_role("region", name="Atau isi sendiri")
    own.get_by_label("User ID").fill("penyedia1")
    own.get_by_label("Kata Sandi").fill("Latihan-2026")
    own.get_by_role("radio", name="Non-Penyedia").check()
    own.get_by_role("button", name="Login").click()

    visitor.is_refused("Akun ini terdaftar sebagai Penyedia.")
    scan(visitor, "spse-login-with-error")


ERRORS = sorted(path.name for path in (settings.BASE_DIR / "templates").glob("[0-9]*.html"))


def test_pages_of_what_goes_wrong(bandung, person, scan, rf):
    visitor = person().goes_to("/akun/login/")
    request = rf.get("/")
    request.user, request.session = AnonymousUser(), {}
    forms = {"accounts/hand_on.html": {"token": "x", "next": "/"}}
    forms |= {"accounts/refused.html": {"advice": "Tautan masuk sudah dipakai."}}
    forms["accounts/hand_on.html"]["user"] = request.user
    forms["429.html"] = {"minutes": 5, "action": "login"}
    forms["500.html"] = {"code": "3f2a"}
    typed = {"fields": {"message": "Isi"}, "typed": [("Pesan", "Isi")], "path": "/tiket/buat/"}
    facts = {"is_full": False, "is_post": True, "lost_files": False, "csrf_token": "x"}
    forms["503.html"] = typed | facts | {"code": "3f2a"}

    for name in dict.fromkeys([*ERRORS, *forms]):
        html = render_to_string(name, forms.get(name, {}), request=request)
        body = html.replace("data-autosubmit", "")  # it would hand on at once
        visitor.page.route(
            "**/salah/",
            lambda route, _, body=body: route.fulfill(body=body, content_type="text/html"),
        )
        scan(visitor.goes_to("/salah/"), name)


def test_pages_of_a_second_factor(bandung, person, scan):
    officer = make_user(Role.LKPP_L2, username="lkpp2")
    TOTP.activate(officer, generate_totp_secret())
    RecoveryCodes.activate(officer)
    uid = user_pk_to_url_str(officer)
    visitor = person()

    visitor.goes_to(
        f"/akun/password/reset/key/{uid}-{default_token_generator.make_token(officer)}/"
    )
    visitor.is_at("Kata sandi baru")
    scan(visitor, "password-new")
    visitor.goes_to("/akun/login/").logs_in("lkpp2", PASSWORD)
    visitor.is_at("Kode autentikator")
    scan(visitor, "second-factor-code")
    visitor.page.get_by_label("Kode").fill("000000")
    visitor.page.get_by_role("button", name="Masuk", exact=True).click()
    visitor.sees("Ada 1 isian yang perlu diperbaiki")
    scan(visitor, "second-factor-code-wrong")


def test_pages_of_a_reporter(cast, person, scan):
    reporter = person().is_already_in(cast.penyedia)

    scan(reporter.goes_to("/"), "reporter-home-empty")
    scan(reporter.goes_to("/tiket/daftar/"), "reporter-list-empty")
    closed = ticket_at(cast, "closed", title="Kata sandi ditolak " + "panjang" * 8)
    scan(reporter.goes_to("/tiket/daftar/?cari=kata&status=selesai"), "reporter-list-found")
    scan(reporter.goes_to("/tiket/daftar/?cari=zzz&prioritas=3"), "reporter-list-no-match")
    reporter.goes_to(f"{closed.get_absolute_url()}penilaian/")
    reporter.gives_stars(2)
    reporter.is_refused("Saran dan masukan wajib diisi")
    scan(reporter, "reporter-rate-with-error")


def test_the_form_of_a_new_ticket(cast, person, scan):
    reporter = person().is_already_in(cast.ppk).goes_to("/tiket/buat/")

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
    publishes("Mengapa unggah dokumen gagal?", "Perkecil berkas.")
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

    for path in ("baru", "proses", "daftar"):
        scan(officer.goes_to(f"/tiket/{path}/"), f"officer-{path}-empty")
    pool = ticket_at(cast, level=2, package_code="8214260")
    held = ticket_at(cast, "in_progress", level=2, title="Kata sandi ditolak " + "panjang" * 8)
    scan(officer.goes_to("/tiket/proses/?prioritas=2&urut=menunggu"), "officer-proses")
    scan(officer.goes_to("/tiket/daftar/?cari=zzz"), "officer-no-match")
    officer.goes_to(f"{held.get_absolute_url()}review/")
    officer.chooses("Butuh Feedback")
    scan(officer, "officer-review-feedback")
    officer.chooses("Eskalasi")
    officer.writes("Mohon diperiksa.")
    officer.submits("Kirim Review")
    officer.is_refused("Data server wajib diisi untuk eskalasi ke LKPP Level 1.")
    scan(officer, "officer-review-with-errors")
    officer.goes_to("/tiket/baru/")
    officer.starts_from_row("Ambil Tiket", "Tiket Baru", str(pool))
    scan(officer, "officer-take-in-list")
    officer.submits("Ambil Tiket")
    officer.is_asked()
    scan(officer, "officer-take-dialog")


def test_data_server_once_it_is_open(cast, person, scan):
    ticket = ticket_at(cast, "in_progress", level=3)
    officer = person().is_already_in(cast.lkpp1)

    officer.goes_to(f"{ticket.get_absolute_url()}data-server/")
    scan(officer, "lkpp-data-server-question")
    officer.confirms_who_it_is()
    officer.writes("Memeriksa tabel akun.")
    officer.submits("Buka Data Server")
    officer.says_oke()
    officer.is_at("Data Server")
    scan(officer, "lkpp-data-server")


def test_the_preview_of_an_article(cast, person, scan):
    page = person().is_already_in(cast.admin_sistem).goes_to("/admin/faq/article/add/").page
    page.get_by_label("Pertanyaan").fill("Kapan loket Helpdesk buka?")
    page.get_by_label("Jawaban lengkap").fill("## Hari libur\n\n| A | B |\n|---|---|\n| 1 | 2 |")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Pratinjau").click()

    expect(opened.value.get_by_role("heading", name="Hari libur")).to_be_visible()
    scan(opened.value, "faq-preview")


def test_pages_of_a_supervisor(cast, person, scan, watch):
    supervisor = person().is_already_in(make_user(name="Sri", is_staff=True, is_superuser=True))

    scan(supervisor.goes_to("/tiket/alihkan/"), "supervisor-list-empty")
    ticket = ticket_at(cast, "awaiting_feedback", level=3, feedback_from=2)
    left = ticket_at(cast, "in_progress")
    cast.helpdesk.is_active = False
    cast.helpdesk.save()
    make_user(cast.admin_sistem.role, cast.lpse, name="Nama Petugas yang Panjang " * 3)
    scan(supervisor.goes_to("/tiket/alihkan/?cari=zzz"), "supervisor-no-match")
    scan(supervisor.goes_to(f"{left.get_absolute_url()}alihkan/"), "supervisor-nobody-else")
    supervisor.goes_to(f"{ticket.get_absolute_url()}alihkan/")
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


def test_guides_that_are_missing(cast, person, scan):
    keeper = make_user(name="Sri Wahyuningsih", is_staff=True, is_superuser=True)

    for someone in (cast.penyedia, cast.lkpp1, keeper):
        scan(person().is_already_in(someone).goes_to("/panduan/"), f"guides-missing-{someone}")


def test_dashboards_with_their_tables_open(cast, person, scan):
    ticket_at(cast, "closed", 4)
    officer = person().is_already_in(cast.lkpp1).goes_to("/dashboard/")

    for summary in officer.page.get_by_text("Lihat sebagai tabel").all():
        summary.click()
    scan(officer, "dashboard-tables")
    scan(officer.goes_to("/dashboard/?periode=khusus"), "dashboard-period")
