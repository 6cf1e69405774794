"""gunicorn: threads for slow uploads, workers for cores."""

import multiprocessing
import os
import signal

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", 2 * multiprocessing.cpu_count()))
threads = 4
timeout = 120  # seconds that a worker may be silent; threads keep it alive during a slow upload
graceful_timeout = 10
keepalive = 5
control_socket_disable = True  # else every gunicorn of an account shares one in its home
max_requests = 2000  # a worker is replaced from time to time, so that no leak grows
max_requests_jitter = 200
# gunicorn's own advice: its heartbeat waits for no disk
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 # nosec B108


def post_fork(server, worker):
    """Leave Ctrl-C to the master, which then tells each worker to go.

    The terminal sends it to the workers too; a second signal would break off a worker's farewell,
    and the last one's farewell stops the embedded PostgreSQL. Blocked, because gunicorn sets the
    handlers of a worker only after this.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
