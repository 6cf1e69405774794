"""The local login of LKPP staff and administrators, the second factor, and the way out."""

import io
import re
import runpy
from pathlib import Path
from unittest.mock import Mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import call_command
from django.forms import modelform_factory
from django.urls import reverse

from accounts.admin import LpseForm
from accounts.middleware import WANTED
from accounts.models import Lpse, User
from accounts.roles import Role
from accounts.spse import DEMO_LPSE_CODES, find_account, make_token, public_key_pem
from tests.factories import PASSWORD, make_lpse, make_user

pytestmark = pytest.mark.django_db

KeyForm = modelform_factory(Lpse, LpseForm, fields=["public_key"])

LOGIN = "/akun/login/"
WRONG = "User ID atau kata sandi salah."
TOO_MANY = "Terlalu banyak percobaan masuk yang gagal. Tunggu lima menit lalu coba lagi."


def login(client, name, password=PASSWORD, **data):
    return client.post(LOGIN, {"login": name, "password": password} | data)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def code_for(secret):
    counter = list(totp.yield_hotp_counters_from_time())[-1]
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.fixture
def officer():
    return make_user("lkpp_l1", username="lkpp9", email="lkpp9@contoh.example.id")


@pytest.fixture
def reporter():
    """Somebody from SPSE who nevertheless got a password."""
    user = make_user("penyedia", username="penyedia9", email="penyedia9@contoh.example.id")
    user.set_password(PASSWORD)
    user.save()
    return user


# In


@pytest.mark.requirement("R13")
@pytest.mark.parametrize("name", ["lkpp9", "LKPP9", " lkpp9 ", "lkpp9@contoh.example.id"])
def test_staff_sign_in_with_user_id_or_mail_and_a_password(client, officer, name):
    answer = login(client, name)

    assert (answer.status_code, answer.url) == (302, "/masuk/lanjut/")
    assert client.session["_auth_user_id"] == str(officer.pk)


@pytest.mark.requirement("R13")
def test_the_sign_in_page_shows_both_ways(client):
    page = client.get(LOGIN)

    assert page.status_code == 200
    for text in (
        "Pelapor dan petugas LPSE: masuk lewat SPSE",
        "Petugas LKPP dan administrator",
        "User ID atau Email",
        "Kata Sandi",
        "Lupa kata sandi",
        'href="/spse/">Buka SPSE simulasi',
        'action="/masuk/lpse/"',
        "lkpp1, lkpp1b",
    ):
        assert text in page.text
    assert "kode dari aplikasi autentikator" not in page.text


def test_outside_the_demo_the_sign_in_page_shows_neither_simulator_nor_demo_logins(
    client, settings
):
    settings.DEMO = settings.SPSE_SIMULATOR = False
    settings.SECOND_FACTOR_REQUIRED = True

    page = client.get(LOGIN)

    assert "simulasi" not in page.text
    assert "lkpp1" not in page.text
    assert "LATIHAN" not in page.text
    assert "Anda diminta kode dari aplikasi autentikator." in page.text


@pytest.mark.requirement("R14")
def test_next_is_followed_and_kept_through_an_error(client, officer):
    page = login(client, "lkpp9", "salah", next="/faq/")
    assert 'name="next" value="/faq/"' in page.text

    assert login(client, "lkpp9", next="/faq/").url == "/faq/"


@pytest.mark.requirement("R14")
def test_next_never_leads_elsewhere(client, officer):
    assert login(client, "lkpp9", next="https://jahat.example/").url == "/masuk/lanjut/"


@pytest.mark.requirement("R14")
@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("lkpp9", "salah"),
        ("lkpp9@contoh.example.id", "salah"),
        ("nobody", PASSWORD),
        ("nobody@contoh.example.id", PASSWORD),
    ],
)
def test_wrong_data_is_refused_with_one_sentence_for_all(client, officer, name, password):
    page = login(client, name, password)

    assert page.status_code == 200
    assert page.context["form"].non_field_errors() == [WRONG]
    assert page.text.count(WRONG) == 1
    assert f'value="{name}"' in page.text
    assert f'value="{password}"' not in page.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("text", ["", "\0", "x" * 10_000, "<b>", "é\u202e😀"])
def test_bad_input_is_an_error_and_nothing_worse(client, officer, text):
    page = login(client, text, text)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert "<b>é" not in page.text


