"""The hand-off from SPSE: who is let in, once, and every way of being refused."""

import base64
import hashlib
import hmac
import json
import time
from threading import Barrier, Thread
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connections
from django.test import Client

from accounts.models import HandoffToken, User
from accounts.security_log import SecurityEntry
from accounts.sso import REQUIRED
from tests.factories import make_lpse, make_user

pytestmark = pytest.mark.requirement("R12", "R13")

NPWP = "012345674441000"
NIP = "198609262015051001"


def pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class Spse:
    """An LPSE and its private key, as its SPSE has them."""

    def __init__(self, **kwargs):
        self.key = ed25519.Ed25519PrivateKey.generate()
        self.lpse = make_lpse(public_key=pem(self.key), **kwargs)

    def claims(self, **changes):
        """What SPSE says of a penyedia; a change to None leaves the claim out."""
        now = int(time.time())
        claims = {
            "iss": self.lpse.code,
            "aud": "lpse-support",
            "sub": "penyedia7",
            "name": "Yohana Tandiari",
            "role": "penyedia",
            "email": "yohana@karya.example.id",
            "npwp": NPWP,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid4()),
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}

    def token(self, **changes):
        return jwt.encode(self.claims(**changes), self.key, algorithm="EdDSA")

    def raw_token(self, **changes):
        """A correctly signed token of claims that the library would not write."""
        return handmade({"alg": "EdDSA"}, self.claims(**changes), self.key.sign)


def handmade(header, claims, sign):
    parts = [header if isinstance(header, str) else json.dumps(header)]
    parts.append(claims if isinstance(claims, str) else json.dumps(claims))
    signed = b".".join(encoded(part.encode()) for part in parts)
    return (signed + b"." + encoded(sign(signed))).decode()


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def post(client, token, **data):
    return client.post("/masuk/spse/", {"token": token} | data)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def assert_refused(client, token, **data):
    page = post(client, token, **data)

    assert page.status_code == 403
    assert "Anda belum masuk" in page.text
    assert not is_signed_in(client)
    return page


@pytest.fixture
def spse(db):
    return Spse(name="LPSE Kota Ambon")


# Let in


def test_a_token_signs_in_and_creates_the_account_at_first_sight(client, spse):
    answer = post(client, spse.token())

    user = User.objects.get()
    assert (answer.status_code, answer.url) == (302, "/masuk/lanjut/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.name, user.email, user.role, user.lpse, user.subject, user.identity_number) == (
        "Yohana Tandiari",
        "yohana@karya.example.id",
        "penyedia",
        spse.lpse,
        "penyedia7",
        NPWP,
    )
    assert not user.has_usable_password()
    assert not user.is_staff


@pytest.mark.parametrize("role", ["ppk", "pp", "pokja", "lpse_l1", "lpse_l2"])
def test_everybody_of_an_lpse_comes_this_way_with_a_nip(client, spse, role):
    post(client, spse.token(role=role, npwp=None, nip=NIP))

    user = User.objects.get()
    assert (user.role, user.identity_number) == (role, NIP)
    assert is_signed_in(client)


def test_a_name_is_one_line_that_turns_nothing_around(client, spse):
    post(client, spse.token(name="Ratna\r\n \u202eWibawani\u200b"))

    assert User.objects.get().name == "Ratna Wibawani"


def test_name_mail_and_identity_follow_the_next_token(client, spse):
    post(client, spse.token())

    post(client, spse.token(name="Yohana T. Baru", email="baru@karya.example.id", npwp="0" + NPWP))

    user = User.objects.get()
    assert (user.name, user.email, user.identity_number) == (
        "Yohana T. Baru",
        "baru@karya.example.id",
        "0" + NPWP,
    )


@pytest.mark.parametrize("npwp", [None, "", "12", 5, ["x"], "\0", NIP])
def test_a_wrong_npwp_keeps_nobody_out_and_the_known_one_stays(client, spse, npwp):
    post(client, spse.token())

    answer = post(Client(), spse.token(npwp=npwp))

    assert answer.status_code == 302
    assert User.objects.get().identity_number == NPWP


