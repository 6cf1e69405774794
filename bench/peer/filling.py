"""Fills the tables of django-helpdesk with the world of bench.country, by COPY.

The same seed, number and day give the same rows. Nothing here imports their code.
"""

import io
import random
import uuid
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg2

from bench import country
from bench.peer import site

SEED = 7
QUEUES = 690
AT_A_TIME = 5_000  # tickets of one COPY
NULL = "\\N"
OPEN, RESOLVED, CLOSED = 1, 3, 4
STATUSES = {"awaiting_review": RESOLVED, "closed": CLOSED}
TITLES = {"send": "Ticket Opened", "resolve": "Resolved", "accept": "Closed"}
BY_REPORTER = {"send", "answer", "accept", "rate"}
COLUMNS = {
    "auth_user": "id username first_name last_name email password is_superuser is_staff is_active "
    "date_joined",
    "helpdesk_queue": "id title slug email_address locale allow_public_submission "
    "allow_email_submission enable_notifications_on_email_events email_box_ssl",
    "helpdesk_ticket": "id title queue_id created modified submitter_email assigned_to_id status "
    "on_hold description resolution priority secret_key",
    "helpdesk_followup": "ticket_id date title comment public user_id new_status",
}

# As their administration does; it gives a queue its permission
SAVE_QUEUES = """
import django
django.setup()
from helpdesk.models import Queue
for queue in Queue.objects.all():
    queue.save()
"""


def prepare(database, number):
    """The database, filled with `number` tickets and country.LAST_WAYS; one of today is kept."""
    filled = f"{number} tickets until {_midnight():%Y-%m-%d}"
    if _comment(database) == filled:
        return
    name = database["NAME"]
    with _cursor(database | {"NAME": "postgres"}) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    site.manage(database, "migrate", "--verbosity=0")
    site.manage(database, "loaddata", "emailtemplate.json")
    fill(database, number)
    site.manage(database, "create_usersettings")
    site.run(database, "-c", SAVE_QUEUES)
    with _cursor(database) as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        cursor.execute(f"COMMENT ON DATABASE \"{name}\" IS '{filled}'")


def fill(database, number):
    """Queues, staff and `number` tickets of about four follow-ups each."""
    world = country.Country([(pk, "wib") for pk in range(1, QUEUES + 1)], SEED)
    with _cursor(database) as cursor:
        # COPY of what is right already: no triggers for foreign keys
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        _write(cursor, _people(world))
        for start in range(0, number, AT_A_TIME):
            _write(cursor, _tickets(world, start, number))
        _write(cursor, _last(world, number))
        for table in COLUMNS:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                f" (SELECT max(id) FROM {table}))"
            )


def query(database, sql, *values):
    """The rows of a statement."""
    with _cursor(database) as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()


class _Rows:
    """Rows of several tables, kept as the text of COPY."""

    def __init__(self):
        self.lines = defaultdict(list)

    def add(self, table, *values):
        line = "\t".join(NULL if value is None else str(value) for value in values)
        self.lines[table].append(line)


def _people(world):
    rows, joined = _Rows(), _midnight() - timedelta(days=365 * country.YEARS)
    for office in world.offices:
        title = f"LPSE {office.pk:03}"
        rows.add(
            "helpdesk_queue",
            *(office.pk, title, f"lpse-{office.pk:03}", f"lpse{office.pk}@lpse.example", "en"),
            *(False, False, False, False),
        )
    for person in world.people:
        if person.role.startswith(("lpse", "lkpp")):
            first, last = person.name.split(" ", 1)
            rows.add("auth_user", person.pk, person.username, first, last, _email(person), "!",
                     False, True, True, joined)  # fmt: skip
    return rows


def _tickets(world, start, number):
    rng, rows = random.Random(f"{SEED} {number} {start}"), _Rows()
    whole = timedelta(days=365 * country.YEARS)
    for serial in range(start, min(start + AT_A_TIME, number)):
        at = _midnight() - whole * (1 - (serial + rng.random()) / (number + 1))
        steps = country.way(rng, (_midnight() - at).days)
        _ticket(rows, rng, world, world.office(rng), serial + 1, at, steps)
    return rows


def _last(world, number):
    """Tickets of the busiest LPSE that are not closed, as many whatever the number."""
    rng, rows = random.Random(f"{SEED} {number} last"), _Rows()
    for place, steps in enumerate(country.LAST_WAYS):
        at = _midnight() - timedelta(days=20, minutes=-place)
        office = world.offices[0]
        first = {level: officers[:1] for level, officers in office.officers.items()}
        office = office._replace(officers=first)  # all in the hands of one, as in bench.fill
        _ticket(rows, rng, world, office, number + 1 + place, at, steps)
    return rows


def _ticket(rows, rng, world, office, pk, created, steps):
    """One ticket and its follow-ups."""
    reporter, officer, at = rng.choice(office.reporters), None, created
    title, level, status = country.title(rng), 1, OPEN
    rests = [rng.expovariate(1 / 8) * 3600 for _ in steps]
    pace = min(1.0, (_midnight() - created).total_seconds() / (sum(rests) + 1))
    description, resolution = country.text(rng, "send"), None
    for rest, (action, reached) in zip([0, *rests], steps, strict=False):
        at += timedelta(seconds=rest * pace)
        before, status = status, STATUSES.get(reached, OPEN)
        if action == "take":
            officer = rng.choice(office.officers[level])
        said = description if action == "send" else country.text(rng, action)
        resolution = said if action == "resolve" else resolution
        changed = status if status != before else None
        rows.add("helpdesk_followup", pk, at, *_follow_up(action, officer, said), changed)
        if action == "escalate":
            level, officer = level + 1, None
    rows.add(
        "helpdesk_ticket",
        *(pk, title, office.pk, created, at, _email(reporter), officer.pk if officer else None),
        *(status, False, description, resolution, rng.choice((1, 2, 3, 3, 3, 4, 5))),
        uuid.UUID(int=rng.getrandbits(128), version=4),
    )


def _follow_up(action, officer, said):
    """(title, comment, whether it is public, its author): reporters have no account."""
    title = f"Assigned to {officer.username}" if action == "take" else TITLES.get(action, "Comment")
    author = None if action in BY_REPORTER else officer.pk
    return title, said, action != "escalate", author


def _email(person):
    return f"{person.username}@{'lpse' if person.lpse else 'lkpp'}.example"


def _write(cursor, rows):
    for table, lines in rows.lines.items():
        columns = ", ".join(COLUMNS[table].split())
        text = io.StringIO("\n".join(lines) + "\n")
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)


def _midnight():
    """Tickets end with the last midnight, so that a day's runs have the same rows."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _comment(database):
    """What was noted when the database was ready; None of one that is not there."""
    [row] = query(
        database | {"NAME": "postgres"},
        "SELECT (SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s)",
        database["NAME"],
    )
    return row[0]


@contextmanager
def _cursor(database):
    """A cursor that commits by itself, and closes with its connection."""
    connection = psycopg2.connect(
        host=str(database["HOST"]), user=database["USER"], dbname=database["NAME"]
    )
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()
