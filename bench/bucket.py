"""How much memory the workers need while files of 50 MB go into a bucket and out of it (ADR 30).

`python -m bench.bucket` starts a real S3-speaking server (moto, tests/bucket.py) and the real
gunicorn; eight people send 50 MB each at once, then fetch them at once. It prints the peak of each
worker, compares every byte, and fails at the limit of bench.uploads.
"""

import hashlib
import http.client
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import uploads
from bench.uploads import FIELDS, HEAVY, KINDS, LIMIT, MIB
from tests import bucket


def sent(port, session, files):
    """Eight tickets with one file each, sent at the same moment."""
    answers = uploads.all_at_once(port, session, files, FIELDS | {"konfirmasi": "ya"})
    if wrong := [answer for answer in answers if answer[0] != 302]:
        raise SystemExit(f"unexpected answer {wrong[0]}")


def addresses():
    """(address, method, SHA-256) of each file."""
    from tickets.models import Attachment

    for file in Attachment.objects.select_related("event__ticket"):
        address = f"{file.event.ticket.get_absolute_url()}berkas/{file.pk}/"
        yield address, "POST" if file.is_sealed else "GET", file.sha256


def fetched(port, session, address, method, sha256):
    """Read one file to its end. Raises SystemExit where it is not what was sent."""
    headers = {"Cookie": f"sessionid={session}; csrftoken={uploads.TOKEN}"}
    body = f"csrfmiddlewaretoken={uploads.TOKEN}" if method == "POST" else None
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request(method, address, body=body, headers=headers)
    digest = hashlib.file_digest(connection.getresponse(), "sha256").hexdigest()
    connection.close()
    if digest != sha256:
        raise SystemExit(f"{address} is not what was sent")


def measured(portal, what, work):
    """Do the work, print the peak of each worker meanwhile; returns the highest."""
    for pid in uploads.peaks(portal):
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew (proc(5))
    started = time.monotonic()
    work()
    peaks = uploads.peaks(portal)
    uploads.tell(f"{what}, {time.monotonic() - started:.1f} s", peaks)
    return max(peaks.values())


def fetched_at_once(port, session):
    wanted = list(addresses())
    with ThreadPoolExecutor(len(wanted)) as people:
        list(people.map(lambda one: fetched(port, session, *one), wanted))


def main():
    """Prints each round; returns the highest peak of all workers."""
    var = Path(tempfile.mkdtemp(prefix="lpse-bench-"))
    uploads.settle(var)
    with bucket.BucketServer(var) as server:
        server.client().create_bucket(Bucket=bucket.NAME)
        os.environ |= bucket.environment(server.address) | {"NO_PROXY": "127.0.0.1"}
        session = uploads.prepare()
        files = uploads.made(var / "a", KINDS.items())
        pictures = uploads.made(var / "b", HEAVY)
        with uploads.portal() as (port, portal):
            uploads.tell("at rest", uploads.peaks(portal))
            return max(
                measured(portal, "8 sent", lambda: sent(port, session, files)),
                measured(portal, "8 fetched", lambda: fetched_at_once(port, session)),
                measured(portal, "heaviest pictures sent", lambda: sent(port, session, pictures)),
            )


if __name__ == "__main__":
    highest = main()
    print(f"highest peak {highest / MIB:.0f} MB, limit {LIMIT // MIB} MB")
    sys.exit(highest >= LIMIT)
