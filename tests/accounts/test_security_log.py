"""The security log: one line each, for administrators, without a secret or a number (R14, R134)."""

import io
import json
import logging
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import security_log
from accounts.roles import Role
from accounts.security_log import Kind, SecurityEntry
from tests.cast import Cast, ticket_at
from tests.factories import PASSWORD, make_lpse, make_user
from tests.tickets.test_files import draft

pytestmark = pytest.mark.django_db


def entries(*kinds):
    found = SecurityEntry.objects.order_by("pk")
    return list(found.filter(kind__in=kinds) if kinds else found)


def signed_in(user, *, confirmed=False):
    client = Client()
    client.force_login(user)
    if confirmed:
        client.post("/akun/reauthenticate/", {"password": PASSWORD})
    return client


def login(client, name, password=PASSWORD):
    return client.post("/akun/login/", {"login": name, "password": password})


# What is in it


@pytest.mark.requirement("R14")
def test_sign_in_and_out_are_entered_with_who_and_from_where(client):
    user = make_user(Role.LKPP_L1)

    client.post(
        "/akun/login/", {"login": user.username, "password": PASSWORD}, REMOTE_ADDR="192.0.2.9"
    )
    client.post("/akun/logout/")

    told = [(entry.kind, entry.user, entry.facts) for entry in entries()]
    assert told == [
        ("sign_in", user, {"role": "lkpp_l1", "ways": ["password"]}),
        ("sign_out", user, {}),
    ]
    assert entries("sign_in")[0].ip == "192.0.2.9"


@pytest.mark.requirement("R14")
def test_a_failed_sign_in_names_the_account_and_nothing_that_was_typed(client):
    user = make_user(Role.LKPP_L1)

    login(client, user.username, "Salah-sekali-1")
    login(client, "0123456789012345", "Salah-sekali-2")

    assert [(entry.user, entry.facts) for entry in entries("sign_in_failed")] == [
        (None, {"account": user.pk}),
        (None, {}),
    ]
    stored = str(list(SecurityEntry.objects.values()))
    assert "Salah" not in stored
    assert "0123456789012345" not in stored


def test_a_wrong_password_at_the_question_in_between_is_entered():
    user = make_user(Role.LKPP_L1)

    signed_in(user).post("/akun/reauthenticate/", {"password": "Salah-sekali-1"})

    assert [(e.user, e.facts) for e in entries()] == [(user, {"account": user.pk})]
    assert entries()[0].kind == "sign_in_failed"


@pytest.mark.requirement("R132")
def test_a_ticket_that_somebody_may_not_see_is_entered_as_refused(cast):
    ticket = ticket_at(cast, "in_progress", 1)
    stranger = make_user(Role.LPSE_L1)
    path = ticket.get_absolute_url()

    signed_in(stranger).get(path)
    signed_in(stranger).post(f"{path}review/")

    assert [(entry.user, entry.facts) for entry in entries()] == [
        (stranger, {"page": "tickets:detail", "method": "GET", "ticket": ticket.number}),
        (stranger, {"page": "tickets:act", "method": "POST", "ticket": ticket.number}),
    ]


@pytest.mark.requirement("R128")
def test_what_somebody_types_into_the_look_up_is_not_entered(cast):
    answers = [
        signed_in(cast.helpdesk).get(f"/lacak-tiket/{typed}/").status_code
        for typed in ("Rahasia-PT-Anu", "a%00b")
    ]

    assert (answers, entries()) == ([404, 404], [])


def test_a_page_that_is_closed_to_somebody_is_entered(cast):
    signed_in(cast.penyedia).get("/akun/password/change/")

    assert [(e.kind, e.user) for e in entries()] == [("refused", cast.penyedia)]


def test_a_stranger_who_knocks_on_one_door_fills_no_log(client):
    for _ in range(20):
        client.post("/masuk/spse/", {"token": "x"})

    assert [entry.facts for entry in entries("refused")] == [
        {"page": "accounts:handoff", "method": "POST", "why": "not a token"}
    ]


