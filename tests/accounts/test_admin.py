"""Administrators and people: who may change whom, and what is remembered of it."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from accounts.models import Lpse, User
from accounts.roles import Role
from accounts.security_log import SecurityEntry
from tests.factories import PASSWORD, make_lpse, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
LIST = "/admin/accounts/user/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def chief():
    return make_user("", is_staff=True, is_superuser=True, name="Kepala")


@pytest.fixture
def admin(chief):
    return signed_in(chief)


@pytest.fixture
def clerk():
    """An administrator without superuser powers."""
    user = make_user("", is_staff=True)
    user.groups.add(Group.objects.get(name="Administrator"))
    return user


def page_of(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def form_of(user, **changes):
    """What the browser sends of an account's page, with `changes`; None leaves a field out."""
    fields = {"name": user.name, "email": user.email, "role": user.role}
    fields |= {"lpse": user.lpse_id} if user.lpse else {"username": user.username}
    fields |= {name: "on" for name in ("is_active", "is_staff", "is_superuser")
               if getattr(user, name)}  # fmt: skip
    return {name: value for name, value in (fields | changes).items() if value is not None}


def history(user):
    return [entry.get_change_message() for entry in LogEntry.objects.filter(object_id=user.pk)]


def test_an_account_from_spse_can_be_deactivated(admin):
    user = make_user(Role.LPSE_L1)

    answer = admin.post(page_of(user), form_of(user, is_active=None))

    user.refresh_from_db()
    assert (answer.status_code, user.is_active) == (302, False)


def test_an_account_from_spse_gets_no_password_and_no_powers(admin):
    user = make_user(Role.LPSE_L1)

    answer = admin.get(reverse("admin:auth_user_password_change", args=[user.pk]))
    admin.post(page_of(user), form_of(user, is_staff="on", is_superuser="on", username="lain"))

    user.refresh_from_db()
    assert answer.status_code == 403
    assert (user.is_staff, user.is_superuser, user.username == "lain") == (False, False, False)


