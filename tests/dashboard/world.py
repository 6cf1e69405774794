"""A small country of tickets with a known past, and plain counts over its events."""

from datetime import datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.roles import Role
from tests.cast import SERVER, Cast, classification, send_ticket
from tests.factories import make_lpse, make_user
from tickets.models import AppVersion, Category, Event

NOW = datetime(2026, 11, 24, 3, 30, tzinfo=ZoneInfo("UTC"))


def at(moment):
    """A step is always now, so a past is made by setting the clock."""
    return patch.object(timezone, "now", return_value=moment)


class Past:
    """Walks one ticket; each act happens `hours` after the one before."""

    def __init__(self, reporter, sent_at, **fields):
        self.clock = sent_at
        with at(sent_at):
            self.ticket = send_ticket(reporter, **fields)

    def then(self, action, by, *, hours=1, **fields):
        self.clock += timedelta(hours=hours)
        if action in {"ask", "answer", "escalate", "resolve", "reject"}:
            fields.setdefault("message", "Keterangan.")
        if action == "take":
            fields.setdefault("classification", classification())
        with at(self.clock):
            self.ticket = self.ticket.perform(action, by=by, **fields).ticket
        return self


def days_ago(days, hour=2):
    return (NOW - timedelta(days)).replace(hour=hour)


def make_world():
    """(here, there): the casts of two LPSE with tickets in every status and at every level."""
    here = Cast(make_lpse(name="LPSE Kota Sini", province="Bali", zone="WITA"))
    there = Cast(make_lpse(name="LPSE Kota Sana", province="Maluku", zone="WIT"))
    here.second = make_user(Role.LPSE_L1, here.lpse, name="Ayu Kedua")
    there.lkpp1, there.lkpp2 = here.lkpp1, here.lkpp2
    category, _ = Category.objects.get_or_create(code="APENDO", defaults={"label": "Apendo"})
    version, _ = AppVersion.objects.get_or_create(code="SIRUP", defaults={"label": "SiRUP"})
    other = classification(category=category, version=version)
    rated = {"stars": 2, "suggestion": "Terlalu lama."}
    for cast in (here, there):
        p, h, a, k1, k2 = cast.penyedia, cast.helpdesk, cast.admin_sistem, cast.lkpp1, cast.lkpp2
        Past(p, NOW - timedelta(hours=1))
        Past(cast.ppk, days_ago(3))
        Past(p, days_ago(400))  # waits since before the last twelve months
        Past(p, days_ago(5)).then("take", h, hours=2)
        Past(p, days_ago(8)).then("take", h).then("ask", h, feedback_from=0)
        Past(cast.ppk, days_ago(10)).then("take", h, classification=other).then("resolve", h)
        Past(p, days_ago(20)).then("take", h, hours=3).then("resolve", h, hours=5).then(
            "reject", p
        ).then("resolve", h, hours=2).then("accept", p).then("rate", p, stars=5)
        Past(p, days_ago(50)).then("take", h).then("escalate", h).then("take", a, hours=7).then(
            "resolve", a, hours=9
        ).then("accept", p).then("rate", p, **rated)
        Past(p, days_ago(100)).then("take", h).then("escalate", h).then("take", a).then(
            "ask", a, feedback_from=1
        )
        past = Past(cast.ppk, days_ago(200), package_code="12345678")
        past.then("take", h, classification=other).then("escalate", h).then("take", a)
        past.then("escalate", a, server_access=SERVER).then("take", k1, hours=30)
        past.then("resolve", k1, hours=12).then("reject", cast.ppk).then("resolve", k1)
        past = (
            Past(p, days_ago(40, hour=2 if cast is here else 5))
            .then("take", h)
            .then("escalate", h)
            .then("take", a)
        )
        past.then("escalate", a, server_access=SERVER).then("take", k1).then("escalate", k1)
        past.then("take", k2, hours=4)
    Past(here.ppk, days_ago(15)).then("take", here.second, hours=5).then("resolve", here.second)
    past = Past(here.ppk, days_ago(12)).then("take", here.helpdesk).then("escalate", here.helpdesk)
    past.then("take", here.admin_sistem).then(
        "escalate", here.admin_sistem, server_access=SERVER
    )  # waits in LKPP's pool
    Past(there.penyedia, days_ago(500)).then("take", there.helpdesk).then(
        "escalate", there.helpdesk
    ).then("take", there.admin_sistem).then(
        "escalate", there.admin_sistem, server_access=SERVER
    )  # waits for LKPP since before the period
    hand_over(here)
    those_who_left(here)
    return here, there


def hand_over(cast):
    """Of a ticket that Level 2 asks about the Level 1 officer is replaced, then Level 2 solves."""
    h, a, second = cast.helpdesk, cast.admin_sistem, cast.second
    past = Past(cast.ppk, days_ago(18)).then("take", h).then("escalate", h)
    past.then("take", a).then("ask", a, feedback_from=1)
    past.then("reassign", a, hours=100, officer=second, message="Cuti.")
    past.then("answer", second).then("resolve", a)
    past = Past(cast.ppk, days_ago(9)).then("take", h)
    past.then("reassign", a, hours=5, officer=second, message="Cuti.").then("resolve", second)


def those_who_left(cast):
    """Officers who acted here and now belong elsewhere: another LPSE, another role, nowhere."""
    cast.moved = make_user(Role.LPSE_L1, cast.lpse, name="Citra Pindah")
    cast.changed = make_user(Role.LPSE_L1, cast.lpse, name="Dewi Berganti")
    cast.inactive = make_user(Role.LPSE_L1, cast.lpse, name="Eka Nonaktif")
    for officer in (cast.moved, cast.changed, cast.inactive):
        Past(cast.ppk, days_ago(6)).then("take", officer).then("resolve", officer).then(
            "reject", cast.ppk
        )
    cast.moved.lpse = make_lpse()
    cast.moved.save()
    cast.changed.role = Role.PPK
    cast.changed.save()
    cast.inactive.is_active = False
    cast.inactive.save()


class Plain:
    """A ticket as its events alone tell it, counted in Python."""

    def __init__(self, events):
        self.events = events
        last = [e for e in events if e.action not in {"read_server_access"}][-1]
        self.ticket = last.ticket
        self.sent_at, self.changed_at = events[0].at, last.at
        self.status, self.level = last.to_status, last.to_level
        asks = [e for e in events if e.action == "ask"]
        self.asked = asks[-1].feedback_from if self.status == "awaiting_feedback" else None
        self.holder = self._holder() if self.status != "new" else None

    def got_it(self):
        """[(event, pk of the officer who got the ticket, at which level), …]"""
        for event in self.events:
            if event.action == "take":
                yield event, event.actor_id, event.to_level
            if event.action == "reassign":
                yield event, event.detail["to"]["id"], event.detail["level"]

    def _holder(self):
        return [officer for _, officer, level in self.got_it() if level == self.level][-1]


def plain_tickets():
    by_ticket = {}
    related = ("ticket__lpse", "ticket__category", "ticket__version", "actor")
    for event in Event.objects.select_related(*related).order_by("pk"):
        by_ticket.setdefault(event.ticket_id, []).append(event)
    return [Plain(events) for events in by_ticket.values()]


def seen_by(user, tickets):
    """product.md part B, restated: who sees which ticket."""
    if user.is_reporter:
        return [t for t in tickets if t.events[0].actor_id == user.pk]
    reached = [t for t in tickets if t.level >= user.level]
    return reached if user.is_lkpp else [t for t in reached if t.ticket.lpse_id == user.lpse_id]