def test_the_same_subject_of_another_lpse_is_another_person(client, spse):
    other = Spse()
    post(client, spse.token())

    post(Client(), other.token())

    assert User.objects.count() == 2


def test_a_changed_role_among_reporters_is_taken_over_and_logged(client, spse):
    post(client, spse.token())

    answer = post(client, spse.token(role="ppk", npwp=None, nip=NIP))

    user = User.objects.get()
    assert answer.status_code == 302
    assert (user.role, user.identity_number) == ("ppk", NIP)
    [entry] = SecurityEntry.objects.filter(kind="role")
    changed = {"account": user.pk, "field": "role", "before": "penyedia", "after": "ppk"}
    assert entry.facts == changed | {"by": "hand-off"}


def test_the_number_of_the_former_role_does_not_stay(client, spse):
    post(client, spse.token())

    post(client, spse.token(role="ppk", npwp=None))

    assert User.objects.get().identity_number == ""


def test_the_session_key_changes(client, spse):
    session = client.session
    session["something"] = 1
    session.save()
    before = session.session_key

    post(client, spse.token())

    assert client.session.session_key != before
    assert is_signed_in(client)


def test_whoever_was_signed_in_on_this_browser_is_replaced(client, spse):
    client.force_login(make_user("lkpp_l1"))

    post(client, spse.token())

    assert client.session["_auth_user_id"] == str(User.objects.get(subject="penyedia7").pk)


def test_next_is_followed(client, spse):
    answer = post(client, spse.token(), next="/tiket/daftar/?q=a%20b")

    assert (answer.status_code, answer.url) == (302, "/tiket/daftar/?q=a%20b")


@pytest.mark.parametrize(
    "times", [{"iat": -60, "exp": -2}, {"iat": 3, "exp": 63}, {"iat": -0.5, "exp": 59.5}]
)
def test_clocks_may_differ_by_a_few_seconds(client, spse, times):
    now = int(time.time())

    answer = post(client, spse.token(**{name: now + value for name, value in times.items()}))

    assert answer.status_code == 302


# GET


def test_a_get_signs_nobody_in_and_shows_a_page_that_posts_the_token_on(client, spse):
    token = spse.token()

    page = client.get("/masuk/spse/", {"token": token, "next": "/tiket/daftar/"})

    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert f'name="token" value="{token}"' in page.text
    assert 'name="next" value="/tiket/daftar/"' in page.text
    assert "data-autosubmit" in page.text
    assert not is_signed_in(client)
    assert User.objects.count() == 0
    assert post(client, token).status_code == 302


def test_a_get_without_token_leads_to_the_sign_in_page(client, db):
    assert client.get("/masuk/spse/").url == "/akun/login/"


def test_other_methods_are_refused(client, db):
    assert client.put("/masuk/spse/").status_code == 405


# Refused


def test_the_page_says_what_to_do(client, spse):
    page = assert_refused(client, "nonsense")

    assert "Buka kembali SPSE, masuk, lalu pilih LPSE Support sekali lagi." in page.text


def test_a_token_signs_in_once(client, spse):
    token = spse.token()
    post(client, token)

    assert_refused(Client(), token)
    assert HandoffToken.objects.count() == 1


@pytest.mark.parametrize("claim", REQUIRED)
def test_each_claim_is_needed(client, spse, claim):
    assert_refused(client, spse.token(**{claim: None}))
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    "value", ["", "   ", "x\0y", "x" * 121, "\ud800", 7, ["x"], {"x": 1}, True]
)
@pytest.mark.parametrize("claim", ["iss", "sub", "name", "role", "email", "jti"])
def test_a_claim_that_is_no_text_is_refused(client, spse, claim, value):
    assert_refused(client, spse.raw_token(**{claim: value}))
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another-portal"},
        {"aud": ["another-portal"]},
        {"aud": 5},
        {"iss": "0"},
        {"email": "not an address"},
        {"role": "lkpp_l1"},
        {"role": "lkpp_l2"},
        {"role": "admin"},
        {"role": "PENYEDIA"},
    ],
)
def test_wrong_claims_are_refused(client, spse, changes):
    assert_refused(client, spse.token(**changes))
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("iat", "exp"),
    [
        (0, 61),  # lives too long
        (-3600, 30),
        (0, 0),  # does not live at all
        (10, 5),
        (-70, -10),  # expired
        (30, 80),  # made in the future
    ],
)
def test_a_token_lives_at_most_a_minute_and_only_now(client, spse, iat, exp):
    now = int(time.time())

    assert_refused(client, spse.token(iat=now + iat, exp=now + exp))


