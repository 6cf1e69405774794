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
    def turn(self, source):
        """How long until this source may look again; 0 when it may now.

        Then it is its turn until the transaction ends: one look-up of a source at a time makes
        AT_MOST exact. The lock belongs to the database, so it holds across all worker processes; a
        flood does not queue for it. One statement (migration 0021).
        """
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM tickets_lookup_turn(%s, %s, %s, %s)",
                # none of a clock that was ahead
                [source, now - WITHIN, now + CLOCKS_DIFFER, AT_MOST],
            )
            times = [at for (at,) in cursor]
        if len(times) < AT_MOST:
            return 0
        return max(1, ceil((times[-1] + WITHIN - now).total_seconds()))

    def add(self, source):
        """Count one more, and forget what counts no longer, of whatever source."""
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(COUNT_ONE, {"over": now - WITHIN, "source": source, "now": now})

    def expired(self):
        return self.filter(at__lte=timezone.now() - WITHIN)


# Rows that another look-up is removing just now are left to it: neither waits
COUNT_ONE = """
    WITH over AS (
        SELECT id FROM tickets_lookupfailure WHERE at <= %(over)s FOR UPDATE SKIP LOCKED
    ), forgotten AS (
        DELETE FROM tickets_lookupfailure AS failure USING over WHERE failure.id = over.id
    )
    INSERT INTO tickets_lookupfailure (source, at) VALUES (%(source)s, %(now)s)
"""


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
