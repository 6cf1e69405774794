"""When the acts of a story happened, mostly in working hours of the LPSE."""

import random
from datetime import time, timedelta

OPENS, CLOSES = time(7, 30), time(17)
NIGHT = timedelta(hours=14, minutes=30)
GAPS = (6, 15, 35, 50, 95, 170, 260, 420)  # minutes of working time between two acts


def moments(story, tzinfo, now):
    """The time of the sending and of each act, the same for the same `now`; all of them past."""
    luck = random.Random(story.title)  # noqa: S311 # nosec B311 # the same at every run
    times = [_sent_at(story, now.astimezone(tzinfo), luck)]
    for _ in story.steps:
        gap = timedelta(minutes=luck.choice(GAPS), seconds=luck.randrange(60))
        times.append(_in_working_hours(times[-1] + gap))
    return times if times[-1] < now else _squeezed(times[0], now, len(times))


def _sent_at(story, now, luck):
    """Hours ago are meant exactly, days ago as some time of the working day."""
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
