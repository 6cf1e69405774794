"""What scripts/check_advisories.py makes of an answer, of a finding and of no answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "scripts" / "check_advisories.py"
FINE = {"name": "django", "version": "5.2.19", "vulns": []}
FLAWED = FINE | {"vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["5.2.20"]}]}
UNKNOWN = {"name": "nh3", "skip_reason": "Dependency not found on PyPI"}
NO_NETWORK = "requests.exceptions.ConnectionError: Max retries exceeded"


@pytest.fixture
def checked(tmp_path):
    """A function: runs the script with a pip-audit that answers so; (exit code, what it said)."""

    def run(answer="", told="", code=0):
        audit = tmp_path / "pip-audit"
        (tmp_path / "answer").write_text(answer)
        (tmp_path / "told").write_text(told)
        audit.write_text(f"#!/bin/sh\ncd {tmp_path}\ncat answer\ncat told >&2\nexit {code}\n")
        audit.chmod(0o755)
        path = f"{tmp_path}:{os.environ['PATH']}"
        done = subprocess.run(
            [sys.executable, SCRIPT],
            env={"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr

    return run


def packages(*each):
    return json.dumps({"dependencies": each, "fixes": []})


def test_without_a_finding_nothing_fails(checked):
    code, told = checked(packages(FINE))

    assert (code, told) == (0, "0 known vulnerabilities in 1 packages.\n")


def test_a_finding_fails_and_names_the_version_that_mends_it(checked):
    code, told = checked(packages(FINE, FLAWED), code=1)

    assert code == 1
    assert "django 5.2.19: PYSEC-2026-1, mended in 5.2.20\n" in told


def test_without_a_network_nothing_fails_and_it_says_that_nothing_was_checked(checked):
    code, told = checked(told=NO_NETWORK, code=1)

    assert code == 0
    assert told.startswith("NOT CHECKED: the advisories could not be reached")


def test_packages_that_the_service_does_not_know_are_named(checked):
    code, told = checked(packages(FINE, UNKNOWN))

    assert code == 0
    assert told.startswith("NOT CHECKED, for no advisories of it were found: nh3.\n")


def test_a_mistake_of_ours_is_not_taken_for_a_missing_network(checked):
    code, told = checked(told="pip-audit: error: unrecognized arguments: --nonsense", code=2)

    assert code == 1
    assert "unrecognized arguments" in told
