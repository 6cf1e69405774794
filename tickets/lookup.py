"""The public look-up: where a ticket stands, for whoever has its number (R125-R128)."""

from functools import wraps
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import limits, replica
from accounts.roles import Level
from tickets import numbers
from tickets.models import LookupFailure, Ticket
from tickets.models.lookup_failure import source_of
from tickets.views import client_ip
from tickets.wording import Word, public_word

IMPOSSIBLE = "LS" + 12 * "-"  # as long as a number, and never one
LONGEST_ECHO = 64  # characters of what was typed that the field shows again


def unlisted(view):
    """Neither search engines nor caches keep the page, whatever it answers."""

    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return never_cache(page)


@login_not_required
@unlisted
@require_safe
def lookup(request):
    """'Cari Tiket': a field for the number, which leads to the ticket's public page (R125)."""
    typed = request.GET.get("nomor", "")
    if not typed.strip():
        return _page(request, "")
    return _answer(request, typed, lambda ticket: redirect("tickets:track", str(ticket)))


@login_not_required
@unlisted
@require_safe
def track(request, number):
    """Where the ticket stands, nothing personal, and the field to search again (R126, R127)."""

    def found(ticket):
        if number != str(ticket):
            return redirect("tickets:track", str(ticket))
        return _track_page(request, ticket)

    return _answer(request, number, found)


def _answer(request, typed, found):
    """What `found` makes of the ticket; else one and the same page for every wrong number."""
    wait, ticket = _look_up(request, typed)
    if wait:
        limits.refused(request, "lookup", wait)
        return limits.told(_page(request, typed, minutes=limits.minutes(wait)), wait)
    return found(ticket) if ticket else _page(request, typed, is_missing=True, status=404)


def _look_up(request, typed):
    """(seconds to wait, the ticket or None): counts what is not found, at most AT_MOST (R128).

    Unknown and malformed numbers take the same way through the database.
    """
    failures, source = LookupFailure.objects, source_of(client_ip(request))
    with transaction.atomic():
        if wait := failures.turn(source):
            return wait, None
        ticket = replica.find(request, lambda: _ticket(_number(typed)))
        if ticket is None:
            failures.add(source)
    return 0, ticket


def _ticket(number):
    """The ticket with its public `moves`, both read in one place; None where there is none."""
    ticket = Ticket.objects.public().filter(number=number).first()
    if ticket:
        ticket.moves = list(ticket.events.public())
    return ticket


def _number(typed):
    try:
        return numbers.parse(typed)
    except ValueError:
        return IMPOSSIBLE


def _page(request, typed, *, minutes=0, is_missing=False, status=200):
    """The field, with what was typed, and why there is no ticket below it."""
    context = _field(typed) | {"minutes": minutes, "is_missing": is_missing}
    return render(request, "tickets/lookup.html", context, status=status)


def _field(typed):
    return {
        "typed": typed.replace("\0", "")[:LONGEST_ECHO],
        "example": numbers.EXAMPLE,
        "mistyped": numbers.MISTYPED,
    }


def _track_page(request, ticket):
    events = ticket.moves
    context = _field(str(ticket)) | {
        "ticket": ticket,
        "word": public_word(
            *(ticket.status, ticket.level, ticket.feedback_from),
            by_system=events[-1].action == "close_silent",
        ),
        "levels": _levels(ticket, events),
        "history": _history(ticket, events)[::-1],
        "may_open": Ticket.objects.visible_to(request.user).filter(pk=ticket.pk).exists(),
    }
    return render(request, "tickets/track.html", context)


class Line(NamedTuple):
    """One line of 'Riwayat Tiket': since that day the ticket stands so."""

    on: object
    word: Word


def _history(ticket, events):
    """Each change of the public status, oldest first; what officers ask one another is none."""
    lines = []
    for event in events:
        word = public_word(
            *(event.to_status, event.to_level, event.feedback_from),
            by_system=event.action == "close_silent",
        )
        if not lines or lines[-1].word != word:
            lines.append(Line(_day(event.at, ticket), word))
    return lines


def _levels(ticket, events):
    """The four levels of the stepper, each with the days that the ticket was there."""
    arrived = {}
    for event in events:
        arrived.setdefault(event.to_level, _day(event.at, ticket))
    closed = _day(ticket.closed_at, ticket) if ticket.closed_at else None
    return [
        {
            "label": level.label,
            "when": _period(arrived[level], arrived.get(level + 1, closed))
            if level in arrived
            else ("Tidak diperlukan" if closed else "Belum diperlukan"),
            "is_done": level < ticket.level or (closed and level == ticket.level),
            "is_current": level == ticket.level and not closed,
            "is_border": level == Level.LKPP_1,
        }
        for level in Level
    ]


def _day(at, ticket):
    """The date in the zone of the ticket's LPSE (R131)."""
    return timezone.localdate(at, ticket.lpse.tzinfo)


def _period(first, last):
    """'16 sampai 17 Nov 2026', '16 Nov 2026', or 'sejak 16 Nov 2026' while it lasts."""
    if last is None:
        return f"sejak {date_format(first, 'j M Y')}"
    if first == last:
        return date_format(last, "j M Y")
    same_year = first.year == last.year
    start = "j" if same_year and first.month == last.month else "j M" if same_year else "j M Y"
    return f"{date_format(first, start)} sampai {date_format(last, 'j M Y')}"
