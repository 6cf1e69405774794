"""The private PostgreSQL: there while somebody needs it, gone afterwards."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOLD = """
import sys, psycopg2
from helpdesk.embedded_postgres import embedded
s = embedded(sys.argv[1], "holder", durable=False)
connection = psycopg2.connect(host=s["HOST"], user=s["USER"], dbname=s["NAME"])
print(s["HOST"], flush=True)
sys.stdin.read()
"""


class Holder:
    """A process that uses the server until it is told to end."""

    def __init__(self, data):
        command = [sys.executable, "-W", "error", "-c", HOLD, str(data)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.socket = Path(self.process.stdout.readline().strip()) / ".s.PGSQL.5432"

    def end(self):
        self.process.communicate()

    def kill(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def data(tmp_path):
    yield tmp_path / "a folder with blanks" / "postgres"
    for folder in set(Path("/var/tmp").glob("holder-*")):  # where root's stand-in keeps it
        shutil.rmtree(folder)


def test_the_last_process_out_stops_the_server(data):
    first, second = Holder(data), Holder(data)

    first.end()
    assert second.socket.exists()

    second.end()
    assert not second.socket.exists()


def test_a_killed_process_leaves_nothing_running_after_the_next(data):
    first = Holder(data)
    first.kill()

    second = Holder(data)
    second.end()

    assert not second.socket.exists()


def test_a_killed_initdb_is_begun_anew(data):
    first = Holder(data)
    first.end()
    cluster = first.socket.parent
    (cluster / "ready").unlink()
    (cluster / "half").touch()

    second = Holder(data)
    second.end()

    assert not (cluster / "half").exists()
    assert (cluster / "ready").exists()
