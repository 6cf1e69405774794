"""'Posisi Tiket': who handled each level, for how long, and what a reporter learns of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import ticket_at
from tickets.models import Event
from tickets.stepper import steps

pytestmark = pytest.mark.django_db


def read(ticket, user):
    ticket.refresh_from_db()
    return steps(ticket, list(ticket.events.as_read_by(user)), user)


def spread(ticket, hours):
    """The steps of a ticket, `hours` apart, the last of them that long ago."""
    now, events = timezone.now(), list(ticket.events.order_by("pk"))
    for place, event in enumerate(events):
        event.at = now - timedelta(hours=hours * (len(events) - place))
    return events, now


@pytest.fixture
def escalated(cast):
    return ticket_at(cast, "in_progress", level=2)


@pytest.mark.requirement("R75")
def test_officers_read_who_had_the_ticket_and_how_long(escalated, cast):
    events, _ = spread(escalated, hours=3)  # sent, taken, escalated, taken

    first, second, third, fourth = steps(escalated, events, cast.admin_sistem)

    assert (first.who, first.state) == (cast.helpdesk.name, "Selesai ditangani, 3 j 00 m")
    assert (second.who, second.state) == (cast.admin_sistem.name, "Sedang menangani, 3 j 00 m")
    assert [step.state for step in (third, fourth)] == ["Belum diperlukan"] * 2
    assert [step.is_done for step in (first, second, third, fourth)] == [True, *[False] * 3]
    assert second.is_current


@pytest.mark.requirement("R40", "R132")
def test_reporters_read_days_and_no_names(escalated, cast):
    first, second, third, fourth = read(escalated, cast.penyedia)

    names = " ".join(step.who for step in (first, second, third, fourth))
    assert names == "Helpdesk LPSE Admin Sistem LPSE Helpdesk LKPP Tim Teknis LKPP"
    assert first.state.startswith("Meneruskan ")
    assert second.state.startswith("Diambil ")


def test_what_waits_to_be_taken_says_so(cast):
    ticket = ticket_at(cast, "new", level=2)

    assert read(ticket, cast.admin_sistem)[1].state == "Menunggu diambil"


def test_of_a_closed_ticket_the_levels_it_never_reached_were_not_needed(cast):
    ticket = ticket_at(cast, "closed", level=1)

    first, *others = read(ticket, cast.penyedia)

    assert first.is_done
    assert not first.is_current
    assert first.state.startswith("Selesai ")
    assert {step.state for step in others} == {"Tidak diperlukan"}


def test_a_ticket_that_was_handed_over_names_the_new_officer(cast, escalated):
    successor = type(cast.helpdesk).objects.create(
        username="pengganti", name="Sinta Maharani", role=cast.admin_sistem.role, lpse=cast.lpse
    )
    events = list(Event.objects.filter(ticket=escalated).order_by("pk"))
    events.append(
        Event(
            action="reassign",
            from_level=2,
            to_level=2,
            detail={"level": 2, "from": {"id": 1, "name": "x"}, "to": {"name": successor.name}},
        )
    )

    assert steps(escalated, events, cast.admin_sistem)[1].who == "Sinta Maharani"
