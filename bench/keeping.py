"""How long a backup, its restore and the retention take, and how large a backup is.

`python -m bench.keeping 10000` makes so many closed tickets of four steps, every fifth with a file
of 256 KB, in a database and folder of its own; then it backs up, restores into a second place with
all checks, and applies the retention to a tenth of them. The tickets are written in bulk, each with
the chain that the steps would have given it: verify_history finds no fault in them.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent

MAKE = """
import sys, django
django.setup()
from bench.keeping_tickets import make
make(int(sys.argv[1]))
"""


def timed(what, *command, **environment):
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"{time.monotonic() - start:8.1f} s  {what}")
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip().splitlines()


def main(number):
    with tempfile.TemporaryDirectory(prefix="lpse-keeping-", dir="/var/tmp") as folder:
        here = Path(folder)
        here.chmod(0o755)  # as root, PostgreSQL's account must reach its own folder
        first = {"HELPDESK_MODE": "demo", "HELPDESK_VAR": str(here / "first")}
        first["HELPDESK_CLUSTER"] = "postgres-test"  # without fsync: it makes the tickets sooner
        second = first | {"HELPDESK_VAR": str(here / "second")}
        timed("migrate", "manage.py", "migrate", **first)
        settings = {"DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
        timed(f"{number} tickets", "-c", MAKE, str(number), **settings, **first)
        print(*timed("backup", "manage.py", "backup", **first), sep="\n")
        (here / "second").mkdir()
        secrets = here / "first" / "demo-secrets.json"
        (here / "second" / secrets.name).write_bytes(secrets.read_bytes())
        [backup] = (here / "first" / "backups").glob("*.age")
        key = str(here / "first" / "demo-backup-key.txt")
        told = timed("restore with its checks", "manage.py", "restore", str(backup),
                     "--identity", key, **second)  # fmt: skip
        print(told[-1])
        timed("verify_history --files", "manage.py", "verify_history", "--files", **second)
        timed("apply_retention --dry-run", "manage.py", "apply_retention", "--dry-run", **second)
        print(*timed("apply_retention", "manage.py", "apply_retention", **second)[:3], sep="\n")
        timed("verify_history --files", "manage.py", "verify_history", "--files", **second)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000)
