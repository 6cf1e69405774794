"""Fills a database with the tickets of a bench.country.Country, by COPY and over all cores.

`python -m bench.fill 100000` shows how long that takes. The rows are as steps would have left them,
chain included: `manage.py verify_history` finds no fault.
"""

import io
import random
import sys
import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from typing import NamedTuple
from zoneinfo import ZoneInfo

import psycopg2
from stdnum import damm

from bench import country
from tickets import chain

SEED = 7
AT_A_TIME = 2_000  # tickets of one COPY
EVENTS_EACH = 256  # numbers kept free for the events of a ticket
NULL = "\\N"
_shared = []  # the World, in each process that writes
JAKARTA = ZoneInfo("Asia/Jakarta")
COLUMNS = {
    "accounts_user": "id username name role lpse_id subject identity_number password email "
    "is_superuser is_staff is_active date_joined session_generation mail_preference",
    "tickets_ticket": "id number lpse_id reporter_id reporter_kind identity_number package_code "
    "error_code title category_id type priority version_id status level officer_id feedback_from "
    "last_event created_at updated_at closed_at",
    "tickets_event": "id ticket_id actor_id actor_role action from_status to_status from_level "
    "to_level feedback_from message audience detail key at position previous_hash hash "
    "commitments salts",
    "tickets_assignment": "ticket_id level officer_id taken_at",
    "tickets_rating": "ticket_id stars suggestion created_at",
    "tickets_attachment": "name size sha256 path preview_path event_id",
    "tickets_notice": '"to" read_at mail due_at attempts error event_id recipient_id',
}
TOLD = {  # by the step: who of reporter and officer gets a notice, and as what
    "take": ("reporter", "reporter"),
    "ask": ("reporter", "asked"),
    "resolve": ("reporter", "reporter"),
    "answer": ("officer", "holder"),
    "accept": ("officer", "holder"),
    "rate": ("officer", "holder"),
}
TOLD_FOR = timedelta(days=90)  # as long as notices are kept


class World(NamedTuple):
    """What all tickets are made from."""

    country: country.Country
    categories: list
    versions: list
    number: int
    now: datetime


class Event:
    """As tickets.chain asks for it, and its row."""

    feedback_from = ip = None
    audience = "everyone"

    def __init__(self, **about):
        vars(self).update(about)


class Ticket(NamedTuple):
    """What the chain hashes of a ticket."""

    pk: int
    number: str
    lpse_id: int
    reporter_id: int
    reporter_kind: str
    created_at: datetime
    title: str
    identity_number: str
    package_code: str
    error_code: str = ""


class File(NamedTuple):
    name: str
    size: int
    sha256: str
    path: str


def ticket_number(serial, year):
    """A number of its own for each serial, as random as real ones look."""
    digits = f"{year % 100:02d}{(serial * 618_033_989 + 141_592_653) % 10**9:09d}"
    return f"LS{digits}{damm.calc_check_digit(digits)}"


def sent_at(world, serial, rng):
    """Evenly over the years; later ones have the higher serial."""
    whole = timedelta(days=365 * country.YEARS)
    place = min(serial + rng.random(), world.number + 0.9)
    return world.now - whole * (1 - place / (world.number + 1))


class Writer:
    """Rows of all tables, kept as the text of COPY."""

    def __init__(self):
        self.rows = defaultdict(list)

    def add(self, table, *values):
        line = "\t".join(NULL if value is None else str(value) for value in values)
        self.rows[table].append(line)

    def write(self, connection):
        with connection.cursor() as cursor:
            for table, lines in self.rows.items():
                columns = ", ".join(COLUMNS[table].split())
                text = io.StringIO("\n".join(lines) + "\n")
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)


