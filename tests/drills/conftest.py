"""The portal of the drills, and the table of what `make drills` did (docs/drills.md)."""

import datetime
import os
import platform
import subprocess
from pathlib import Path

import pytest

from tests.drills import questions
from tests.drills.portal import Portal
from tests.test_project import ROOT

HEAD = """# Drills: faults that were made on purpose

`make drills` writes this page. Each drill starts the real gunicorn (`deploy/gunicorn.py`, two
workers) over a durable PostgreSQL of its own, breaks something for real, and then asks what
`tests/drills/questions.py` asks: no message lost that the portal had taken, none stored twice, no
file that neither a row names nor `tidy_files` finds, `verify_history --files` clean. Those without
a mark also run with `make test`; the slow ones (marked ⧖) only here.

"""
HERE = Path(__file__).parent


def pytest_addoption(parser):
    parser.addoption("--write-drills", metavar="PAGE", help="write the table of results there")


@pytest.fixture(scope="session")
def _portal():
    portal = Portal()
    yield portal
    portal.close()


@pytest.fixture
def portal(_portal):
    """The portal, serving; what was said in the drill before is forgotten."""
    _portal.told.clear()
    _portal.serve()
    yield _portal
    _portal.kill()


@pytest.fixture
def ask_all(portal, record_property):
    """The four questions of tests/drills/questions.py, as a function."""

    def ask():
        questions.ask_all(portal)
        record_property("asked", f"{len(portal.told)} messages")

    return ask


# The table


def pytest_collection_modifyitems(items):
    for item in (item for item in items if HERE in item.path.parents):
        item.user_properties.append(("slow", bool(item.get_closest_marker("drill"))))


def pytest_terminal_summary(terminalreporter, config):
    """The page, where `make drills` asked for it."""
    if page := config.getoption("--write-drills", default=None):
        Path(page).write_text(written(terminalreporter.stats))


def written(stats):
    """The page of these results."""
    done = [report for word in ("passed", "failed", "error") for report in stats.get(word, ())]
    done = [report for report in done if report.when == "call" or report.outcome == "failed"]
    rows = [_row(report) for report in sorted(done, key=lambda report: report.nodeid)]
    table = "| Drill | | Seconds | The four questions |\n| --- | --- | ---: | --- |\n"
    return HEAD + _when(len(done), done) + table + "".join(rows)


def _when(number, done):
    failed = sum(report.outcome == "failed" for report in done)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    now = datetime.datetime.now(datetime.UTC)
    word = "all passed" if not failed else f"{failed} failed"
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    ran = f"{now:%Y-%m-%d %H:%M} UTC, commit {commit}, {system}"
    return f"Last run: {ran}: {number} drills, {word}.\n\n"


def _row(report):
    file, _, name = report.nodeid.partition("::")
    topic = Path(file).stem.removeprefix("test_").replace("_", " ")
    facts = dict(report.user_properties)
    mark = " ⧖" if facts.get("slow") else ""
    words = name.removeprefix("test_").replace("_", " ")
    asked = f"clean, {facts['asked']}" if "asked" in facts else "asks questions of its own"
    result = asked if report.outcome == "passed" else "**failed**"
    return f"| {topic}: {words}{mark} | {report.outcome} | {report.duration:.1f} | {result} |\n"
