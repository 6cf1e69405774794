"""Many at the same moment, with real threads and connections: exactly one wins (R35, R80)."""

import uuid
from collections import Counter

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import Role
from tests.at_once import at_once
from tests.cast import SERVER, classification, confirm_who_it_is, send_ticket, ticket_at
from tests.factories import make_user
from tickets import outbox
from tickets.models import (
    Assignment,
    Attachment,
    Draft,
    Event,
    Notice,
    Rating,
    ServerAccess,
    Ticket,
)
from tickets.workflow import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def doing(ticket, action, by, **fields):
    """An act of one person who looks at the ticket as it stands now."""
    seen = ticket.last_event
    mine = Ticket.objects.with_people().get(pk=ticket.pk)
    return lambda: mine.perform(
        action, by=by, key=uuid.uuid4(), seen=seen, **{"message": "Pesan."} | fields
    )


def outcome(results):
    """(the one event, the exceptions of the others); anything else fails."""
    events = [result for result in results if isinstance(result, Event)]
    errors = [result for result in results if not isinstance(result, Event)]
    assert [error for error in errors if not isinstance(error, Refused)] == []
    assert len(events) == 1
    return events[0], errors


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


# Ambil Tiket


@pytest.mark.requirement("R80")
def test_of_fifty_officers_who_take_one_ticket_exactly_one_gets_it(cast):
    ticket = send_ticket(cast.penyedia)
    officers = [make_user(Role.LPSE_L1, cast.lpse, name=f"Petugas {n}") for n in range(50)]
    kind = classification()

    results = at_once(
        [doing(ticket, "take", by, message="", classification=kind) for by in officers]
    )

    event, errors = outcome(results)
    taken = Ticket.objects.get()
    assert (taken.status, taken.officer) == ("in_progress", event.actor)
    assert Counter(map(str, errors)) == {f"Tiket sudah diambil oleh {event.actor.name}.": 49}
    assert Event.objects.filter(action="take").count() == 1
    assert Assignment.objects.get().officer == event.actor


@pytest.mark.requirement("R80")
def test_on_the_page_the_losers_read_who_was_first(cast):
    ticket = send_ticket(cast.penyedia)
    officers = [make_user(Role.LPSE_L1, cast.lpse, name=f"Petugas {n}") for n in range(10)]
    kind = classification()
    fields = {
        "seen": ticket.last_event,
        "category": kind.category.pk,
        "type": kind.type,
        "priority": int(kind.priority),
        "version": kind.version.pk,
        "konfirmasi": "ya",
    }
    url = f"{ticket.get_absolute_url()}ambil/"

    def press(client):
        return lambda: client.post(url, fields | {"key": uuid.uuid4()})

    pages = at_once([press(signed_in(officer)) for officer in officers])

    sentence = f"Tiket sudah diambil oleh {Ticket.objects.get().officer.name}."
    assert Counter(page.status_code for page in pages) == {302: 1, 409: 9}
    assert [page.text.count(sentence) for page in pages if page.status_code == 409] == [1] * 9


# Kirim


@pytest.mark.requirement("R35")
def test_ten_submits_of_one_form_make_one_ticket_and_all_read_its_number(cast):
    fields = {
        "key": uuid.uuid4(),
        "seen": 0,
        "identity_number": "012345674441000",
        "no_package": "on",
        "title": "Tidak bisa login",
        "description": "Muncul pesan salah.",
        "konfirmasi": "ya",
    }
    clients = [signed_in(cast.penyedia) for _ in range(10)]

    def press(client):
        upload = SimpleUploadedFile("bukti.txt", b"isi bukti")
        return lambda: client.post("/tiket/buat/", fields | {"files": [upload]})

    pages = at_once([press(client) for client in clients])

    ticket, attachment = Ticket.objects.get(), Attachment.objects.get()
    assert [(page.status_code, page.url) for page in pages] == [(302, "/tiket/daftar/")] * 10
    told = [client.get("/tiket/daftar/").text for client in clients]
    sentence = f"Tiket berhasil dikirim. Nomor tiket Anda {ticket}."
    assert [text.count(sentence) for text in told] == [1] * 10
    assert Event.objects.count() == 1
    assert default_storage.open(attachment.path).read() == b"isi bukti"


@pytest.mark.requirement("R35")
def test_two_submits_of_one_review_make_one_event(cast):
    ticket = ticket_at(cast, "in_progress", 1)
    key = uuid.uuid4()

    def press():
        mine = Ticket.objects.get(pk=ticket.pk)
        return mine.perform(
            "resolve", by=cast.helpdesk, message="Sudah.", key=key, seen=ticket.last_event
        )

    results = at_once([press] * 10)

    assert {*results} == {Event.objects.get(action="resolve")}


# One ticket, two wishes


@pytest.mark.requirement("R90", "R116")
@pytest.mark.parametrize("second", ["resolve", "ask", "escalate"])
def test_of_two_reviews_at_once_one_counts(cast, second):
    ticket = ticket_at(cast, "in_progress", 2)
    fields = {
        "resolve": {},
        "ask": {"feedback_from": 1},
        "escalate": {"server_access": SERVER},
    }
    before = Event.objects.count()

    results = at_once(
        [
            doing(ticket, action, cast.admin_sistem, **fields[action])
            for action in ("resolve", second) * 4
        ]
    )

    event, _ = outcome(results)
    after = Ticket.objects.get()
    assert Event.objects.count() == before + 1
    assert (after.status, after.last_event) == (event.to_status, event.pk)
    assert ServerAccess.objects.count() == (1 if event.action == "escalate" else 0)


