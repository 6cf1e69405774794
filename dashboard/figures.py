"""The numbers of the dashboards, computed by the database; visible_to says what is counted."""

from typing import NamedTuple

from django.db.models import (
    Aggregate,
    Avg,
    Case,
    CharField,
    Count,
    DurationField,
    F,
    IntegerField,
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


class Median(Aggregate):
    """The middle of durations; NULL when there is none."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


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
    return Coalesce(f"{relation}__code", Value("")), Coalesce(f"{relation}__label", Value(""))


def _key_of_age(period):
    classes = [When(created_at__gte=first, then=Value(key)) for key, first in period.ages.items()]
    return Case(*classes, default=Value(""))


GROUPS = {  # name: (key, label) of a ticket, both text
    "status": lambda period: (_text("status"), Value("")),
    "umur": lambda period: (_key_of_age(period), Value("")),
    "bulan": lambda period: (_text(TruncMonth("created_at", tzinfo=period.tzinfo)), Value("")),
    "pelapor": lambda period: (_text("reporter_kind"), Value("")),
    "kategori": lambda period: _named("category"),
    "versi": lambda period: _named("version"),
    "provinsi": lambda period: (_text("lpse__province"), Value("")),
}


def groups(user, period, names):
    """{name: [Figure, …]} for names of GROUPS and OLDER_OPEN, in one query (R21, R65-R70, R96).

    'umur' counts the tickets that nobody works on yet, OLDER_OPEN what the period leaves out, the
    others every ticket that was sent in the period. Keys without a ticket are missing.
    """
    parts = [_group(user, period, name) for name in names]
    found = {name: [] for name in names}
    for name, *figure in parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]:
        found[name].append(Figure(*figure))
    return found


def _group(user, period, name):
    tickets = sent_in(user, period)
    if name == OLDER_OPEN:
        tickets = Ticket.objects.visible_to(user).order_by().filter(OPEN)
        tickets = tickets.filter(created_at__lt=period.begin)
        key, label = Value(""), Value("")
    else:
        key, label = GROUPS[name](period)
    if name == "umur":
        tickets = tickets.filter(status=Status.NEW)
    named = tickets.annotate(group=Value(name), key=key, name=label)
    return named.values_list("group", "key", "name").annotate(n=Count("pk"))


MEASURES = {
    "taken": Count("ticket", distinct=True, filter=Q(action="take")),
    "solved": Count("ticket", distinct=True, filter=Q(action="resolve")),
    "returned": Count("ticket", distinct=True, filter=Q(action="reject")),
    "escalated": Count("ticket", distinct=True, filter=Q(action="escalate")),
    "rated": Count("ticket", distinct=True, filter=Q(action="rate")),
    "stars": Avg("ticket__rating__stars", filter=Q(action="rate")),
    "time_to_take": Median(F("at") - F("began_at"), filter=Q(action="take")),
    "time_to_solve": Median(F("at") - F("began_at"), filter=Q(action="resolve")),
}
NOTHING = {"taken": 0, "solved": 0, "returned": 0, "escalated": 0, "rated": 0, "stars": None,
           "time_to_take": None, "time_to_solve": None}  # fmt: skip


def measures(user, period):
    """({officer's pk: measures}, measures of all) of the viewer's level in the period, one query.

    Tickets are counted once however often the act was done; times are plain hours, waiting for the
    reporter included.
    """
    acts = Event.objects.credited_at(user.level).with_beginning().order_by()
    acts = acts.filter(
        ticket__in=Ticket.objects.visible_to(user).order_by(),
        at__gte=period.begin,
        at__lt=period.end,
    )
    nobody = Value(None, output_field=IntegerField())
    each = acts.annotate(who=F("credited_to")).values_list("who").annotate(**MEASURES)
    whole = acts.annotate(who=nobody).values_list("who").annotate(**MEASURES)
    found = {pk: dict(zip(MEASURES, values, strict=True)) for pk, *values in each.union(whole)}
    return found, found.pop(None, NOTHING)


class Officer(NamedTuple):
    """An officer's figures: `in_hand` is now, the measures are of the period."""

    user: User
    in_hand: int
    measures: dict


def officers(user, measured):
    """The Officers of the viewer's level and office, and whoever acted or holds (R71, R96)."""
    held = Ticket.objects.visible_to(user).held_at(user.level).order_by()
    held = held.filter(officer=OuterRef("pk")).values("officer").annotate(n=Count("pk"))
    colleagues = Q(role=ROLE_OF_LEVEL[user.level], lpse=user.lpse_id, is_active=True)
    people = (
        User.objects.annotate(in_hand=Coalesce(Subquery(held.values("n")), 0))
        .filter(colleagues | Q(pk__in=measured) | Q(in_hand__gt=0))
        .order_by("name", "pk")
    )
    return [Officer(p, p.in_hand, measured.get(p.pk, NOTHING)) for p in people]


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
