"""What the figures make of tickets that time closed (R71, R96, R135)."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from dashboard import figures
from dashboard.period import PeriodForm
from tests.cast import send_ticket, ticket_at
from tests.dashboard.world import NOW, Past, at, days_ago
from tickets import outbox, reminding

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R71", "R96", "R135")]


def of_a_year(user):
    return PeriodForm(QueryDict(), user=user)


def closed_by_time(ticket):
    """The ticket after weeks of silence: reminded, and closed a working day later."""
    for days in (20, 15, 10):
        with at(NOW - timedelta(days)):
            reminding.act()
            outbox.deliver()
    ticket.refresh_from_db()
    assert ticket.is_closed_by_system
    return ticket


@pytest.fixture
def asked(cast):
    """Closed because a question stayed without an answer; then rated."""
    past = Past(cast.penyedia, days_ago(30)).then("take", cast.helpdesk)
    ticket = closed_by_time(past.then("ask", cast.helpdesk, feedback_from=0).ticket)
    with at(NOW):
        ticket.perform("rate", by=cast.penyedia, stars=2, suggestion="Lama.")
    return ticket


@pytest.fixture
def solved(cast):
    """Called solved, closed because nobody reviewed it, and reopened."""
    past = Past(cast.penyedia, days_ago(30)).then("take", cast.helpdesk)
    ticket = closed_by_time(past.then("resolve", cast.helpdesk).ticket)
    with at(ticket.reopen_until):
        ticket.perform("reopen", by=cast.penyedia, message="Masih gagal.")
    return ticket


def test_a_closing_by_time_counts_for_no_officer_and_a_reopening_is_no_return(cast, solved):
    with at(NOW):
        measured, of_all = figures.measures(cast.helpdesk, of_a_year(cast.helpdesk))

    own = measured[cast.helpdesk.pk]
    assert list(measured) == [cast.helpdesk.pk]
    assert (own["taken"], own["solved"], own["returned"], own["rated"]) == (1, 1, 0, 0)
    assert of_all == own


def test_a_rating_without_a_solution_counts_for_the_officer_who_had_asked(cast, asked):
    with at(NOW):
        measured, of_all = figures.measures(cast.helpdesk, of_a_year(cast.helpdesk))

    own = measured[cast.helpdesk.pk]
    assert list(measured) == [cast.helpdesk.pk]
    assert (own["solved"], own["rated"], own["stars"]) == (0, 1, 2)
    assert of_all == own


def test_a_ticket_that_time_closed_is_finished_and_a_reopened_one_is_not(cast, asked, solved):
    with at(NOW):
        ticket_at(cast, "awaiting_review")
        send_ticket(cast.ppk)
        found = figures.groups(cast.helpdesk, of_a_year(cast.helpdesk), ["status"])

    counts = {figure.key: figure.count for figure in found["status"]}
    assert counts == {"closed": 1, "in_progress": 1, "awaiting_review": 1, "new": 1}
