"""`python -m bench.peer 100000 [folder of PostgreSQL's socket]`: what the pages of the peer cost.

Without a folder a PostgreSQL of its own is started, with its settings as they come.
"""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from bench import peer
from bench.peer import pages, site

ROUNDS = 5
CLIENTS = 8
SECONDS = 20  # of throughput for each page


def database(number, folder):
    if not folder:
        from helpdesk.embedded_postgres import embedded

        folder = embedded(site.HOME / "peer-postgres", "peer", durable=True)["HOST"]
    return {"NAME": f"peer_{number}", "USER": "postgres", "HOST": folder}


def timed(port, paths, session):
    """Milliseconds of each path, one after the other."""
    taken = []
    for path in paths:
        start = time.perf_counter()
        pages.fetch(port, path, session)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def latency(port, operations, session):
    """{name: milliseconds of each path, the median}, all pages in turn in each round."""
    rounds = [
        {name: timed(port, paths, session) for name, paths in operations.items()}
        for _ in range(ROUNDS + 1)
    ][1:]  # the first one warms up
    whole = {name: [sum(turn[name]) for turn in rounds] for name in operations}
    parts = {name: zip(*(turn[name] for turn in rounds), strict=True) for name in operations}
    return {
        name: (statistics.median(whole[name]), [statistics.median(part) for part in parts[name]])
        for name in operations
    }


def throughput(port, paths, session):
    """How many times a second eight people get this page; everyone gets it at least once."""
    start = time.perf_counter()

    def one():
        done = 0
        while not done or time.perf_counter() - start < SECONDS:
            timed(port, paths, session)
            done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as people:
        done = sum(person.result() for person in [people.submit(one) for _ in range(CLIENTS)])
    return done / (time.perf_counter() - start)


def main(number, folder=None):
    where = database(number, folder)
    start = time.monotonic()
    peer.prepare(where, number)
    print(f"{time.monotonic() - start:.0f} s to have {number} tickets")
    with peer.portal(where) as port:
        session = peer.cookie(where)
        operations = peer.operations(where, port, session)
        for name, (whole, parts) in latency(port, operations, session).items():
            each = " + ".join(f"{part:.0f}" for part in parts)
            rate = throughput(port, operations[name], session)
            print(f"{name:12} {whole:8.0f} ms ({each}) {rate:8.2f} /s with {CLIENTS}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000, *sys.argv[2:3])
