"""Eight people who send 50 MB each at once do not make the portal large (R29)."""

import os
import subprocess
import sys

import pytest

from tests.test_project import ROOT


@pytest.mark.requirement("R29")
def test_no_worker_needs_200_mb_while_eight_people_send_50_mb_each_at_once():
    own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}

    done = subprocess.run(
        [sys.executable, "-m", "bench.uploads"],
        cwd=ROOT,
        env=own,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("peak of each worker") == 4
