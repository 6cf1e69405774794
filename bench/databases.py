"""The PostgreSQL of the benchmark: a server of its own with the settings of deploy/postgresql.conf,
and in it one database for each number of tickets, kept for the next run."""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2

ROOT = Path(__file__).parent.parent
HOME = Path(os.environ.get("BENCH_HOME", ROOT / "var" / "bench"))
CLUSTER = HOME / "postgres"
PEOPLE = "bench_people"
LEFT_OUT = {"listen_addresses", "password_encryption"}  # loopback without passwords
START = """
import sys
from pathlib import Path
from helpdesk.embedded_postgres import embedded
embedded(Path(sys.argv[1]), "bench", durable=True)
"""


def start():
    """Django's settings of the running server; it stops when the last that uses it ends."""
    from helpdesk.embedded_postgres import embedded

    HOME.mkdir(parents=True, exist_ok=True)
    if not (CLUSTER / "ready").exists():
        subprocess.run([sys.executable, "-c", START, CLUSTER], cwd=ROOT, check=True)
        with (CLUSTER / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{line}\n" for line in _production())
    return embedded(CLUSTER, "bench", durable=True)


def _production():
    """The settings of production."""
    lines = (ROOT / "deploy" / "postgresql.conf").read_text().splitlines()
    lines = [line for line in lines if line and not line.startswith("#")]
    return [line for line in lines if line.split()[0] not in LEFT_OUT]


def dsn(server, name):
    return f"host={server['HOST']} user={server['USER']} dbname={name}"


def url(server, name):
    return f"postgres://{server['USER']}@/{name}?host={server['HOST']}"


def environment(server, name):
    """What a portal over this database is started with."""
    return {
        "DATABASE_URL": url(server, name),
        "HELPDESK_MODE": "demo",
        "HELPDESK_VAR": str(HOME / "var"),
        "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
    }


def prepare(server, number, *, fresh=False):
    """(name, seconds that filling took) of the database with so many tickets; 0: it was there."""
    name, today = f"bench_{number}", f"{datetime.now().astimezone():%Y-%m-%d}"
    if fresh or _comment(server, name) is None:
        began = time.monotonic()
        _make(server, name, number)
        manage(server, name, "collectstatic", "--noinput")
        _run(server, f"COMMENT ON DATABASE {name} IS '{today}'")
        return name, time.monotonic() - began
    manage(server, name, "migrate", "--verbosity=0")
    manage(server, name, "collectstatic", "--noinput")
    return name, 0


def _make(server, name, number):
    from bench import fill

    if _comment(server, PEOPLE) is None:
        _make_people(server)
    _run(server, f"DROP DATABASE IF EXISTS {name}")
    _run(server, f"CREATE DATABASE {name} TEMPLATE {PEOPLE} STRATEGY file_copy")
    manage(server, name, "migrate", "--verbosity=0")
    fill.fill_tickets(dsn(server, name), number, _now())


def _make_people(server):
    from bench import fill

    _run(server, f"DROP DATABASE IF EXISTS {PEOPLE}")
    _run(server, f"CREATE DATABASE {PEOPLE}")
    for command in (["migrate", "--verbosity=0"], ["createcachetable"], ["load_lpse"]):
        manage(server, PEOPLE, *command)
    fill.fill_people(dsn(server, PEOPLE), _now())
    _run(server, f"COMMENT ON DATABASE {PEOPLE} IS 'ready'")


def _now():
    """Tickets end with this midnight, so that a day's runs have the same rows."""
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(seconds=1)


def manage(server, name, *arguments):
    """Run a management command over this database."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | environment(server, name),
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _comment(server, name):
    """What was noted when the database was ready; None of one that is not there."""
    found = query(
        server,
        "bench",
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
        name,
    )
    return found[0][0] if found else None


def query(server, name, sql, *values):
    """The rows of a statement in that database."""
    connection = connect(server, name)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def connect(server, name):
    """A connection of psycopg2; each statement is a transaction of its own."""
    connection = psycopg2.connect(dsn(server, name))
    connection.autocommit = True
    return connection


def _run(server, sql):
    query(server, "bench", sql)