def test_a_forgotten_password_is_set_anew(admin):
    user = make_user(Role.LKPP_L1)
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    new = "Jalan-Baru-88"

    empty = admin.post(url, {"password1": "", "password2": "", "usable_password": "false"})
    user.refresh_from_db()
    assert (empty.status_code, user.check_password(PASSWORD)) == (200, True)

    admin.post(url, {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)


# What is remembered


@pytest.mark.requirement("R134")
def test_a_changed_role_lpse_or_active_flag_is_told_before_and_after(admin, caplog):
    user, new = make_user(Role.PPK), make_lpse(name="LPSE Kota Baru")
    old = user.lpse
    changes = {"role": Role.POKJA, "lpse": new.pk, "is_active": None, "name": "Rahasia Sekali"}

    admin.post(page_of(user), form_of(user, **changes))

    assert history(user) == [
        f"Peran: PPK → Pokja Pemilihan. LPSE: {old} → LPSE Kota Baru. Aktif: ya → tidak. "
        "Diubah juga: Nama."
    ]
    page = admin.get(reverse("admin:accounts_user_history", args=[user.pk])).text
    assert "Peran: PPK → Pokja Pemilihan." in page
    told = [(entry.kind, entry.facts) for entry in SecurityEntry.objects.all()]
    assert sorted(told, key=lambda entry: entry[1]["field"]) == [
        ("account", changed_of(user, "is_active", True, False)),
        ("account", changed_of(user, "lpse", old.pk, new.pk)),
        ("role", changed_of(user, "role", "ppk", "pokja")),
    ]
    assert {word for word in ("Rahasia", user.email, user.username) if word in caplog.text} == set()


def changed_of(user, field, before, after):
    return {"account": user.pk, "field": field, "before": before, "after": after}


@pytest.mark.requirement("R134")
def test_powers_that_a_superuser_gives_are_told_too(admin):
    user = make_user(Role.LKPP_L1)
    group = Group.objects.get(name="Pengelola FAQ")

    admin.post(page_of(user), form_of(user, is_staff="on", groups=[group.pk]))

    assert history(user) == [
        "Boleh membuka Administrasi: tidak → ya. Grup: tidak ada → Pengelola FAQ."
    ]
    told = {entry.facts["field"]: entry for entry in SecurityEntry.objects.all()}
    assert told["groups"].kind == "role"
    assert told["groups"].facts == changed_of(user, "groups", [], [group.pk])


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("changes", [{"role": Role.LPSE_L2}, {"lpse": None}])
def test_a_new_role_or_lpse_ends_the_sessions_that_are_open(admin, changes):
    """Else somebody let in by one LPSE would read on as an officer of another."""
    user = make_user(Role.LPSE_L1)
    theirs = signed_in(user)
    assert theirs.get("/tiket/baru/").status_code == 200

    moved = {name: value or make_lpse().pk for name, value in changes.items()}
    admin.post(page_of(user), form_of(user, **moved))

    assert theirs.get("/tiket/baru/").status_code == 302
    assert "_auth_user_id" not in theirs.session


@pytest.mark.requirement("R134")
def test_a_number_does_not_outlive_the_role_it_belongs_to(admin):
    user = make_user(Role.PENYEDIA, identity_number="0123456789012345")

    page = admin.get(page_of(user)).text
    admin.post(page_of(user), form_of(user, role=Role.PPK))

    user.refresh_from_db()
    assert "0123456789012345" not in page
    assert "*************345" in page
    assert user.identity_number == ""


# Which role and LPSE an account may have


@pytest.mark.requirement("R134")
@pytest.mark.parametrize(
    ("role", "wanted"),
    [(Role.PPK, Role.LKPP_L2), (Role.PPK, ""), (Role.LKPP_L1, Role.LPSE_L2), ("", Role.PENYEDIA)],
)
def test_a_role_that_would_lock_the_person_out_is_not_offered(admin, role, wanted):
    user = make_user(role)

    answer = admin.post(page_of(user), form_of(user, role=wanted, lpse=make_lpse().pk))

    user.refresh_from_db()
    assert (answer.status_code, user.role) == (200, role)


@pytest.mark.requirement("R134")
def test_the_page_says_that_spse_may_change_the_role_again(admin):
    page = admin.get(page_of(make_user(Role.PPK))).text

    assert "Mengikuti SPSE: setiap kali orang ini masuk" in page


def test_two_accounts_of_one_lpse_never_share_a_subject(admin):
    here = make_user(Role.PPK, subject="sama")
    there = make_user(Role.PPK, subject="sama")

    answer = admin.post(page_of(here), form_of(here, lpse=there.lpse.pk))

    here.refresh_from_db()
    assert "LPSE ini sudah memiliki akun dengan subjek yang sama." in answer.text
    assert here.lpse != there.lpse


# Powers


@pytest.mark.requirement("R134")
def test_nobody_raises_their_own_powers(clerk):
    client, group = signed_in(clerk), Group.objects.create(name="Semua")
    wanted = {"is_superuser": "on", "groups": [group.pk], "role": Role.LKPP_L2}

    answer = client.post(page_of(clerk), form_of(clerk, name="Nama Baru", is_active=None, **wanted))

    clerk.refresh_from_db()
    assert (answer.status_code, clerk.name) == (302, "Nama Baru")
    assert (clerk.is_superuser, clerk.role, clerk.is_active) == (False, "", True)
    assert [str(group) for group in clerk.groups.all()] == ["Administrator"]


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("is_active", [True, False])
def test_nobody_takes_over_an_account_that_may_do_more(clerk, is_active):
    stronger = make_user("", is_staff=True, is_active=is_active, email="kuat@contoh.example.id")
    stronger.user_permissions.add(Permission.objects.get(codename="change_group"))
    superuser = make_user("", is_staff=True, is_superuser=True, is_active=is_active)
    client = signed_in(clerk)

    for user in (stronger, superuser):
        password = reverse("admin:auth_user_password_change", args=[user.pk])
        form = form_of(user, email="jahat@contoh.example.id")
        assert client.post(page_of(user), form).status_code == 403
        assert client.get(password).status_code == 403
        page = client.get(page_of(user)).text
        assert "pbkdf2" not in page
        assert "password/" not in page


@pytest.mark.requirement("R134")
def test_an_administrator_keeps_colleagues_of_equal_powers_in_order(clerk):
    equal = make_user("", is_staff=True)
    equal.groups.add(Group.objects.get(name="Pengelola FAQ"))

    signed_in(clerk).post(page_of(equal), form_of(equal, is_active=None))

    equal.refresh_from_db()
    assert (equal.is_active, equal.is_staff, equal.groups.count()) == (False, True, 1)


@pytest.mark.requirement("R134")
def test_nobody_switches_themselves_off(admin, chief):
    admin.post(page_of(chief), form_of(chief, is_active=None))

    chief.refresh_from_db()
    assert chief.is_active


# Many at once


def switch(client, action, *users):
    data = {"action": action, "_selected_action": [user.pk for user in users]}
    page = client.post(LIST, data, follow=True)
    return [str(message) for message in page.context["messages"]]


@pytest.mark.requirement("R134")
def test_many_accounts_are_switched_off_and_on_but_neither_oneself_nor_the_stronger(clerk, chief):
    people = [make_user(Role.PENYEDIA), make_user(Role.LKPP_L1)]
    gone = make_user(Role.PPK, is_active=False)
    client = signed_in(clerk)

    off = switch(client, "deactivate", *people, gone, clerk, chief)

    why = "sudah demikian, akun Anda sendiri, atau akun dengan hak melebihi hak Anda"
    assert off == ["2 akun dinonaktifkan.", f"3 akun dilewati ({why})."]
    assert set(User.objects.filter(is_active=False)) == {*people, gone}
    assert [history(user) for user in people] == [["Aktif: ya → tidak."]] * 2
    assert history(gone) == history(chief) == []

    on = switch(client, "activate", *people)
    assert on == ["2 akun diaktifkan."]
    assert User.objects.filter(is_active=False).count() == 1


@pytest.mark.requirement("R134")
def test_switching_many_off_costs_the_same_as_switching_few(clerk, django_assert_max_num_queries):
    people = [make_user(Role.PENYEDIA) for _ in range(20)]
    data = {"action": "deactivate", "_selected_action": [user.pk for user in people]}
    client = signed_in(clerk)

    with django_assert_max_num_queries(16):
        client.post(LIST, data)

    assert User.objects.filter(is_active=False).count() == 20


@pytest.mark.requirement("R134")
def test_accounts_are_never_deleted(admin):
    user = make_user(Role.PENYEDIA)

    answer = admin.post(reverse("admin:accounts_user_delete", args=[user.pk]), {"post": "yes"})
    switch(admin, "delete_selected", user)

    assert answer.status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.requirement("R134")
def test_people_are_found_by_role_and_province(admin):
    here = make_user(Role.PPK, make_lpse(province="Maluku"))
    make_user(Role.PPK, make_lpse(province="Bali"))
    make_user(Role.PP, here.lpse)

    page = admin.get(LIST, {"role__exact": "ppk", "lpse__province": "Maluku"})

    assert list(page.context["cl"].queryset) == [here]


# LPSE


def test_an_lpse_can_be_corrected_and_switched_off(admin):
    lpse = make_lpse()
    form = model_to_dict(lpse) | {"name": "LPSE Kota Baru"}
    del form["is_active"], form["id"]

    admin.post(reverse("admin:accounts_lpse_change", args=[lpse.pk]), form)

    lpse.refresh_from_db()
    assert (lpse.name, lpse.is_active) == ("LPSE Kota Baru", False)


def test_an_empty_lpse_is_refused(admin):
    answer = admin.post(reverse("admin:accounts_lpse_add"), {})

    assert answer.status_code == 200
    assert not Lpse.objects.exists()


def test_an_lpse_is_never_deleted(admin):
    lpse = make_lpse()

    answer = admin.post(reverse("admin:accounts_lpse_delete", args=[lpse.pk]), {"post": "yes"})

    assert answer.status_code == 403


def test_switching_an_lpse_off_ends_the_sessions_of_its_people(client):
    user = make_user(Role.PENYEDIA)
    client.force_login(user)
    Lpse.objects.update(is_active=False)

    assert client.get("/").status_code == 302


@pytest.mark.requirement("R114", "R134")
def test_only_a_superuser_makes_officers_of_lkpp_or_gets_at_their_accounts(clerk, chief):
    officer = make_user(Role.LKPP_L1)
    client, add = signed_in(clerk), "/admin/accounts/user/add/"
    new = {
        "username": "baru", "name": "Baru", "email": "baru@contoh.example.id",
        "role": "lkpp_l1", "password1": "Latihan-Panjang-1", "password2": "Latihan-Panjang-1",
    }  # fmt: skip

    answers = [
        client.post(add, new).status_code,
        client.post(page_of(officer), form_of(officer, email="lain@contoh.example.id")).status_code,
        client.post(f"{LIST}{officer.pk}/password/", new).status_code,
    ]

    assert answers == [200, 302, 403]
    assert not User.objects.filter(username="baru").exists()
    before, _ = officer.email, officer.refresh_from_db()
    assert (officer.email, officer.role) == (before, Role.LKPP_L1)
    assert officer.check_password(PASSWORD)
    assert signed_in(chief).post(add, new).status_code == 302
    assert User.objects.get(username="baru").role == Role.LKPP_L1


@pytest.mark.requirement("R134")
def test_every_administrator_may_switch_an_officer_of_lkpp_off(clerk):
    officer = make_user(Role.LKPP_L1)

    switch(signed_in(clerk), "deactivate", officer)

    officer.refresh_from_db()
    assert not officer.is_active


@pytest.mark.requirement("R13", "R134")
def test_only_a_superuser_sets_a_key_by_which_people_of_an_lpse_enter(clerk, chief):
    lpse = make_lpse(public_key="")
    url = reverse("admin:accounts_lpse_change", args=[lpse.pk])
    key = (
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
        "-----END PUBLIC KEY-----\n"
    )
    fields = model_to_dict(lpse) | {"public_key": key, "code": "kode-lain", "name": "Nama Baru"}
    data = {name: value for name, value in fields.items() if value is not None}

    assert signed_in(clerk).post(url, data).status_code == 302
    lpse.refresh_from_db()
    assert (lpse.name, lpse.public_key, lpse.code == "kode-lain") == ("Nama Baru", "", False)

    signed_in(chief).post(url, data)
    lpse.refresh_from_db()
    assert lpse.public_key == key
    told = SecurityEntry.objects.filter(kind="lpse", user=chief)
    assert {entry.facts["field"] for entry in told} == {"public_key", "code"}


@pytest.mark.requirement("R134")
def test_accounts_made_and_passwords_set_stand_in_the_security_log(admin, caplog):
    colleague = make_user("", is_staff=True)
    passwords = {"password1": "Latihan-Panjang-1", "password2": "Latihan-Panjang-1"}

    admin.post(
        f"{LIST}add/", passwords | {"username": "baru", "name": "Baru", "email": "", "role": ""}
    )
    admin.post(f"{LIST}{colleague.pk}/password/", passwords)

    told = SecurityEntry.objects.filter(kind="account").order_by("pk")
    assert [entry.facts["field"] for entry in told] == ["account", "password"]
    assert "Latihan" not in caplog.text


@pytest.mark.requirement("R134")
def test_the_ready_made_groups_cannot_be_deleted(admin):
    for name in ("Administrator", "Pengelola FAQ"):
        group = Group.objects.get(name=name)

        assert (
            admin.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403
        )
        assert Group.objects.filter(pk=group.pk).exists()


@pytest.mark.parametrize(
    "url",
    [
        "/admin/accounts/user/?role__exact=%00",
        "/admin/accounts/lpse/?zone__exact=%00",
        "/admin/tickets/ticket/?status__exact=%00",
        "/admin/faq/article/?audience__exact=%00",
    ],
)
def test_what_no_page_of_the_administration_asks_is_refused(admin, url):
    assert admin.get(url).status_code == 400


@pytest.mark.parametrize("chosen", ["abc", "", "\0", "9" * 40])
def test_a_choice_that_no_list_offers_is_refused(admin, chosen):
    answer = admin.post(LIST, {"action": "deactivate", "_selected_action": chosen})

    assert answer.status_code == 400


@pytest.mark.requirement("R132")
def test_the_address_of_a_row_is_not_told_by_its_key(admin):
    assert admin.get("/admin/r/1/1/").status_code == 404


def test_nobody_gives_the_system_account_any_power(admin):
    system = User.objects.system()

    page = admin.get(f"/admin/accounts/user/{system.pk}/change/")
    admin.post("/admin/accounts/user/", {"action": "activate", "_selected_action": [system.pk]})

    assert 'name="_save"' not in page.text
    assert not User.objects.get(pk=system.pk).is_active
    with pytest.raises(IntegrityError, match="user_system_is_powerless"), transaction.atomic():
        User.objects.filter(pk=system.pk).update(is_active=True)
