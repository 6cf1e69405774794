"""How long a backup, its restore and the retention take, and how large a backup is.

`python -m bench.keeping 10000` makes so many closed tickets by real steps, every fifth with a file
of 256 KB, in a database and folder of its own; then it backs up, restores into a second place with
all checks, and applies the retention to a tenth of them.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = 256 * 2**10

MAKE = """
import random, uuid, django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from datetime import timedelta
from django.utils import timezone
from tests.cast import Cast, classification, send_ticket
from tickets.models import Draft, Ticket

number, size = {number}, {size}
cast, answers = Cast(), classification()
cast.penyedia.identity_number = "0123456789012345"
for start in range(0, number, 200):
    with transaction.atomic():
        for place in range(start, min(start + 200, number)):
            files = []
            if place % 5 == 0:
                upload = SimpleUploadedFile("bukti.rhs", random.Random(place).randbytes(size))
                files = [Draft.objects.receive(upload, key=uuid.uuid4(), owner=cast.penyedia)]
            ticket = send_ticket(cast.penyedia, message="Isi. " * 60, files=files)
            ticket.perform("take", by=cast.helpdesk, classification=answers)
            ticket.perform("resolve", by=cast.helpdesk, message="Sudah. " * 30)
            ticket.perform("accept", by=cast.penyedia)
old = Ticket.objects.order_by("pk")[: number // 10].values("pk")
Ticket.objects.filter(pk__in=old).update(closed_at=timezone.now() - timedelta(days=2000))
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
        timed(f"{number} tickets", "-c", MAKE.format(number=number, size=FILE),
              DJANGO_SETTINGS_MODULE="helpdesk.settings", **first)  # fmt: skip
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
