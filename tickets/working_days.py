"""Working days: Monday to Friday without the days off that administrators keep (R131, R134).

Knows no clock and asks no database: `days_off` is a set of dates. Imports nothing of ours.
"""

from datetime import datetime, time, timedelta

FRIDAY = 4
A_DAY = timedelta(days=1)


def is_working(day, days_off):
    return day.weekday() <= FRIDAY and day not in days_off


def following(day, days_off, *, direction=A_DAY):
    """The next working day after `day`; with `direction` of -A_DAY the last one before it."""
    day += direction
    while not is_working(day, days_off):
        day += direction
    return day


def after(moment, number, tzinfo, days_off):
    """`number` working days after `moment`, as the clocks and calendars of `tzinfo` have it.

    It is the same time of the clock on the n-th working day after that day. What happened on a day
    off counts from the beginning (00:00) of the next working day (R131, R135).
    """
    local = moment.astimezone(tzinfo)
    day, clock = local.date(), local.time()
    if not is_working(day, days_off):
        day, clock = following(day, days_off), time()
    for _ in range(number):
        day = following(day, days_off)
    return datetime.combine(day, clock, tzinfo)


def before(day, number, days_off):
    """The n-th working day before `day`."""
    for _ in range(number):
        day = following(day, days_off, direction=-A_DAY)
    return day
