"""A real replica that is paused, late, dead or made a primary: what is read there, and what never.

Paused, it shows for ever what it had: who sees that was answered by it, who sees more was not.
"""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

import pytest

from accounts.replica import EVERY, JUST_WRITTEN, REST
from tests.drills.person import CREATE, classified, fetch, new_ticket
from tests.drills.portal import wait_until
from tests.drills.replica import Replica

SOON = 8  # seconds that the replica of these drills may be late
WAITS, TAKEN = "Menunggu Helpdesk LPSE", "Diproses Helpdesk LPSE"
UNKNOWN = "LS26-384-267-376-5"
TOKEN = "kunci-pemantauan-1234567890"


@pytest.fixture(scope="module")
def _replica(_portal):
    replica = Replica(_portal)
    yield replica
    replica.crash()


@pytest.fixture
def serve(_portal, _replica):
    """serve() starts the portal of one process, which knows already that the replica is fresh."""

    def start(**more):
        _portal.kill()
        _portal.told.clear()
        own = {"REPLICA_DATABASE_URL": _replica.url, "WEB_CONCURRENCY": "1"}
        _portal.serve(**own | more)
        _replica.catch_up()
        read(_portal, "/dashboard/")
        return _portal

    yield start
    _portal.kill()


@pytest.fixture
def portal(serve):
    return serve()


@pytest.fixture
def replica(_replica):
    """Paused by the test, it goes on at the end."""
    yield _replica
    _replica.resume()


def sent(portal):
    """The number of a new ticket and its reporter."""
    reporter = portal.reporter()
    reporter.send(CREATE, new_ticket("Dibaca dari replika."))
    (number,) = reporter.numbers()
    return number, reporter


def take(portal, number):
    """The cookies of the officer who has taken it: what their browser sends from now on."""
    answer = portal.helpdesk.send(f"/tiket/{number}/ambil/", classified(portal, number))
    assert answer.status == 302
    cookies = SimpleCookie()
    for cookie in answer.headers.get_all("Set-Cookie"):
        cookies.load(cookie)
    return f"; {JUST_WRITTEN}={cookies[JUST_WRITTEN].value}"


def read(portal, path, cookies=""):
    """What the officer gets, in a browser that has these cookies, too."""
    headers = {"Cookie": portal.helpdesk.headers["Cookie"] + cookies}
    answer = fetch(portal.port, "GET", path, headers)
    assert answer.status == 200, path
    return answer.text


def new_ones(portal, cookies=""):
    """How many tickets wait to be taken, as dashboard, chart, its file and the export say."""
    chart = json.loads(read(portal, "/dashboard/grafik/belum-dikerjakan/", cookies))
    tile = re.search(r"<dd><b><a[^>]*>(\d+)<", read(portal, "/dashboard/", cookies))
    table = read(portal, "/dashboard/belum-dikerjakan.csv", cookies).splitlines()[1:]
    listed = read(portal, "/tiket/rincian.csv?status=baru", cookies).splitlines()[1:]
    return {
        "dashboard": int(tile[1]),
        "chart": sum(chart["data"]["datasets"][0]["data"]),
        "file": sum(int(row.rpartition(",")[2]) for row in table),
        "export": len(listed),
    }


def every(number):
    return dict.fromkeys(("dashboard", "chart", "file", "export"), number)


def look_up(portal, number):
    """(status, page) for a stranger."""
    answer = fetch(portal.port, "GET", f"/lacak-tiket/{portal_spelling(number)}/")
    return answer.status, answer.text


def portal_spelling(number):
    """LS26-384-267-376-5: another spelling would be led here first."""
    digits = number.replace("-", "")[2:]
    return f"LS{digits[:2]}-{digits[2:5]}-{digits[5:8]}-{digits[8:11]}-{digits[11:]}"


def failures(portal):
    return portal.ask("SELECT count(*) FROM tickets_lookupfailure")[0][0]


def test_dashboards_exports_and_look_ups_are_answered_by_the_replica(portal, replica):
    number, _ = sent(portal)
    replica.pause()
    before = new_ones(portal)
    assert before["export"] > 0

    take(portal, number)
    after, looked = new_ones(portal), look_up(portal, number)

    assert after == before == every(before["export"]), "as it was before the pause"
    assert looked[0] == 200
    assert WAITS in looked[1]
    assert TAKEN not in looked[1]
    assert "/ambil/" not in read(portal, f"/tiket/{number}/"), "the ticket itself is never late"
    replica.resume()
    assert new_ones(portal) == every(before["export"] - 1)
    assert TAKEN in look_up(portal, number)[1]


