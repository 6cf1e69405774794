"""Many closed tickets at once, as steps would have left them; needs Django."""

import hashlib
import random
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.roles import Level
from tests.cast import Cast, classification
from tickets import chain, numbers
from tickets.models import Attachment, Event, Ticket
from tickets.workflow import Audience, Status

FILE = 256 * 2**10
AT_A_TIME = 500
# action, to which status, what is said
STEPS = [
    ("send", Status.NEW, "Isi. " * 60),
    ("take", Status.IN_PROGRESS, ""),
    ("resolve", Status.AWAITING_REVIEW, "Sudah. " * 30),
    ("accept", Status.CLOSED, ""),
]
LAST_EVENTS = """
    UPDATE tickets_ticket SET last_event = (
      SELECT max(id) FROM tickets_event WHERE ticket_id = tickets_ticket.id)
"""


def make(number):
    """So many tickets; the first tenth closed so long ago that the retention takes them."""
    cast, answers = Cast(), classification()
    for start in range(0, number, AT_A_TIME):
        places = range(start, min(start + AT_A_TIME, number))
        with transaction.atomic():
            _write(cast, answers, [(place, place < number // 10) for place in places])
    with connection.cursor() as cursor:
        cursor.execute(LAST_EVENTS)


def _write(cast, answers, places):
    tickets = Ticket.objects.bulk_create([_ticket(cast, answers, old) for _, old in places])
    files = {}
    for ticket, (place, _) in zip(tickets, places, strict=True):
        files[ticket.pk] = [_File(place)] if place % 5 == 0 else []
    told = [event for ticket in tickets for event in _events(cast, ticket, files[ticket.pk])]
    first = {e.ticket_id: e for e in Event.objects.bulk_create(told) if e.action == "send"}
    hung = [
        Attachment(event=first[pk], **file.about) for pk, some in files.items() for file in some
    ]
    Attachment.objects.bulk_create(hung)


def _ticket(cast, answers, old):
    sent = timezone.now() - timedelta(days=2000 if old else 3)
    facts = {"lpse": cast.lpse, "reporter": cast.penyedia, "reporter_kind": cast.penyedia.role}
    category, kind, priority, version = answers
    return Ticket(
        number=numbers.new_number(sent.year),
        title="Tidak bisa login ke SPSE",
        identity_number="0123456789012345",
        status=Status.CLOSED,
        officer=cast.helpdesk,
        category=category,
        type=kind,
        priority=priority,
        version=version,
        created_at=sent,
        updated_at=sent + timedelta(hours=3),
        closed_at=sent + timedelta(hours=3),
        **facts,
    )


def _events(cast, ticket, files):
    before, last = "", None
    for hour, (action, status, message) in enumerate(STEPS):
        actor = cast.helpdesk if action in {"take", "resolve"} else cast.penyedia
        event = Event(
            ticket=ticket,
            actor=actor,
            actor_role=actor.role,
            action=action,
            from_status=before,
            to_status=status,
            from_level=Level.LPSE_1,
            to_level=Level.LPSE_1,
            message=message,
            audience=Audience.EVERYONE,
            key=uuid.uuid4(),
            at=ticket.created_at + timedelta(hours=hour),
        )
        chain.link(event, ticket, files if action == "send" else [], after=last)
        before, last = status, event
        yield event


class _File:
    """A stored file that no draft was before."""

    def __init__(self, place):
        content = random.Random(place).randbytes(FILE)
        path = f"2026/{place % 12 + 1:02}/{uuid.uuid4().hex}"
        stored = Path(settings.MEDIA_ROOT) / path
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_bytes(content)
        self.name, self.size, self.path = "bukti.rhs", FILE, path
        self.sha256 = hashlib.sha256(content).hexdigest()

    @property
    def about(self):
        return vars(self)
