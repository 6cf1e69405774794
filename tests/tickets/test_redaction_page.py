"""'Hapus isi menurut hukum' in the administration (R130): seen by few, showing nothing."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.security_log import SecurityEntry
from tests.cast import classification, send_ticket
from tests.factories import PASSWORD, make_user
from tickets.models import Event, Ticket
from tickets.proof import faults

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R130")]

ORDER = {
    "ordered_by": "PN Bandung 12/Pdt/2026",
    "message": "Putusan berkekuatan hukum tetap.",
    "is_sure": "on",
}


@pytest.fixture
def chief():
    return make_user("", is_staff=True, is_superuser=True)


@pytest.fixture
def ticket(cast):
    ticket = send_ticket(cast.penyedia, title="Judul rahasia", message="Isi rahasia.")
    ticket.perform("take", by=cast.helpdesk, classification=classification())
    return ticket


def url_of(ticket):
    return reverse("admin:tickets_ticket_redact", args=[ticket.pk])


def signed_in(user, *, confirmed=True):
    """`confirmed`: the password was just entered again."""
    client = Client()
    client.force_login(user)
    if confirmed:
        client.post("/akun/reauthenticate/", {"password": PASSWORD})
    return client


def test_the_page_asks_for_the_password_once_more_and_goes_on(chief, ticket):
    client = signed_in(chief, confirmed=False)

    asked = client.get(url_of(ticket))
    answered = client.post(asked.url, {"password": PASSWORD})

    assert asked.url == f"/akun/reauthenticate/?next={url_of(ticket).replace('/', '%2F')}"
    assert (answered.status_code, answered.url) == (302, url_of(ticket))
    assert client.get(url_of(ticket)).status_code == 200


def test_the_pieces_are_described_and_not_shown(chief, ticket):
    page = signed_in(chief).get(url_of(ticket)).text

    assert "Judul, 13 karakter" in page
    assert "pesan, 12 karakter" in page
    assert "rahasia" not in page


def test_what_was_chosen_goes_and_who_ordered_it_stands_in_the_history(cast, chief, ticket):
    sent = ticket.events.get(action="send")

    answer = signed_in(chief).post(url_of(ticket), ORDER | {"pieces": [f"{sent.pk}:title"]})

    assert answer.status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).title == "[dihapus]"
    event = ticket.events.get(action="redact")
    [entry] = SecurityEntry.objects.filter(kind="redaction")
    assert (entry.user, entry.facts) == (chief, {"ticket": ticket.number, "parts": 1})
    assert event.detail == {
        "ordered_by": "PN Bandung 12/Pdt/2026",
        "removed": [[sent.pk, "title"]],
    }
    for reader in (cast.penyedia, cast.helpdesk):
        page = signed_in(reader, confirmed=False).get(ticket.get_absolute_url()).text
        assert "menghapus isi menurut hukum" in page
        assert "Diperintahkan oleh: PN Bandung 12/Pdt/2026" in page
        assert "Judul rahasia" not in page
        assert "Isi rahasia." in page
    assert list(faults()) == []


@pytest.mark.parametrize("missing", ["ordered_by", "message", "is_sure", "pieces"])
def test_nothing_goes_without_order_reason_choice_and_care(chief, ticket, missing):
    sent = ticket.events.get(action="send")
    order = ORDER | {"pieces": [f"{sent.pk}:title"]}
    del order[missing]

    page = signed_in(chief).post(url_of(ticket), order)

    assert page.status_code == 200
    assert "Perbaiki isian di bawah ini." in page.text
    assert Event.objects.filter(action="redact").count() == 0
    assert Ticket.objects.get(pk=ticket.pk).title == "Judul rahasia"


def test_a_piece_of_another_ticket_is_no_choice(cast, chief, ticket):
    theirs = send_ticket(cast.ppk).events.get(action="send")

    page = signed_in(chief).post(url_of(ticket), ORDER | {"pieces": [f"{theirs.pk}:title"]})

    assert "Sebagian isi sudah tidak ada." in page.text
    assert Event.objects.filter(action="redact").count() == 0


def test_the_same_form_twice_removes_once(chief, ticket):
    sent, client = ticket.events.get(action="send"), signed_in(chief)
    order = ORDER | {"pieces": [f"{sent.pk}:title"]}

    answers = [client.post(url_of(ticket), order).status_code for _ in range(2)]

    assert answers == [302, 200]
    assert Event.objects.filter(action="redact").count() == 1


def test_only_who_was_given_the_power_finds_the_page(cast, chief, ticket):
    clerk, holder = make_user("", is_staff=True), make_user("", is_staff=True)
    clerk.groups.add(Group.objects.get(name="Administrator"))
    power = Permission.objects.filter(codename__in=["redact_ticket", "view_ticket"])
    holder.user_permissions.add(*power)

    def answer(user):
        return signed_in(user).get(url_of(ticket)).status_code

    assert (answer(chief), answer(holder), answer(clerk)) == (200, 200, 403)
    for user in (cast.penyedia, cast.helpdesk, cast.lkpp2):
        assert signed_in(user, confirmed=False).get(url_of(ticket)).status_code in {302, 403}
    link = f'href="{url_of(ticket)}"'
    change = reverse("admin:tickets_ticket_change", args=[ticket.pk])
    assert link in signed_in(chief).get(change).text
    assert link not in signed_in(clerk).get(change).text
