"""A real portal to break: gunicorn and a durable PostgreSQL over a folder of their own."""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2

from helpdesk import embedded_postgres
from tests.drills.person import Person, fetch
from tests.test_project import ROOT

FILL = "import django; django.setup(); from tests.drills.world import main; main()"
PAGE = 4096
KEPT = ("PATH", "HOME", "LANG")  # nothing of the settings of the tests


def wait_until(is_so, seconds=30, said="it did not happen"):
    """Raises AssertionError unless it is so in time."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, said
        time.sleep(0.01)


class Disk:
    """A small filesystem in memory where one can be mounted, which a drill can fill."""

    def __init__(self, folder):
        self.folder, self.filler = folder, folder / "filler"
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder]
        done = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True)
        self.is_mounted = bool(done) and done.returncode == 0

    @contextmanager
    def full(self, server, left):
        """Only `left` bytes can still be written: the disk is full, else the server's files end."""
        if not self.is_mounted:
            with limited(server, left):
                yield
            return
        self._fill()  # what the kernel tells of free pages is only about right
        os.truncate(self.filler, self.filler.stat().st_size - left)
        try:
            yield
        finally:
            self.filler.unlink()

    def _fill(self):
        with suppress(OSError), self.filler.open("wb", buffering=0) as file:
            while file.write(bytes(PAGE)):
                pass

    def sizes(self):
        """{path: bytes} of every file but the one that fills it."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {path: path.stat().st_size for path in files if path != self.filler}

    def close(self):
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", self.folder], check=True)


@contextmanager
def limited(server, size):
    """No process of the server can write a file larger than `size`, as with `ulimit -f`."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    ends = [resource.prlimit(int(pid), resource.RLIMIT_FSIZE) for pid in children]
    for pid in children:
        resource.prlimit(int(pid), resource.RLIMIT_FSIZE, (size, ends[0][1]))
    try:
        yield
    finally:
        for pid, end in zip(children, ends, strict=True):
            resource.prlimit(int(pid), resource.RLIMIT_FSIZE, end)


class Portal:
    """One database and one folder of files for all drills; the server begins anew with each.

    `told` knows of every message that somebody sent whether the portal said that it has it.
    """

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="drill-"))
        self.folder.chmod(0o711)  # the account of PostgreSQL goes through it
        self.temp = self.folder / "tmp"
        self.temp.mkdir()
        self.cluster = embedded_postgres._Server(self.folder / "pg", "helpdesk", durable=True)
        self.cluster.start()
        self.disk = Disk(self.folder / "disk")
        self.files = self.disk.folder / "files"
        self.server, self.port, self.told = None, 0, {}
        self.world = json.loads(self._python(ROOT, "-c", FILL))
        self._reporters = iter(self.world["reporters"])
        self.helpdesk = Person(self, **self.world["helpdesk"])

    def close(self):
        """Nothing of it is left."""
        self.kill()
        self.restart_database("stop", "immediate")
        self.cluster.users.close()
        self.disk.close()
        shutil.rmtree(self.folder)
        if self.folder not in self.cluster.data.parents:  # where root's stand-in keeps it
            shutil.rmtree(self.cluster.data.parent)

    def reporter(self):
        """Somebody who has sent nothing yet."""
        return Person(self, **next(self._reporters))

    # The processes

    @property
    def environment(self):
        """All that the portal knows of the outside."""
        own = {name: os.environ[name] for name in KEPT if name in os.environ}
        return own | {
            "HELPDESK_MODE": "demo",
            "HELPDESK_VAR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
            "DATABASE_URL": f"postgres://postgres@/helpdesk?host={self.cluster.socket_dir}",
            "FILES_ROOT": str(self.files),
            "TMPDIR": str(self.temp),
            "WEB_CONCURRENCY": "2",
        }

    def serve(self, tree=ROOT, **more):
        """Start gunicorn over the code in `tree`; returns when it answers."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py"]
        command += ["--bind", f"127.0.0.1:{self.port}", "helpdesk.wsgi"]
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                [*command, "--log-level", "warning"],
                cwd=tree,
                env=self.environment | more,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._answers, seconds=60, said="the server does not start")

    def _answers(self):
        try:
            return fetch(self.port, "GET", "/akun/login/").status == 200
        except OSError:
            return False

    def kill(self):
        """-9 to master and workers at once, as the kernel does when memory is out."""
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
        self.server = None

    def reload(self):
        """What a deploy does."""
        self.server.send_signal(signal.SIGHUP)

    def workers(self):
        """Their process ids."""
        pid = self.server.pid
        return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())

    def manage(self, *command, tree=ROOT, **more):
        """What manage.py prints; raises AssertionError with what it said when it fails."""
        return self._python(tree, "manage.py", *command, **more)

    def start(self, *command, **more):
        """The process of a command that goes on."""
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment | more,
                stdout=log,
                stderr=log,
            )

    @property
    def secrets(self):
        """SECRET_KEY and FIELD_KEYS, which the demo makes for itself."""
        return json.loads((self.folder / "demo-secrets.json").read_text())

    def _python(self, tree, *command, **more):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tree,
            env=self.environment | more,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    # The database

    def restart_database(self, act="restart", mode="fast"):
        """pg_ctl's own: 'fast' ends every connection, 'immediate' is a crash."""
        data = self.cluster.data
        self.cluster._tool("pg_ctl", act, "-w", "-s", "-m", mode, "-l", data / "log", "-D", data)

    def connect(self):
        """A connection besides the server's."""
        return psycopg2.connect(
            host=str(self.cluster.socket_dir), user="postgres", dbname="helpdesk"
        )

    def ask(self, query, *values):
        """All rows, and what was changed is kept."""
        connection = self.connect()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    @contextmanager
    def held(self, lock, values=()):
        """While a statement's locks are held, whoever of the portal needs them waits."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(lock, values)
            yield
        finally:
            connection.close()

    def wait_for_waiting(self, query=""):
        """Until a statement of the portal that begins like `query` waits for a lock."""
        waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s"
        wait_until(lambda: self.ask(waiting, f"{query}%"), said=f"nothing waited at {query!r}")

    def wait_for_silence(self):
        """Until PostgreSQL has done with the connections of a killed server."""
        others = (
            "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid()"
        )
        wait_until(lambda: not self.ask(others), said="connections were left")