@pytest.mark.requirement("R30")
def test_the_download_of_a_sealed_file_is_entered_once_it_was_given(cast):
    ticket = ticket_at(cast, "in_progress", 1, files=[draft(cast.penyedia, "b.rhs", b"\1\2\3" * 9)])
    file = ticket.events.get(action="send").attachments.get()
    url = f"{ticket.get_absolute_url()}berkas/{file.pk}/"

    signed_in(cast.helpdesk).get(url)
    signed_in(cast.helpdesk).post(url)

    assert [(e.user, e.facts) for e in entries("sealed_file")] == [
        (cast.helpdesk, {"ticket": ticket.number, "file": file.pk})
    ]


@pytest.mark.requirement("R114")
def test_the_reading_of_data_server_is_entered_without_its_reason(cast):
    ticket = ticket_at(cast, "in_progress", 3)
    client, url = signed_in(cast.lkpp1, confirmed=True), f"{ticket.get_absolute_url()}data-server/"
    form = client.get(url).context["form"]
    data = {"key": form["key"].value(), "seen": form["seen"].value(), "message": "Cek log epns."}

    client.post(url, data | {"konfirmasi": "ya"})

    assert [(e.user, e.facts) for e in entries("server_access")] == [
        (cast.lkpp1, {"ticket": ticket.number})
    ]


@pytest.mark.requirement("R73")
def test_exports_are_entered(cast):
    ticket_at(cast, "in_progress", 1)
    client = signed_in(cast.helpdesk)

    client.get("/tiket/daftar.csv?judul=rahasia")
    client.get("/dashboard/petugas.xlsx")
    client.get("/dashboard/lpse.xlsx")

    assert [entry.facts for entry in entries("export")] == [
        {"what": "daftar.csv"},
        {"what": "dashboard petugas.xlsx"},
    ]


@pytest.mark.requirement("R134")
def test_new_passwords_and_second_factors_are_entered():
    user, chief = make_user(Role.LKPP_L1), make_user("", is_staff=True, is_superuser=True)
    client = signed_in(user, confirmed=True)
    lost = Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})

    client.post(
        "/akun/password/change/",
        {"oldpassword": PASSWORD, "password1": "Baru-sekali-2027", "password2": "Baru-sekali-2027"},
    )
    signed_in(chief).post(
        reverse("admin:mfa_authenticator_delete", args=[lost.pk]), {"post": "yes"}
    )

    assert client.get("/tiket/daftar/").status_code == 302  # theirs ended with the factor
    told = [(e.kind, e.user, e.facts) for e in entries("account", "second_factor")]
    assert told == [
        ("account", user, {"account": user.pk, "field": "password"}),
        ("second_factor", chief, {"account": user.pk, "type": "totp", "field": "removed"}),
    ]


def test_a_password_by_mail_and_a_wrong_code_name_whose_they_are(client, mailoutbox):
    user = make_user(Role.LKPP_L1)
    client.post("/akun/password/reset/", {"email": user.email})
    link = re.search(r"/akun/password/reset/key/\S+", mailoutbox[0].body)[0]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "Baru-sekali-2027", "password2": "Baru-sekali-2027"})
    TOTP.activate(user, generate_totp_secret())
    login(client, user.username, "Baru-sekali-2027")
    client.post("/akun/2fa/authenticate/", {"code": "000000"})

    [reset] = entries("account")
    [wrong] = entries("sign_in_failed")
    assert reset.facts == {"account": user.pk, "field": "password by mail"}
    assert wrong.facts["account"] == user.pk


@pytest.mark.parametrize(
    "page", ["2fa/totp/activate", "2fa/totp/deactivate", "password/change", "password/set"]
)
def test_a_stranger_enters_nothing_about_passwords_and_factors(client, page):
    client.post(f"/akun/{page}/")

    assert entries() == []


