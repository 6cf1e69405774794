"""What an open page asks for: its counters (R20), files ahead of their form, the site's icons."""

import json
import uuid

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.middleware import WANTED
from tests.cast import send_ticket, ticket_at
from tests.factories import make_user
from tickets.contents import refusal
from tickets.models import Attachment, Draft, Event, Ticket

pytestmark = pytest.mark.django_db
COUNTERS = "/tiket/hitungan/"


@pytest.mark.requirement("R20")
def test_an_officers_counters_are_those_of_the_tabs(client, cast):
    send_ticket(cast.penyedia)
    send_ticket(cast.penyedia)
    ticket_at(cast, "in_progress")
    client.force_login(cast.helpdesk)

    assert client.get(COUNTERS).json() == {
        "pool": {"count": 2, "shown": "2"},
        "turn": {"count": 1, "shown": "1"},
        "total": {"count": 3, "shown": "3"},
        "unread": {"count": 0, "shown": "0"},
        "notice": [
            "Ada 2 tiket baru yang belum diproses.",
            "Ada 1 tiket proses yang menunggu Anda.",
        ],
    }


@pytest.mark.requirement("R20")
def test_a_reporters_counters_are_those_of_their_list(client, cast):
    ticket_at(cast, "awaiting_feedback")
    ticket_at(cast, "in_progress")
    client.force_login(cast.penyedia)

    told = client.get(COUNTERS).json()

    assert (told["pool"]["count"], told["turn"]["count"], told["total"]["shown"]) == (0, 1, "1")
    assert told["notice"] == ["Ada 1 tiket yang membutuhkan feedback Anda."]


def test_an_administrator_has_nothing_to_count(client):
    client.force_login(make_user("", is_staff=True))

    assert client.get(COUNTERS).json()["total"] == {"count": 0, "shown": "0"}


@pytest.mark.requirement("R14")
def test_a_lost_session_gets_no_counters_and_is_told_at_the_door_once(client, cast):
    client.force_login(cast.helpdesk)
    Session.objects.all().delete()

    answers = [client.get(COUNTERS)]
    del client.cookies[settings.SESSION_COOKIE_NAME]  # as the answer says; a browser obeys
    answers.append(client.get(COUNTERS))
    door = client.get("/tiket/baru/", follow=True)

    assert [(answer.status_code, answer.content) for answer in answers] == [(401, b"")] * 2
    assert WANTED not in answers[0].cookies
    assert door.text.count("Sesi Anda telah berakhir.") == 1


def test_asking_for_counters_keeps_nobody_signed_in(client, cast):
    client.force_login(cast.helpdesk)
    before = Session.objects.get().expire_date

    answer = client.get(COUNTERS)

    assert Session.objects.get().expire_date == before
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(("name", "most"), [("helpdesk", 3), ("penyedia", 4)])
def test_counters_cost_the_same_with_1_and_3_tickets(client, cast, name, most):
    client.force_login(getattr(cast, name))
    costs = []
    for more in (1, 2):
        for _ in range(more):
            ticket_at(cast, "awaiting_feedback")
        with CaptureQueriesContext(connection) as queries:
            client.get(COUNTERS)
        costs.append(len(queries))

    assert costs == [most, most]  # session and person among them


# Files ahead of their form


def alone(ticket=None, name="bukti.txt", content=b"isi", **more):
    seen = ticket.last_event if ticket else 0
    file = SimpleUploadedFile(name, content)
    return {"key": str(uuid.uuid4()), "seen": seen, "unggah": "ya", "files": file} | more


@pytest.mark.requirement("R29", "R49")
def test_a_file_that_comes_ahead_is_kept_and_sent_with_its_form(client, cast):
    ticket = ticket_at(cast, "awaiting_feedback")
    client.force_login(cast.penyedia)
    url = f"{ticket.get_absolute_url()}feedback/"
    ahead = alone(ticket)

    told = client.post(url, ahead).json()
    draft = Draft.objects.get()
    form = {"key": ahead["key"], "seen": ahead["seen"], "message": "Ini.", "konfirmasi": "ya"}
    client.post(url, form)

    assert told == {"received": [{"pk": draft.pk, "name": "bukti.txt"}], "problems": []}
    assert [file.name for file in Attachment.objects.all()] == ["bukti.txt"]
    assert Event.objects.filter(action="answer").count() == 1


