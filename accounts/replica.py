"""Reading from a replica of the database, where the settings name one (ADR 31).

Views marked with `reads_replica` do, and nothing else. Whoever has just written, a replica that is
late or one that fails: each leads to the primary, where everything else is read and all is written.
"""

import threading
import time
from collections import deque
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

REPLICA = "replica"
APPS = {"accounts", "faq", "tickets"}
# What is counted under a lock must be seen as it is now, whoever asks
ALWAYS_PRIMARY = {"accounts.RateCount", "accounts.HandoffToken", "tickets.LookupFailure"}

JUST_WRITTEN = f"{settings.COOKIE_PREFIX}baru-menulis"  # cookie
EVERY = 2  # seconds between two questions about the replica
REST = 5  # seconds that a replica is left alone after it failed
PRIMARY_NOW = "SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')"
REPLICA_NOW = (
    "SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') FROM pg_is_in_recovery() AS is_replica"
    " WHERE is_replica"
)

_is_reading = ContextVar("is_reading", default=False)


class Router:
    """Says 'replica' for what is read within `read`; what hangs on a row is read where the row was.

    Only settings with a replica have this router.
    """

    def db_for_read(self, model, instance=None, **hints):
        about = model._meta
        if instance is not None or not _is_reading.get():
            return None
        return REPLICA if about.app_label in APPS and about.label not in ALWAYS_PRIMARY else None

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        """The same rows, wherever they were read."""
        return True

    def allow_migrate(self, db, app_label, **hints):
        return None if db == DEFAULT_DB_ALIAS else False


# Where to read


def reads_replica(view):
    """Marks a view that only reads, and may be some seconds late: the replica answers it.

    It must read all of its rows, or begin to, before it returns. When the replica fails meanwhile
    the view is run once more, on the primary.
    """

    @wraps(view)
    def page(request, *args, **kwargs):
        return read(request, lambda: view(request, *args, **kwargs))

    return page


def read(request, query):
    """What `query()` returns, asked of the replica if it may be, else of the primary."""
    return find(request, query, is_enough=lambda found: True)


def find(request, query, is_enough=lambda found: found is not None):
    """As `read`; what the replica does not know (yet) is asked of the primary, too."""
    if may_read(request):
        try:
            with _reading():
                found = query()
            if is_enough(found):
                return found
        # Away, ended by its recovery, without a new column yet: the primary knows. Of a cursor that
        # was ended Django hands on the driver's own error
        except (Error, connections[REPLICA].Database.Error):
            watch.rest()
    return query()


def may_read(request):
    """Whether this request may be answered by the replica: there is one, and it is not late."""
    return REPLICA in settings.DATABASES and not has_just_written(request) and watch.is_fresh()


def lateness():
    """How old what is read here and now can be: nothing, where the primary is read."""
    return timedelta(seconds=settings.REPLICA_MAX_LAG if _is_reading.get() else 0)


@contextmanager
def _reading():
    token = _is_reading.set(True)
    try:
        yield
    finally:
        _is_reading.reset(token)


# Whoever has just written


def has_just_written(request):
    """Whether this browser has written within the last settings.JUST_WRITTEN_SECONDS."""
    return JUST_WRITTEN in request.COOKIES


class JustWrittenMiddleware:
    """A cookie for a minute tells that somebody signed in has posted something that was taken."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_taken = request.method == "POST" and response.status_code < 400
        if is_taken and request.user.is_authenticated:
            response.set_cookie(
                JUST_WRITTEN,
                "1",
                max_age=settings.JUST_WRITTEN_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


# How late the replica is


class Watch:
    """What this process knows of the replica; both servers are asked every EVERY seconds at most.

    Marks say where the log of the primary ended at a moment. A replica that has replayed up to a
    mark has all that was committed by that moment. So no clock of another machine counts, a primary
    without work makes nobody late, and a replica that lost its way to the primary is late at once.
    """

    def __init__(self):
        self.asking = threading.Lock()
        self.marks = deque(maxlen=60)  # (moment, end of the primary's log), the newest last
        self.next_at, self.reached = 0.0, float("-inf")

    def is_fresh(self):
        """Whether the replica has all that was committed settings.REPLICA_MAX_LAG seconds ago."""
        if time.monotonic() >= self.next_at and not self._is_asked():
            return False
        return time.monotonic() - self.reached <= settings.REPLICA_MAX_LAG

    def rest(self):
        """Leave a replica that failed alone for a while: a dead one delays nobody else."""
        self.reached, self.next_at = float("-inf"), time.monotonic() + REST
        connections[REPLICA].close()

    def _is_asked(self):
        """Ask, unless another thread is at it: then nobody waits for a replica that hangs."""
        if not self.asking.acquire(blocking=False):
            return False
        try:
            self._ask()
        finally:
            self.asking.release()
        return True

    def _ask(self):
        now = time.monotonic()
        self.marks.append((now, end_of_log(DEFAULT_DB_ALIAS, PRIMARY_NOW)))
        try:
            self.note(end_of_log(REPLICA, REPLICA_NOW))
        except (Error, NotReplica):
            self.rest()
        else:
            self.next_at = now + EVERY

    def note(self, replayed):
        """The replica has replayed so far."""
        while self.marks and self.marks[0][1] <= replayed:
            self.reached = self.marks.popleft()[0]


class NotReplica(Exception):
    """The server follows no primary: somebody has made it one."""


def end_of_log(alias, query):
    """How many bytes of the log a server has written, or replayed."""
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    if row is None:
        raise NotReplica
    return row[0]


def bytes_behind():
    """How much of the primary's log the replica has still to replay, for the monitoring."""
    return max(0, end_of_log(DEFAULT_DB_ALIAS, PRIMARY_NOW) - end_of_log(REPLICA, REPLICA_NOW))


watch = Watch()