@pytest.mark.requirement("R134")
def test_what_happened_to_an_account_or_a_ticket_is_found(cast):
    ticket = ticket_at(cast, "in_progress", 1)
    signed_in(make_user(Role.LPSE_L1)).get(ticket.get_absolute_url())
    login(Client(), cast.lkpp1.username, "Salah-sekali-1")
    chief = signed_in(make_user("", is_staff=True, is_superuser=True))
    url = reverse("admin:accounts_securityentry_changelist")

    def kinds(term):
        found = chief.get(url, {"q": term}).context["cl"].queryset
        return [entry.kind for entry in found]

    assert kinds(cast.lkpp1.username) == ["sign_in_failed"]
    assert kinds(str(ticket)) == ["refused"]
    assert kinds(cast.lkpp1.username[:-1]) == []


def test_a_limit_that_was_reached_is_entered_once(client):
    for _ in range(40):
        login(client, "siapa-saja")

    reached = entries("limited")
    assert [entry.facts for entry in reached] == [{"action": "login"}]


# How


def test_each_entry_is_one_line_of_json_on_the_logger():
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logger = logging.getLogger("helpdesk.security")
    logger.addHandler(handler)

    security_log.record(Kind.EXPORT, user=make_user(Role.LKPP_L1), what="a\nb\r.csv")

    logger.removeHandler(handler)
    [entry] = entries()
    [line] = heard.getvalue().splitlines()
    assert json.loads(line) == {
        "at": entry.at.isoformat(timespec="milliseconds"),
        "event": "export",
        "user": entry.user_id,
        "ip": None,
        "facts": {"what": "a\nb\r.csv"},
    }


@pytest.mark.parametrize(
    "number",
    [
        "0123456789012345",
        "01.234.567.8-901.000",
        "197803122005011003",
        "19780312 200501 1 003",
        "3273010203040005",
    ],
)
def test_a_number_of_a_person_never_stands_in_an_entry(number):
    security_log.record(Kind.EXPORT, what=f"npwp {number}", which=[number])

    [entry] = entries()
    assert number not in str(entry.facts)
    assert entry.facts == {"what": "npwp …", "which": ["…"]}


def test_nobody_changes_an_entry_or_removes_it_before_its_time():
    security_log.record(Kind.EXPORT, what="a.csv")
    chief = signed_in(make_user("", is_staff=True, is_superuser=True))
    row = entries("export")[0]

    for act in (
        lambda: SecurityEntry.objects.update(facts={}),
        lambda: SecurityEntry.objects.all().delete(),
        lambda: connection.cursor().execute("UPDATE accounts_securityentry SET user_id = NULL"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    delete = reverse("admin:accounts_securityentry_delete", args=[row.pk])
    assert chief.post(delete, {"post": "yes"}).status_code == 403
    assert entries("export") == [row]


@pytest.mark.parametrize(("kind", "years"), [("sign_in", 1), ("sign_out", 1), ("export", 5)])
def test_the_database_itself_keeps_sign_ins_one_year_and_the_rest_five(kind, years):
    today = timezone.now()
    border = today.replace(year=today.year - years)
    old = SecurityEntry.objects.create(kind=kind, at=border - timedelta(days=2))
    young = SecurityEntry.objects.create(kind=kind, at=border + timedelta(days=1))

    old.delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        young.delete()

    assert entries() == [young]


@pytest.mark.requirement("R134")
def test_administrators_read_the_log_and_find_an_account(cast):
    cast.penyedia.identity_number = "0123456789012345"
    ticket_at(cast, "in_progress", 1)
    signed_in(cast.helpdesk).get("/tiket/daftar.csv")
    signed_in(Cast(make_lpse()).helpdesk).get("/tiket/proses.csv")
    chief = signed_in(make_user("", is_staff=True, is_superuser=True))

    url = reverse("admin:accounts_securityentry_changelist")
    page = chief.get(url, {"q": cast.helpdesk.username}).text

    assert "berkas: daftar.csv" in page
    assert "berkas: proses.csv" not in page
    assert signed_in(cast.helpdesk).get(url).status_code in {302, 403}
