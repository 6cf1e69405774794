"""How long things are kept, and what goes when that is over (domain.md part 5).

A ticket that is not closed stays, however old. Of a closed one first the sealed bids go, then all
files, at last every text and who sent it; classification, places, times and officers stay, so that
no figure of the dashboards changes. Content goes by the workflow's step 'redact', done by the
portal itself: the history says so, and verify_history holds.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from accounts.models import ANONYMOUS, HandoffToken, RateCount, SecurityEntry, User
from accounts.roles import REPORTERS
from tickets import redaction
from tickets.models import Attachment, LookupFailure, Notice, ServerAccess, Ticket
from tickets.workflow import Status

AT_A_TIME = 500  # rows of one batch, each batch a transaction; a ticket is one of its own
RULE = "Aturan retensi"


class Kind(NamedTuple):
    """One kind of what is kept: which rows are due `now`, since when each counts, how one goes.

    `remove(pks, now)` returns how many went.
    """

    label: str
    days: int | None
    moment: str
    due: Callable
    remove: Callable

    def counted(self, now):
        """(how many are due, since when the oldest counts)."""
        rows = self.due(now).order_by()
        return rows.count(), rows.aggregate(oldest=Min(self.moment))["oldest"]

    def apply(self, now):
        """Remove what is due, batch by batch; broken off, the next run goes on. How many went."""
        gone, last = 0, None
        while pks := self._batch(now, last):
            gone, last = gone + self.remove(pks, now), pks[-1]
        return gone

    def _batch(self, now, last):
        rows = self.due(now).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        return list(rows.values_list("pk", flat=True)[:AT_A_TIME])


def kinds():
    """Every Kind, the widest of a ticket's first, so that no ticket is gone through twice."""
    kept = settings.RETENTION
    return [
        _of_ticket("Tickets: texts, files, reporter", kept["ticket"], _named, _everything),
        _of_ticket("Tickets with files", kept["attachment"], _with_files, _files),
        _of_ticket("Tickets with .rhs", kept["sealed_file"], _with_sealed, _sealed_files),
        _server_access(kept["server_access"]),
        _security("Security log: sign-ins", kept["sign_in"], SecurityEntry.objects.sign_ins),
        _security("Security log: the rest", kept["security_log"], SecurityEntry.objects.others),
        Kind("Accounts without a ticket", kept["ticket"], "date_joined", _unused, _forget),
        _notices(kept["notice"]),
        _passing("Used hand-off tokens", HandoffToken.objects.all, "expires_at", days=1),
        _passing("Ended sessions", Session.objects.all, "expire_date"),
        _passing("Counts of limits", RateCount.objects.all, "ends_at"),
        _passing("Failed look-ups", LookupFailure.objects.expired, "at"),
    ]


# Tickets


def _of_ticket(label, days, chosen, pieces):
    """Closed tickets of which something is still there that was kept for `days` since closing."""

    def due(now):
        closed = Ticket.objects.filter(
            status=Status.CLOSED, closed_at__lte=now - timedelta(days=days)
        )
        return chosen(closed)

    def remove(pks, now):
        return sum(_expire(due(now).filter(pk=pk), pieces) for pk in pks)

    return Kind(label, days, "closed_at", due, remove)


@transaction.atomic
def _expire(rows, pieces):
    """1 when the ticket is gone through, 0 when it is not due any more: somebody opened it again.

    Its row is locked from the look at it to the end.
    """
    locked = rows.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True).first()
    if locked is None:
        return 0
    ticket = Ticket.objects.select_related("lpse").get(pk=locked)
    found = pieces(ticket)
    if not found:  # a file that no salt belongs to: verify_history names it, the others go on
        return 0
    said = {"ordered_by": RULE, "message": f"Diperintahkan oleh: {RULE}\n\nMasa simpan berakhir."}
    ticket.perform("redact", by=User.objects.system(), pieces=found, **said)
    return 1


def _named(tickets):
    return tickets.exclude(reporter__username=ANONYMOUS)


def _everything(ticket):
    return [*redaction.removable(ticket), redaction.person(ticket)]


def _there(**fields):
    return Exists(
        Attachment.objects.filter(event__ticket=OuterRef("pk"), **fields).exclude(path="")
    )


def _with_files(tickets):
    return tickets.filter(_there())


def _files(ticket):
    return [piece for piece in redaction.removable(ticket) if piece.file]


def _with_sealed(tickets):
    return tickets.filter(_there(name__iendswith=".rhs"))


def _sealed_files(ticket):
    return [piece for piece in _files(ticket) if piece.file.is_sealed]


def _server_access(days):
    def due(now):
        return ServerAccess.objects.filter(created_at__lte=now - timedelta(days=days))

    def remove(pks, now):
        return sum(_wipe(pk) for pk in pks)

    return Kind("Data Server", days, "created_at", due, remove)


@transaction.atomic
def _wipe(pk):
    """Data Server of one ticket. The ticket is locked first, as steps do: one that was just being
    closed has wiped it itself."""
    tickets = Ticket.objects.filter(server_access=pk).select_for_update(no_key=True, of=("self",))
    ticket = tickets.first()
    if ticket is None or not ServerAccess.objects.filter(pk=pk).exists():
        return 0
    ticket.perform("expire_server_access", by=User.objects.system())
    return 1


# What is removed row by row


def _security(label, days, rows):
    def due(now):
        return rows().filter(at__lt=now - timedelta(days=days))

    return Kind(label, days, "at", due, _deleting(SecurityEntry))


def _notices(days):
    """Notices, read or not, and mails that were sent or given up; none that still waits."""

    def due(now):
        return Notice.objects.settled().filter(due_at__lt=now - timedelta(days=days))

    return Kind("Notices", days, "due_at", due, _deleting(Notice))


def _passing(label, rows, moment, days=0):
    """What counts for minutes or days only and is gone as soon as it is over."""

    def due(now):
        return rows().filter(**{f"{moment}__lt": now - timedelta(days=days)})

    return Kind(label, None, moment, due, _deleting(rows().model))


def _deleting(model):
    def remove(pks, now):
        return model._base_manager.filter(pk__in=pks).delete()[0]

    return remove


def _unused(now):
    """Reporters who have no ticket under their name and did not sign in for as long."""
    before = now - timedelta(days=settings.RETENTION["ticket"])
    has_ticket = Exists(Ticket.objects.filter(reporter=OuterRef("pk")))
    people = User.objects.filter(role__in=REPORTERS, date_joined__lt=before).exclude(
        name="", subject=""
    )
    return people.exclude(last_login__gte=before).filter(~has_ticket)


@transaction.atomic
def _forget(pks, now):
    """What told who they are goes; the row stays for what names it by its key."""
    gone = {"name": "", "email": "", "subject": "", "identity_number": "", "is_active": False}
    people = list(_unused(now).filter(pk__in=pks).select_for_update())
    for person in people:
        User.objects.filter(pk=person.pk).update(username=f"@{person.pk}", **gone)
    return len(people)


def report(now=None):
    """[(Kind, how many are due, since when the oldest counts), …], changing nothing."""
    now = now or timezone.now()
    return [(kind, *kind.counted(now)) for kind in kinds()]


def apply(now=None):
    """Remove all that is due; yields (Kind, how many went)."""
    now = now or timezone.now()
    for kind in kinds():
        yield kind, kind.apply(now)
