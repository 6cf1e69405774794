"""Many people at once: throughput, the worst minute, what ten thousand requests leave behind."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from bench.writing import MIB, pdf, pool

CLIENTS = 8
SECONDS = 4  # of throughput for each page
SENDERS, TAKERS = 500, 50  # within one minute
MINUTE = 60
MIXED = 10_000  # requests of the memory measurement


def throughput(operation, seconds=SECONDS):
    """How many times a second eight clients get it; each at least once."""
    start = time.perf_counter()

    def one(_):
        done = 0
        while not done or time.perf_counter() - start < seconds:
            operation.run()
            done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as clients:
        done = sum(clients.map(one, range(CLIENTS)))
    return done / (time.perf_counter() - start)


def worst_minute(desk, colleagues, newest_of_pool):
    """{'send': [ms, …], 'take': [ms, …]} of SENDERS and TAKERS who come at any time of a minute.

    Every taker takes the first ticket of the pool that they see; who comes too late reads so and
    takes the next. Each ends with one ticket of their own.
    """
    rng = random.Random(7)
    began = time.perf_counter()
    walls = {"send": [], "take": []}

    def wait():
        time.sleep(max(0, began + rng.random() * MINUTE - time.perf_counter()))

    def send(place):
        wait()
        senders = desk.told["senders"]
        sender = senders[place % len(senders)]
        walls["send"].append(1000 * desk.create(pdf(MIB), sender))

    def take(cookie):
        wait()
        for _ in range(TAKERS):
            _, _, page, _ = desk.portal.ask("GET", "/tiket/baru/", cookie=cookie)
            number = pool(page)[0].decode()
            seconds, status, _ = desk.take(number, newest_of_pool(number), cookie)
            if status == 302:
                walls["take"].append(1000 * seconds)
                return number
        raise AssertionError("an officer got no ticket")

    with ThreadPoolExecutor(SENDERS + TAKERS) as people:
        sent = [people.submit(send, place) for place in range(SENDERS)]
        taken = [people.submit(take, cookie) for cookie in colleagues]
        numbers = [each.result() for each in taken]
        [each.result() for each in sent]
    if len(set(numbers)) != len(numbers):
        raise AssertionError("two officers took the same ticket")
    return walls


def p95(walls):
    walls = sorted(walls)
    return walls[int(len(walls) * 0.95)]


def memory(portal, operations, requests=MIXED):
    """(bytes of the largest worker at rest, after half of the requests, after all of them)."""
    rng = random.Random(7)
    marks = [max(portal.memory())]
    for _ in range(2):
        drawn = rng.choices(operations, k=requests // 2)
        with ThreadPoolExecutor(4) as clients:
            list(clients.map(lambda operation: operation.run(), drawn))
        marks.append(max(portal.memory()))
    return marks
