"""`make smoke`: the portal as production runs it, on loopback, and what it must withstand.

Prints a table; fails when one check does. Whatever happens, every server is ended and the folder
removed.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from smoke.servers import Servers


def main():
    """How many checks failed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    folder = Path(tempfile.mkdtemp(prefix="lpse-smoke-"))
    servers = Servers(folder)
    try:
        tell("servers", lambda _: begin(servers), servers)
        from smoke.checks import CHECKS

        chosen = [check for check in CHECKS if not sys.argv[1:] or check.__name__ in sys.argv[1:]]
        return sum(not tell(check.__name__, check, servers) for check in chosen)
    finally:
        servers.close()
        shutil.rmtree(folder, ignore_errors=True)


def begin(servers):
    """Everything that runs, and the LPSE whose people come."""
    servers.start_database()
    servers.start_pool()
    servers.prepare()
    servers.start_web()
    servers.start_nginx()
    make_lpse(servers)
    return f"PostgreSQL 15, PgBouncer, gunicorn, nginx at {servers.origin}"


def make_lpse(servers):
    """Its public key is in the portal, the private one with us."""
    os.environ |= servers.environment | {"DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
    import django

    django.setup()
    from accounts.models import Lpse
    from smoke.handoff import make_key

    about = {"name": "LPSE Kota Bandung", "kind": "kota", "province": "Jawa Barat"}
    Lpse.objects.create(code="260", public_key=make_key(), **about)


def tell(name, check, servers):
    """One line of the table; whether the check held."""
    started = time.monotonic()
    try:
        told, holds = check(servers), True
    except Exception as problem:
        told, holds = f"{type(problem).__name__}: {problem}\n{servers.logs()}", False
    seconds = time.monotonic() - started
    print(f"{name:14}{'ok' if holds else 'FAILED':8}{seconds:6.1f} s  {told}", flush=True)
    return holds


if __name__ == "__main__":
    sys.exit(main())
