"""Look-ups of a ticket number that found nothing, counted for each address (R128)."""

from datetime import timedelta
from math import ceil

from django.db import connection, models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.limits import network_of
from accounts.models import CLOCKS_DIFFER

AT_MOST = 5
WITHIN = timedelta(minutes=10)


class LookupFailureQuerySet(models.QuerySet):
    def lock(self, source):
        """One look-up of a source at a time, until the transaction ends; what makes AT_MOST exact.

        The lock belongs to the database, so it holds across all worker processes.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [source])

    def seconds_to_wait(self, source):
        """How long until this source may look again; 0 when it may now."""
        now = timezone.now()
        # none of a clock that was ahead
        recent = self.filter(source=source, at__gt=now - WITHIN, at__lte=now + CLOCKS_DIFFER)
        recent = recent.order_by("-at")
        times = list(recent.values_list("at", flat=True)[:AT_MOST])
        if len(times) < AT_MOST:
            return 0
        return max(1, ceil((times[-1] + WITHIN - now).total_seconds()))

    def add(self, source):
        """Count one more, and forget what counts no longer, of whatever source."""
        # rows that another look-up is removing just now are left to it: neither waits
        over = self.expired().select_for_update(skip_locked=True)
        self.filter(pk__in=over.values("pk")).delete()
        self.create(source=source, at=timezone.now())

    def expired(self):
        return self.filter(at__lte=timezone.now() - WITHIN)


class LookupFailure(models.Model):
    """`source` stands for an address without being one: see `source_of`."""

    source = models.BigIntegerField("sumber")
    at = models.DateTimeField("waktu", db_index=True)

    objects = LookupFailureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "pencarian yang gagal"
        indexes = [models.Index(fields=["source", "-at"], name="lookup_failure_of_source")]

    def __str__(self):
        return f"{self.source} {self.at}"


def source_of(ip):
    """The number that stands for an address: keyed, so that the table names nobody."""
    digest = salted_hmac("tickets.lookup", network_of(ip), algorithm="sha256").digest()
    return int.from_bytes(digest[:8], signed=True)
