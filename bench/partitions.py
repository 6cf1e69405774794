"""What partitions of tickets and events would give and cost, with a million tickets.

`python -m bench.partitions [10000]` copies a database of `make bench` into one of its own, which it
drops at the end, and makes the two tables twice more, each with all indexes, checks, triggers and
those foreign keys that are still possible:

* by year: tickets by `created_at`, events by `at`;
* by id: tickets by `id`, events by `ticket_id`, cut where a year's first ticket is.

Then the portal's own statements are explained over all three in turn, and the oldest whole year
goes. Prints two Markdown tables for docs/scale.md.
"""

import json
import os
import re
import statistics
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

from bench import databases
from bench.partition_tables import (
    BY_ID,
    BY_YEAR,
    JAKARTA,
    NAME,
    PARTED,
    PLAIN,
    TABLES,
    VARIANTS,
    part,
    rows,
    years,
)

ROUNDS = 5
PARTITION = re.compile(r"tickets_(ticket|event)_\d{4}")


def say(sentence):
    print(f"{datetime.now(JAKARTA):%H.%M.%S} {sentence}", flush=True)


# The questions, asked by the portal's own code


class Question(NamedTuple):
    """What somebody wants to know, and the statements that tell it, for each Variant."""

    name: str
    statements: dict


def questions(cut, number):
    """Everything that is measured."""
    from django.http import QueryDict

    from bench.country import WORD
    from dashboard import charts, figures
    from dashboard.period import PeriodForm
    from tickets.models import Ticket

    tickets = Ticket.objects
    newest = tickets.filter(pk__gt=number).order_by("pk").first()
    officer = newest.officer
    seen = tickets.visible_to(officer).narrow().order_by("-pk")
    old = seen.filter(pk__lte=number // 2).first()
    period = PeriodForm(QueryDict(""), user=officer)
    names = charts.groups_of(officer)
    year = next(year for year in reversed(cut) if year.first <= old.pk)
    after = cut[cut.index(year) + 1]
    known = {
        PLAIN: {},
        BY_YEAR: {"created_at__gte": year.moment, "created_at__lt": after.moment},
        BY_ID: {"pk__gte": year.first, "pk__lt": after.first},
    }
    since = {PLAIN: {}, BY_YEAR: {"at__gte": old.created_at}, BY_ID: {}}
    named = tickets.visible_to(officer).with_people().filter(number=old.number)
    pool = tickets.in_pool_of(officer).narrow().with_number_of_files()
    thread = old.events.as_read_by(officer)
    asked = {
        "queue of a Level 1 officer": lambda _: list(pool.order_by("updated_at", "pk")[:26]),
        "list of an LPSE, newest first": lambda _: list(seen[:26]),
        "the page after half of all tickets": lambda _: list(seen.filter(pk__lt=old.pk)[:26]),
        "ticket by number": lambda _: list(named.all()),
        "ticket by number, year known": lambda v: list(named.filter(**known[v])),
        "its events and files": lambda _: list(thread.all()),
        "its events and files, day known": lambda v: list(thread.filter(**since[v])),
        "search in an LPSE": lambda _: list(seen.search(WORD)[:26]),
        "dashboard: counts of 12 months": lambda _: figures.groups(officer, period, names),
        "dashboard: officers, 12 months": lambda _: figures.measures(officer, period),
    }
    found = [Question(name, {v: _told(ask, v) for v in VARIANTS}) for name, ask in asked.items()]
    written = {
        "a step: the ticket's row, by id": _update(newest),
        "a step: its event": _insert(newest),
    }
    return found + [
        Question(name, {variant: [sql] for variant in VARIANTS}) for name, sql in written.items()
    ]


def _told(ask, variant):
    """The statements that `ask` sends."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        ask(variant)
    return [query["sql"] for query in queries]


def _update(ticket):
    return f"UPDATE tickets_ticket SET updated_at = now() WHERE id = {ticket.pk}"


def _insert(ticket):
    """One more event of the ticket, as the guards want it."""
    from django.db import connection

    sql = (
        "SELECT to_jsonb(e)::text FROM tickets_event e WHERE ticket_id = %s ORDER BY position DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT 1", [ticket.pk])
        last = json.loads(cursor.fetchone()[0])
    event = last | {
        "id": 10**12,
        "key": None,
        "position": last["position"] + 1,
        "previous_hash": last["hash"],
        "at": datetime.now(JAKARTA).isoformat(),
    }
    told = json.dumps(event).replace("'", "''")
    names = ", ".join(f'"{name}"' for name in event)
    return (
        f"INSERT INTO tickets_event ({names})"
        f" SELECT {names} FROM jsonb_populate_record(NULL::tickets_event, '{told}')"
    )


# Measuring


class Told(NamedTuple):
    """What EXPLAIN tells of one question: ms of planning and running, blocks, partitions."""

    planning: float
    running: float
    blocks: int
    run: int
    planned: int


def explained(connection, variant, statements):
    """The Told of all `statements` together, in a transaction that is rolled back."""
    parts = []
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN; SET LOCAL search_path = {variant.schema}, public")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            sql = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement}"
            cursor.execute(sql)
            [[[found]]] = cursor.fetchall()
            parts.append(found)
        cursor.execute("ROLLBACK")
    nodes = [node for found in parts for node in _nodes(found["Plan"])]
    tables = {(name, node["Actual Loops"] > 0) for node in nodes if (name := _partition(node))}
    return Told(
        sum(found["Planning Time"] for found in parts),
        sum(found["Execution Time"] for found in parts),
        sum(found["Plan"][f"Shared {kind} Blocks"] for found in parts for kind in ("Hit", "Read")),
        len({name for name, has_run in tables if has_run}),
        len({name for name, _ in tables}),
    )


def _nodes(plan):
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _partition(node):
    name = node.get("Relation Name", "")
    return name if PARTITION.fullmatch(name) else None


def measured(server, asked):
    """{(question's name, Variant): medians as a Told}, all in turn; the first round warms up."""
    found = defaultdict(list)
    connection = databases.connect(server, NAME)
    for turn in range(ROUNDS + 1):
        for question in asked:
            for variant in VARIANTS:
                told = explained(connection, variant, question.statements[variant])
                found[question.name, variant] += [told] if turn else []
    connection.close()
    return {key: _medians(samples) for key, samples in found.items()}


def first_of_connection(server, question):
    """The same of a connection's first statement, which reads the tables' descriptions."""
    found = defaultdict(list)
    for variant in VARIANTS * ROUNDS:
        connection = databases.connect(server, NAME)
        found[variant].append(explained(connection, variant, question.statements[variant]))
        connection.close()
    name = f"{question.name}, first of a connection"
    return {(name, variant): _medians(samples) for variant, samples in found.items()}


def _medians(samples):
    return Told(*map(statistics.median, zip(*samples, strict=True)))


def kept(cursor, variant, year):
    """What is held and vacuumed of the current year: MB of both tables, of indexes, seconds."""
    suffix = f"_{year.number}" if variant.keys else ""
    names = [f"{variant.schema}.{table}{suffix}" for table in TABLES]
    size = "sum(pg_table_size(t)) / 1e6, sum(pg_indexes_size(t)) / 1e6"
    [(table, index)] = rows(cursor, f"SELECT {size} FROM unnest(%s::regclass[]) t", names)
    sql = "VACUUM (DISABLE_PAGE_SKIPPING, INDEX_CLEANUP ON) "
    return round(table), round(index), f"{_seconds(cursor, sql + ', '.join(names)):.1f}"


def remove(cursor, variant, year, after):
    """Let a year of both tables go: (seconds, MB of WAL, seconds of the vacuum that it needs)."""
    [(before,)] = rows(cursor, "SELECT pg_current_wal_insert_lsn()")
    if variant.keys:
        tables = [f"{variant.schema}.{table}" for table in reversed(TABLES)]
        sql = "ALTER TABLE {0} DETACH PARTITION {0}_{1}; DROP TABLE {0}_{1}"
        took = sum(_seconds(cursor, sql.format(table, year.number)) for table in tables)
    else:  # rows alone: neither triggers nor the foreign keys of other tables
        cursor.execute("SET session_replication_role = replica")
        took = _seconds(
            cursor,
            "DELETE FROM tickets_event WHERE ticket_id IN (SELECT id FROM tickets_ticket"
            f" WHERE id >= {year.first} AND id < {after.first});"
            f"DELETE FROM tickets_ticket WHERE id >= {year.first} AND id < {after.first}",
        )
    vacuum = 0 if variant.keys else _seconds(cursor, f"VACUUM {', '.join(TABLES)}")
    sql = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s) / 1e6"
    [(written,)] = rows(cursor, sql, before)
    return f"{took:.2f}", f"{written:.1f}", f"{vacuum:.1f}"


def _seconds(cursor, sql):
    began = time.monotonic()
    cursor.execute(sql)
    return time.monotonic() - began


# The whole


def table(heads, lines):
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in
                     [heads, ["---"] + ["---:"] * (len(heads) - 1), *lines])  # fmt: skip


def cell(told):
    """'0.4 + 1.2 ms, 310, 1 of 5'."""
    text = f"{told.planning:.1f} + {told.running:.1f} ms, {told.blocks:.0f}"
    return f"{text}, {told.run:.0f} of {told.planned:.0f}" if told.planned else text


def main(number):
    server = databases.start()
    databases.query(server, "bench", f"DROP DATABASE IF EXISTS {NAME}")
    source = f"bench_{number}"
    say(f"copying {source}, to which nobody may be connected")
    sql = f"CREATE DATABASE {NAME} TEMPLATE {source} STRATEGY file_copy"
    databases.query(server, "bench", sql)
    try:
        measure(server, number)
    finally:
        databases.query(server, "bench", f"DROP DATABASE {NAME} WITH (FORCE)")


def measure(server, number):
    connection = databases.connect(server, NAME)
    cursor = connection.cursor()
    cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
    cut = years(cursor)
    say(f"{', '.join(f'{year.number} from ticket {year.first}' for year in cut)}")
    with ThreadPoolExecutor(len(PARTED)) as pool:
        took = list(pool.map(lambda variant: part(server, variant, cut), PARTED))
    say(f"parted in {' and '.join(f'{seconds:.0f}' for seconds in took)} s, side by side")
    cursor.execute("CHECKPOINT")
    os.environ.update(databases.environment(server, NAME))
    import django

    django.setup()
    asked = questions(cut, number)
    found = measured(server, asked) | first_of_connection(server, asked[0])
    say("planning + running, blocks read, partitions run of planned\n")
    named = dict.fromkeys(name for name, _ in found)
    heads = [variant.name for variant in VARIANTS]
    lines = [[name, *(cell(found[name, variant]) for variant in VARIANTS)] for name in named]
    print(table(["", *heads], lines), "\n")
    keep(cursor, cut, heads)
    connection.close()


def keep(cursor, cut, heads):
    """Print what is kept of the current year, and what it costs to let the oldest whole one go."""
    now = next(year for year in cut if year.number == datetime.now(JAKARTA).year)
    held = [kept(cursor, variant, now) for variant in VARIANTS]
    gone = [remove(cursor, variant, cut[1], cut[2]) for variant in VARIANTS]
    labels = [f"what {now.number} is in: tables, MB", "its indexes, MB", "its whole vacuum, s"]
    labels += [f"{cut[1].number} goes, s", "WAL of it, MB", "vacuum after it, s"]
    values = [*zip(*held, strict=True), *zip(*gone, strict=True)]
    lines = [[label, *value] for label, value in zip(labels, values, strict=True)]
    print(table(["", *heads], lines))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000)
