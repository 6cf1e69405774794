"""'n working days after' in the three zones, with the days off that administrators keep (R131)."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import TZINFO, Zone
from tickets.models import Holiday
from tickets.working_days import after, before, is_working

pytestmark = [pytest.mark.requirement("R131", "R135")]

WIB, WITA, WIT = (TZINFO[zone] for zone in (Zone.WIB, Zone.WITA, Zone.WIT))
NONE_OFF = frozenset()
EID = {date(2026, 3, day) for day in (20, 23, 24)}  # a Friday, and the Monday and Tuesday after


def wib(*parts):
    return datetime(*parts, tzinfo=WIB)


@pytest.mark.parametrize(
    ("moment", "number", "days_off", "expected"),
    [
        # Monday 16 November 2026
        (wib(2026, 11, 16, 9, 30), 3, NONE_OFF, wib(2026, 11, 19, 9, 30)),
        (wib(2026, 11, 16, 9, 30), 5, NONE_OFF, wib(2026, 11, 23, 9, 30)),
        (wib(2026, 11, 16, 9, 30), 7, NONE_OFF, wib(2026, 11, 25, 9, 30)),
        # the last minute of a Friday, the first and the last of a weekend, the first of a Monday
        (wib(2026, 11, 20, 23, 59), 1, NONE_OFF, wib(2026, 11, 23, 23, 59)),
        (wib(2026, 11, 21, 0, 0), 1, NONE_OFF, wib(2026, 11, 24, 0, 0)),
        (wib(2026, 11, 22, 23, 59), 1, NONE_OFF, wib(2026, 11, 24, 0, 0)),
        (wib(2026, 11, 23, 0, 0), 1, NONE_OFF, wib(2026, 11, 24, 0, 0)),
        # over days off, and from the middle of them
        (wib(2026, 3, 19, 15, 0), 3, EID, wib(2026, 3, 27, 15, 0)),
        (wib(2026, 3, 23, 15, 0), 3, EID, wib(2026, 3, 30, 0, 0)),
        # over New Year, which is a holiday of the other year
        (wib(2026, 12, 31, 10, 0), 1, {date(2027, 1, 1)}, wib(2027, 1, 4, 10, 0)),
    ],
)
def test_it_is_the_same_hour_on_the_nth_working_day(moment, number, days_off, expected):
    assert after(moment, number, WIB, days_off) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (WIB, datetime(2026, 11, 23, 22, 30, tzinfo=WIB)),  # still Friday in Jakarta
        (WITA, datetime(2026, 11, 23, 23, 30, tzinfo=WITA)),  # and in Makassar
        (WIT, datetime(2026, 11, 24, 0, 0, tzinfo=WIT)),  # already Saturday in Jayapura
    ],
)
def test_the_day_is_that_of_the_zone_of_the_lpse(zone, expected):
    late_on_friday = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)

    assert after(late_on_friday, 1, zone, NONE_OFF) == expected


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_what_always_holds_of_working_days(zone):
    luck = random.Random(7)
    first = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(300):
        moment = first + timedelta(minutes=luck.randrange(700 * 24 * 60))
        days_off = {date(2026, 1, 1) + timedelta(luck.randrange(730)) for _ in range(60)}
        number = luck.randrange(1, 9)

        reached = after(moment, number, zone, days_off)

        assert is_working(reached.date(), days_off)
        assert reached >= moment + timedelta(days=number)  # what a query may be narrowed by
        assert after(moment + timedelta(hours=1), number, zone, days_off) >= reached
        assert after(moment, number + 1, zone, days_off) == after(reached, 1, zone, days_off)
        assert before(reached.date(), 1, days_off) < reached.date()
        between = [
            moment.astimezone(zone).date() + timedelta(n)
            for n in range(1, (reached.date() - moment.astimezone(zone).date()).days + 1)
        ]
        started = not is_working(moment.astimezone(zone).date(), days_off)
        assert sum(is_working(day, days_off) for day in between) == number + started


@pytest.mark.django_db
@pytest.mark.requirement("R134")
def test_a_day_off_that_an_administrator_adds_counts_at_once():
    moment = wib(2029, 6, 4, 9, 0)  # a Monday of a year without any decree
    assert after(moment, 1, WIB, Holiday.objects.dates_from(moment)) == wib(2029, 6, 5, 9, 0)

    Holiday.objects.create(
        date=date(2029, 6, 5), name="Cuti bersama", kind=Holiday.Kind.CUTI_BERSAMA
    )

    assert after(moment, 1, WIB, Holiday.objects.dates_from(moment)) == wib(2029, 6, 6, 9, 0)


@pytest.mark.django_db
def test_the_days_off_of_a_span_are_one_query_and_begin_with_its_day_in_every_zone():
    late = datetime(2029, 6, 4, 16, 0, tzinfo=UTC)  # the 5th in Jayapura
    for day in (1, 4, 5, 30):
        Holiday.objects.create(date=date(2029, 6, day), name=f"Libur {day}")

    with CaptureQueriesContext(connection) as queries:
        found = Holiday.objects.dates_from(late)

    assert found == {date(2029, 6, day) for day in (4, 5, 30)}
    assert len(queries) == 1
