"""Whether the history of the tickets is still what was written (R130, docs/adr/0020)."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.core.files.storage import default_storage, storages
from django.db import connection, transaction
from django.db.models import Prefetch
from django.utils import timezone

from tickets import chain, redaction, uploads
from tickets.models import Attachment, DayRoot, Event, Ticket
from tickets.models.day_root import LATE, ZONE, joined, root_of
from tickets.models.event import READINGS
from tickets.workflow import Status

CLOCKS_DIFFER = timedelta(minutes=5)  # between two servers, or before and after a correction
CLOSINGS = {"accept", "close_silent"}
AT_A_TIME = 500  # tickets in memory with their events


class Fault(NamedTuple):
    """`kind` is altered, missing or inserted; `where` names the ticket and event, or the day."""

    kind: str
    where: str
    what: str

    def __str__(self):
        return f"{self.kind}: {self.where}: {self.what}"


@contextmanager
def one_moment():
    """All that is read inside stands as it was at its beginning, while the portal goes on."""
    is_first = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_first:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def faults(*, files=False):
    """Every Fault, the earliest ticket first, then those that only the roots of the days tell.

    `files` reads the stored bytes of every attachment too. On a portal in use, inside one_moment.
    """
    tickets = Ticket.objects.order_by("pk").select_related("rating")
    attachments = Prefetch("attachments", Attachment.objects.order_by("pk"), to_attr="files")
    events = Event.objects.order_by("position", "pk").prefetch_related(attachments)
    tickets = tickets.prefetch_related(Prefetch("events", events, to_attr="chained"))
    for ticket in tickets.iterator(chunk_size=AT_A_TIME):
        yield from _of_ticket_or_why(ticket, files)
    yield from _of_days()


def _of_ticket_or_why(ticket, files):
    """What somebody forged may have any shape; the tickets after it are looked at all the same."""
    try:
        yield from _of_ticket(ticket, files)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        yield Fault("altered", str(ticket), f"cannot be read ({type(error).__name__})")


def _of_ticket(ticket, files):
    removed, earlier = _Removed(ticket.chained), []
    if not ticket.chained:
        yield Fault("missing", str(ticket), "all events")
    for event in ticket.chained:
        where = _where(ticket, event)
        changed = list(_changed(event, ticket, removed))
        yield from _of_place(ticket, event, earlier, is_itself=not changed)
        if changed:
            yield Fault("altered", where, ", ".join(changed))
        yield from _of_time(ticket, event, earlier)
        if files:
            yield from _of_files(event, where)
        earlier.append(event)
    if ticket.chained:
        yield from _of_standing(ticket)


def _of_time(ticket, event, earlier):
    """An event happens after the one before it and not in the future; clocks may differ a little.

    A ticket's first event is as old as the ticket.
    """
    before = earlier[-1].at if earlier else ticket.created_at
    if event.at < before - CLOCKS_DIFFER or (not earlier and event.at != ticket.created_at):
        yield Fault("inserted", _where(ticket, event), "is older than what stands before it")
    if event.at > timezone.now() + CLOCKS_DIFFER:
        yield Fault("inserted", _where(ticket, event), "lies in the future")


def _of_standing(ticket):
    """Whether the ticket's row says what its events led to."""
    last = ticket.chained[-1]
    moved = [event for event in ticket.chained if event.action not in READINGS]
    if ticket.last_event not in {event.pk for event in ticket.chained}:
        yield Fault("missing", str(ticket), "the event that the ticket names as its last")
    if moved and (ticket.status, ticket.level) != (moved[-1].to_status, moved[-1].to_level):
        yield Fault("altered", str(ticket), "status or level is not that of its last event")
    is_closed = moved and moved[-1].to_status == Status.CLOSED
    closing = next((event for event in reversed(moved) if event.action in CLOSINGS), None)
    if bool(ticket.closed_at) != bool(is_closed and closing):
        yield Fault("altered", str(ticket), "closed without an event, or the other way round")
    elif ticket.is_closed_by_system != bool(is_closed and closing.action == "close_silent"):
        yield Fault("altered", str(ticket), "closed by somebody else than its events tell")
    if ticket.officer_id and ticket.officer_id != _officer(ticket):
        yield Fault("altered", str(ticket), "the officer is not who took it or was given it")
    if hasattr(ticket, "rating") != any(event.action == "rate" for event in ticket.chained):
        yield Fault("altered", f"{ticket} event {last.position}", "a rating without its event")


def _officer(ticket):
    """Who holds it, as the events tell: the last who took it at its level or was given it there."""
    for event in reversed(ticket.chained):
        if event.action == "take" and event.to_level == ticket.level:
            return event.actor_id
        if event.action == "reassign" and event.detail["level"] == ticket.level:
            return event.detail["to"]["id"]
    return None


def _where(ticket, event):
    return f"{ticket} event {event.position} (id {event.pk}, {event.action})"


def _of_place(ticket, event, earlier, *, is_itself):
    """Whether it stands where it belongs; one that is not itself any more is named for that."""
    last = earlier[-1] if earlier else None
    expected = last.position + 1 if last else 1
    if event.position > expected:
        yield Fault("missing", f"{ticket} event {expected}", "not there")
    elif event.position < expected:
        yield Fault("inserted", _where(ticket, event), "stands beside another")
    elif is_itself and event.previous_hash != (last.hash if last else chain.START):
        yield _broken(ticket, event, earlier)