class Walk:
    """One ticket on its way: its events, and where it stands after them."""

    def __init__(self, world, serial, rng, writer, steps=None):
        self.world, self.rng, self.writer = world, rng, writer
        at = sent_at(world, serial, rng)
        age = (world.now - at).days
        self.is_last = steps is not None
        self.office = world.country.offices[0] if self.is_last else world.country.office(rng)
        of_office = self.office.reporters
        self.reporter = of_office[0] if self.is_last else rng.choice(of_office)
        self.ticket = self._sent(serial, at)
        self.steps = steps or country.way(rng, age)
        self.is_told = world.now - at < TOLD_FOR
        self.level, self.officer, self.asked, self.status, self.last = 1, None, None, "", None
        self.answers = (None, "", None, None)
        self.event_pk = (serial + 1) * EVENTS_EACH

    def _sent(self, serial, at):
        year = at.astimezone(JAKARTA).year
        code = f"{self.rng.randrange(10**7):07d}" if self.rng.random() < 0.6 else ""
        title = country.title(self.rng, serial % 2 == 0 if self.is_last else None)
        return Ticket(serial + 1, ticket_number(serial, year), self.office.pk, self.reporter.pk,
                      self.reporter.role, at, title, self.reporter.identity,
                      code)  # fmt: skip

    def go(self):
        """All steps, then the ticket's row."""
        at, closed_at = self.ticket.created_at, None
        rests = [self.rng.expovariate(1 / 8) * 3600 for _ in self.steps]
        left = (self.world.now - at).total_seconds()
        pace = min(1.0, left / (sum(rests) + 1))
        for rest, (action, status) in zip([0, *rests], self.steps, strict=False):
            at += timedelta(seconds=rest * pace)
            self._step(action, status, at)
            closed_at = at if action == "accept" else closed_at
        category, kind, priority, version = self.answers
        t = self.ticket
        self.writer.add(
            "tickets_ticket",
            *(t.pk, t.number, t.lpse_id, t.reporter_id, t.reporter_kind, t.identity_number),
            *(t.package_code, t.error_code, t.title, category, kind, priority, version),
            *(self.status, self.level, self.officer.pk if self.officer else None, self.asked),
            *(self.last.pk, t.created_at, at, closed_at),
        )

    def _step(self, action, status, at):
        before = (self.status, self.level)
        actor = self._actor(action, at)
        if action == "escalate":
            self.level, self.officer = self.level + 1, None
        self.asked = 0 if action == "ask" else None
        self.status = status
        files = self._files() if action == "send" else []
        self._record(action, actor, before, at, files)

    def _actor(self, action, at):
        if action in {"send", "answer", "accept", "rate"}:
            return self.reporter
        if action == "take":
            self.officer = self._taker()
            self._classify()
            self.writer.add("tickets_assignment", self.ticket.pk, self.level, self.officer.pk, at)
        return self.officer

    def _taker(self):
        """Of the last tickets always the same officer, whose lists are measured."""
        officers = self.office.officers[self.level]
        return officers[0] if self.is_last else self.rng.choice(officers)

    def _classify(self):
        rng, world = self.rng, self.world
        if self.level == 1:
            category = min(rng.choice(world.categories), rng.choice(world.categories))
            kind = rng.choice(("KELUHAN", "KELUHAN", "PERMINTAAN", "PERTANYAAN"))
            priority = rng.choice((1, 2, 2, 2, 3, 4))
            self.answers = (category, kind, priority, rng.choice(world.versions))

    def _files(self):
        if self.rng.random() > 0.25:
            return []
        name = self.rng.choice(("tangkapan layar.png", "penawaran.rhs", "pesan.pdf"))
        digest = f"{self.rng.getrandbits(256):064x}"
        return [File(name, self.rng.randrange(10_000, 5_000_000), digest, f"bench/{digest[:32]}")]

    def _record(self, action, actor, before, at, files):
        last, rng = self.last, self.rng
        event = Event(
            pk=self.event_pk, actor_id=actor.pk, actor_role=actor.role, action=action,
            from_status=before[0], from_level=before[1], to_status=self.status,
            to_level=self.level, feedback_from=self.asked, message=country.text(rng, action),
            audience="officers" if action == "escalate" else "everyone", detail={},
            key=uuid.UUID(int=rng.getrandbits(128), version=4), at=at,
            position=last.position + 1 if last else 1,
            previous_hash=last.hash if last else chain.START,
        )  # fmt: skip
        rating = Rating(rng.choice((3, 4, 4, 5, 5, 5)), "Sudah baik.") if action == "rate" else None
        texts = chain.parts(event, self.ticket, files, rating)
        event.salts = {name: f"{rng.getrandbits(128):032x}" for name in texts}
        event.commitments = chain.commitments(texts, event.salts)
        event.hash = chain.digest(event, self.ticket, files, rating)
        self._write(event, files, rating)
        self.last, self.event_pk = event, self.event_pk + 1

    def _write(self, event, files, rating):
        add, ticket = self.writer.add, self.ticket.pk
        add(
            "tickets_event",
            *(event.pk, ticket, event.actor_id, event.actor_role, event.action),
            *(event.from_status, event.to_status, event.from_level, event.to_level),
            *(event.feedback_from, event.message, event.audience, "{}", event.key, event.at),
            *(event.position, event.previous_hash, event.hash),
            *(chain.canonical(event.commitments), chain.canonical(event.salts)),
        )
        for file in files:
            add("tickets_attachment", file.name, file.size, file.sha256, file.path, "", event.pk)
        if rating:
            add("tickets_rating", ticket, rating.stars, rating.suggestion, event.at)
        if self.is_told and event.action in TOLD:
            who, role = TOLD[event.action]
            person = self.reporter if who == "reporter" else self.officer
            is_over = self.steps[-1][1] == "closed"
            read_at = event.at if is_over else None
            add("tickets_notice", role, read_at, "none", event.at, 0, "", event.pk, person.pk)


