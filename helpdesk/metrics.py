"""Figures for Prometheus at /metrics, for whoever has the METRICS_TOKEN.

Every worker of gunicorn counts into files that the others read (deploy/gunicorn.py says where).
Pages are told apart by the name of their view: an address would name a ticket.
"""

import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from datetime import time as time_of_day

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, Error, connection
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from accounts import replica
from accounts.roles import Level
from helpdesk.health import CHECKS, holds
from helpdesk.request_log import view_name
from tickets.models import DayRoot, Holiday, Notice, Scan, Ticket

SHARED = "PROMETHEUS_MULTIPROC_DIR"
SLOT = "METRICS_SLOT"
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
# People wait up to one second without losing their thought; an upload takes its time
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120)

if SHARED in os.environ:
    # By gunicorn's place for a worker, not by its pid: the files of replaced workers would pile up
    values.ValueClass = values.MultiProcessValue(lambda: os.environ.get(SLOT) or os.getpid())

OWN = CollectorRegistry()
REQUESTS = Counter("lpse_requests", "Answered requests", ["method", "view", "status"], registry=OWN)
LATENCY = Histogram(
    "lpse_request_seconds", "Time until an answer begins", ["view"], buckets=SECONDS, registry=OWN
)


class MetricsMiddleware:
    """Counts every answer, with what it took until its first byte."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        begin = time.monotonic()
        response = self.get_response(request)
        view = view_name(request)
        method = request.method if request.method in METHODS else "other"  # a client's own word
        REQUESTS.labels(method, view, response.status_code).inc()
        LATENCY.labels(view).observe(time.monotonic() - begin)
        return response


class Portal:
    """What is asked of database and disk when somebody looks; nothing of it grows with the years.

    Open tickets are few and have an index, waiting scans and roots of days too.
    """

    def collect(self):
        """Each figure; without a database only what needs none."""
        yield from ready()
        yield from backup()
        try:
            yield from tickets()
            yield scans()
            yield from outbox()
            yield from seals()
            yield from holidays()
            yield from behind()
        except DatabaseError:
            connection.close()


def ready():
    """1 for each check of /readyz that holds."""
    gauge = GaugeMetricFamily("lpse_ready", "Checks of /readyz: 1 holds, 0 fails", labels=["check"])
    for check in CHECKS:
        gauge.add_metric([check.__name__], int(holds(check)))
    yield gauge


def tickets():
    """Open tickets by level and status."""
    gauge = GaugeMetricFamily("lpse_open_tickets", "Open tickets", labels=["level", "status"])
    # with the levels named, the index of the queues answers without a look at closed tickets
    rows = Ticket.objects.open().filter(level__in=Level).order_by().values_list("level", "status")
    for level, status, count in rows.annotate(Count("pk")):
        gauge.add_metric([str(level), status], count)
    yield gauge


def scans():
    """Files that the virus scanner has not given its word on."""
    waiting = Scan.objects.waiting().count()
    return GaugeMetricFamily("lpse_files_waiting_for_scan", "Files closed until then", waiting)


def outbox():
    """How long the longest waiting mail is overdue, and how many were given up."""
    now = timezone.now()
    since = Notice.objects.oldest_due(now)
    age = (now - since).total_seconds() if since else 0
    yield GaugeMetricFamily("lpse_outbox_age_seconds", "Since the oldest mail was due", age)
    dead = Notice.objects.dead().count()
    yield GaugeMetricFamily("lpse_dead_letters", "Mails that nobody could deliver", dead)


def seals():
    """When the last finished day got its root; nothing before the first."""
    if last := DayRoot.objects.order_by("day").last():
        made_at = last.made_at.timestamp()
        yield GaugeMetricFamily("lpse_last_seal_timestamp_seconds", "Root of a day", made_at)


def holidays():
    """The last day off that is known: beyond it, reminders and closings count weekends alone."""
    if last := Holiday.objects.order_by("date").last():
        until = datetime.combine(last.date, time_of_day.min, UTC).timestamp()
        yield GaugeMetricFamily("lpse_holidays_until_timestamp_seconds", "Last known", until)


def behind():
    """What the replica has still to replay; nothing where there is none, or it does not answer."""
    if replica.REPLICA in settings.DATABASES:
        with suppress(Error, replica.NotReplica):
            number = replica.bytes_behind()
            yield GaugeMetricFamily("lpse_replica_behind_bytes", "Of the primary's log", number)


def backup():
    """When the last backup ended, which writes BACKUP_MARKER; nothing before the first."""
    with suppress(OSError):  # not there yet, or not for this account
        ended_at = settings.BACKUP_MARKER.stat().st_mtime
        yield GaugeMetricFamily("lpse_last_backup_timestamp_seconds", "Last backup", ended_at)


def figures():
    """All of it in Prometheus' text format: the requests of every worker, and the portal."""
    requests = OWN
    if SHARED in os.environ:
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    portal = CollectorRegistry()
    portal.register(Portal())
    return generate_latest(requests) + generate_latest(portal)


@login_not_required
@require_safe
def metrics(request):
    """The figures, for 'Authorization: Bearer METRICS_TOKEN'; to others nothing is here."""
    sent = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(sent, wanted):
        raise Http404
    return HttpResponse(figures(), content_type=CONTENT_TYPE_LATEST)
