"""Before Data Server is read, password or code is asked for once more (R114)."""

import time
from unittest.mock import patch

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from tests.cast import SERVER, ticket_at
from tests.factories import PASSWORD
from tickets.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R114")]

QUESTION = "/akun/reauthenticate/"


@pytest.fixture
def url(cast):
    return f"{ticket_at(cast, 'in_progress', 3).get_absolute_url()}data-server/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def typed(client, url):
    """What a person sends from the form of that page."""
    form = client.get(url).context["form"]
    return {"key": form["key"].value(), "seen": form["seen"].value(), "message": "Periksa log."}


def test_the_form_opens_after_the_password_once_more(cast, url):
    client = signed_in(cast.lkpp1)

    asked = client.get(url)
    wrong = client.post(asked.url, {"password": "Bukan-ini-2026"})
    still = client.get(url)
    right = client.post(asked.url, {"password": PASSWORD})

    assert (asked.status_code, asked.url.partition("?")[0]) == (302, QUESTION)
    assert (wrong.status_code, still.url) == (200, asked.url)
    assert (right.status_code, right.url) == (302, url)
    assert "Alasan" in client.get(url).text


def test_signing_in_a_moment_ago_is_not_enough(cast, url, client):
    client.post("/akun/login/", {"login": cast.lkpp1.username, "password": PASSWORD})

    assert client.get(url).url.partition("?")[0] == QUESTION


def test_a_code_of_the_second_factor_serves_as_well(cast, url):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(cast.lkpp1, secret)
    client = signed_in(cast.lkpp1)
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )

    client.get(url)
    answer = client.post(f"/akun/2fa/reauthenticate/?next={url}", {"code": code})

    assert (answer.status_code, answer.url) == (302, url)
    assert client.get(url).status_code == 200


def test_five_minutes_later_it_is_asked_again_and_the_reason_is_not_lost(cast, url):
    client = signed_in(cast.lkpp1)
    client.post(QUESTION, {"password": PASSWORD})
    data = typed(client, url)

    with patch("time.time", return_value=time.time() + 301):
        asked = client.post(url, data)
        goes_on = client.post(asked.url, {"password": PASSWORD})
        read = client.post(url, data | {"konfirmasi": "ya"})

    assert (asked.status_code, asked.url.partition("?")[0]) == (302, QUESTION)
    assert "Periksa log." in goes_on.text
    assert "Pembukaan Data Server dicatat dengan nama Anda" in goes_on.text
    assert SERVER["Password Server"] in read.text


def test_nothing_is_read_or_recorded_without_the_answer(cast, url):
    client = signed_in(cast.lkpp1)
    client.post(QUESTION, {"password": PASSWORD})
    data = typed(client, url) | {"konfirmasi": "ya"}

    with patch("time.time", return_value=time.time() + 301):
        answer = client.post(url, data)

    assert answer.status_code == 302
    assert Event.objects.filter(action="read_server_access").count() == 0


def test_the_pop_up_lets_the_form_ask(cast, url):
    client = signed_in(cast.lkpp1)
    client.post(QUESTION, {"password": PASSWORD})
    data = typed(client, url) | {"periksa": "ya"}

    fresh = client.post(url, data).json()
    with patch("time.time", return_value=time.time() + 301):
        late = client.post(url, data).json()

    assert (fresh["ok"], late) == (True, {"ok": False})


def test_whoever_may_not_read_it_is_not_asked_either(cast, url):
    for user in (cast.penyedia, cast.helpdesk, cast.admin_sistem, cast.lkpp2):
        assert signed_in(user).get(url).status_code == 404
