"""What waits for the person at the screen: counters of tabs and menu (R20)."""

from copy import copy
from functools import cache, cached_property

from django.db import connection

from accounts.models import User
from tickets.models import Notice, Ticket
from tickets.models.ticket_queryset import COUNT_CAP

# Stands for the person in a statement that is made once: no key of a row is negative
SOMEBODY = User(pk=-1, lpse_id=-2)


@cache
def _statement(role):
    """(sql, values) of the counters of a role: every page asks, and making it costs more than that.

    In `values` the keys of SOMEBODY and their LPSE stand for those of the person.
    """
    user = copy(SOMEBODY)
    user.role = role
    queues = {
        "turn": Ticket.objects.waiting_for(user),
        "unread": Notice.objects.of(user).unread(),
    }
    if user.is_officer:
        queues["pool"] = Ticket.objects.in_pool_of(user)
    parts, values = [], []
    for name, queue in queues.items():
        sql, given = queue.order_by().values("pk")[:COUNT_CAP].query.sql_with_params()
        parts.append(f"SELECT '{name}', count(*) FROM ({sql}) AS {name}")  # noqa: S608 # nosec B608 # our own names, Django's SQL
        values += given
    return " UNION ALL ".join(parts), values


class Waiting:
    """Counters for one person, asked of the database once and only when a page shows them."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def _counts(self):
        """{'pool': n, 'turn': n, 'unread': n}, each counted to COUNT_CAP at most, in one query."""
        counts = {"pool": 0, "turn": 0, "unread": 0}
        if self.user.is_authenticated and self.user.role:
            sql, values = _statement(self.user.role)
            own = {SOMEBODY.pk: self.user.pk, SOMEBODY.lpse_id: self.user.lpse_id}
            with connection.cursor() as cursor:
                cursor.execute(sql, [own.get(value, value) for value in values])
                counts |= dict(cursor)
        return counts

    @property
    def pool(self):
        return self._counts["pool"]

    @property
    def turn(self):
        return self._counts["turn"]

    @property
    def unread(self):
        """Of the notices of this person (R129)."""
        return self._counts["unread"]

    @property
    def total(self):
        return min(self.pool + self.turn, COUNT_CAP)

    @property
    def sentences(self):
        """The notice after sign-in: one sentence per kind of waiting work."""
        if self.user.is_reporter:
            return self._sentences_of_reporter()
        sentences = []
        if self.pool:
            sentences.append(f"Ada {shown(self.pool)} tiket baru yang belum diproses.")
        if self.turn:
            sentences.append(f"Ada {shown(self.turn)} tiket proses yang menunggu Anda.")
        return sentences

    def _sentences_of_reporter(self):
        waiting = Ticket.objects.waiting_for(self.user).values_list("status", flat=True)
        statuses = list(waiting[:COUNT_CAP])
        reviews = statuses.count(Ticket.Status.AWAITING_REVIEW)
        counted = [("feedback", len(statuses) - reviews), ("review", reviews)]
        return [f"Ada {shown(n)} tiket yang membutuhkan {what} Anda." for what, n in counted if n]


def shown(count):
    """A capped count as people read it: '99+' at the cap."""
    return f"{COUNT_CAP - 1}+" if count >= COUNT_CAP else str(count)