class Rating(NamedTuple):
    stars: int
    suggestion: str


def _share(world):
    _shared.append(world)


def _chunk(dsn, start):
    """Write the tickets from `start` on, AT_A_TIME of them."""
    [world] = _shared
    rng, writer = random.Random(f"{SEED} {world.number} {start}"), Writer()
    end = min(start + AT_A_TIME, world.number)
    for serial in range(start, end):
        Walk(world, serial, rng, writer).go()
    if end == world.number:
        for place, steps in enumerate(country.LAST_WAYS):
            Walk(world, end + place, rng, writer, steps).go()
    with _connection(dsn) as connection:
        writer.write(connection)
    connection.close()


def _connection(dsn):
    connection = psycopg2.connect(dsn)
    with connection.cursor() as cursor:  # COPY of what was checked already: no triggers
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
    return connection


def fill_people(dsn, now, reporters=country.REPORTERS):
    """The officers and reporters, of the LPSE that are there; returns the Country."""
    found = _country(dsn, reporters)
    writer = Writer()
    for p in found.people:
        writer.add(
            "accounts_user",
            *(p.pk, p.username, p.name, p.role, p.lpse, p.username if p.lpse else "", p.identity),
            *("!", "", False, False, True, now, 0, "langsung"),
        )
    with _connection(dsn) as connection:
        writer.write(connection)
        _go_on(connection, ["accounts_user"])
    connection.close()
    return found


def _country(dsn, reporters):
    with _connection(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, zone FROM accounts_lpse")
        return country.Country(cursor.fetchall(), SEED, reporters)


def fill_tickets(dsn, number, now, *, processes=2, reporters=country.REPORTERS):
    """`number` tickets until `now` and those of LAST_WAYS; indexes are built when all are there."""
    with _connection(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tickets_category ORDER BY id")
        categories = [pk for (pk,) in cursor]
        cursor.execute("SELECT id FROM tickets_appversion ORDER BY id")
        versions = [pk for (pk,) in cursor]
    world = World(_country(dsn, reporters), categories, versions, number, now)
    connection = psycopg2.connect(dsn)
    connection.autocommit = True
    with connection.cursor() as cursor:
        indexes = _drop_indexes(cursor)
        write = partial(_chunk, dsn)
        # forked with the world in memory: sent along with every chunk it would be the most of it
        with get_context("fork").Pool(processes, _share, [world]) as pool:
            pool.map(write, range(0, number, AT_A_TIME), chunksize=1)
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for definition in indexes:
            cursor.execute(definition)
        _go_on(connection, [table for table in COLUMNS if table != "accounts_user"])
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    connection.close()


def _drop_indexes(cursor):
    """Drop what COPY would keep up row by row; returns the statements that bring it back."""
    tables = [table for table in COLUMNS if table.startswith("tickets_")]
    cursor.execute(
        "SELECT conrelid::regclass, conname, pg_get_constraintdef(c.oid) FROM pg_constraint c"
        " WHERE contype = 'u' AND conrelid = ANY (%s::regclass[])",
        [tables],
    )
    unique = cursor.fetchall()
    cursor.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index i"
        " WHERE indrelid = ANY (%s::regclass[]) AND NOT indisprimary AND NOT EXISTS"
        " (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [tables],
    )
    plain = cursor.fetchall()
    for table, name, _ in unique:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in plain:
        cursor.execute(f"DROP INDEX {name}")
    added = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}' for table, name, text in unique]
    return added + [text for _, text in plain]


def _go_on(connection, tables):
    """New rows get numbers after those of the COPY."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                f" coalesce((SELECT max(id) FROM {table}), 1))"
            )


def digest(dsn):
    """One hash over all tickets and events: the same for the same seed, day and number."""
    with _connection(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(hash, '' ORDER BY id)) FROM tickets_event"
            " WHERE id % 97 = 0 OR position = 1"
        )
        return cursor.fetchone()[0]


def main(number):
    from bench import databases

    server = databases.start()
    name, seconds = databases.prepare(server, number, fresh=True)
    print(f"{number} tickets in {seconds:.0f} s, {digest(databases.dsn(server, name))}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10_000)
