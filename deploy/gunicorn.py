"""gunicorn: threads for slow uploads, workers for cores."""

import ctypes
import multiprocessing
import os
import shutil
import signal
import tempfile
from itertools import count

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", 2 * multiprocessing.cpu_count()))
threads = 4
timeout = 120  # seconds that a worker may be silent; threads keep it alive during a slow upload
graceful_timeout = 10
keepalive = 5
forwarder_headers = ""  # else a client's SCRIPT_NAME would count wherever the proxy lets it through
control_socket_disable = True  # else every gunicorn of an account shares one in its home
max_requests = 2000  # a worker is replaced from time to time, so that no leak grows
max_requests_jitter = 200
# gunicorn's own advice: its heartbeat waits for no disk
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 # nosec B108

# In production its own lines are JSON, as those of the portal (helpdesk/request_log.py)
if os.environ.get("HELPDESK_MODE", "production") == "production":
    logconfig_dict = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "helpdesk.request_log.JSONFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }

M_MMAP_THRESHOLD, LARGE = -3, 2**20
SHARED = "PROMETHEUS_MULTIPROC_DIR"
# Where the workers count together for /metrics. A reload reads this file again and keeps the folder
if os.environ.get("METRICS_TOKEN") and SHARED not in os.environ:
    os.environ[SHARED] = tempfile.mkdtemp(prefix="lpse-metrics-")


def pre_fork(server, worker):
    """A worker counts in the place of one that ended, so that there are never more files."""
    taken = {other.place for other in server.WORKERS.values()}
    worker.place = next(place for place in count() if place not in taken)


def on_exit(server):
    """The figures begin anew with the next start, as Prometheus expects."""
    if SHARED in os.environ:
        shutil.rmtree(os.environ[SHARED], ignore_errors=True)


def post_fork(server, worker):
    """What a worker does before it begins."""
    os.environ["METRICS_SLOT"] = str(worker.place)
    _give_memory_back()
    _leave_interrupts_to_the_master()


def _give_memory_back():
    """Take every large block from the system, and give it back: glibc would keep some per thread.

    glibc begins so, but raises the threshold once a block was freed (mallopt(3)). Other libraries
    have no mallopt.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, LARGE)


def _leave_interrupts_to_the_master():
    """Ctrl-C: the master tells each worker to go.

    The terminal sends it to the workers too; a second signal would break off a worker's farewell,
    and the last one's farewell stops the embedded PostgreSQL. Blocked, because gunicorn sets the
    handlers of a worker only after this.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
