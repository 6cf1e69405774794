"""'Posisi Tiket': the four levels of a ticket's page, who handled it there and for how long."""

from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format

from accounts.roles import Level
from tickets.wording import TEAM_OF_LEVEL, length
from tickets.workflow import Status


class Step(NamedTuple):
    """One level: `who` handled it or will, and in `state` what came of it."""

    label: str
    who: str
    state: str
    is_done: bool
    is_current: bool
    is_border: bool  # LPSE ends before it, LKPP begins


def steps(ticket, events, user):
    """The four Steps of `ticket`, from its `events` as `user` reads them.

    Officers read names and how long each level had the ticket, reporters the day it moved on.
    """
    names = _handlers(events) if user.is_officer else {}
    tell = _for_officer if user.is_officer else _for_reporter
    return [
        Step(
            label=level.label,
            who=names.get(level, team),
            state=_reached(ticket, events, level, tell),
            is_done=level < ticket.level or bool(ticket.closed_at and level == ticket.level),
            is_current=level == ticket.level and not ticket.closed_at,
            is_border=level == Level.LKPP_1,
        )
        for level, team in TEAM_OF_LEVEL.items()
    ]


def _handlers(events):
    """{level: name} of the officers who handled the ticket last."""
    names = {}
    for event in events:
        if event.action == "take":
            names[event.to_level] = event.actor.name
        if event.action == "reassign":
            names[event.detail["level"]] = event.successor
    return names


def _reached(ticket, events, level, tell):
    if level > ticket.level:
        return "Tidak diperlukan" if ticket.closed_at else "Belum diperlukan"
    taken = next((e.at for e in events if e.action == "take" and e.to_level == level), None)
    if taken is None:
        return "Menunggu diambil" if level == ticket.level else ""
    left = next((e.at for e in events if e.action == "escalate" and e.from_level == level), None)
    return tell(ticket, taken, left)


def _for_officer(ticket, taken, left):
    ended = left or ticket.closed_at
    if ended and not left and ticket.is_closed_by_system:
        return f"Ditutup oleh sistem setelah {length(ended - taken)}"
    if ended:
        return f"Selesai ditangani, {length(ended - taken)}"
    return f"Sedang menangani, {length(timezone.now() - taken)}"


def _for_reporter(ticket, taken, left):
    if left:
        return f"Meneruskan {_day(left, ticket)}"
    if ticket.closed_at:
        word = "Ditutup" if ticket.is_closed_by_system else "Selesai"
        return f"{word} {_day(ticket.closed_at, ticket)}"
    if ticket.status == Status.AWAITING_REVIEW:
        return f"Menjawab {_day(ticket.updated_at, ticket)}"
    return f"Diambil {_day(taken, ticket)}"


def _day(at, ticket):
    return date_format(timezone.localtime(at, ticket.lpse.tzinfo), "j M Y")
