"""Tickets and events once more, in partitions, in a schema of their own beside the plain tables."""

import time
from datetime import datetime
from itertools import chain, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bench import databases

NAME = "bench_parts"
JAKARTA = ZoneInfo("Asia/Jakarta")
TABLES = ("tickets_ticket", "tickets_event")


class Variant(NamedTuple):
    """One way to keep the tables: its schema, and the column that each is parted by."""

    name: str
    schema: str
    keys: tuple = ()  # of TABLES
    cut: str = ""  # what a partition begins with: a moment, or the id of a ticket


PLAIN = Variant("plain", "public")
BY_YEAR = Variant("by year", "by_year", ("created_at", "at"), "moment")
BY_ID = Variant("by id", "by_id", ("id", "ticket_id"), "first")
PARTED = (BY_YEAR, BY_ID)
VARIANTS = (PLAIN, *PARTED)


class Year(NamedTuple):
    """A year of tickets: its first moment, and an id that no ticket before it has."""

    number: int
    moment: datetime
    first: int


def rows(cursor, sql, *values):
    cursor.execute(sql, values or None)
    return cursor.fetchall()


def years(cursor):
    """Each Year that has tickets, the next one, and one more that ends it."""
    [(begin, last)] = rows(cursor, "SELECT min(created_at), max(id) FROM tickets_ticket")
    now, found = datetime.now(JAKARTA), []
    for number in range(begin.astimezone(JAKARTA).year, now.year + 3):
        moment = datetime(number, 1, 1, tzinfo=JAKARTA)
        sql = "SELECT min(id) FROM tickets_ticket WHERE created_at >= %s"
        [(first,)] = rows(cursor, sql, moment)
        found.append(Year(number, moment, first or 10 * last * (number - now.year)))
    return found


def part(server, variant, cut):
    """Make and fill the tables of this Variant; returns the seconds that it took."""
    began = time.monotonic()
    connection = databases.connect(server, NAME)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {variant.schema}")
        cursor.execute("SET maintenance_work_mem = '512MB'; SET synchronous_commit = off")
        for table, key in zip(TABLES, variant.keys, strict=True):
            _copy(cursor, variant, table, key, cut)
        guards = [
            _guards(cursor, variant, *each) for each in zip(TABLES, variant.keys, strict=True)
        ]
        _functions(cursor, variant)
        cursor.execute(f"SET search_path = {variant.schema}, public")
        for statement in chain.from_iterable(guards):
            cursor.execute(statement)
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
    connection.close()
    return time.monotonic() - began


def _copy(cursor, variant, table, key, cut):
    """The partitions of one table with their rows, and nothing else yet."""
    name = f"{variant.schema}.{table}"
    cursor.execute(
        f"CREATE TABLE {name} (LIKE public.{table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
        f" INCLUDING GENERATED) PARTITION BY RANGE ({key})"
    )
    for year, after in pairwise(cut):
        cursor.execute(
            f"CREATE TABLE {name}_{year.number} PARTITION OF {name} FOR VALUES FROM (%s) TO (%s)",
            [getattr(year, variant.cut), getattr(after, variant.cut)],
        )
    sql = "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass"
    found = rows(cursor, f"{sql} AND attnum > 0 AND attgenerated = ''", table)
    columns = ", ".join(column for (column,) in found)
    cursor.execute(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM public.{table}")


def _guards(cursor, variant, table, key):
    """The statements that give the copy what the plain table has: keys, indexes, triggers.

    A unique constraint must hold the partition's key, so it gets it; a foreign key to tickets stays
    where `id` alone is unique.
    """
    found = rows(
        cursor,
        "SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'f') ORDER BY contype = 'f'",
        table,
    )
    guards = [
        f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {_with_key(text, key)}'
        for name, kind, text in found
        if kind != "f" or "tickets_ticket(" not in text or variant is BY_ID
    ]
    indexes = rows(
        cursor,
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        table,
    )
    triggers = rows(
        cursor,
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass"
        " AND NOT tgisinternal",
        table,
    )
    return guards + [
        text.replace(" ON public.", f" ON {variant.schema}.") for (text,) in indexes + triggers
    ]


def _with_key(text, key):
    """The text of a unique constraint, with the partition's key in it."""
    if text.startswith("FOREIGN") or key in text[text.index("(") + 1 : -1].split(", "):
        return text
    return f"{text[:-1]}, {key})"


def _functions(cursor, variant):
    """The triggers' functions, which look into the copies."""
    sql = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'tickets\\_%'"
    for (text,) in rows(cursor, f"{sql} AND pronamespace = 'public'::regnamespace ORDER BY oid"):
        here = text.replace("FUNCTION public.", f"FUNCTION {variant.schema}.")
        cursor.execute(here.replace("'public'", f"'{variant.schema}', 'public'"))
