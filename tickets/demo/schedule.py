"""When the acts of a story happened, mostly in working hours of the LPSE."""

import random
from dataclasses import replace
from datetime import datetime, time, timedelta

from django.conf import settings

from tickets import working_days
from tickets.demo.stories import BY_TIME
from tickets.silence import Silence

OPENS, CLOSES = time(7, 30), time(17)
NIGHT = timedelta(hours=14, minutes=30)
GAPS = (6, 15, 35, 50, 95, 170, 260, 420)  # minutes of working time between two acts


def moments(story, tzinfo, now, days_off):
    """The time of the sending and of each act, the same for the same `now`; all of them past.

    What time does cannot be hurried: with longer limits than the usual a story is told as far as it
    has come, with fewer times than acts.
    """
    luck = random.Random(story.title)  # noqa: S311 # nosec B311 # the same at every run
    sent_at = _sent_at(story, now.astimezone(tzinfo), luck, days_off)
    times = [sent_at, *_acted_at(story, Silence(sent_at, tzinfo, days_off), luck)]
    if story.waits_for_time:
        return [moment for moment in times if moment < now]
    return times if times[-1] < now else _squeezed(times[0], now, len(times))


def _acted_at(story, silence, luck):
    """The time of each act; those of people end a silence, and another begins."""
    last = silence.since
    for act in story.acts:
        if act.name in BY_TIME:
            late = timedelta(minutes=luck.randrange(1, 10))  # a timer looks now and then
            last, silence = _due(act, silence, late)
        else:
            gap = timedelta(minutes=luck.choice(GAPS), seconds=luck.randrange(60))
            last = _in_working_hours(last + gap)
            silence = Silence(last, silence.tzinfo, silence.days_off)
        yield last


def _due(act, silence, late):
    """(when time does this act, the silence after it)."""
    if act.name == "close_silent":
        return silence.closes_at(silence.reminded_at) + late, silence
    days = next(days for days in settings.REMINDER_DAYS if days > silence.reminded_for)
    at = silence.reminds_at(days) + late
    return at, replace(silence, reminded_at=at, reminded_for=days)


def _sent_at(story, now, luck, days_off):
    """Hours ago are meant exactly, days ago as some time of the working day."""
    if story.working_age:
        day = working_days.before(now.date(), story.working_age, days_off)
        opening = datetime.combine(day, OPENS, now.tzinfo)
        return opening + timedelta(minutes=luck.randrange(9 * 60))
    if story.age < timedelta(days=1):
        return now - story.age
    morning = (now - story.age).replace(hour=7, minute=30, second=luck.randrange(60), microsecond=0)
    friday = timedelta(days=max(0, morning.weekday() - 4))
    return morning - friday + timedelta(minutes=luck.randrange(9 * 60))


def _in_working_hours(moment):
    """The moment itself, or as far into the next working day as it is past the evening."""
    if moment.time() > CLOSES or moment.time() < OPENS:
        moment += NIGHT
    while moment.weekday() > 4:
        moment += timedelta(days=1)
    return moment


def _squeezed(first, now, count):
    """As many moments at equal distances, for a story that is younger than its acts would take."""
    return [first + (now - first) * place / count for place in range(count)]