@pytest.mark.parametrize("value", ["soon", "text", True, [1], 1e400, -1e400])
@pytest.mark.parametrize("claim", ["iat", "exp"])
def test_a_time_that_is_no_number_is_refused(client, spse, claim, value):
    if value == "text":
        value = str(int(time.time()) + (30 if claim == "exp" else 0))

    assert_refused(client, spse.raw_token(**{claim: value}))


def test_a_changed_token_is_refused(client, spse):
    header, _, signature = spse.token().split(".")
    forged = encoded(json.dumps(spse.claims(sub="somebody else")).encode()).decode()

    assert_refused(client, f"{header}.{forged}.{signature}")


def test_the_key_of_another_lpse_is_refused(client, spse):
    other = Spse()

    assert_refused(client, jwt.encode(spse.claims(), other.key, algorithm="EdDSA"))


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"public_key": ""}, {"public_key": "no key"}]
)
def test_an_lpse_that_is_not_connected_is_refused(client, spse, change):
    type(spse.lpse).objects.update(**change)

    assert_refused(client, spse.token())


def test_an_unknown_lpse_is_refused_with_advice(client, spse):
    page = assert_refused(client, spse.token(iss="tidak-ada"))

    assert "LPSE ini belum terhubung dengan LPSE Support." in page.text


def test_a_token_without_signature_is_refused(client, spse):
    for name in ("none", "None", "NONE"):
        assert_refused(client, handmade({"alg": name}, spse.claims(), lambda signed: b""))


def test_the_public_key_as_shared_secret_is_refused(client, spse):
    """The classic confusion: HS256 with what everybody may know."""
    secret = spse.lpse.public_key.encode()
    for signer in (secret, secret.strip()):
        token = handmade(
            {"alg": "HS256", "typ": "JWT"},
            spse.claims(),
            lambda signed, key=signer: hmac.digest(key, signed, hashlib.sha256),
        )

        assert_refused(client, token)


def test_other_algorithms_are_refused(client, spse):
    keys = {
        "RS256": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "ES256": ec.generate_private_key(ec.SECP256R1()),
    }
    for algorithm, key in keys.items():
        assert_refused(client, jwt.encode(spse.claims(), key, algorithm=algorithm))


def test_a_key_that_the_token_brings_along_is_refused(client, spse):
    thief = ed25519.Ed25519PrivateKey.generate()
    x = encoded(thief.public_key().public_bytes_raw()).decode()
    header = {"alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}, "kid": "/dev/null"}

    assert_refused(client, handmade(header, spse.claims(), thief.sign))


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "\0",
        "é.é.é",
        "x" * 100_000,
        handmade("[]", "{}", lambda signed: b""),
        handmade({"alg": "EdDSA"}, "[]", lambda signed: b""),
        handmade({"alg": []}, "{}", lambda signed: b""),
        handmade({"alg": "EdDSA"}, "[" * 5000, lambda signed: b""),
        handmade({"alg": "EdDSA"}, '{"iss": "\\ud800"}', lambda signed: b""),
        handmade({"alg": "EdDSA"}, '{"iss": "a\\u0000"}', lambda signed: b""),
        handmade({"alg": "EdDSA", "crit": ["x"]}, "{}", lambda signed: b""),
    ],
)
def test_what_is_no_token_is_refused(client, spse, token):
    assert_refused(client, token)


def test_a_post_without_token_is_refused(client, spse):
    assert client.post("/masuk/spse/").status_code == 403
    assert client.post("/masuk/spse/", b"\xff", content_type="application/json").status_code == 403


