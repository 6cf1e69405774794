"""The numbers of the dashboards, computed by the database; visible_to says what is counted."""

from typing import NamedTuple

from django.db import connections
from django.db.models import (
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncMonth

from accounts.models import User
from accounts.roles import ROLE_OF_LEVEL
from tickets.counted import WITH_OFFICERS
from tickets.models import Event, Ticket
from tickets.steps import Status

OPEN = ~Q(status=Status.CLOSED)
OLDER_OPEN = "terlewat"  # beside the groups: open tickets that were sent before the period


class Figure(NamedTuple):
    """How many tickets have `key`; `label` is what people call it, '' where the key says it."""

    key: str
    label: str
    count: int


def sent_in(user, period):
    """The tickets that `user` may see and that were sent in the period."""
    visible = Ticket.objects.visible_to(user).order_by()
    return visible.filter(created_at__gte=period.begin, created_at__lt=period.end)


def _text(expression):
    return Cast(expression, CharField())


def _named(relation):
    return Coalesce(f"{relation}__code", Value("")), F(f"{relation}__label")


def _key_of_age(period):
    """The class of age of a ticket that nobody works on yet; NULL of every other."""
    new = {"status": Status.NEW}
    classes = [
        When(created_at__gte=first, **new, then=Value(key)) for key, first in period.ages.items()
    ]
    return Case(*classes, When(**new, then=Value("")))


GROUPS = {  # name: what tickets have in common, a key and for some its label
    "status": lambda period: (_text("status"),),
    "umur": lambda period: (_key_of_age(period),),
    "bulan": lambda period: (_text(TruncMonth("created_at", tzinfo=period.tzinfo)),),
    "pelapor": lambda period: (_text("reporter_kind"),),
    "kategori": lambda period: _named("category"),
    "versi": lambda period: _named("version"),
    "provinsi": lambda period: (_text("lpse__province"),),
}


def groups(user, period, names):
    """{name: [Figure, …]} for names of GROUPS and OLDER_OPEN, in one query (R21, R65-R70, R96).

    'umur' counts the tickets that nobody works on yet, OLDER_OPEN what the period leaves out, the
    others every ticket that was sent in the period. Keys without a ticket are missing.
    """
    sets = {name: GROUPS[name](period) for name in names if name != OLDER_OPEN}
    found = {name: [] for name in names}
    for name, key, label, count in _counted(user, period, sets, OLDER_OPEN in names):
        if key is not None:
            found[name].append(Figure(key, label or "", count))
    return found


def _counted(user, period, sets, with_older):
    """(name, key, label, count) of each group of each set: the tickets are read once for all."""
    columns = {
        f"{name}_{place}": expression
        for name, expressions in sets.items()
        for place, expression in enumerate(expressions)
    }
    tickets = sent_in(user, period).annotate(**columns).values_list(*columns)
    sql, values = tickets.query.sql_with_params()
    grouped = ["(" + ", ".join(_of(columns, name)) + ")" for name in sets]
    every = ", ".join(columns)
    parts = [
        f"SELECT {_name_of_set(columns, sets)}, {_first(columns, sets, 0)}, "  # noqa: S608 # nosec B608 # our own names, Django's SQL
        f"{_first(columns, sets, 1)}, count(*) FROM ({sql}) AS ticket ({every}) "
        f"GROUP BY GROUPING SETS ({', '.join(grouped)})"
    ]
    if with_older:
        older, more = older_open(user, period).values("pk").query.sql_with_params()
        parts.append(
            f"SELECT '{OLDER_OPEN}', '', '', count(*) FROM ({older}) AS ticket HAVING count(*) > 0"  # noqa: S608 # nosec B608 # our own names, Django's SQL
        )
        values += more
    with connections[tickets.db].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return cursor.fetchall()


def _of(columns, name):
    return [column for column in columns if column.rpartition("_")[0] == name]


def _name_of_set(columns, sets):
    """Which set a row is of: the one whose columns are grouped by."""
    cases = [f"WHEN GROUPING({name}_0) = 0 THEN '{name}'" for name in sets]
    return f"CASE {' '.join(cases)} END"


def _first(columns, sets, place):
    """The column at that place of whichever set a row is of; only one is not NULL."""
    having = [f"{name}_{place}" for name in sets if f"{name}_{place}" in columns]
    return f"coalesce({', '.join(having)})" if having else "''"


def older_open(user, period):
    """What `user` may see, is not closed and was sent before the period."""
    visible = Ticket.objects.visible_to(user).order_by()
    return visible.filter(OPEN, created_at__lt=period.begin)


# name: what is told of the acts (who, ticket, action, stars, lasted) of somebody, in SQL
MEASURES = {
    "taken": "count(DISTINCT ticket) FILTER (WHERE action = 'take')",
    "solved": "count(DISTINCT ticket) FILTER (WHERE action = 'resolve')",
    "returned": "count(DISTINCT ticket) FILTER (WHERE action = 'reject')",
    "escalated": "count(DISTINCT ticket) FILTER (WHERE action = 'escalate')",
    "rated": "count(DISTINCT ticket) FILTER (WHERE action = 'rate')",
    "stars": "(avg(stars) FILTER (WHERE action = 'rate'))::float",
    "time_to_take": "percentile_cont(0.5) WITHIN GROUP (ORDER BY lasted)"
    " FILTER (WHERE action = 'take')",
    "time_to_solve": "percentile_cont(0.5) WITHIN GROUP (ORDER BY lasted)"
    " FILTER (WHERE action = 'resolve')",
}
NOTHING = {"taken": 0, "solved": 0, "returned": 0, "escalated": 0, "rated": 0, "stars": None,
           "time_to_take": None, "time_to_solve": None}  # fmt: skip


def measures(user, period):
    """({officer's pk: measures}, measures of all) of the viewer's level in the period, one query.

    Tickets are counted once however often the act was done; times are plain hours, waiting for the
    reporter included. Each act is read once for both.
    """
    # an act moves its ticket, so no ticket that rested all the time has one in the period
    tickets = Ticket.objects.visible_to(user).filter(updated_at__gte=period.begin).order_by()
    acts = Event.objects.credited_at(user.level).with_beginning().order_by()
    acts = acts.filter(ticket__in=tickets, at__gte=period.begin, at__lt=period.end)
    lasted = ExpressionWrapper(F("at") - F("began_at"), DurationField())
    columns = ("credited_to", "ticket_id", "action", "ticket__rating__stars", "lasted")
    sql, values = acts.annotate(lasted=lasted).values_list(*columns).query.sql_with_params()
    found = {}
    with connections[acts.db].cursor() as cursor:
        cursor.execute(
            f"SELECT GROUPING(who), who, {', '.join(MEASURES.values())}"  # noqa: S608 # nosec B608 # our own names, Django's SQL
            f" FROM ({sql}) AS act (who, ticket, action, stars, lasted)"
            " GROUP BY GROUPING SETS ((who), ())",
            values,
        )
        for is_whole, who, *measured in cursor:
            if is_whole or who is not None:
                found[None if is_whole else who] = dict(zip(MEASURES, measured, strict=True))
    return found, found.pop(None, NOTHING)


class Officer(NamedTuple):
    """An officer's figures: `in_hand` is now, the measures are of the period."""

    pk: int
    name: str
    is_active: bool
    in_hand: int
    measures: dict


def officers(user, measured):
    """The Officers of the viewer's level and office, and whoever acted or holds (R71, R96).

    One query.
    """
    held = Ticket.objects.visible_to(user).held_at(user.level).order_by()
    held = held.values("officer").annotate(n=Count("pk"))
    colleagues = Q(role=ROLE_OF_LEVEL[user.level], lpse=user.lpse_id, is_active=True)
    # as a union: no index serves one 'or' the other, and accounts are many
    acted, working = (
        User.objects.filter(whose).values("pk") for whose in (Q(pk__in=measured), colleagues)
    )
    whose = acted.union(working, held.values("officer"))
    people = User.objects.filter(pk__in=whose).order_by("name", "pk")
    number = held.filter(officer=OuterRef("pk")).values("n")
    rows = people.annotate(in_hand=Coalesce(Subquery(number), 0))
    return [
        Officer(*row, measured.get(row[0], NOTHING))
        for row in rows.values_list("pk", "name", "is_active", "in_hand")
    ]


def offices(user, period):
    """By LPSE: of the period total, new, open and closed; of now how many tickets wait for
    officers and since when (R124).

    One query. The LPSE that waits longest comes first, however long ago its ticket was sent.
    """
    sent = Q(created_at__gte=period.begin, created_at__lt=period.end)
    return (
        Ticket.objects.visible_to(user)
        .filter(sent | WITH_OFFICERS)
        .order_by()
        .values("lpse__code", "lpse__name", "lpse__province")
        .annotate(
            total=Count("pk", filter=sent),
            new=Count("pk", filter=sent & Q(status=Status.NEW)),
            open=Count("pk", filter=sent & OPEN),
            closed=Count("pk", filter=sent & ~OPEN),
            waiting=Count("pk", filter=WITH_OFFICERS),
            waiting_since=Min("updated_at", filter=WITH_OFFICERS),
        )
        .order_by(F("waiting_since").asc(nulls_last=True), "lpse__name")
    )
