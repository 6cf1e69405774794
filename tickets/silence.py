"""The silence of a reporter: when the portal reminds, closes, and lets reopen (R135).

Reckoned each time from the last real step, the reminders since then and the days off as they are
kept now: a day off that an administrator adds counts at once. docs/adr/0024 says why.
"""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from django.conf import settings

from tickets import working_days
from tickets.models.holiday import Holiday


@dataclass(frozen=True)
class Silence:
    """A ticket waits for its reporter `since` then; the last reminder was for so many days."""

    since: datetime
    tzinfo: tzinfo
    days_off: set = field(repr=False)
    reminded_at: datetime | None = None
    reminded_for: int = 0
    is_on_its_way: bool = False  # the mail of the last reminder has not gone out yet

    def _after(self, moment, days):
        return working_days.after(moment, days, self.tzinfo, self.days_off)

    def reminds_at(self, days):
        """When the reminder for `days` of silence is due: never a working day after another."""
        due = self._after(self.since, days)
        return max(due, self._after(self.reminded_at, 1)) if self.reminded_at else due

    def reminder_due(self, now):
        """The days that the due reminder is for, None when none is.

        Of several that were missed the latest: whoever was away is reminded once, not twice.
        """
        left = [days for days in settings.REMINDER_DAYS if days > self.reminded_for]
        return max((days for days in left if self.reminds_at(days) <= now), default=None)

    def closes_at(self, now):
        """When the ticket is closed if nobody answers.

        After CLOSE_AFTER_DAYS, but never sooner than a working day after the last reminder really
        went out; one that is late is counted as if it went out `now`.
        """
        last = settings.REMINDER_DAYS[-1]
        is_warned = self.reminded_for >= last and not self.is_on_its_way
        warned_at = self.reminded_at if is_warned else max(now, self.reminds_at(last))
        closes = self._after(self.since, settings.CLOSE_AFTER_DAYS)
        return max(closes, self._after(warned_at, 1))

    def reopen_until(self, closed_at):
        """How long the reporter can have a ticket reopened that was closed then."""
        return self._after(closed_at, settings.REOPEN_WITHIN_DAYS)

    def due(self, now):
        """The step that time asks for now; '' when it asks for none."""
        if self.closes_at(now) <= now:
            return "close_silent"
        return "remind" if self.reminder_due(now) else ""


def of(ticket):
    """The Silence of one ticket that waits for its reporter, in two queries."""
    told = ticket.events.filter(action="remind", at__gte=ticket.updated_at).order_by("-position")
    facts = "at", "detail__working_days", "notices__mail", "notices__due_at"
    last = told.values_list(*facts).first() or (None, 0, None, None)
    return _silence(ticket, Holiday.objects.dates_from(ticket.updated_at), *last)


def of_row(ticket, days_off):
    """The same for a row of TicketQuerySet.silent_since, without a query."""
    last = ticket.reminded_at, ticket.reminded_for or 0, ticket.mail, ticket.mailed_at
    return _silence(ticket, days_off, *last)


def _silence(ticket, days_off, reminded_at, reminded_for, mail, mailed_at):
    """A reminder counts from when its mail went out; without a mail, from when it was told."""
    heard_at = max(reminded_at, mailed_at) if mail == "sent" else reminded_at
    is_on_its_way = mail in {"due", "digest"}
    return Silence(
        ticket.updated_at, ticket.lpse.tzinfo, days_off, heard_at, reminded_for, is_on_its_way
    )
