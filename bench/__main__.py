"""`make bench`: what the portal costs with ten thousand, a hundred thousand and a million tickets.

All in one run and interleaved, so that a machine that grows slower meanwhile is slower for all.
Prints a table and writes the figures of docs/scale.md. `--quick` takes the smaller two sizes and
fewer rounds, and writes nothing; `--fresh` fills the databases anew; `--no-peer` leaves
django-helpdesk out; `--only measure` does that part again and keeps what the last run found of the
others. What was filled stays in var/bench for the next run.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import jwt

from bench import databases, load, report
from bench.measuring import Operation, cost, get, interleaved
from bench.portal import running
from bench.writing import MIB, Desk, pdf
from helpdesk.embedded_postgres import binaries

SIZES = (10_000, 100_000, 1_000_000)
PEER_SIZE = 100_000
FLOOR_KEY = "only for the benchmark, on this machine, and nowhere else at all"
SIMULATOR_KEY = databases.HOME / "var" / "demo-secrets.json"
DASHBOARDS = ("dashboard, LPSE Level 1", "dashboard, national")
LOADED = ("queue", "ticket, 10 events", "search, LPSE", *DASHBOARDS)


def told_by(server, name, module, *arguments, **more):
    """What `python -m module` prints over this database."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=databases.ROOT,
        env=os.environ | databases.environment(server, name) | more,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip()


