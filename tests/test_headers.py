"""What every answer says to the browser, and how our cookies are kept (R14)."""

import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import send_ticket
from tests.factories import PASSWORD, make_user
from tests.test_settings import PRODUCTION, ROOT
from tickets.models import Draft

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
OF_A_FILE = "sandbox; default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
        "geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), "
        "midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), "
        "usb=(), xr-spatial-tracking=(), clipboard-read=(), "
        "clipboard-write=(self), fullscreen=(self), picture-in-picture=(self)"
    ),
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True


def browser(user=None):
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


@pytest.fixture
def answers(cast, settings, monkeypatch):
    """A function from a name to an answer of that kind."""
    upload = SimpleUploadedFile("bukti.txt", b"isi")
    draft = Draft.objects.receive(upload, key="00000000-0000-0000-0000-000000000001",
                                  owner=cast.penyedia)  # fmt: skip
    ticket = send_ticket(cast.penyedia, files=[draft])
    file = ticket.events.get().attachments.get()
    reporter, chief = browser(cast.penyedia), browser(make_user(is_staff=True, is_superuser=True))
    limited = {"login": "a", "password": "b"}

    def broken():
        monkeypatch.setattr("tickets.lists.Waiting", lambda user: 1 / 0)
        return reporter.get("/tiket/hitungan/", secure=True)

    def too_many():
        settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
        client = browser()
        client.post("/akun/login/", limited, secure=True)
        return client.post("/akun/login/", limited, secure=True)

    def too_large():
        header = {"CONTENT_LENGTH": str(2**40)}
        return browser().post("/akun/login/", b"", "text/plain", secure=True, **header)

    return {
        "an open page": lambda: browser().get("/akun/login/", secure=True),
        "a signed-in page": lambda: reporter.get("/", secure=True),
        "a list as CSV": lambda: reporter.get("/tiket/daftar.csv", secure=True),
        "counters": lambda: reporter.get("/tiket/hitungan/", secure=True),
        "a file": lambda: reporter.get(
            f"{ticket.get_absolute_url()}berkas/{file.pk}/", secure=True
        ),
        "a redirect": lambda: browser().get("/tiket/", secure=True),
        "403": lambda: browser(cast.penyedia).get("/akun/2fa/", secure=True),
        "404": lambda: reporter.get("/tidak-ada/", secure=True),
        "405": lambda: reporter.post("/tiket/daftar/", secure=True),
        "413": too_large,
        "429": too_many,
        "500": broken,
        "200 of the administration": lambda: chief.get("/admin/", secure=True),
        "200 of a static file": lambda: browser().get("/static/img/icons.svg", secure=True),
    }


KINDS = [
    *("an open page", "a signed-in page", "a list as CSV", "counters", "a file", "a redirect"),
    *("403", "404", "405", "413", "429", "500"),
    *("200 of the administration", "200 of a static file"),
]


@pytest.mark.ignore_template_errors  # the admin's own templates
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_carries_all_headers(answers, kind):
    answer = answers[kind]()
    answer.close()

    if kind[:3].isdecimal():
        assert answer.status_code == int(kind[:3])
    assert {name: answer.get(name) for name in HEADERS} == HEADERS
    directives = OF_A_FILE if kind == "a file" else CSP
    assert sorted(answer["Content-Security-Policy"].split("; ")) == sorted(directives.split("; "))


def test_the_policy_allows_nothing_unsafe_and_no_other_host():
    sources = {
        source
        for directive in project.CONTENT_SECURITY_POLICY["DIRECTIVES"].values()
        for source in directive
    }

    assert sources == {"'none'", "'self'", "data:"}


# Cookies


def flags(cookie):
    return {name: cookie[name] for name in ("secure", "httponly", "samesite", "path", "domain")}


KEPT = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}


def test_every_cookie_of_ours_is_for_this_host_alone_and_for_no_script(db):
    make_user("lkpp_l1", username="lkpp9")
    client = Client()
    client.get("/tiket/", secure=True)  # WANTED
    client.get("/akun/login/", secure=True)  # CSRF
    session = {"login": "lkpp9", "password": PASSWORD}
    client.post("/akun/login/", session, secure=True)
    client.get("/tiket/cari/?nomor=x", secure=True)  # messages

    kept = {name: flags(cookie) for name, cookie in client.cookies.items() if cookie.value}

    names = {"sessionid", "csrftoken", "messages", "baru-menulis"}
    assert {name for name in kept if name != "halaman-dituju"} == names
    assert all(each == KEPT for each in kept.values())


def test_in_production_browsers_take_our_cookies_from_this_host_alone(tmp_path):
    names = (
        "import django; django.setup();"
        "from django.conf import settings as s;"
        "from accounts.middleware import WANTED; from accounts.notes import NoteCookie;"
        "from accounts.replica import JUST_WRITTEN;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, WANTED, NoteCookie.cookie_name,"
        " JUST_WRITTEN, s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN)"
    )
    environment = PRODUCTION | {
        "HELPDESK_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
    }  # fmt: skip

    done = subprocess.run(
        [sys.executable, "-c", names],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.split() == [
        *("__Host-sessionid", "__Host-csrftoken", "__Host-halaman-dituju", "__Host-messages"),
        *("__Host-baru-menulis", "True", "None"),
    ]
