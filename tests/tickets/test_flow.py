"""'Alur Diagram Aplikasi': the picture is the workflow of the code (R8)."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import ticket_at
from tests.factories import make_user
from tickets import flow
from tickets.models import Ticket
from tickets.wording import general_label, status_word
from tickets.workflow import STEPS, Status

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R8")]

PLACES = [
    *((status, level) for status in ("new", "in_progress", "awaiting_review", "closed")
      for level in (1, 2, 3, 4)),
    *[("awaiting_feedback", level, asked) for level, asked in
      ((1, 0), (2, 0), (2, 1), (3, 0), (3, 2), (4, 0), (4, 2), (4, 3))],
]  # fmt: skip
DRAWN = {
    *("send", "take", "ask", "answer", "escalate", "resolve", "accept", "reject", "rate"),
    *("close_silent", "reopen"),
}


def page_of(user):
    client = Client()
    client.force_login(user)
    return client.get("/tiket/alur/")


def test_every_step_that_moves_a_ticket_is_an_arrow_and_every_step_a_row(cast):
    lines = flow.lines(cast.penyedia)

    moving = {step.name for step in STEPS.values() if step.target is not None}
    assert {line.name for line in lines if line.place} == {"send", *moving} == DRAWN
    assert {line.name for line in lines} == {
        "send",
        *(step.name for step in STEPS.values() if not (step.is_reading or step.is_apart)),
    }


def test_every_status_is_a_box(cast):
    assert {box.status for box in flow.boxes(cast.penyedia)} == set(Status)


def test_reporters_read_their_own_words_and_officers_the_names_of_their_queues(cast):
    own = ["Menunggu petugas", "Diproses petugas", "Butuh Feedback Anda", "Butuh Review Anda"]
    queues = ["Tiket Baru", "Tiket Proses", "Menunggu Feedback", "Menunggu Review Pelapor"]

    for user, read, unread in (
        (cast.penyedia, own, queues),
        (cast.helpdesk, queues, own),
        (make_user("", is_staff=True), queues, own),
    ):
        drawn = [" ".join(box.lines) for box in flow.boxes(user)]
        assert drawn == [*read, "Selesai"]
        told = {word for line in flow.lines(user) for word in (line.sources, line.result)}
        assert f"{read[0]} di level berikutnya" in told
        assert not any(word in " ".join(told) for word in unread)


def test_a_reporters_words_for_a_status_begin_like_those_on_a_ticket(cast):
    """'Menunggu petugas' here, 'Menunggu Helpdesk LPSE' there."""
    for status in ("new", "in_progress", "awaiting_review", "closed"):
        on_ticket = status_word(ticket_at(cast, status, 1), cast.penyedia).label
        assert on_ticket.split()[0] == general_label(status, cast.penyedia).split()[0]
    on_ticket = status_word(ticket_at(cast, "awaiting_feedback", 1, 0), cast.penyedia).label
    assert on_ticket == general_label("awaiting_feedback", cast.penyedia)


@pytest.mark.parametrize("name", ["penyedia", "helpdesk", "admin_sistem", "lkpp1", "lkpp2"])
def test_the_steps_marked_as_ones_own_are_those_that_the_code_opens_somewhere(cast, name):
    user = getattr(cast, name)
    opened = {"send"} if user.is_reporter else set()
    for place in PLACES:
        ticket = ticket_at(cast, *place)
        opened |= {
            step.name
            for step in STEPS.values()
            if not step.is_reading and step.is_open(ticket, user)
        }
    assert Ticket.objects.count() == len(PLACES)
    closed = ticket_at(cast, "closed")
    closed.reopen_until = closed.closed_at + timedelta(days=7)  # by the system
    opened |= closed.open_steps(user).keys()

    marked = {line.name for line in flow.lines(user) if line.is_mine}

    assert marked == opened


def test_an_administrator_has_only_the_reassignment():
    admin = make_user("", is_staff=True, is_superuser=True)

    assert [line.name for line in flow.lines(admin) if line.is_mine] == ["reassign"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("helpdesk", "Dapat meminta feedback kepada Pelapor. Eskalasi menuju LPSE Level 2."),
        ("admin_sistem", "kepada Pelapor atau LPSE Level 1. Eskalasi menuju LKPP Level 1."),
        ("lkpp1", "kepada Pelapor atau LPSE Level 2. Eskalasi menuju LKPP Level 2."),
        (
            "lkpp2",
            "kepada Pelapor, LPSE Level 2, atau LKPP Level 1. Level terakhir, tanpa eskalasi.",
        ),
    ],
)
def test_each_level_reads_whom_it_may_ask_and_where_its_escalation_leads(cast, name, told):
    assert told in page_of(getattr(cast, name)).text


def test_the_guides_and_the_help_center_lead_there(cast):
    client = Client()
    client.force_login(cast.ppk)

    for url in ("/panduan/", "/"):
        assert 'href="/tiket/alur/"' in client.get(url).text
    assert page_of(cast.ppk).text.count("(langkah Anda)") == 6
