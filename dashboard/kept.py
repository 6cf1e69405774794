"""The figures of a dashboard as they were at most a minute ago, kept for all who look (ADR 29).

Counting a year of a busy LPSE, or of the nation, costs many times what showing it costs, and forty
officers look at the same figures. So they are counted once a minute, while somebody looks; the page
says when. Where few tickets are counted, as in most LPSE, they are counted at each look.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from zlib import crc32

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.replica import lateness
from dashboard import charts, figures

MAX_AGE = timedelta(seconds=60)
# From then on one of those who look counts anew, and the others still see what was kept
RENEWED_AFTER = timedelta(seconds=40)
# So long it is known that there are many: what is too old is not shown, but counted by one for all
REMEMBERED = timedelta(hours=1)
PATIENCE = "3s"
LOCK = 7_001  # of PostgreSQL's advisory locks, the class of these
KEPT_FROM = 300  # tickets of the period; fewer are counted sooner than read from the cache
DURATIONS = ("time_to_take", "time_to_solve")


class Kept(NamedTuple):
    """All that the dashboard of an officer's level and office shows of one period."""

    counted_at: datetime
    groups: dict
    whole: dict
    officers: list
    offices: list


def of(user, period, *, fresh=False):
    """The Kept figures for this officer, never older than MAX_AGE; `fresh`: of now."""
    key = _key(user, period)
    written = None if fresh else cache.get(key)
    if written is None:
        return _counted(key, user, period)
    if kept := _usable(key, written):
        return kept
    with transaction.atomic():  # of many who come after a rest one counts, the others wait for it
        _wait_for_turn(key)
        renewed = cache.get(key)
        was_renewed = renewed and renewed != written
        kept = _fresh(renewed) if was_renewed else None
        return kept or _counted(key, user, period)


def _wait_for_turn(key):
    """Wait for whoever counts the same, until they are done or PATIENCE is over."""
    with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, crc32(key.encode()) >> 1])


def _key(user, period):
    """Officers of one level and office see the same tickets, by days of the same zone."""
    days = "-".join(period.days.values())
    return f"dashboard-{user.lpse_id or 'lkpp'}-{user.level}-{user.zone}-{days}"


def known(user, period):
    """What is kept and not too old, else None; whoever only asks takes nobody's turn to count."""
    written = cache.get(_key(user, period))
    return written and _fresh(written)


def _fresh(written):
    """The Kept figures that were written; None when they are older than MAX_AGE."""
    kept = _understood(written)
    age = timezone.now() - kept.counted_at
    return kept if timedelta(0) <= age <= MAX_AGE else None


def _usable(key, written):
    """The same, and None also for the one whose turn it is to count anew."""
    kept = _fresh(written)
    if kept is None or timezone.now() - kept.counted_at <= RENEWED_AFTER:
        return kept
    turn = cache.add(f"{key}-turn", 1, timeout=RENEWED_AFTER.total_seconds())
    return None if turn else kept


def _counted(key, user, period):
    """The figures of now, kept where they are many."""
    kept = _count(user, period)
    if sum(figure.count for figure in kept.groups["status"]) >= KEPT_FROM:
        lasts = MAX_AGE if period.is_custom else REMEMBERED  # days of one's own nobody asks again
        cache.set(key, _written(kept), timeout=lasts.total_seconds())
    return kept


def _count(user, period):
    counted_at = timezone.now() - lateness()
    measured, whole = figures.measures(user, period)
    return Kept(
        counted_at,
        figures.groups(user, period, charts.groups_of(user)),
        whole,
        figures.officers(user, measured),
        list(figures.offices(user, period)) if user.is_lkpp else [],
    )


# As JSON, which is what the database's cache keeps


def _written(kept):
    return {
        "counted_at": kept.counted_at.isoformat(),
        "groups": kept.groups,
        "whole": _seconds(kept.whole),
        "officers": [[*officer[:-1], _seconds(officer.measures)] for officer in kept.officers],
        "offices": [office | {SINCE: _text(office[SINCE])} for office in kept.offices],
    }


def _understood(written):
    return Kept(
        datetime.fromisoformat(written["counted_at"]),
        {
            name: [figures.Figure(*figure) for figure in group]
            for name, group in written["groups"].items()
        },
        _durations(written["whole"]),
        [figures.Officer(*facts, _durations(last)) for *facts, last in written["officers"]],
        [office | {SINCE: _moment(office[SINCE])} for office in written["offices"]],
    )


SINCE = "waiting_since"


def _seconds(measures):
    found = {name: measures[name] for name in DURATIONS}
    return measures | {n: None if d is None else d.total_seconds() for n, d in found.items()}


def _durations(measures):
    found = {name: measures[name] for name in DURATIONS}
    return measures | {n: None if s is None else timedelta(seconds=s) for n, s in found.items()}


def _text(moment):
    return moment and moment.isoformat()


def _moment(text):
    return text and datetime.fromisoformat(text)
