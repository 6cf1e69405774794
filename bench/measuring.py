"""One request after another, measured: how long it took, and what it cost portal and database."""

import statistics
from collections import defaultdict
from typing import NamedTuple


class Sample(NamedTuple):
    """Milliseconds of one operation: on the clock, and of CPU in the portal and in the database."""

    wall: float
    web: float
    database: float

    @property
    def cpu(self):
        return self.web + self.database


class Operation(NamedTuple):
    """`run()` does it once and returns its seconds; `prepare()` before it is not measured."""

    name: str
    portal: object
    run: object
    prepare: object = None
    times: int = 8  # in each round


def get(portal, name, path, cookie="", needle="", times=8, **headers):
    """The Operation of looking at a page, which must show `needle`."""

    def run():
        seconds, status, content, _ = portal.ask("GET", path, cookie=cookie, **headers)
        if status != 200 or needle.encode() not in content:
            raise AssertionError(f"{name}: {path} was answered {status}")
        return seconds

    return Operation(name, portal, run, times=times)


def sample(operation):
    """Do it once; what it cost."""
    prepared = operation.prepare() if operation.prepare else ()
    before = operation.portal.spent()
    seconds = operation.run(*prepared)
    after = operation.portal.spent()
    web, database = (1000 * (end - begin) for begin, end in zip(before, after, strict=True))
    return Sample(1000 * seconds, web, database)


def interleaved(operations, rounds):
    """{(portal's name, operation's name): [Sample, …]}: all operations in turn, round by round.

    So a machine that grows slower meanwhile is slower for all. The first round warms up.
    """
    found = defaultdict(list)
    for turn in range(rounds + 1):
        for operation in operations:
            samples = [sample(operation) for _ in range(operation.times)]
            if turn:
                found[operation.portal.name, operation.name] += samples
    return found


class Cost(NamedTuple):
    """Milliseconds: the median and 95th percentile on the clock, medians of CPU."""

    p50: float
    p95: float
    web: float
    database: float

    @property
    def cpu(self):
        return self.web + self.database


def cost(samples):
    walls = sorted(each.wall for each in samples)
    return Cost(
        statistics.median(walls),
        walls[min(len(walls) - 1, int(len(walls) * 0.95))],
        statistics.median(each.web for each in samples),
        statistics.median(each.database for each in samples),
    )