@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "///jahat.example/",
        "/\\jahat.example/",
        "\\\\jahat.example/",
        "http:jahat.example",
        "javascript:alert(1)",
        " //jahat.example/",
        "\t//jahat.example/",
        "https://testserver@jahat.example/",
        "https://testserver/tiket/",
        "tiket/",
        "/" + "x" * 5000,
    ],
)
def test_an_open_redirect_is_refused_and_the_token_stays_unused(client, spse, target):
    token = spse.token()

    assert_refused(client, token, next=target)
    assert HandoffToken.objects.count() == 0
    assert post(client, token, next="/tiket/").status_code == 302


def test_staff_never_come_this_way(client, spse):
    make_user("penyedia", spse.lpse, subject="penyedia7", is_staff=True)

    assert_refused(client, spse.token())


def test_a_local_account_is_never_taken_over(client, spse):
    local = make_user("lkpp_l2", username=f"{spse.lpse.code}:penyedia7")

    assert_refused(client, spse.token())
    local.refresh_from_db()
    assert (local.role, local.subject) == ("lkpp_l2", "")


def test_a_deactivated_account_is_refused_with_advice(client, spse):
    make_user("penyedia", spse.lpse, subject="penyedia7", is_active=False)

    page = assert_refused(client, spse.token())

    assert "Akun Anda dinonaktifkan. Hubungi Helpdesk LPSE Anda." in page.text


@pytest.mark.parametrize(
    ("before", "after"), [("penyedia", "lpse_l1"), ("pokja", "lpse_l2"), ("lpse_l1", "ppk")]
)
def test_a_token_never_makes_a_reporter_an_officer_or_back(client, spse, before, after):
    user = make_user(before, spse.lpse, subject="penyedia7")

    page = assert_refused(client, spse.token(role=after))

    user.refresh_from_db()
    assert user.role == before
    assert "Hubungi administrator LPSE Support." in page.text


def test_logs_tell_the_reason_and_never_the_token_or_the_number(client, spse, caplog):
    caplog.set_level("INFO", "helpdesk.security")
    token = spse.token()
    post(client, token)
    post(client, token)
    post(client, spse.token(aud="another"))
    post(client, spse.token(), next="//jahat.example/")

    user = User.objects.get()
    signed_in, *refused = SecurityEntry.objects.order_by("pk")
    assert signed_in.user == user
    assert signed_in.facts == {"role": "penyedia", "lpse": spse.lpse.pk, "ways": ["sso"]}
    assert [entry.facts["why"] for entry in refused] == [
        "used twice",
        "token: InvalidAudienceError",
        "next leads elsewhere",
    ]
    for secret in (token, token.split(".")[1], NPWP, user.email, user.name, "jahat"):
        assert secret not in caplog.text


@pytest.mark.requirement("R14")
def test_hand_offs_from_one_address_are_limited(client, spse, settings):
    settings.RATE_LIMITS = {"handoff": (2, 60)}
    post(client, "x")
    post(client, "x")

    page = post(client, spse.token())

    assert page.status_code == 429
    assert 50 < int(page["Retry-After"]) <= 60
    assert "Terlalu banyak percobaan" in page.text
    assert "Terlalu banyak orang masuk dari jaringan Anda" in page.text
    assert not is_signed_in(client)


# At once


def at_once(tokens):
    """Post all tokens at the same moment, each in a thread with its own connection."""
    start, answers = Barrier(len(tokens)), []

    def run(token):
        try:
            client = Client()
            start.wait()
            answers.append((post(client, token).status_code, is_signed_in(client)))
        finally:
            connections.close_all()  # else the test database cannot be dropped

    threads = [Thread(target=run, args=[token]) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_twenty_posts_of_one_token_one_signs_in():
    token = Spse().token()

    answers = at_once([token] * 20)

    assert len(answers) == 20
    assert [answer for answer in answers if answer[1]] == [(302, True)]
    assert {status for status, is_in in answers if not is_in} == {403}
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_tokens_of_one_person_at_once_make_one_account():
    spse = Spse()

    answers = at_once([spse.token(), spse.token(), spse.token()])

    assert answers == [(302, True)] * 3
    assert User.objects.count() == 1
