"""A portal under measurement: gunicorn as in production, and what it and its database spend."""

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from bench import databases

ROOT = Path(__file__).parent.parent
WORKERS = 2  # one for each core
TICKS = os.sysconf("SC_CLK_TCK")


class Portal:
    """A running application server over the database `name`."""

    def __init__(self, server, name, process, port, seconds):
        self.server, self.name, self.process, self.port = server, name, process, port
        self.start_seconds = seconds
        self.watching = databases.connect(server, "bench")  # one for all: its end would be counted

    def ask(self, method, path, *, cookie="", body=None, **headers):
        """(seconds, status, content, headers) of one request over a connection that stays."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.connect()
        headers = {"Cookie": cookie, **headers} if cookie else headers
        begin = time.perf_counter()
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - begin
        connection.close()
        return seconds, response.status, content, response.headers

    def workers(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def spent(self):
        """Seconds of CPU so far: of the workers, and of the database for them."""
        return sum(map(_cpu, self.workers())), self._spent_in_database()

    def _spent_in_database(self):
        with self.watching.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [self.name])
            found = cursor.fetchall()
        parent = _parent(found[0][0]) if found else None
        ended = _ended_children(parent) if parent else 0  # parallel workers come and go
        return sum(_cpu(pid) for (pid,) in found) + ended

    def memory(self):
        """The bytes that each worker has in memory now, shared ones counted once."""
        return [_of_status(pid, "VmRSS") for pid in self.workers()]

    def peak(self):
        """The most bytes that each worker has ever had in memory."""
        return [_of_status(pid, "VmHWM") for pid in self.workers()]


@contextmanager
def running(server, name, command=None, environment=None):
    """The Portal of `command`, by default our own; gone at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = command or [
        *(sys.executable, "-m", "gunicorn", "--config", ROOT / "deploy" / "gunicorn.py"),
        *("--log-level", "warning", "--max-requests", "0", "helpdesk.wsgi"),
    ]
    own = databases.environment(server, name) | {"TRUSTED_PROXY_COUNT": "1"}
    own |= {"WEB_CONCURRENCY": str(WORKERS)}
    begin = time.monotonic()
    with (databases.HOME / "portals.log").open("a") as log:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=os.environ | own | (environment or {}),
            stderr=log,
        )
    try:
        _wait_for(port, process)
        yield Portal(server, name, process, port, time.monotonic() - begin)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the application server does not answer")


def _cpu(pid):
    """Seconds that all threads of a process have run; 0 of one that has just ended."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((t / "schedstat").read_text().split()[0]) for t in threads) / 1e9
    except OSError:
        return 0


def _stat(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _parent(pid):
    try:
        return int(_stat(pid)[1])
    except OSError:
        return None


def _ended_children(pid):
    """Seconds of CPU of the children that have ended."""
    return sum(map(int, _stat(pid)[13:15])) / TICKS


def _of_status(pid, name):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