@pytest.mark.requirement("R13")
@pytest.mark.parametrize("name", ["penyedia9", "penyedia9@contoh.example.id"])
def test_people_from_spse_never_enter_with_a_password(client, reporter, name):
    page = login(client, name)

    assert page.context["form"].non_field_errors() == [WRONG]
    assert not is_signed_in(client)


@pytest.mark.requirement("R14")
def test_a_deactivated_account_is_told_so(client):
    make_user("lkpp_l1", username="dulu", is_active=False)

    page = client.post(LOGIN, {"login": "dulu", "password": PASSWORD}, follow=True)

    assert "Akun Anda tidak aktif" in page.text
    assert not is_signed_in(client)


@pytest.mark.requirement("R14")
def test_deactivation_ends_a_running_session(client, officer):
    client.force_login(officer)
    User.objects.update(is_active=False)

    assert client.get("/").url == f"{LOGIN}?next=/"


@pytest.mark.requirement("R14")
def test_after_five_failures_even_the_right_password_has_to_wait(client, officer):
    make_user("lkpp_l1", username="orang-lain")
    for _ in range(5):
        login(client, "lkpp9", "salah")

    page = login(client, "lkpp9")

    assert page.context["form"].non_field_errors() == [TOO_MANY]
    assert not is_signed_in(client)
    assert login(client, "orang-lain").status_code == 302  # others are not locked out with them