@pytest.mark.requirement("R94", "R119")
def test_of_two_colleagues_who_answer_at_once_one_is_heard(cast):
    ticket = ticket_at(cast, "awaiting_feedback", 2, 1)
    cast.helpdesk.is_active = False
    cast.helpdesk.save()
    colleagues = [make_user(Role.LPSE_L1, cast.lpse) for _ in range(2)]

    results = at_once([doing(ticket, "answer", by) for by in colleagues])

    event, _ = outcome(results)
    after = Ticket.objects.get()
    assert (after.status, after.officer, after.feedback_from) == (
        "in_progress",
        cast.admin_sistem,
        None,
    )
    assert Event.objects.get(action="answer") == event


@pytest.mark.requirement("R53", "R54", "R55")
def test_of_accept_and_reject_at_once_one_counts(cast):
    ticket = ticket_at(cast, "awaiting_review", 3)

    results = at_once([doing(ticket, action, cast.penyedia) for action in ("accept", "reject") * 3])

    event, _ = outcome(results)
    after = Ticket.objects.get()
    assert Event.objects.filter(action__in=["accept", "reject"]).count() == 1
    assert after.status == {"accept": "closed", "reject": "in_progress"}[event.action]
    assert (after.closed_at is None) == (event.action == "reject")
    assert ServerAccess.objects.exists() is (event.action == "reject")


@pytest.mark.requirement("R58")
def test_of_five_ratings_at_once_one_is_kept(cast):
    ticket = ticket_at(cast, "closed", 1)

    results = at_once([doing(ticket, "rate", cast.penyedia, stars=5) for _ in range(5)])

    outcome(results)
    assert Rating.objects.count() == 1
    assert Event.objects.filter(action="rate").count() == 1


@pytest.mark.requirement("R114")
def test_a_reading_never_outlives_the_closing_that_wipes_data_server(cast):
    ticket = ticket_at(cast, "awaiting_review", 3)

    results = at_once(
        [
            doing(ticket, "accept", cast.penyedia),
            *[doing(ticket, "read_server_access", cast.lkpp1) for _ in range(4)],
        ]
    )

    accepted = Event.objects.get(action="accept")
    readings = Event.objects.filter(action="read_server_access")
    assert [event.pk for event in readings if event.pk > accepted.pk] == []
    refused = [result for result in results if isinstance(result, Refused)]
    assert len(refused) + readings.count() == 4
    assert not ServerAccess.objects.exists()


@pytest.mark.requirement("R114")
def test_data_server_is_shown_or_refused_while_the_ticket_closes(cast):
    ticket = ticket_at(cast, "awaiting_review", 3)
    url = f"{ticket.get_absolute_url()}data-server/"
    fields = {"seen": ticket.last_event, "message": "Memeriksa.", "konfirmasi": "ya"}
    clients = [confirm_who_it_is(signed_in(cast.lkpp1)) for _ in range(5)]

    def press(client):
        return lambda: client.post(url, fields | {"key": uuid.uuid4()})

    pages = at_once([doing(ticket, "accept", cast.penyedia), *map(press, clients)])[1:]

    shown = [page for page in pages if page.status_code == 200]
    assert [page.status_code for page in pages if page.status_code not in {200, 404, 409}] == []
    assert [page.text.count(SERVER["Password Server"]) for page in shown] == [1] * len(shown)
    assert Event.objects.filter(action="read_server_access").count() == len(shown)


@pytest.mark.requirement("R30")
def test_a_sealed_file_is_sent_or_not_there_while_the_ticket_moves_on(cast):
    upload = SimpleUploadedFile("penawaran.rhs", bytes(range(256)))
    file = Draft.objects.receive(upload, key=uuid.uuid4(), owner=cast.penyedia)
    ticket = send_ticket(cast.penyedia, files=[file])
    ticket.perform("take", by=cast.helpdesk, classification=classification())
    ticket.refresh_from_db()
    url = f"{ticket.get_absolute_url()}berkas/{Attachment.objects.get().pk}/"
    clients = [signed_in(cast.helpdesk) for _ in range(5)]

    def press(client):
        return lambda: client.post(url)

    answers = at_once([doing(ticket, "escalate", cast.helpdesk), *map(press, clients)])[1:]

    sent = [answer for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 404}
    assert Event.objects.filter(action="download_sealed_file").count() == len(sent)


@pytest.mark.requirement("R29")
def test_of_many_files_at_once_five_are_kept(cast):
    key, owner = uuid.uuid4(), cast.penyedia

    def receive(number):
        upload = SimpleUploadedFile(f"{number}.txt", b"isi %d" % number)
        return lambda: Draft.objects.receive(upload, key=key, owner=owner)

    answers = at_once([receive(number) for number in range(8)])

    assert sum(isinstance(answer, Draft) for answer in answers) == 5
    assert Draft.objects.of_form(key, owner).count() == 5


@pytest.mark.requirement("R129")
def test_of_four_workers_at_once_one_sends_each_mail(cast):
    _ = cast.helpdesk
    for _ in range(6):
        send_ticket(cast.penyedia)

    sent = at_once([outbox.deliver] * 4)

    assert sum(sent) == len(mail.outbox) == 12
    assert {notice.mail for notice in Notice.objects.all()} == {Notice.Mail.SENT}
