"""One hash a day that stands for the history of every ticket: printed and kept elsewhere, it shows
later whether anything before it was changed, however thoroughly (R130)."""

import hashlib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, models, transaction
from django.utils import timezone

from tickets import chain
from tickets.models.event import Event

ZONE = ZoneInfo("Asia/Jakarta")
LATE = timedelta(hours=1)  # no step is so slow that it is still on its way an hour after midnight
LOCK = 0x5EA1  # any number of our own: one sealing at a time


class DayRootQuerySet(models.QuerySet):
    @transaction.atomic
    def seal(self, now=None):
        """Make the roots of all finished days that have none, from the first event on.

        Returns them, oldest first. Two at once make each root once.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        end = timezone.localdate((now or timezone.now()) - LATE, ZONE)
        last = self.order_by("day").last()
        made = []
        for day in _days(self._first_unsealed(last), end):
            last = self.create(**root_of(day, last.root if last else chain.START))
            made.append(last)
        return made

    @staticmethod
    def _first_unsealed(last):
        if last:
            return last.day + timedelta(days=1)
        first = Event.objects.order_by("at").values_list("at", flat=True).first()
        return first and timezone.localdate(first, ZONE)


class DayRoot(models.Model):
    """The root of a day in Jakarta. It covers every ticket: those that moved on that day by their
    last event's hash in `leaves`, all others through the root of the day before."""

    day = models.DateField("tanggal", unique=True)
    previous_root = models.CharField("akar sebelumnya", max_length=64)
    leaves = models.TextField(blank=True)  # lines 'number position hash', by number
    root = models.CharField("akar hash", max_length=64)
    made_at = models.DateTimeField("dihitung", auto_now_add=True)

    objects = DayRootQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "akar hash harian"
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day}"

    @property
    def tickets(self):
        """{number: (position, hash)} of the tickets that moved on this day."""
        lines = (line.split() for line in self.leaves.splitlines())
        return {number: (int(position), head) for number, position, head in lines}


def root_of(day, previous_root):
    """What the DayRoot of `day` must hold, from the events as they are now."""
    start = datetime.combine(day, time(), ZONE)
    moved = (
        Event.objects.filter(at__gte=start, at__lt=start + timedelta(days=1))
        .order_by("ticket__number", "-position")
        .distinct("ticket__number")
        .values_list("ticket__number", "position", "hash")
    )
    leaves = "".join(f"{number} {position} {head}\n" for number, position, head in moved.iterator())
    return {
        "day": day,
        "previous_root": previous_root,
        "leaves": leaves,
        "root": joined(day, previous_root, leaves),
    }


def joined(day, previous_root, leaves):
    """The root in hex: SHA-256 of three lines' worth of text that anybody can put together again:
    the day, the root before, and the leaves."""
    return hashlib.sha256(f"{day:%Y-%m-%d}\n{previous_root}\n{leaves}".encode()).hexdigest()


def _days(first, end):
    """The days from `first` up to, not including, `end`; none without a first."""
    while first and first < end:
        yield first
        first += timedelta(days=1)
