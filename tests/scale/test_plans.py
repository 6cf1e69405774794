"""No page and no step reads a table from end to end that grows with the years (issue: scale).

Asked of PostgreSQL with ten thousand tickets of the benchmark's country; `make bench` asks the same
with a million.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import psycopg2
import pytest
from django.conf import settings

from bench import databases, fill

NUMBER, REPORTERS = 10_000, 4_000
# The others are still so small here that reading them whole is right
LARGE = {"tickets_ticket", "tickets_event", "tickets_assignment"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Of a process over a database of the country; the database is gone at the end."""
    server = settings.DATABASES["default"]
    name = f"scale_{os.getpid()}_{NUMBER}"
    connection = psycopg2.connect(databases.dsn(server, "postgres"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    var = tmp_path_factory.mktemp("scale")
    found = os.environ | databases.environment(server, name) | {"HELPDESK_VAR": str(var)}
    try:
        for command in (
            ["migrate", "--verbosity=0"],
            ["createcachetable"],
            ["load_lpse"],
            ["collectstatic", "--noinput"],
        ):
            told(found, "manage.py", *command)
        now = datetime.now(UTC)
        fill.fill_people(databases.dsn(server, name), now, REPORTERS)
        fill.fill_tickets(databases.dsn(server, name), NUMBER, now, reporters=REPORTERS)
        yield found
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.close()


def told(environment, *command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=databases.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def plans(environment):
    return json.loads(told(environment, "-m", "bench.plans"))


def test_no_page_and_no_step_reads_a_growing_table_from_end_to_end(plans):
    assert len(plans) > 20
    read = {name: LARGE & found.keys() for name, found in plans.items() if LARGE & found.keys()}
    assert read == {}


def test_the_pages_keep_to_their_number_of_queries_and_bytes(environment):
    pages = {
        page["name"]: page for page in json.loads(told(environment, "-m", "bench.pages"))["pages"]
    }

    most = {name: 8 if name.startswith(("dashboard", "home")) else 6 for name in pages}
    most |= {"look-up, hit": 3}
    assert {n: page["queries"] for n, page in pages.items() if page["queries"] > most[n]} == {}
    lists = [page for name, page in pages.items() if name.startswith(("queue", "list", "search"))]
    assert max(page["compressed"] for page in lists) <= 8 * 1024


def test_the_rows_are_as_steps_would_have_left_them(environment):
    assert "events and 0 days are as written" in told(environment, "manage.py", "verify_history")


def test_the_same_seed_and_day_give_the_same_rows():
    now = datetime(2026, 11, 24, tzinfo=UTC)

    one, other = (rows_of(now) for _ in range(2))

    assert one == other
    assert len(one["tickets_ticket"]) == 50


def rows_of(now):
    offices = [(pk, "WIB") for pk in range(1, 691)]
    world = fill.World(fill.country.Country(offices, fill.SEED, 500), [1, 2], [1], 50, now)
    writer, rng = fill.Writer(), fill.random.Random(1)
    for serial in range(50):
        fill.Walk(world, serial, rng, writer).go()
    return dict(writer.rows)
