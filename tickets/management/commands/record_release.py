"""manage.py record_release COMMIT: what the next release must leave as it is (docs/adr/0023)."""

import json
import re

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

COMMIT = settings.BASE_DIR / "deploy" / "last_release"
SCHEMA = settings.BASE_DIR / "deploy" / "last_release_schema.json"

COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
      a.atthasdef OR a.attidentity <> ''
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attname
"""
# What refuses rows: (kind, table or '', name, what it says, the columns of the table that it reads)
GUARDS = """
    SELECT 'constraint', c.relname, k.conname, pg_get_constraintdef(k.oid),
      ARRAY(SELECT attname::text FROM pg_attribute
        WHERE attrelid = c.oid AND attnum = ANY (k.conkey) ORDER BY attname)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('c', 'u', 'f', 'x', 'p')
    UNION ALL
    SELECT 'unique index', c.relname, i.relname, pg_get_indexdef(i.oid),
      ARRAY(SELECT attname::text FROM pg_attribute
        WHERE attrelid = c.oid AND attnum = ANY (x.indkey) ORDER BY attname)
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    WHERE x.indisunique AND c.relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid)
    UNION ALL
    SELECT 'trigger', c.relname, t.tgname, pg_get_triggerdef(t.oid), ARRAY[]::text[]
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'function', '', proname, prosrc, ARRAY[]::text[]
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ORDER BY 1, 2, 3
"""
WIDER = {"smallint": ("integer", "bigint"), "integer": ("bigint",)}
TEXT = re.compile(r"character varying(?:\((\d+)\))?|(text)")


class Command(BaseCommand):
    """Run with the code and the migrated database of a release, when it is made."""

    help = "Writes down the release that the next one must not break: its commit and its schema."

    def add_arguments(self, parser):
        parser.add_argument("commit")

    def handle(self, *, commit, **options):
        COMMIT.write_text(f"{commit}\n")
        SCHEMA.write_text(json.dumps(used(schema()), indent=1, sort_keys=True) + "\n")
        self.stdout.write(f"{COMMIT.name} and {SCHEMA.name} written")


def schema():
    """The database as it is: {"columns": {"table.column": …}, "guards": {"kind table name": …}}."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        columns = {
            f"{table}.{name}": {"type": kind, "nullable": nullable, "default": default}
            for table, name, kind, nullable, default in cursor.fetchall()
        }
        cursor.execute(GUARDS)
        guards = {
            " ".join(filter(None, (kind, table, name))): {
                "table": table,
                "says": " ".join(says.split()),
                "columns": [f"{table}.{column}" for column in reads],
            }
            for kind, table, name, says, reads in cursor.fetchall()
        }
    return {"columns": columns, "guards": guards}


def used(found):
    """The same without columns that no model of this release knows: the next one may drop them."""
    known = {
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
    }
    columns = {name: about for name, about in found["columns"].items() if name in known}
    return found | {"columns": columns}


def problems(before, after):
    """Sentences about what breaks the code that worked with `before` on `after`; none is well.

    An UPDATE or SELECT of the old code needs its columns as they were; an INSERT of it says nothing
    about new columns, and may not be refused for what was right.
    """
    for name, old in before["columns"].items():
        yield from _of_column(name, old, after["columns"].get(name))
    tables = {name.split(".")[0] for name in before["columns"]}
    new = {
        name: column
        for name, column in after["columns"].items()
        if name not in before["columns"] and name.split(".")[0] in tables
    }
    for name, column in new.items():
        if not (column["nullable"] or column["default"]):
            yield f"{name} is new, and the old code gives it no value: it needs a db_default"
    for name, guard in after["guards"].items():
        if guard == before["guards"].get(name) or guard["table"] not in {*tables, ""}:
            continue
        if name.startswith("function") and name not in before["guards"]:
            continue  # nothing of the old schema calls it; a trigger that does is named itself
        if not guard["columns"] or not set(guard["columns"]) <= new.keys():
            yield f"{name} is new or says something else: the old code may not fit it"


def _of_column(name, old, now):
    if now is None:
        yield f"{name} is gone or has another name"
        return
    if not _fits(old["type"], now["type"]):
        yield f"{name} was {old['type']} and is {now['type']}"
    if old["nullable"] and not now["nullable"]:
        yield f"{name} could be NULL and cannot any more"
    if old["default"] and not (now["default"] or now["nullable"]):
        yield f"{name} had a default and has none"


def _fits(old, now):
    """Whether what was read from and written into the one can be with the other."""
    if old == now or now in WIDER.get(old, ()):
        return True
    were, are = TEXT.fullmatch(old), TEXT.fullmatch(now)
    return bool(were and are and int(are[1] or 10**9) >= int(were[1] or 10**9))