def test_who_has_just_written_sees_it_at_once(portal, replica):
    number, _ = sent(portal)
    replica.pause()
    before = new_ones(portal)

    cookies = take(portal, number)

    assert new_ones(portal, cookies) == every(before["export"] - 1)
    assert new_ones(portal) == before, "for others it is some seconds old"


def test_a_ticket_that_the_replica_has_not_heard_of_is_found_and_is_no_failure(portal, replica):
    replica.pause()
    number, _ = sent(portal)
    before = failures(portal)

    found, unknown = look_up(portal, number), look_up(portal, UNKNOWN)

    assert (found[0], unknown[0]) == (200, 404)
    assert WAITS in found[1]
    assert failures(portal) == before + 1, "the unknown one alone"


@pytest.mark.drill
def test_a_replica_that_is_too_late_is_not_read(serve, replica):
    portal = serve(REPLICA_MAX_LAG=str(SOON))
    number, _ = sent(portal)
    replica.pause()
    before = new_ones(portal)
    take(portal, number)
    assert new_ones(portal) == before

    time.sleep(SOON + 0.5)

    assert new_ones(portal) == every(before["export"] - 1)
    assert TAKEN in look_up(portal, number)[1]


@pytest.mark.drill
def test_a_replica_that_crashes_is_missed_by_nobody_and_read_again_when_it_is_back(serve, replica):
    portal = serve(METRICS_TOKEN=TOKEN)
    number, _ = sent(portal)
    replica.catch_up()
    before = new_ones(portal)

    replica.crash()
    times = [timed(lambda: new_ones(portal)) for _ in range(10)]
    looked, told = look_up(portal, number), figures(portal)
    replica.start()
    back = is_read_again(portal, replica)

    assert [found for found, _ in times] == [before] * 10
    assert max(seconds for _, seconds in times) < 8, "four pages, on a busy machine"
    assert looked[0] == 200
    assert "lpse_replica_behind_bytes" not in told
    assert told['lpse_ready{check="database"}'] == 1, "the portal serves without it"
    assert back


def is_read_again(portal, replica):
    """Whether the replica answers before long."""

    def is_asked():
        new_ones(portal)
        return replica.is_asked_about_tickets()

    wait_until(is_asked, seconds=REST + EVERY + 5, said="it is not read again")
    return True


def timed(act):
    begin = time.monotonic()
    return act(), time.monotonic() - begin


def figures(portal):
    """{name: value} of /metrics."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    lines = fetch(portal.port, "GET", "/metrics", headers).text.splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines if not line.startswith("#")}


def test_an_export_that_recovery_ends_on_the_replica_is_made_by_the_primary(portal, replica):
    sent(portal)
    replica.catch_up()
    before = read(portal, "/tiket/rincian.csv")

    with ThreadPoolExecutor() as pool:
        with portal.held("LOCK TABLE tickets_ticket IN ACCESS EXCLUSIVE MODE"):
            portal.ask("SELECT pg_logical_emit_message(true, 'drill', 'the lock is sent, too')")
            replica.catch_up()
            export = pool.submit(read, portal, "/tiket/rincian.csv")
            wait_until(replica.cancel, said="the replica was not asked")
            portal.wait_for_waiting()

        assert export.result() == before


def test_a_server_that_follows_nobody_is_not_read(serve, portal):
    """A replica that was made a primary no longer learns what is written."""
    portal = serve(REPLICA_DATABASE_URL=portal.environment["DATABASE_URL"], METRICS_TOKEN=TOKEN)
    number, _ = sent(portal)

    found, told = look_up(portal, number), figures(portal)

    assert found[0] == 200
    assert new_ones(portal)["export"] > 0
    assert "lpse_replica_behind_bytes" not in told


def test_the_monitoring_learns_how_far_it_is_behind(serve, replica):
    portal = serve(METRICS_TOKEN=TOKEN)
    at_first = figures(portal)["lpse_replica_behind_bytes"]
    replica.pause()
    sent(portal)

    behind = figures(portal)["lpse_replica_behind_bytes"]

    assert behind > at_first
    assert behind > 1000
