"""One pass over the tickets that wait for their reporters: reminds and closes what is due (R135).

Each ticket is a transaction of its own, and its step asks again under the lock whether it is due:
a pass that was killed is repeated, and two at once do nothing twice.
"""

import logging
from datetime import timedelta
from itertools import takewhile
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from tickets import silence
from tickets.models import Holiday, Ticket
from tickets.steps import Refused

AT_A_TIME = 500  # tickets in memory
log = logging.getLogger(__name__)


class Done(NamedTuple):
    """How many tickets a pass reminded of, closed, and could not act on for an error."""

    reminded: int = 0
    closed: int = 0
    failed: int = 0


def act(is_over=lambda: False):
    """Remind and close what is due now; return Done. An error of one ticket stops no other.

    Ends early when `is_over()`.
    """
    now, system = timezone.now(), User.objects.system()
    asked = takewhile(lambda _: not is_over(), due(now))
    results = [_act_on(ticket, action, system) for ticket, action in asked]
    return Done(*(results.count(result) for result in ("remind", "close_silent", "failed")))


def due(now):
    """(ticket, step) of all that time asks for now: two queries for each AT_A_TIME tickets."""
    for batch in _batches(now):
        days_off = Holiday.objects.dates_from(batch[0].updated_at)
        for ticket in batch:
            if action := silence.of_row(ticket, days_off).due(now):
                yield ticket, action


def _batches(now):
    """What has waited as long as the first reminder at least, the longest silence first."""
    # n working days are never less than n days
    rows = Ticket.objects.silent_since(now - timedelta(days=settings.REMINDER_DAYS[0]))
    batch = list(rows[:AT_A_TIME])
    while batch:
        yield batch
        last = batch[-1]
        after = Q(updated_at=last.updated_at, pk__gt=last.pk)
        batch = list(rows.filter(Q(updated_at__gt=last.updated_at) | after)[:AT_A_TIME])


def _act_on(ticket, action, system):
    """What was done; '' when somebody answered, or another pass was here, meanwhile."""
    try:
        ticket.perform(action, by=system)
    except Refused:
        return ""
    except Exception:
        log.exception("%s of ticket %s failed", action, ticket.pk)
        return "failed"
    return action
