"""When sessions end, and that an ended one is never back (R14, R15; ADR 19)."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.middleware import WANTED
from accounts.models import User
from accounts.sessions import SEEN_AT, SIGNED_IN_AT
from accounts.spse import DEMO_LPSE_CODES, find_account, make_token, public_key_pem
from tests.factories import PASSWORD, make_lpse, make_user

LOGIN = "/akun/login/"
COUNTERS = "/tiket/hitungan/"
OVER = "Sesi Anda telah berakhir. Silakan masuk kembali."
HOUR = 60 * 60


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def is_in(client):
    return client.get("/").status_code == 200


def ago(client, *, sign_in=0, seen=0):
    """As if so many seconds had passed since then."""
    session = client.session
    session[SIGNED_IN_AT] -= sign_in
    session[SEEN_AT] -= seen
    session.save()


def replayed(client):
    """The same cookie in another browser, as somebody would who stole it."""
    thief = Client()
    name = settings.SESSION_COOKIE_NAME
    thief.cookies[name] = client.cookies[name].value
    return thief


# At sign-in and logout


@pytest.mark.requirement("R14")
def test_the_key_of_a_session_changes_at_a_local_sign_in(client, db):
    make_user("lkpp_l1", username="lkpp9")
    before = client.session
    before["apa-saja"] = "1"
    before.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before.session_key

    client.post(LOGIN, {"login": "lkpp9", "password": PASSWORD})

    assert is_in(client)
    assert client.session.session_key != before.session_key
    assert not Session.objects.filter(session_key=before.session_key).exists()


@pytest.mark.requirement("R14")
def test_the_key_of_a_session_changes_at_a_hand_off(client, db):
    lpse = make_lpse(code=DEMO_LPSE_CODES[0], public_key=public_key_pem())
    before = client.session
    before["apa-saja"] = "1"
    before.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before.session_key

    client.post("/masuk/spse/", {"token": make_token(find_account(lpse.code, "penyedia1"))})

    assert is_in(client)
    assert not Session.objects.filter(session_key=before.session_key).exists()


@pytest.mark.requirement("R15")
def test_after_logout_the_old_cookie_opens_nothing(cast):
    client = signed_in(cast.penyedia)
    thief = replayed(client)

    client.post("/akun/logout/")

    assert not is_in(thief)
    assert not Session.objects.exists()


@pytest.mark.requirement("R15")
def test_all_devices_are_left_at_once_after_a_question(cast):
    here, there = signed_in(cast.penyedia), signed_in(cast.penyedia)
    other = signed_in(cast.helpdesk)

    question = here.get("/keluar/semua-perangkat/")
    still_in = is_in(there)
    answer = here.post("/keluar/semua-perangkat/", follow=True)

    assert "Keluar dari semua perangkat?" in question.text
    assert still_in
    assert "Anda sudah keluar dari semua perangkat." in answer.text
    assert (is_in(here), is_in(there), is_in(other)) == (False, False, True)


# Time


@pytest.mark.parametrize("who", ["helpdesk", "admin_sistem", "lkpp1", "lkpp2"])
@pytest.mark.requirement("R14")
def test_an_officer_who_rests_too_long_is_out_and_comes_back_to_the_wanted_page(cast, who):
    client = signed_in(getattr(cast, who))
    thief = replayed(client)
    ago(client, seen=HOUR + 1)

    away = client.get("/tiket/proses/")
    door = client.get(away.url)

    assert away.url == f"{LOGIN}?next=/tiket/proses/"
    assert WANTED in away.cookies
    assert OVER in door.text
    assert not is_in(thief)
    assert not Session.objects.exists()


def test_an_administrator_who_rests_too_long_is_out(db):
    client = signed_in(make_user(is_staff=True, is_superuser=True))
    ago(client, seen=HOUR + 1)

    assert client.get("/admin/").status_code == 302
    assert not is_in(client)


def test_a_reporter_may_rest(cast):
    client = signed_in(cast.penyedia)
    ago(client, sign_in=2 * HOUR, seen=2 * HOUR)

    assert is_in(client)


def test_how_long_an_officer_may_rest_is_a_setting(cast, settings):
    settings.OFFICER_IDLE_MINUTES = 10
    client = signed_in(cast.helpdesk)
    ago(client, seen=11 * 60)

    assert not is_in(client)


def test_an_officer_who_works_stays_in(cast):
    client = signed_in(cast.helpdesk)

    for _ in range(4):
        ago(client, sign_in=HOUR / 2, seen=HOUR / 2)
        assert is_in(client)


def test_the_counters_of_an_open_page_keep_nobody_in_and_then_tell(cast):
    client = signed_in(cast.helpdesk)
    ago(client, seen=HOUR - 5)

    before = client.get(COUNTERS)
    ago(client, seen=10)
    after = client.get(COUNTERS)

    assert (before.status_code, after.status_code, after.content) == (200, 401, b"")
    assert not is_in(client)


def test_being_seen_is_written_once_a_minute(cast):
    client = signed_in(cast.helpdesk)
    url = "/pelindungan-data-pribadi/"
    seen = client.session[SEEN_AT]

    client.get(url)
    at_once = client.session[SEEN_AT]
    ago(client, seen=61)
    client.get(url)

    assert at_once == seen
    assert client.session[SEEN_AT] >= seen


@pytest.mark.parametrize("who", ["penyedia", "helpdesk"])
@pytest.mark.requirement("R14")
def test_ten_hours_after_the_sign_in_everybody_is_out_whatever_they_did(cast, who):
    client = signed_in(getattr(cast, who))
    ago(client, sign_in=10 * HOUR - 30)
    session = client.session
    session["sesuatu"] = "disimpan"  # saving alone would have begun the ten hours again
    session.save()

    before = is_in(client)
    ago(client, sign_in=31)

    assert before
    assert not is_in(client)
    assert not Session.objects.exists()


def test_a_session_without_a_clock_is_none_of_ours(cast):
    client = signed_in(cast.penyedia)
    session = client.session
    del session[SIGNED_IN_AT]
    session.save()

    assert not is_in(client)


def test_a_stranger_with_a_session_stays_who_they_are(client, db):
    session = client.session
    session["faq-visitor"] = "x"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    assert client.get("/faq/").status_code == 200
    assert Session.objects.count() == 1


# Switched off


@pytest.fixture
def chief(db):
    return signed_in(make_user(is_staff=True, is_superuser=True))


def switch(chief, user, *, on):
    """On the page of the account."""
    url = reverse("admin:accounts_user_change", args=[user.pk])
    data = {"username": user.username, "name": user.name, "email": user.email, "role": user.role}
    data |= {"lpse": user.lpse_id or ""} | ({"is_active": "on"} if on else {})
    assert chief.post(url, data).status_code == 302
    user.refresh_from_db()
    assert user.is_active is on


def switch_in_list(chief, user, *, on):
    action = "activate" if on else "deactivate"
    data = {"action": action, "_selected_action": [user.pk]}
    chief.post(reverse("admin:accounts_user_changelist"), data)
    user.refresh_from_db()
    assert user.is_active is on


@pytest.mark.ignore_template_errors  # the admin's own templates
@pytest.mark.parametrize("switched", [switch, switch_in_list])
@pytest.mark.requirement("R14")
def test_sessions_of_a_deactivated_person_end_and_stay_ended_when_they_are_back(
    chief, cast, switched
):
    sessions = [signed_in(cast.helpdesk), signed_in(cast.helpdesk)]

    switched(chief, cast.helpdesk, on=False)
    meanwhile = [is_in(client) for client in sessions]
    switched(chief, cast.helpdesk, on=True)

    assert meanwhile == [False, False]
    assert [is_in(client) for client in sessions] == [False, False]
    assert is_in(signed_in(cast.helpdesk))


@pytest.mark.ignore_template_errors  # the admin's own templates
def test_a_session_that_nobody_used_meanwhile_is_not_revived(chief, cast):
    client = signed_in(cast.penyedia)

    switch_in_list(chief, cast.penyedia, on=False)
    switch_in_list(chief, cast.penyedia, on=True)

    assert not is_in(client)


@pytest.mark.ignore_template_errors  # the admin's own templates
def test_sessions_of_an_lpse_that_was_off_do_not_come_back_with_it(chief, cast):
    client = signed_in(cast.penyedia)
    lpse = cast.lpse
    url = reverse("admin:accounts_lpse_change", args=[lpse.pk])
    data = {name: getattr(lpse, name) for name in ("code", "name", "kind", "province", "zone")}

    chief.post(url, data)
    meanwhile = is_in(client)
    chief.post(url, data | {"is_active": "on"})

    lpse.refresh_from_db()
    assert (meanwhile, lpse.is_active, is_in(client)) == (False, True, False)


def test_an_lpse_that_is_off_lets_nobody_on_at_once(cast):
    client = signed_in(cast.penyedia)
    cast.lpse.is_active = False
    cast.lpse.save()

    assert not is_in(client)


@pytest.mark.ignore_template_errors  # the admin's own templates
def test_a_password_that_an_administrator_resets_ends_all_sessions(chief, cast):
    client = signed_in(cast.lkpp1)
    new = {"password1": "Jalan-Baru-88", "password2": "Jalan-Baru-88"}

    chief.post(reverse("admin:auth_user_password_change", args=[cast.lkpp1.pk]), new)

    assert not is_in(client)


def test_a_password_that_a_person_changes_ends_their_other_sessions(cast):
    here, there = signed_in(cast.lkpp1), signed_in(cast.lkpp1)
    new = {"oldpassword": PASSWORD, "password1": "Jalan-Baru-88", "password2": "Jalan-Baru-88"}

    here.post("/akun/password/change/", new)

    assert (is_in(here), is_in(there)) == (True, False)


def test_ending_the_sessions_of_some_leaves_those_of_others(cast):
    one, other = signed_in(cast.penyedia), signed_in(cast.ppk)

    User.objects.filter(pk=cast.penyedia.pk).end_sessions()

    assert (is_in(one), is_in(other)) == (False, True)


def test_a_session_survives_another_secret_key_while_the_old_one_is_a_fallback(cast, settings):
    client = signed_in(cast.penyedia)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "y" * 60

    assert is_in(client)


@pytest.mark.ignore_template_errors  # the admin's own templates
def test_sessions_end_with_the_key_by_which_their_people_entered(chief, cast):
    client = signed_in(cast.penyedia)
    lpse = cast.lpse
    lpse.public_key = public_key_pem()
    lpse.save()
    url = reverse("admin:accounts_lpse_change", args=[lpse.pk])
    data = {name: getattr(lpse, name) for name in ("code", "name", "kind", "province", "zone")}

    chief.post(url, data | {"is_active": "on", "public_key": ""})

    lpse.refresh_from_db()
    assert (lpse.public_key, is_in(client)) == ("", False)
