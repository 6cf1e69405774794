"""Whether the portal is alive, and whether it can serve: for the monitoring, open to all.

What fails is named and nothing more is said. deploy/nginx.conf lets /readyz through for the
monitoring alone.
"""

import shutil
import tempfile
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tickets.models import Notice

OUTBOX_LATE = timedelta(minutes=15)
ROOM = 2**30  # bytes free for files: four requests of the largest form


PATHS = ("/healthz", "/readyz", "/metrics")


class NobodyMiddleware:
    """The monitoring is nobody: no cookie makes it ask a database that may be away."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info in PATHS:
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


def database():
    """It answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations():
    """This version finds the tables that it was written for; newer ones do no harm."""
    missing = newest_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    if missing:
        raise RuntimeError(f"{len(missing)} apps wait for manage.py migrate")


@cache
def newest_migrations():
    """The last migration of each app, as the code of this process has them."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def storage():
    """A file can be received, there is room for more, and a bucket that keeps them answers."""
    with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
        file.write(b"ready")
    if shutil.disk_usage(settings.MEDIA_ROOT).free < ROOM:
        raise RuntimeError("less than 1 GiB is free for files")
    if settings.S3:
        default_storage.listdir("readyz/")  # empty; raises without the server, the bucket, the key


def outbox():
    """The worker keeps up: nothing that is due waits longer than OUTBOX_LATE."""
    now = timezone.now()
    since = Notice.objects.oldest_due(now)
    if since and now - since > OUTBOX_LATE:
        raise RuntimeError("notices wait: the worker or the mail server is away")


CHECKS = (database, migrations, storage, outbox)


def failing():
    """The names of the checks that do not hold, in their order."""
    return [check.__name__ for check in CHECKS if not holds(check)]


def holds(check):
    """Whether it does; whatever goes wrong in it is a no."""
    try:
        check()
    except Exception:  # a probe has no other answer, and the reason is no stranger's business
        return False
    return True


@login_not_required
@require_safe
@never_cache
def healthz(request):
    """'ok' while a process answers; asks no database."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request):
    """'ok', or 503 and the names of what fails, one a line."""
    names = failing()
    text = "".join(f"{name}\n" for name in names)
    status = 503 if names else 200
    return HttpResponse(text or "ok\n", content_type="text/plain", status=status)
