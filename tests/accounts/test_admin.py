"""Administrators switch people and LPSE on and off."""

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse

from accounts.models import Lpse
from accounts.roles import Role
from tests.factories import make_lpse, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def admin(client):
    client.force_login(make_user("", is_staff=True, is_superuser=True))
    return client


def test_an_account_from_spse_can_be_deactivated(admin):
    user = make_user(Role.LPSE_L1)
    user.username, user.subject = f"{user.lpse.code}:helpdesk", "helpdesk"
    user.save()
    form = {"name": user.name, "email": user.email, "role": user.role, "lpse": user.lpse.pk}

    answer = admin.post(reverse("admin:accounts_user_change", args=[user.pk]), form)

    user.refresh_from_db()
    assert (answer.status_code, user.is_active) == (302, False)


def test_an_account_from_spse_gets_no_password(admin):
    user = make_user(Role.LPSE_L1)

    answer = admin.get(reverse("admin:auth_user_password_change", args=[user.pk]))

    assert answer.status_code == 403


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


def test_switching_an_lpse_off_ends_the_sessions_of_its_people(client):
    user = make_user(Role.PENYEDIA)
    client.force_login(user)
    Lpse.objects.update(is_active=False)

    assert client.get("/").status_code == 302


def test_the_list_of_tickets_answers_no_question_about_what_it_does_not_show(admin):
    url = reverse("admin:tickets_ticket_changelist")

    assert admin.get(url, {"identity_number__startswith": "0"}).status_code == 400
    assert admin.get(url, {"title__startswith": "U"}).status_code == 400
    assert admin.get(url, {"status__exact": "new"}).status_code == 200
