"""What a step writes: rows, and bytes of the database's log, relation by relation.

`python -m bench.steps` in the environment of a portal prints it as JSON. The tickets are the
portal's own, walked by `Ticket.perform`. Once without the copies of full pages, which the first
change of a page after a checkpoint adds, and once right after a checkpoint, with the most of them.
"""

import json
import re
import subprocess
import sys
import time
import uuid
from collections import Counter
from pathlib import Path

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - models need a set-up Django

from bench.pages import People  # noqa: E402
from tickets.models import AppVersion, Category, Ticket  # noqa: E402
from tickets.workflow import Classification  # noqa: E402

RECORD = re.compile(r"rmgr: \S+\s+len \(rec/tot\):\s*\d+/\s*(\d+), tx:.*?desc: (.*)")
RELATION = re.compile(r"rel \d+/\d+/(\d+)")
COUNTED = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""
NAMES = """
    SELECT pg_relation_filenode(oid), relname FROM pg_class
    WHERE pg_relation_filenode(oid) IS NOT NULL
"""


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def measured(act):
    """({table: rows}, (begin, end) of the log) of what `act` writes in one transaction."""
    [(begin,)] = ask("SELECT pg_current_wal_insert_lsn()")
    with transaction.atomic():
        before = dict(ask(COUNTED))
        act()
        rows = Counter(dict(ask(COUNTED)))
        rows.subtract(before)
    [(end,)] = ask("SELECT pg_current_wal_insert_lsn()")
    return {table: number for table, number in rows.items() if number}, (begin, end)


def log_of(begin, end, waldump, folder):
    """{relation: bytes} of the log between two places, by pg_waldump."""
    ask("SELECT pg_switch_wal()")
    told = subprocess.run(
        [waldump, "--path", folder, "--start", begin, "--end", end],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names, found = dict(ask(NAMES)), Counter()
    for line in told.splitlines():
        size, rest = RECORD.match(line).groups()
        relation = RELATION.search(rest)
        name = names.get(int(relation[1]), "other") if relation else "transaction"
        found[name] += int(size)
    return dict(found)


def steps(people):
    """(name, act) of a whole way, each after those before it."""
    reporter, officer = people.reporter, people.helpdesk
    chosen = Classification(
        Category.objects.first(), "KELUHAN", Ticket.Priority.SEDANG, AppVersion.objects.first()
    )
    held = {}

    def send():
        held["ticket"] = Ticket.objects.send(
            by=reporter, key=uuid.uuid4(), message="Pesan salah. " * 20, title="Tidak bisa login",
            identity_number=reporter.identity_number, package_code="8214757", error_code="",
        ).ticket  # fmt: skip

    def perform(action, by, **fields):
        def act():
            held["ticket"].refresh_from_db()
            held["ticket"].perform(action, by=by, key=uuid.uuid4(), ip="192.0.2.1", **fields)

        return act

    return [
        ("send", send),
        ("take", perform("take", officer, classification=chosen)),
        ("ask", perform("ask", officer, message="Versi berapa?" * 5, feedback_from=0)),
        ("answer", perform("answer", reporter, message="Versi terbaru. " * 5)),
        ("resolve", perform("resolve", officer, message="Sudah diperbaiki. " * 5)),
        ("reject", perform("reject", reporter, message="Belum bisa. " * 5)),
        ("resolve", perform("resolve", officer, message="Sudah diperbaiki. " * 5)),
        ("accept", perform("accept", reporter)),
        ("rate", perform("rate", reporter, stars=5, suggestion="Cepat.")),
        ("send", send),
        ("take", perform("take", officer, classification=chosen)),
        ("escalate", perform("escalate", officer, message="Mohon bantuan. " * 5)),
    ]


def full_pages(written):
    """Whether the log gets copies of full pages; for the whole server."""
    ask(f"ALTER SYSTEM SET full_page_writes = {written}")
    ask("SELECT pg_reload_conf()")
    ask("CHECKPOINT")
    time.sleep(1)  # until every process has read it


def walk(people, waldump, folder):
    told = []
    for name, act in steps(people):
        rows, places = measured(act)
        told.append({"step": name, "rows": rows, "log": log_of(*places, waldump, folder)})
    return told


def main(waldump, folder):
    people = People()
    full_pages("off")
    try:
        lean = walk(people, waldump, folder)
    finally:
        full_pages("on")
    print(json.dumps({"lean": lean, "full": walk(people, waldump, folder)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