@pytest.mark.requirement("R29")
def test_a_file_that_comes_ahead_of_a_new_ticket_stores_no_ticket(client, cast):
    client.force_login(cast.penyedia)

    told = client.post("/tiket/buat/", alone()).json()

    assert [file["name"] for file in told["received"]] == ["bukti.txt"]
    assert not Ticket.objects.exists()


@pytest.mark.requirement("R29", "R30")
@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("kosong.txt", b"", "kosong.txt: File kosong. Pilih file lain."),
        ("alat.exe", b"MZ", "alat.exe: Format file tidak didukung."),
        ("layar.jpg", b"<html>", f"layar.jpg: {refusal.MISMATCH}"),
    ],
)
def test_a_file_that_comes_ahead_is_judged_like_every_other(client, cast, name, content, problem):
    client.force_login(cast.penyedia)

    told = client.post("/tiket/buat/", alone(name=name, content=content)).json()

    assert told == {"received": [], "problems": [problem]}
    assert not Draft.objects.exists()


@pytest.mark.requirement("R29")
def test_the_sixth_file_that_comes_ahead_is_refused(client, cast):
    client.force_login(cast.penyedia)
    key = str(uuid.uuid4())

    answers = [
        client.post("/tiket/buat/", alone(content=b"isi %d" % n, name=f"{n}.txt", key=key)).json()
        for n in range(6)
    ]

    assert [len(told["received"]) for told in answers] == [1, 1, 1, 1, 1, 0]
    assert answers[5]["problems"] == ["5.txt: Paling banyak 5 file."]


@pytest.mark.requirement("R132")
def test_nobody_else_sends_files_ahead(client, cast):
    ticket = ticket_at(cast, "awaiting_feedback")
    client.force_login(make_user("penyedia", cast.lpse))

    answer = client.post(f"{ticket.get_absolute_url()}feedback/", alone(ticket))

    assert answer.status_code == 404
    assert not Draft.objects.exists()


@pytest.mark.parametrize("key", ["", "bukan-kunci"])
def test_a_file_without_a_key_is_not_kept(client, cast, key):
    client.force_login(cast.penyedia)

    told = client.post("/tiket/buat/", alone(key=key)).json()

    assert told["received"] == []
    assert not Draft.objects.exists()


# The number, to be copied


@pytest.mark.requirement("R33", "R127")
def test_the_number_can_be_copied_where_it_is_told(client, cast):
    ticket = ticket_at(cast, "in_progress")
    client.force_login(cast.penyedia)
    typed = {
        "key": uuid.uuid4(), "seen": 0, "identity_number": "0012345674441000", "no_package": "on",
        "title": "Judul", "description": "Isi", "konfirmasi": "ya",
    }  # fmt: skip

    page = client.get(ticket.get_absolute_url())
    public = client.get(f"/lacak-tiket/{ticket}/")
    sent = client.post("/tiket/buat/", typed, follow=True)

    newest = Ticket.objects.first()
    for number, answer in ((ticket, page), (ticket, public), (newest, sent)):
        assert f'data-copy="{number}" hidden' in answer.text


# Icons


def test_the_manifest_names_icons_that_are_there(client):
    answer = client.get("/manifest.webmanifest")
    about = json.loads(answer.content)

    assert answer["Content-Type"] == "application/manifest+json"
    assert (about["short_name"], about["lang"], about["start_url"]) == ("LPSE Support", "id", "/")
    sizes = {(icon["sizes"], icon["purpose"]) for icon in about["icons"]}
    assert {("192x192", "any"), ("512x512", "maskable")} <= sizes


def test_a_browser_that_asks_for_the_icon_is_led_to_it(client):
    answer = client.get("/favicon.ico")

    assert answer.status_code == 302
    assert answer.url.startswith("/static/img/favicon")