def _broken(ticket, event, earlier):
    """`event` is as it was written, but not after the one that stands before it."""
    before = earlier[-1] if earlier else event
    known = {chain.START, *(one.hash for one in earlier)}
    if event.previous_hash in known:
        return Fault("inserted", _where(ticket, before), "the next event does not know it")
    return Fault("altered", _where(ticket, before), "written anew: the next event knows another")


class _Removed:
    """All that was removed by law, as the ticket's own events tell: `places` are (event, part), and
    `stubs` the hash that an event without its person must have."""

    def __init__(self, events):
        orders = [event for event in events if event.action == "redact"]
        self.places = {tuple(pair) for order in orders for pair in order.detail["removed"]}
        self.stubs = {}
        for order in reversed(orders):  # the first order counts
            self.stubs |= order.detail.get("stubs", {})

    def expected(self, event):
        """(the hash that it must have, whether that is without its person)."""
        if (event.pk, redaction.PERSON) in self.places:
            return self.stubs.get(str(event.pk)), True
        return event.hash, False


def _changed(event, ticket, removed):
    """What of an event is no longer what its hash was made of."""
    rating = getattr(ticket, "rating", None) if event.action == "rate" else None
    texts = chain.parts(event, ticket, event.files, rating)
    if len(event.files) != sum(name.startswith("file ") for name in event.commitments):
        yield "number of files"
    elif texts.keys() != event.commitments.keys():
        yield "parts"
    for name, text in texts.items():
        if name in event.salts:
            if chain.commitment(text, event.salts[name]) != event.commitments.get(name):
                yield name
        elif (event.pk, name) not in removed.places:
            yield f"{name} (removed without an order)"
        elif not _is_removed(name, text):
            yield f"{name} (something else stands where it was removed)"
    for place, file in enumerate(event.files, start=1):
        if not file.path and f"file {place}" in event.salts:
            yield f"file {place} (removed without an order)"
    expected, nobody = removed.expected(event)
    if chain.digest(event, ticket, event.files, rating, nobody=nobody) != expected:
        yield "hash"
    if nobody and (event.actor_id != ticket.reporter_id or event.ip or event.key):
        yield "person (something else stands where it was removed)"


def _is_removed(name, text):
    """Whether nothing but the mark of a removal stands there; a file keeps its ending."""
    if name == "detail":
        return text == chain.canonical({"file": chain.REMOVED})
    return text == chain.REMOVED or (name.startswith("file ") and text.startswith(chain.REMOVED))


def _of_files(event, where):
    for place, file in enumerate(event.files, start=1):
        if not file.path:
            continue  # removed by law; that it was ordered has been asked already
        try:
            with _open(file.path) as stored:
                if uploads.sha256(stored) != file.sha256:
                    yield Fault("altered", where, f"bytes of file {place}")
        except FileNotFoundError:
            yield Fault("missing", where, f"bytes of file {place}")


def _open(path):
    """The stored bytes, also where the virus scan has put them apart."""
    quarantine, name = storages["quarantine"], path.rsplit("/", 1)[-1]
    return quarantine.open(name) if quarantine.exists(name) else default_storage.open(path)


def _of_days():
    previous, day = chain.START, None
    if first := DayRoot.objects.order_by("day").first():
        yield from _before(first)
    today = timezone.localdate(timezone=ZONE)
    for kept in DayRoot.objects.filter(day__gt=today):
        yield Fault("inserted", f"{kept.day}", "a root of a day to come")
    for kept in DayRoot.objects.filter(day__lte=today).order_by("day").iterator():
        if day and kept.day != day + timedelta(days=1):
            yield Fault("missing", f"{day + timedelta(days=1)}", "root of the day")
        if kept.previous_root != previous or kept.root != joined(
            kept.day, kept.previous_root, kept.leaves
        ):
            yield Fault("altered", f"{kept.day}", "root of the day")
        yield from _of_day(kept)
        previous, day = kept.root, kept.day


def _before(first):
    """Events older than the first day that was sealed: it was the day of the first event."""
    start = datetime.combine(first.day, time(), ZONE)
    for event in Event.objects.filter(at__lt=start).select_related("ticket").order_by("pk"):
        yield Fault("inserted", _where(event.ticket, event), "is older than the first sealed day")


def _of_day(kept):
    """The tickets whose heads on that day are others than the root was made of."""
    now = DayRoot(**root_of(kept.day, kept.previous_root))
    if now.leaves == kept.leaves:
        return
    were, are = kept.tickets, now.tickets
    for number in sorted(were.keys() | are.keys()):
        before, after = were.get(number, (0, "")), are.get(number, (0, ""))
        if before != after:
            grown = after[0] - before[0]
            kind = "inserted" if grown > 0 else "missing" if grown < 0 else "altered"
            place = max(after[0], before[0])
            yield Fault(kind, f"{number} event {place}", f"not what was sealed for {kept.day}")


def days_late():
    """How many finished days have no root although the night after them is over; 0 without any."""
    last = DayRoot.objects.order_by("day").last()
    night_over = timezone.now() - LATE - timedelta(hours=12)
    return max((timezone.localdate(night_over, ZONE) - last.day).days - 1, 0) if last else 0


def unsealed_since():
    """The first day that no root covers yet; None when there is no event."""
    last = DayRoot.objects.order_by("day").last()
    if last:
        return last.day + timedelta(days=1)
    first = Event.objects.order_by("at").first()
    return first and timezone.localdate(first.at, ZONE)