@pytest.mark.requirement("R14")
def test_attempts_from_one_address_are_limited(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    login(client, "a", "b")
    login(client, "a", "b")

    page = login(client, "a", "b")

    assert page.status_code == 429
    assert "Terlalu banyak percobaan" in page.text


@pytest.mark.requirement("R13")
def test_nobody_signs_up(client):
    page = client.get("/akun/signup/")
    answer = client.post(
        "/akun/signup/", {"username": "baru", "password1": PASSWORD, "email": "a@contoh.example.id"}
    )

    assert "Anda tidak perlu mendaftar" in page.text
    assert "Anda tidak perlu mendaftar" in answer.text
    assert User.objects.count() == 0


# Forgotten and changed passwords


@pytest.mark.requirement("R13")
def test_a_forgotten_password_is_replaced_by_a_link_in_a_mail(client, officer):
    answer = client.post("/akun/password/reset/", {"email": officer.email}, follow=True)
    assert "Periksa surel Anda" in answer.text
    message = mail.outbox[0]
    assert (message.to, message.subject) == (
        [officer.email],
        "[LPSE Support] Membuat kata sandi baru",
    )
    assert "User ID: lkpp9" in message.body
    link = re.search(r"http://testserver(/\S+)", message.body)[1]

    page = client.get(link, follow=True)
    assert "Kata sandi baru" in page.text
    new = {"password1": "Jalan-Baru-88", "password2": "Jalan-Baru-88"}
    done = client.post(page.redirect_chain[-1][0], new, follow=True)

    assert "Kata sandi sudah diganti" in done.text
    assert login(client, "lkpp9", "Jalan-Baru-88").status_code == 302
    client.logout()
    assert "Tautan tidak berlaku" in client.get(link, follow=True).text


@pytest.mark.requirement("R13")
def test_people_from_spse_get_no_link_and_the_page_says_the_same(client, reporter):
    pages = [
        client.post("/akun/password/reset/", {"email": email}, follow=True)
        for email in (reporter.email, "nobody@contoh.example.id")
    ]

    assert pages[0].redirect_chain == pages[1].redirect_chain
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert message.subject == "[LPSE Support] Tidak ada kata sandi untuk alamat ini"
        assert "http" not in message.body


def test_a_wrong_address_is_an_error(client):
    page = client.post("/akun/password/reset/", {"email": "bukan alamat"})

    assert page.status_code == 200
    assert page.context["form"].errors["email"]
    assert 'class="errors"' in page.text


@pytest.mark.parametrize(
    "new",
    [
        ("lkpp9@contoh.example", "lkpp9@contoh.example"),
        ("password1234", "password1234"),
        ("pendek", "pendek"),
        ("Jalan-Baru-88", "lain"),
    ],
)
def test_a_weak_or_mistyped_new_password_is_refused(client, officer, new):
    client.force_login(officer)

    page = client.post(
        "/akun/password/change/",
        {"oldpassword": PASSWORD, "password1": new[0], "password2": new[1]},
    )

    assert page.status_code == 200
    assert page.context["form"].errors
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_a_password_is_changed_with_the_old_one(client, officer):
    client.force_login(officer)

    answer = client.post(
        "/akun/password/change/",
        {"oldpassword": PASSWORD, "password1": "Jalan-Baru-88", "password2": "Jalan-Baru-88"},
    )

    officer.refresh_from_db()
    assert answer.status_code == 302
    assert officer.check_password("Jalan-Baru-88")
    assert is_signed_in(client)


# The second factor


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("role", ["lkpp_l1", "lkpp_l2", ""])
def test_without_a_second_factor_staff_get_no_further_than_enrolling(client, required, role):
    client.force_login(make_user(role, is_staff=not role))

    for page in ("/", "/tiket/", "/admin/", "/masuk/lanjut/"):
        assert client.get(page).url == "/akun/2fa/totp/activate/"
    assert client.get("/akun/logout/").status_code == 200


@pytest.mark.requirement("R14")
def test_people_from_spse_need_no_second_factor_here(client, required):
    client.force_login(make_user("penyedia"))

    assert client.get("/").status_code == 200


@pytest.mark.requirement("R14")
def test_a_second_factor_is_enrolled_and_asked_for_at_the_next_sign_in(client, required, officer):
    login(client, "lkpp9")
    ask = client.get("/akun/2fa/totp/activate/", follow=True)
    assert "Pastikan ini Anda" in ask.text
    page = client.post(ask.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    assert "Aktifkan aplikasi autentikator" in page.text
    assert 'src="data:image/svg+xml;base64,' in page.text
    secret = page.context["form"].secret
    wrong = client.post("/akun/2fa/totp/activate/", {"code": "000000"})
    assert wrong.context["form"].errors["code"]

    codes = client.post("/akun/2fa/totp/activate/", {"code": code_for(secret)}, follow=True)

    assert "Kode pemulihan" in codes.text
    assert len(codes.context["unused_codes"]) == 10
    assert client.get("/").status_code == 200
    client.post("/akun/logout/")
    again = client.post(LOGIN, {"login": "lkpp9", "password": PASSWORD}, follow=True)
    assert "Kode autentikator" in again.text
    assert not is_signed_in(client)
    wrong = client.post("/akun/2fa/authenticate/", {"code": "000000"})
    assert wrong.context["form"].errors["code"]
    answer = client.post("/akun/2fa/authenticate/", {"code": codes.context["unused_codes"][0]})
    assert (answer.url, is_signed_in(client)) == ("/masuk/lanjut/", True)


@pytest.mark.requirement("R14")
def test_the_pages_of_the_second_factor_are_ours(client, officer):
    login(client, "lkpp9")
    assert "Belum aktif." in client.get("/akun/2fa/").text
    ask = client.get("/akun/2fa/totp/activate/", follow=True)
    page = client.post(ask.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    client.post("/akun/2fa/totp/activate/", {"code": code_for(page.context["form"].secret)})

    for path, text in {
        "/akun/2fa/": "Tersisa 10 kode.",
        "/akun/2fa/recovery-codes/": "Tersisa 10 dari 10 kode.",
        "/akun/2fa/recovery-codes/generate/": "Kode pemulihan yang lama tidak berlaku lagi.",
        "/akun/2fa/totp/deactivate/": "Nonaktifkan aplikasi autentikator?",
        "/akun/2fa/reauthenticate/": "Pastikan ini Anda",
        "/akun/reauthenticate/": "Cara lain",
        "/akun/password/change/": "Ganti kata sandi",
    }.items():
        page = client.get(path)
        assert (page.status_code, text in page.text) == (200, True), path
    client.post("/akun/2fa/recovery-codes/generate/")
    client.post("/akun/2fa/totp/deactivate/")
    assert Authenticator.objects.count() == 0


# Out, and back


@pytest.mark.requirement("R15")
def test_logout_asks_first_and_then_ends_the_session(client, officer):
    client.force_login(officer)

    page = client.get("/akun/logout/")

    assert "Keluar dari aplikasi?" in page.text
    assert "Oke" in page.text
    assert "Batal" in page.text
    assert is_signed_in(client)
    answer = client.post("/akun/logout/")
    assert answer.url == LOGIN
    assert not is_signed_in(client)
    assert client.get("/").url == f"{LOGIN}?next=/"


@pytest.mark.requirement("R15")
def test_pages_of_a_signed_in_person_stay_out_of_every_cache(client, officer):
    client.force_login(officer)

    assert "no-store" in client.get("/")["Cache-Control"]


@pytest.mark.requirement("R14")
def test_an_expired_session_leads_to_the_login_and_back_to_the_wanted_page(client):
    lpse = make_lpse(code=DEMO_LPSE_CODES[0], public_key=public_key_pem())
    client.force_login(make_user("penyedia", lpse, subject="penyedia1"))
    client.session.flush()  # the server forgets it, the browser's cookie stays

    turned_away = client.get("/tiket/daftar/?q=apendo")
    page = client.get(turned_away.url)
    token = make_token(find_account(lpse.code, "penyedia1"))
    answer = client.post("/masuk/spse/", {"token": token})
    back = client.get(answer.url)

    assert turned_away.url == f"{LOGIN}?next=/tiket/daftar/%3Fq%3Dapendo"
    assert turned_away.cookies[WANTED]["httponly"]
    assert "Sesi Anda telah berakhir. Silakan masuk kembali." in page.text
    assert back.url == "/tiket/daftar/?q=apendo"


@pytest.mark.requirement("R14")
def test_whoever_was_never_in_reads_nothing_of_an_expired_session(client):
    page = client.get(client.get("/tiket/").url)

    assert "Sesi Anda telah berakhir" not in page.text


# Administration


@pytest.fixture
def admin_client(client):
    client.force_login(make_user(is_staff=True, is_superuser=True, username="admin9"))
    return client


@pytest.mark.requirement("R13")
def test_administrators_enter_by_the_same_login(client):
    page = client.get("/admin/login/?next=/admin/")

    assert page.url == f"{LOGIN}?next=/admin/"


@pytest.mark.requirement("R13")
def test_the_administration_is_closed_to_everybody_else(client):
    client.force_login(make_user(Role.LPSE_L1))

    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.ignore_template_errors  # the admin's own templates
def test_administrators_enter_officers_of_lkpp_alone(admin_client):
    data = {
        "username": "lkpp77",
        "name": "Petugas Baru",
        "email": "baru@contoh.example.id",
        "role": "lpse_l1",
        "usable_password": "true",
        "password1": "Jalan-Baru-88",
        "password2": "Jalan-Baru-88",
    }

    page = admin_client.post("/admin/accounts/user/add/", data)
    assert "Masukkan pilihan yang valid." in page.text
    assert "akun mereka dibuat saat pertama kali masuk lewat SPSE" in page.text
    answer = admin_client.post("/admin/accounts/user/add/", data | {"role": "lkpp_l2"})

    user = User.objects.get(username="lkpp77")
    assert answer.status_code == 302
    assert (user.name, user.role, user.lpse) == ("Petugas Baru", "lkpp_l2", None)
    assert user.check_password("Jalan-Baru-88")


@pytest.mark.ignore_template_errors  # the admin's own templates
def test_the_lists_and_forms_of_the_administration_open(admin_client):
    user = make_user("penyedia")

    for address in (
        "/admin/accounts/user/?q=orang",
        f"/admin/accounts/user/{user.pk}/change/",
        "/admin/accounts/lpse/?q=contoh",
        f"/admin/accounts/lpse/{user.lpse.pk}/change/",
        "/admin/autocomplete/?app_label=accounts&model_name=user&field_name=lpse&term=contoh",
    ):
        assert admin_client.get(address).status_code == 200, address
    assert admin_client.get(f"/admin/accounts/user/{user.pk}/delete/").status_code == 403


@pytest.mark.ignore_template_errors  # the admin's own templates
def test_only_a_superuser_changes_a_superuser_or_gives_powers(client):
    chief = make_user(is_staff=True, is_superuser=True)
    other = make_user("lkpp_l1")
    clerk = make_user(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    client.force_login(clerk)
    data = {"username": other.username, "name": "Nama Baru", "email": "", "role": "lkpp_l1"}
    powers = {"is_active": "on", "is_staff": "on", "is_superuser": "on"}

    assert (
        client.post(reverse("admin:accounts_user_change", args=[chief.pk]), data).status_code == 403
    )
    password = reverse("admin:auth_user_password_change", args=[chief.pk])
    assert client.get(password).status_code == 403
    client.post(reverse("admin:accounts_user_change", args=[other.pk]), data | powers)

    other.refresh_from_db()
    assert (other.name, other.is_staff, other.is_superuser) == ("Nama Baru", False, False)


def test_a_public_key_is_kept_in_one_spelling():
    typed = public_key_pem().replace("\n", "\r\n").strip()

    form = KeyForm({"public_key": typed})

    form.is_valid()
    assert form.cleaned_data["public_key"] == public_key_pem()


@pytest.mark.parametrize(
    "typed",
    [
        "bukan kunci",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0D\n-----END PUBLIC KEY-----",
    ],
)
def test_what_is_no_ed25519_key_is_refused(typed):
    form = KeyForm({"public_key": typed})

    assert form.errors["public_key"] == ["Isi dengan kunci publik Ed25519 dalam bentuk PEM."]


@pytest.mark.requirement("R14")
def test_a_second_factor_still_opens_when_its_old_key_is_gone(client, settings):
    user = make_user(Role.LKPP_L1)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()

    settings.FIELD_KEYS = [new, old]
    call_command("rotate_field_keys", stdout=io.StringIO())
    settings.FIELD_KEYS = [new]

    totp_row, codes_row = Authenticator.objects.order_by("type").reverse()
    assert totp.TOTP(totp_row).validate_code(code_for(secret))
    assert RecoveryCodes(codes_row).get_unused_codes() == codes


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("signed_in_first", [True, False])
def test_the_administration_has_no_door_of_its_own(client, signed_in_first):
    """Django's own login knows neither limits nor a second factor nor the security log."""
    chief = make_user("", is_staff=True, is_superuser=True)
    keeper = make_user("", is_staff=True)
    if signed_in_first:
        client.force_login(keeper)

    answer = client.post("/admin/login/", {"username": chief.username, "password": PASSWORD})

    assert answer.status_code == 302
    assert answer.url in {"/admin/", "/akun/login/?next=/admin/login/"}
    assert client.session.get("_auth_user_id") != str(chief.pk)


def test_signing_out_of_the_administration_is_signing_out_of_the_portal(client):
    client.force_login(make_user("", is_staff=True))

    answers = [client.post(f"/admin/{page}/").url for page in ("logout", "password_change")]

    assert answers == ["/akun/logout/", "/akun/password/change/"]


@pytest.mark.requirement("R14")
def test_a_session_that_has_shown_no_code_is_asked_although_its_person_has_a_factor(
    client, settings
):
    settings.SECOND_FACTOR_REQUIRED = True
    user = make_user("", is_staff=True, is_superuser=True)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    client.force_login(user)

    assert client.get("/admin/").status_code == 302
    assert client.get("/tiket/daftar/").url.startswith("/akun/2fa/")


@pytest.mark.requirement("R14")
@pytest.mark.parametrize("path", ["/tiket/proses/", "/admin/", "/"])
def test_a_script_name_of_the_client_opens_nothing(client, required, path):
    """A server may take SCRIPT_NAME from a header; Django puts it before the path."""
    client.force_login(make_user(Role.LKPP_L1, is_staff=True))

    answer = client.get(path, SCRIPT_NAME="/akun")

    assert answer.status_code == 302
    assert answer.url.endswith("/akun/2fa/totp/activate/")


def test_gunicorn_takes_no_header_for_a_part_of_the_address():
    told = runpy.run_path(str(Path(settings.BASE_DIR) / "deploy" / "gunicorn.py"))

    assert told["forwarder_headers"] == ""


def test_a_mail_server_that_is_away_is_told_and_nothing_of_the_key_is_logged(
    client, monkeypatch, caplog
):
    person = make_user(Role.LKPP_L1)
    server = "django.core.mail.backends.locmem.EmailBackend.send_messages"
    monkeypatch.setattr(server, Mock(side_effect=ConnectionRefusedError(111, "smtp.dalam")))

    answer = client.post("/akun/password/reset/", {"email": person.email})

    assert answer.status_code == 503
    assert "Server surel sedang tidak dapat dihubungi." in answer.text
    assert person.email not in caplog.text
    assert "smtp.dalam" not in caplog.text
