"""The servers of a real portal on loopback: PostgreSQL 15, PgBouncer, gunicorn, nginx with TLS.

They run from the files in deploy/. A file is changed only where ports and folders must differ, and
each change must find its place: what deploy/ says otherwise is what is tried.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from cryptography.fernet import Fernet

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
POSTGRES = Path("/usr/lib/postgresql/15/bin")
HOST = "localhost"
NAME = "lpse-support.example.go.id"  # the name that the files in deploy/ have


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def filled(path, changes):
    """The text of a file of deploy/ with each of `changes` made; fails where one finds nothing."""
    text = (DEPLOY / path).read_text()
    for old, new in changes.items():
        if old not in text:
            raise SystemExit(f"deploy/{path} does not say {old!r} any more: mend smoke/servers.py.")
        text = text.replace(old, new)
    return text


class Servers:
    """All of them over one folder; `close` ends what was begun, whatever happened."""

    def __init__(self, folder):
        self.folder = folder
        folder.chmod(0o711)
        self.account = ordinary_account()
        self.running = []
        self.ports = {name: free_port() for name in ("http", "https", "database", "pool")}
        self.passwords = {name: secrets.token_hex(16) for name in ("owner", "portal")}
        self.origin = f"https://{HOST}:{self.ports['https']}"
        self.socket = folder / "web" / "web.sock"
        self.web = None
        for name in ("postgres", "pool", "nginx", "nginx-temp"):
            self._make(name, 0o755, self.account.pw_uid)
        for name in ("web", "tls", "metrics"):
            self._make(name, 0o755)
        # as docs/run.md has it: nginx reads the files by their group
        self._make("files", 0o2750, group=self.account.pw_gid)
        self.environment = self._environment()

    def _make(self, name, mode, owner=-1, group=-1):
        place = self.folder / name
        place.mkdir()
        if os.geteuid() == 0:
            os.chown(place, owner, group)
        place.chmod(mode)

    def _environment(self):
        """deploy/env.example with secrets, as systemd hands it on."""
        lines = [line for line in (DEPLOY / "env.example").read_text().splitlines() if "=" in line]
        told = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
        return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
            **told,
            "HELPDESK_VAR": str(self.folder),
            "FILES_ROOT": str(self.folder / "files"),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "METRICS_TOKEN": secrets.token_urlsafe(30),
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
            "ALLOWED_HOSTS": HOST,
            "DEFAULT_FROM_EMAIL": f"LPSE Support <lpse-support@{HOST}>",
            "CSRF_TRUSTED_ORIGINS": self.origin,
            "CLAMD_SOCKET": "",
            "DATABASE_URL": self.database_url("portal", "database"),
            "WEB_CONCURRENCY": "2",
        }

    def database_url(self, role, port):
        """Of 'owner' or 'portal', at the 'database' or by way of the 'pool'."""
        who = f"lpse_{role}:{self.passwords[role]}"
        return f"postgres://{who}@127.0.0.1:{self.ports[port]}/lpse?connect_timeout=5"

    # Beginning

    def start_database(self):
        data = self.folder / "postgres" / "data"
        self.run([POSTGRES / "initdb", "-A", "peer", "--auth-host=scram-sha-256", "-D", data])
        conf = self._readable("postgresql.conf")
        with (data / "postgresql.conf").open("a") as file:
            file.write(f"include '{conf}'\n")
        self.run_database()
        self.wait(self._takes_queries)
        passwords = [f"--set={name}={value}" for name, value in self.passwords.items()]
        self.psql(*passwords, "-f", self._readable("database.sql"))

    def run_database(self):
        """Over the data that are there."""
        place = self.folder / "postgres"
        self.database = self.begin(
            *(POSTGRES / "postgres", "-D", place / "data", "-p", str(self.ports["database"])),
            *("-k", str(place)),
        )
        self.wait_for(self.ports["database"])

    def _takes_queries(self):
        """It listens before it has looked through its own files."""
        where = ["-h", "127.0.0.1", "-p", str(self.ports["database"])]
        return subprocess.call([POSTGRES / "pg_isready", "-q", *where]) == 0

    def stop_database(self):
        """As systemctl stop postgresql: those who are in are thrown out."""
        self.database.send_signal(signal.SIGINT)
        self.database.wait()
        self.running.remove(self.database)

    def _readable(self, name):
        """A copy of a file of deploy/ where the ordinary account reaches it."""
        copy = self.folder / Path(name).name
        shutil.copy(DEPLOY / name, copy)
        copy.chmod(0o644)
        return copy

    def psql(self, *arguments):
        where = ["-h", str(self.folder / "postgres"), "-p", str(self.ports["database"])]
        command = ["psql", *where, "-d", "postgres", "-qAt", "--set=ON_ERROR_STOP=1", *arguments]
        return self.run(command).stdout

    def start_pool(self):
        place = self.folder / "pool"
        query = "SELECT rolpassword FROM pg_authid WHERE rolname = 'lpse_portal'"
        users = place / "userlist.txt"
        users.write_text(f'"lpse_portal" "{self.psql("-c", query).strip()}"\n')
        users.chmod(0o644)
        changes = {
            "port=5432": f"port={self.ports['database']}",
            "listen_port = 6432": f"listen_port = {self.ports['pool']}",
            "unix_socket_dir = /var/run/postgresql": f"unix_socket_dir = {place}",
            "/var/log/postgresql/": f"{place}/",
            "/var/run/postgresql/pgbouncer.pid": f"{place}/pgbouncer.pid",
            "/etc/pgbouncer/": f"{place}/",
        }
        conf = place / "pgbouncer.ini"
        conf.write_text(filled("pgbouncer.ini", changes))
        conf.chmod(0o644)
        self.begin(found("pgbouncer"), "-q", conf)
        self.wait_for(self.ports["pool"])

    def prepare(self):
        """What docs/run.md has typed once: tables, rights, static files."""
        owner = {"DATABASE_URL": self.database_url("owner", "database")}
        for command in (["migrate"], ["createcachetable"], ["grant_app_role", "lpse_portal"]):
            self.manage(*command, **owner)
        self.manage("collectstatic", "--no-input")
        self.manage("check", "--deploy", "--fail-level", "WARNING")

    def manage(self, *command, **more):
        self.run([sys.executable, "manage.py", *command], as_account=False, **more)

    def start_web(self):
        url = {"DATABASE_URL": self.database_url("portal", "pool"), "DATABASE_POOLED": "1"}
        os.umask(0o027)
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py"]
        command += ["--bind", f"unix:{self.socket}", "helpdesk.wsgi"]
        log = (self.folder / "web" / "log").open("w")
        self.web = subprocess.Popen(
            command, cwd=ROOT, env=self.environment | url, stdout=log, stderr=log
        )
        self.running.append(self.web)
        self.wait(self.socket.exists)

    def start_nginx(self):
        self._certificate()
        place, tls = self.folder / "nginx", self.folder / "tls"
        temporary = "".join(
            f"    {kind}_temp_path {self.folder}/nginx-temp/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        changes = {
            "user www-data;\n": "",
            "pid /run/nginx.pid;": f"pid {place}/nginx.pid;",
            "/var/log/nginx/": f"{place}/",
            "    server_tokens off;\n": f"    server_tokens off;\n{temporary}",
            "/run/lpse-support/web.sock": str(self.socket),
            "listen 80": f"listen 127.0.0.1:{self.ports['http']}",
            "listen 443": f"listen 127.0.0.1:{self.ports['https']}",
            "listen [::]:80 default_server;": "",
            "listen [::]:443 ssl http2 default_server;": "",
            "listen [::]:443 ssl http2;": "",
            f"server_name {NAME};": f"server_name {HOST};",
            "/etc/lpse-support/tls/": f"{tls}/",
            "/var/lib/lpse-support/files/": f"{self.folder}/files/",
            "/opt/lpse-support/deploy/nginx/": f"{self.folder}/",
        }
        self._readable("nginx/gangguan.html")
        self.conf = self.folder / "nginx.conf"
        self.conf.write_text(filled("nginx.conf", changes))
        self.conf.chmod(0o644)
        self.nginx = self.begin(*self._nginx(), "-g", "daemon off;")
        self.wait_for(self.ports["https"])

    def _nginx(self):
        return found("nginx"), "-e", f"{self.folder}/nginx/error.log", "-c", self.conf

    def _certificate(self):
        """A throw-away one, which names nobody's server."""
        tls = self.folder / "tls"
        self.certificate = tls / "fullchain.pem"
        self.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
                *("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
                *("-keyout", tls / "privkey.pem", "-out", self.certificate),
            ],
            as_account=False,
        )
        for path in tls.iterdir():
            path.chmod(0o644)

    # Reloading

    def reload_web(self):
        """As systemctl reload lpse-support-web; returns once every worker is a new one."""
        old = self.workers()
        self.web.send_signal(signal.SIGHUP)
        self.wait(lambda: len(self.workers()) >= len(old) and self.workers().isdisjoint(old))

    def workers(self):
        pid = self.web.pid
        return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())

    def reload_nginx(self):
        """As systemctl reload nginx."""
        self.run([*self._nginx(), "-s", "reload"])

    # Beginning and ending

    def begin(self, *command):
        """A server of the ordinary account, until `close`."""
        log = (self.folder / f"{Path(command[0]).name}.log").open("w")
        server = subprocess.Popen(
            command, cwd=self.folder, env=self.plain, stdout=log, stderr=log, **self.who
        )
        self.running.append(server)
        return server

    def run(self, command, *, as_account=True, **more):
        """A command that must end well; what it said, else its words and the end of the smoke."""
        where, own, who = (self.folder, self.plain, self.who)
        if not as_account:
            where, own, who = ROOT, self.environment | more, {}
        done = subprocess.run(
            command, cwd=where, env=own, capture_output=True, text=True, check=False, **who
        )
        if done.returncode:
            raise SystemExit(f"{command}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done

    @property
    def plain(self):
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}

    @property
    def who(self):
        """The ordinary account and nothing that root belongs to, where we are root."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def wait_for(self, port):
        """Until somebody listens there."""

        def listens():
            with socket.socket() as one:
                return one.connect_ex(("127.0.0.1", port)) == 0

        self.wait(listens)

    def wait(self, is_so, seconds=60):
        """Until it is so; a server that ended meanwhile is the end of the smoke."""
        end = time.monotonic() + seconds
        while not is_so():
            ended = [server.args[0] for server in self.running if server.poll() is not None]
            if ended or time.monotonic() > end:
                raise SystemExit(f"ended: {ended}; nothing within {seconds} s\n{self.logs()}")
            time.sleep(0.1)

    def logs(self, lines=5):
        """The last words of every server."""
        logs = [*self.folder.glob("*.log"), *self.folder.glob("*/*log")]
        return "\n".join(
            f"== {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
            for log in logs
        )

    def close(self):
        """End every server that was begun, the last first."""
        for server in reversed(self.running):
            # PostgreSQL: without waiting for those who are still in
            server.send_signal(
                signal.SIGINT if "postgres" in str(server.args[0]) else signal.SIGTERM
            )
        for server in reversed(self.running):
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def ordinary_account():
    """Who runs the servers: whoever calls, or 'postgres' of Debian's package where that is root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    return pwd.getpwnam("postgres")


def found(program):
    """Where a server's program is; Debian has them outside of an ordinary PATH."""
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
