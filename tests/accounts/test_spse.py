"""The simulated SPSE: the way from an LPSE's home page into LPSE Support in four clicks."""

from itertools import groupby

import jwt
import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from stdnum import luhn

from accounts import identity, spse
from accounts.models import User
from accounts.roles import Role
from tests.factories import make_lpse

PAGES = [
    "spse",
    "spse_home",
    "spse_login",
    "spse_logout",
    "spse_start",
    "spse_inaproc",
    "spse_enter",
]


@pytest.fixture
def bandung(db):
    return make_lpse(code="260", name="LPSE Kota Bandung", public_key=spse.public_key_pem())


def address(name, code="260"):
    return reverse(f"accounts:{name}", args=[] if name == "spse" else [code])


def login(client, user_id="penyedia1", password=spse.DEMO_PASSWORD, kind="penyedia"):
    return client.post("/spse/260/login/", {"user_id": user_id, "password": password, "kind": kind})


@pytest.mark.requirement("R9", "R10", "R11", "R12")
@pytest.mark.parametrize("account", spse.accounts_of("260"), ids=lambda a: a.user_id)
def test_four_clicks_lead_from_the_home_page_into_lpse_support(client, bandung, account):
    home = client.get("/spse/260/")
    assert 'href="/spse/260/login/">Login' in home.text

    page = client.get("/spse/260/login/")  # click 1
    assert f'name="user_id" value="{account.user_id}"' in page.text
    start = client.post(  # click 2: the button of an account
        "/spse/260/login/",
        {"user_id": account.user_id, "password": account.password, "kind": account.kind},
        follow=True,
    )
    assert 'href="/spse/260/inaproc/">Aplikasi e-Procurement Lainnya' in start.text
    inaproc = client.get("/spse/260/inaproc/")  # click 3
    assert "LPSE Support – Masuk Production" in inaproc.text
    hand_on = client.post("/spse/260/inaproc/masuk/")  # click 4
    assert 'action="/masuk/spse/"' in hand_on.text
    assert "data-autosubmit" in hand_on.text
    answer = client.post("/masuk/spse/", {"token": hand_on.context["token"], "next": ""})

    user = User.objects.get()
    assert (answer.status_code, answer.url) == (302, "/masuk/lanjut/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.lpse, user.role, user.name) == (bandung, account.role, account.name)
    assert user.identity_number == (account.npwp or account.nip)


@pytest.mark.requirement("R12")
def test_a_token_says_what_a_real_lpse_would_say(settings):
    account = spse.find_account("17", "pokja")

    token = spse.make_token(account)

    claims = jwt.decode(token, spse.public_key_pem(), algorithms=["EdDSA"], audience="lpse-support")
    assert (claims["iss"], claims["sub"], claims["role"]) == ("17", "pokja", "pokja")
    assert (claims["name"], claims["email"], claims["nip"]) == (
        account.name,
        account.email,
        account.nip,
    )
    assert claims["exp"] - claims["iat"] == 60
    assert "npwp" not in claims
    assert spse.make_token(account) != token


@pytest.mark.requirement("R12")
def test_the_portal_trusts_the_simulator_only_through_the_key_of_the_lpse(client, db):
    lpse = make_lpse(code="260", public_key="")
    token = spse.make_token(spse.find_account("260", "ppk"))

    assert client.post("/masuk/spse/", {"token": token}).status_code == 403
    lpse.public_key = spse.public_key_pem()
    lpse.save()
    assert client.post("/masuk/spse/", {"token": token}).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_nothing_of_it_exists_where_it_is_not_allowed(client, bandung, settings, name):
    settings.SPSE_SIMULATOR = False

    assert client.get(address(name)).status_code == 404
    assert client.post(address(name)).status_code == 404


@pytest.mark.parametrize("name", PAGES[1:])
def test_only_lpse_with_the_key_of_the_demo_are_simulated(client, db, name):
    make_lpse(code="1", public_key="")
    make_lpse(code="2", public_key="another key")
    make_lpse(code="3", public_key=spse.public_key_pem(), is_active=False)
    method = client.post if name in {"spse_logout", "spse_enter"} else client.get

    for code in ("1", "2", "3", "4"):
        assert method(address(name, code)).status_code == 404


def test_the_first_page_lists_the_lpse_of_the_demo(client, bandung):
    make_lpse(name="LPSE Sungguhan")

    page = client.get("/spse/")

    assert list(page.context["offices"]) == [bandung]
    assert 'href="/spse/260/"' in page.text


def test_without_demo_data_the_first_page_says_so(client, db):
    assert "Belum ada LPSE latihan." in client.get("/spse/").text


@pytest.mark.requirement("R10", "R14")
@pytest.mark.parametrize(
    ("user_id", "password"),
    [("penyedia1", "salah"), ("tidak-ada", "Latihan-2026"), ("penyedia1", "latihan-2026")],
)
def test_wrong_data_is_refused_with_one_sentence_for_all(client, bandung, user_id, password):
    page = login(client, user_id, password)

    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == ["User ID atau kata sandi salah."]
    assert page.text.count("User ID atau kata sandi salah.") == 1
    assert f'value="{user_id}"' in page.text
    assert client.get("/spse/260/beranda/").url == "/spse/260/login/"


@pytest.mark.requirement("R10")
@pytest.mark.parametrize(
    ("user_id", "kind", "sentence"),
    [
        (
            "ppk",
            "penyedia",
            "Akun ini terdaftar sebagai Non-Penyedia. Pilih Non-Penyedia, lalu masuk sekali lagi.",
        ),
        (
            "penyedia2",
            "non-penyedia",
            "Akun ini terdaftar sebagai Penyedia. Pilih Penyedia, lalu masuk sekali lagi.",
        ),
    ],
)
def test_the_kind_must_fit_the_account(client, bandung, user_id, kind, sentence):
    page = login(client, user_id, kind=kind)

    assert page.context["form"].non_field_errors() == [sentence]
    assert f'value="{kind}" checked' in page.text


@pytest.mark.requirement("R10")
def test_empty_fields_are_named(client, bandung):
    page = login(client, "", "", "")

    assert page.context["form"].errors == {
        "user_id": ["User ID wajib diisi."],
        "password": ["Kata sandi wajib diisi."],
        "kind": ["Pilih Penyedia atau Non-Penyedia."],
    }


@pytest.mark.parametrize("text", ["\0", "<script>", "x" * 5000])
def test_bad_input_is_an_error_and_nothing_worse(client, bandung, text):
    page = client.post("/spse/260/login/", {"user_id": text, "password": text, "kind": text})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert "<script>" not in page.text


def test_the_inner_pages_need_a_login_at_this_lpse(client, bandung):
    make_lpse(code="17", public_key=spse.public_key_pem())
    client.post("/spse/17/login/", {"user_id": "ppk", "password": "x", "kind": "penyedia"})
    client.post(
        "/spse/17/login/",
        {"user_id": "ppk", "password": spse.DEMO_PASSWORD, "kind": "non-penyedia"},
    )

    assert client.get("/spse/17/beranda/").status_code == 200
    for name in ("spse_start", "spse_inaproc"):
        assert client.get(address(name)).url == "/spse/260/login/"
    assert client.post("/spse/260/inaproc/masuk/").url == "/spse/260/login/"


def test_logout_ends_the_session_at_spse(client, bandung):
    login(client)

    answer = client.post("/spse/260/logout/")

    assert answer.url == "/spse/260/"
    assert client.get("/spse/260/beranda/").url == "/spse/260/login/"


@pytest.mark.parametrize("name", ["spse_enter", "spse_logout"])
def test_a_get_changes_nothing(client, bandung, name):
    login(client)

    assert client.get(address(name)).status_code == 405
    assert client.get("/spse/260/beranda/").status_code == 200


def test_the_session_at_spse_is_none_in_the_portal(client, bandung):
    login(client)

    assert client.get("/").url == "/akun/login/?next=/"


# The demo's people


def test_every_demo_lpse_has_the_whole_cast():
    cast = sorted([*Role.values[:6], "penyedia", "lpse_l1"])

    found = {
        code: sorted(account.role.value for account in accounts)
        for code, accounts in groupby(spse.DEMO_ACCOUNTS, key=lambda a: a.lpse_code)
    }

    assert found == dict.fromkeys(spse.DEMO_LPSE_CODES, cast)


def test_their_numbers_and_addresses_are_well_formed_and_their_own():
    for account in spse.DEMO_ACCOUNTS:
        assert bool(account.npwp) is account.is_penyedia
        assert bool(account.nip) is not account.is_penyedia
        assert account.email.endswith(".example.id")
        try:
            validate_email(account.email)
            if account.npwp:
                identity.clean_npwp(account.npwp)
                assert luhn.is_valid(account.npwp[-15:-6])
            else:
                identity.clean_nip(account.nip)
        except ValidationError as error:
            pytest.fail(f"{account}: {error}")
    for field in ("name", "email"):
        assert len({getattr(account, field) for account in spse.DEMO_ACCOUNTS}) == 24
    assert len({account.npwp or account.nip for account in spse.DEMO_ACCOUNTS}) == 24


def test_accounts_are_found_by_lpse_and_user_id():
    assert spse.find_account("654", "adminsistem").role == Role.LPSE_L2
    assert spse.find_account("654", "nobody") is None
    assert spse.find_account("1", "ppk") is None
    assert spse.find_account("654", None) is None


@pytest.mark.requirement("R9")
def test_the_search_leads_to_the_simulated_spse_instead_of_the_real_one(client, bandung):
    bandung.national_url = "https://spse.inaproc.id/bandung"
    bandung.save()

    page = client.get("/masuk/lpse/", {"lpse": "bandung"})

    assert 'href="/spse/260/"' in page.text
    assert "https://spse.inaproc.id/bandung" not in page.text