class Bench:
    """One run: its server, its portals, and what was found."""

    def __init__(self, asked, stack):
        self.asked, self.stack = asked, stack
        self.server = databases.start()
        self.sizes = SIZES[:2] if asked.quick else SIZES
        self.rounds = 2 if asked.quick else 5
        self.portals, self.told, self.desks = {}, {}, {}
        self.found = {"sizes": self.sizes}

    def say(self, sentence):
        print(f"{time.strftime('%H.%M.%S')} {sentence}", flush=True)

    def prepare(self):
        for size in self.sizes:
            self.say(f"{size} tickets")
            name, seconds = databases.prepare(self.server, size, fresh=self.asked.fresh)
            if seconds:
                self.found.setdefault("filled", {})[size] = round(seconds)
            databases.query(self.server, name, "DELETE FROM accounts_ratecount")
            self.told[size] = json.loads(told_by(self.server, name, "bench.pages"))
        for size in self.sizes:
            name = f"bench_{size}"
            self.portals[size] = self.stack.enter_context(running(self.server, name))
            self.desks[size] = Desk(self.portals[size], self.told[size], self._newest(name))
        self.found["start_seconds"] = self.portals[size].start_seconds
        self.largest = size

    def _newest(self, name):
        def newest(reporter):
            return databases.query(
                self.server,
                name,
                "SELECT number, last_event FROM tickets_ticket WHERE reporter_id = %s"
                " ORDER BY id DESC LIMIT 1",
                reporter,
            )[0]

        return newest

    def floor(self):
        """The bare views over the largest database, and the query alone."""
        told = self.told[self.largest]
        more = {"DJANGO_SETTINGS_MODULE": "bench.floor.settings", "FLOOR_SECRET_KEY": FLOOR_KEY}
        name = f"bench_{self.largest}"
        cookie = told_by(self.server, name, "bench.floor.session", told["officer"], **more)
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py"]
        command += ["--log-level", "warning", "--max-requests", "0", "bench.floor.site"]
        portal = running(
            self.server, name, command, databases.environment(self.server, name) | more
        )
        self.bare = self.stack.enter_context(portal)
        self.bare.name = "floor"
        path = f"/{told['lpse']}/"
        return [
            get(self.bare, "bare", path, cookie, "LS"),
            get(self.bare, "dressed", f"{path}dressed/", cookie, "LS"),
        ]

    def peer(self):
        """The operations of django-helpdesk, each its page and what its script asks for."""
        from bench import peer
        from bench.peer import pages, site

        database = {"NAME": f"peer_{PEER_SIZE}", "USER": "postgres", "HOST": self.server["HOST"]}
        self.say("django-helpdesk")
        peer.prepare(database, PEER_SIZE)
        session = pages.cookie(database)
        portal = self.stack.enter_context(
            running(self.server, database["NAME"], site.gunicorn(2), site.environment(database))
        )
        portal.name = "peer"
        paths = pages.operations(database, portal.port, session)

        def looking(paths):
            return lambda: sum(
                portal.ask("GET", path, cookie=f"sessionid={session}")[0] for path in paths
            )

        return [Operation(name, portal, looking(paths[name]), times=1) for name in paths]

    def pages(self):
        return [
            get(self.portals[size], page["name"], page["path"], page["cookie"], page["needle"])
            for size in self.sizes
            for page in self.told[size]["pages"]
        ]

    def writes(self):
        found = []
        for size in self.sizes:
            desk = self.desks[size]
            found += desk.operations()
            found.append(
                Operation(
                    "sign-in", desk.portal, desk.sign_in, lambda size=size: [self.token(size)], 4
                )
            )
        return found

    def token(self, size):
        """A hand-off as the simulated SPSE signs it."""
        key = json.loads(SIMULATOR_KEY.read_text())["SPSE_SIMULATOR_KEY"]
        claims = jwt.decode(self.told[size]["token"], options={"verify_signature": False})
        now = datetime.now(UTC)
        fresh = {"iat": now, "exp": now + timedelta(seconds=60), "jti": os.urandom(8).hex()}
        return jwt.encode(claims | fresh, key, algorithm="EdDSA")

    def measure(self):
        operations = [*self.floor(), *self.pages(), *self.writes()]
        peers = [] if self.asked.no_peer else self.peer()
        self.say(f"{self.rounds} rounds of {len(operations) + len(peers)} operations")
        samples = interleaved([*operations, *peers], self.rounds)
        self.found["costs"] = {
            f"{portal} {name}": cost(each)._asdict() for (portal, name), each in samples.items()
        }
        self.found["pages"] = {
            size: {
                page["name"]: {k: page[k] for k in ("queries", "bytes", "compressed")}
                for page in self.told[size]["pages"]
            }
            for size in self.sizes
        }
        self.say("eight clients")
        loaded = [o for o in operations if o.name in LOADED or o.portal is self.bare]
        self.found["throughput"] = {
            f"{o.portal.name} {o.name}": round(load.throughput(o), 1) for o in [*loaded, *peers]
        }

    def large(self):
        """Files of 50 MB up and down, and exports."""
        portal, told = self.portals[self.largest], self.told[self.largest]
        desk = self.desks[self.largest]
        self.say("files and exports")
        file = pdf(50 * MIB)
        before = portal.spent()
        up = desk.create(file)
        after = portal.spent()
        number, _ = desk.own()
        [[pk]] = databases.query(
            self.server, f"bench_{self.largest}", "SELECT max(id) FROM tickets_attachment"
        )
        path, cookie = f"/tiket/{number}/berkas/{pk}/", desk.sender["cookie"]
        down, status, content, _ = portal.ask("GET", path, cookie=cookie)
        if (status, content) != (200, file):
            raise AssertionError(f"{path} was answered {status}")
        last = portal.spent()
        self.found["files"] = {
            "up_seconds": up,
            "up_cpu": sum(after) - sum(before),
            "down_seconds": down,
            "down_cpu": sum(last) - sum(after),
        }
        self.found["exports"] = {kind: self._export(portal, told, kind) for kind in ("csv", "xlsx")}

    def _export(self, portal, told, kind):
        held, before = max(portal.memory()), portal.spent()
        seconds, status, content, _ = portal.ask(
            "GET", f"/tiket/rincian.{kind}", cookie=told["lkpp1"]
        )
        if status != 200:
            raise AssertionError(f"the export was answered {status}")
        spent = sum(portal.spent()) - sum(before)
        grown = max(portal.peak()) - held
        lines = content.count(b"\n") if kind == "csv" else None
        return {"seconds": seconds, "cpu": spent, "rows": lines, "peak": grown}

    def crowds(self):
        desk, told = self.desks[self.largest], self.told[self.largest]
        name = f"bench_{self.largest}"
        databases.query(self.server, name, "DELETE FROM accounts_ratecount")
        idle = self.found["costs"]
        self.say("the worst minute")

        def seen(number):
            sql = "SELECT last_event FROM tickets_ticket WHERE number = %s"
            return databases.query(self.server, name, sql, number)[0][0]

        walls = load.worst_minute(desk, told["colleagues"], seen)
        names = {"send": "create, 1 MB file", "take": "take"}
        self.found["worst_minute"] = {
            what: {"p95": load.p95(each), "idle": idle[f"{name} {names[what]}"]["p95"]}
            for what, each in walls.items()
        }
        self.say("ten thousand requests")
        portal = self.portals[self.largest]
        looked = [o for o in self.pages() if o.portal is portal and "200 events" not in o.name]
        requests = 1000 if self.asked.quick else load.MIXED
        self.found["memory"] = load.memory(portal, looked, requests)

    def steps(self):
        self.say("what steps write")
        name = f"bench_{self.largest}"
        tools, log = binaries() / "pg_waldump", databases.CLUSTER / "pg_wal"
        self.found["steps"] = json.loads(told_by(self.server, name, "bench.steps", tools, log))

    def plans(self):
        """No page and no step may read a growing table from end to end."""
        self.say("plans")
        told = json.loads(told_by(self.server, f"bench_{self.largest}", "bench.plans"))
        self.found["plans"] = {name: list(tables) for name, tables in told.items() if tables}

    def indexes(self):
        self.found["indexes"] = databases.query(
            self.server,
            f"bench_{self.largest}",
            "SELECT relname, indexrelname, idx_scan, pg_relation_size(indexrelid)"
            " FROM pg_stat_user_indexes WHERE relname LIKE 'tickets_%' ORDER BY 1, 2",
        )


PARTS = ("measure", "large", "crowds", "steps", "plans", "indexes")
FOUND = databases.HOME / "found.json"


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    for option in ("quick", "fresh", "no-peer"):
        parser.add_argument(f"--{option}", action="store_true")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    asked = parser.parse_args()
    with ExitStack() as stack:
        bench = Bench(asked, stack)
        if asked.only != PARTS and FOUND.exists():
            bench.found = json.loads(FOUND.read_text()) | bench.found
        bench.prepare()
        for part in asked.only:
            getattr(bench, part)()
    FOUND.write_text(json.dumps(bench.found, indent=1))
    text = report.written(json.loads(FOUND.read_text()))
    print(text)
    if not asked.quick:
        report.keep(text)


if __name__ == "__main__":
    main()
