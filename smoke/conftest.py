"""The journeys' fixtures, over the real servers that `python -m smoke` has started."""

import base64
import hashlib
import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts import spse
from accounts.models import Lpse, User
from smoke.handoff import token_of
from tests.cast import classification
from tests.journeys import conftest as journeys
from tests.journeys.people import CLASSIFIED, Person
from tickets.models import Category

browser_context_args = journeys.browser_context_args
watch, new_context, picture = journeys.watch, journeys.new_context, journeys.picture


@pytest.fixture(scope="session")
def django_db_setup():
    """The database of the servers, not one of the tests' own."""


@pytest.fixture
def transactional_db():
    """Nothing is emptied afterwards: the portal's role could not, and the folder goes anyway."""


@pytest.fixture(autouse=True)
def _live_server_helper():
    """pytest-django's own would prepare a server of its own."""


@pytest.fixture(scope="session")
def live_server():
    return SimpleNamespace(url=os.environ["SMOKE_ORIGIN"])


browser_type_of_journeys = journeys.browser_type_launch_args


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_of_journeys):
    """The browser trusts this one certificate, and every other as always."""
    trust = f"--ignore-certificate-errors-spki-list={fingerprint()}"
    return browser_type_of_journeys | {"args": [*browser_type_of_journeys["args"], trust]}


def fingerprint():
    pem = Path(os.environ["SMOKE_CERTIFICATE"]).read_bytes()
    key = x509.load_pem_x509_certificate(pem).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


class Visitor(Person):
    """A person in production: no simulated SPSE, and a second factor."""

    def enters_through_spse(self, user_id, code="260"):
        """SPSE's browser posts the signed hand-off, as docs/hand-off.md has it."""
        account = spse.find_account(code, user_id)
        form = f'<form method="post" action="{self.origin}/masuk/spse/"><input name="token"></form>'
        self.page.set_content(form)
        self.page.evaluate(
            "token => { document.forms[0].token.value = token; document.forms[0].submit() }",
            token_of(account),
        )
        self.is_at("Help Center")
        return self

    def enters_locally(self, username, password):
        """With the code of an authenticator, enrolled before."""
        secret = generate_totp_secret()
        TOTP.activate(User.objects.get(username=username), secret)
        self.page.goto("/akun/login/")
        self.logs_in(username, password)
        self.is_at("Kode autentikator")
        code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        self.page.get_by_role("textbox", name="Kode").fill(code)
        self.page.get_by_role("button", name="Masuk").click()
        self.is_at("Help Center")
        return self


@pytest.fixture
def person(new_context, live_server, picture):
    return lambda: Visitor(new_context().new_page(), live_server.url, picture)


@pytest.fixture
def bandung(django_db_blocker):
    """The LPSE of the hand-offs, with the lists that a ticket needs."""
    with django_db_blocker.unblock():
        Category.objects.get_or_create(
            code="AKUN", defaults={"label": CLASSIFIED["Kategori Tiket"]}
        )
        classification()
        yield Lpse.objects.get(code="260")
