"""What waits for the person at the screen: counters of tabs and menu (R20)."""

from functools import cached_property

from django.db.models import Value

from tickets.models import Notice, Ticket
from tickets.models.ticket_queryset import COUNT_CAP


class Waiting:
    """Counters for one person, asked of the database once and only when a page shows them."""

    def __init__(self, user):
        self.user = user

    @cached_property
    def _counts(self):
        """{'pool': n, 'turn': n, 'unread': n}, each counted to COUNT_CAP at most, in one query."""
        counts = {"pool": 0, "turn": 0, "unread": 0}
        if not (self.user.is_authenticated and self.user.role):
            return counts
        queues = {
            "turn": Ticket.objects.waiting_for(self.user),
            "unread": Notice.objects.of(self.user).unread(),
        }
        if self.user.is_officer:
            queues["pool"] = Ticket.objects.in_pool_of(self.user)
        rows = [
            queue.order_by().annotate(queue=Value(name)).values_list("queue")[:COUNT_CAP]
            for name, queue in queues.items()
        ]
        for (name,) in rows[0].union(*rows[1:], all=True):
            counts[name] += 1
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
