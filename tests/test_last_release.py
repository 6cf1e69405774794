"""The code of the last release works on the new schema: both run during a deploy (ADR 23)."""

import json
from copy import deepcopy

import pytest

from tickets.management.commands.record_release import SCHEMA, problems, schema

# Changes that the rule cannot judge, each with the reason why the last release fits them
ACCEPTED = {
    "constraint accounts_user user_system_is_powerless": "no release made an account '@anonim'",
    "constraint tickets_ticket ticket_reopened_only_when_closed": (
        "that release writes no reopen_until, and moves no closed ticket"
    ),
    # the nightly tidy_files of that release deletes from it; during a deploy it may fail, and the
    # next one deletes nothing of it
    "function accounts_security_stays": "only tidy_files and the administration delete",
    "function tickets_event_stays": "it allows more than before",
    "function tickets_sent_stays": "it allows more than before",
}


def last_release():
    return json.loads(SCHEMA.read_text())


@pytest.mark.django_db
def test_what_the_last_release_reads_and_writes_is_still_there():
    found = list(problems(last_release(), schema()))

    judged = [said for said in found if not any(said.startswith(f"{name} is") for name in ACCEPTED)]
    assert judged == []


@pytest.mark.django_db
def test_no_change_is_accepted_that_is_none():
    found = "\n".join(problems(last_release(), schema()))

    assert [name for name in ACCEPTED if f"{name} is" not in found] == []


BEFORE = {
    "columns": {
        "t.a": {"type": "character varying(20)", "nullable": True, "default": False},
        "t.b": {"type": "integer", "nullable": False, "default": True},
    },
    "guards": {"constraint t c": {"table": "t", "says": "CHECK (b > 0)", "columns": ["t.b"]}},
}


@pytest.mark.parametrize(
    ("name", "column", "sentence"),
    [
        ("t.a", None, "t.a is gone or has another name"),
        ("t.a", {"type": "character varying(10)"}, "t.a was character varying(20) and is"),
        ("t.b", {"type": "smallint"}, "t.b was integer and is smallint"),
        ("t.a", {"nullable": False}, "t.a could be NULL and cannot any more"),
        ("t.b", {"default": False}, "t.b had a default and has none"),
        (
            "t.new",
            {"type": "text", "nullable": False, "default": False},
            "t.new is new, and the old code gives it no value: it needs a db_default",
        ),
    ],
)
def test_a_column_that_breaks_the_old_code_is_named(name, column, sentence):
    after = deepcopy(BEFORE)
    if column is None:
        del after["columns"][name]
    else:
        after["columns"][name] = after["columns"].get(name, {}) | column

    [found] = problems(BEFORE, after)

    assert found.startswith(sentence)


@pytest.mark.parametrize(
    ("name", "guard"),
    [
        ("constraint t c", {"says": "CHECK (b > 1)", "columns": ["t.b"]}),
        ("constraint t d", {"says": "CHECK (a <> '')", "columns": ["t.a"]}),
        ("unique index t e", {"says": "(a, new)", "columns": ["t.a", "t.new"]}),
        ("trigger t f", {"says": "BEFORE INSERT", "columns": []}),
    ],
)
def test_a_guard_that_may_refuse_what_the_old_code_writes_is_named(name, guard):
    after = deepcopy(BEFORE)
    after["guards"][name] = {"table": "t"} | guard

    [found] = problems(BEFORE, after)

    assert found.startswith(f"{name} is new or says something else")


def test_what_only_adds_and_widens_is_well():
    after = deepcopy(BEFORE)
    after["columns"]["t.a"]["type"] = "text"
    after["columns"]["t.b"]["type"] = "bigint"
    after["columns"]["t.new"] = {"type": "text", "nullable": True, "default": False}
    after["columns"]["u.id"] = {"type": "bigint", "nullable": False, "default": False}
    after["guards"]["constraint t d"] = {"table": "t", "says": "", "columns": ["t.new"]}
    after["guards"]["constraint u d"] = {"table": "u", "says": "", "columns": []}
    del after["guards"]["constraint t c"]

    assert list(problems(BEFORE, after)) == []
