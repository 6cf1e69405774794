"""Figures that are kept for a minute: never older, the same for all who look, of now for who wrote.

Few tickets are counted at each look; here already one ticket is many.
"""

from datetime import timedelta
from zlib import crc32

import psycopg2
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import replica
from accounts.replica import JUST_WRITTEN
from accounts.roles import Role
from dashboard import kept
from dashboard.period import PeriodForm
from tests.cast import Cast, send_ticket, ticket_at
from tests.dashboard.world import NOW, at
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LATER = [timedelta(seconds=seconds) for seconds in (0, 30, 59)]


@pytest.fixture(autouse=True)
def many(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_FROM", 1)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def dashboard(client, moment=NOW):
    """(Jumlah Tiket, when it was counted, number of queries) of the page at that moment."""
    with at(moment), CaptureQueriesContext(connection) as queries:
        response = client.get("/dashboard/")
    return response.context["tiles"][2].value, response.context["counted_at"], len(queries)


def sent_at(cast, moment=NOW):
    with at(moment):
        return send_ticket(cast.penyedia)


def test_within_a_minute_the_figures_stay_and_afterwards_they_are_new(cast):
    sent_at(cast)
    client = client_of(cast.helpdesk)
    first = dashboard(client)
    sent_at(cast)

    same = dashboard(client, NOW + timedelta(seconds=39))
    new = dashboard(client, NOW + timedelta(seconds=61))

    assert first[:2] == ("1", NOW)
    assert same[:2] == ("1", NOW)
    assert new[:2] == ("2", NOW + timedelta(seconds=61))


@pytest.mark.parametrize("age", LATER)
def test_no_figure_is_ever_older_than_a_minute(cast, age):
    sent_at(cast)
    client = client_of(cast.lkpp1)
    with at(NOW):
        client.get("/dashboard/")

    _, counted_at, _ = dashboard(client, NOW + age)

    assert timedelta(0) <= NOW + age - counted_at <= timedelta(seconds=60)


def test_before_the_minute_is_over_one_of_all_who_look_counts_anew(cast):
    sent_at(cast)
    clients = [client_of(make_user(Role.LPSE_L1, cast.lpse)) for _ in range(3)]
    first = dashboard(clients[0])
    sent_at(cast)
    late = NOW + timedelta(seconds=45)

    seen = [dashboard(client, late) for client in clients[1:]]

    assert first[0] == "1"
    assert [value for value, _, _ in seen] == ["2", "2"]
    assert seen[1][1] == late
    assert seen[1][2] < seen[0][2]  # the second one only read


def test_whoever_has_just_written_sees_their_own_step_at_once(cast):
    sent_at(cast)
    client = client_of(cast.helpdesk)
    dashboard(client)
    sent_at(cast)

    client.cookies[JUST_WRITTEN] = "1"

    assert dashboard(client, NOW + timedelta(seconds=5))[0] == "2"


def test_colleagues_share_the_figures_and_nobody_else_gets_them(cast):
    sent_at(cast)
    other = Cast()
    with at(NOW):
        ticket_at(other, "in_progress", 1)
        ticket_at(other, "in_progress", 1)
    dashboard(client_of(cast.helpdesk))

    colleague = dashboard(client_of(make_user(Role.LPSE_L1, cast.lpse)), NOW)
    level_2, elsewhere = (dashboard(client_of(u), NOW) for u in (cast.admin_sistem, other.helpdesk))

    assert colleague[:2] == ("1", NOW)
    assert level_2[0] == "0"
    assert elsewhere[0] == "2"


def test_a_chart_shows_what_the_page_shows(cast):
    sent_at(cast)
    client = client_of(cast.helpdesk)
    dashboard(client)
    sent_at(cast)

    with at(NOW + timedelta(seconds=10)), CaptureQueriesContext(connection) as queries:
        chart = client.get("/dashboard/grafik/pelapor/").json()

    assert sum(chart["data"]["datasets"][0]["data"]) == 1
    assert len(queries) == 2  # session and person: nothing is counted


def test_all_figures_are_the_same_when_they_were_kept(cast):
    with at(NOW):
        ticket_at(cast, "closed", 3)
        ticket_at(cast, "awaiting_feedback", 3)
    client = client_of(cast.lkpp1)

    with at(NOW):
        counted, read = (client.get("/dashboard/") for _ in range(2))

    for name in ("tiles", "charts", "extra", "counted_at", "older"):
        assert counted.context[name] == read.context[name]
    assert [table.lines for table in counted.context["tables"]] == [
        table.lines for table in read.context["tables"]
    ]


def test_the_page_says_when_its_figures_were_counted(cast):
    sent_at(cast)

    with at(NOW):
        page = client_of(cast.helpdesk).get("/dashboard/").text

    assert "Angka pukul" in page
    assert ">10.30.00 WIB</time>, dihitung lagi setiap menit" in page


def test_few_tickets_are_counted_at_each_look(cast, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_FROM", 2)
    sent_at(cast)
    client = client_of(cast.helpdesk)
    dashboard(client)
    sent_at(cast)

    assert dashboard(client, NOW + timedelta(seconds=1))[0] == "2"


def test_a_reporter_always_sees_their_tickets_of_now(cast):
    sent_at(cast)
    client = client_of(cast.penyedia)
    with at(NOW):
        client.get("/dashboard/")
    sent_at(cast)

    with at(NOW):
        tiles = client.get("/dashboard/").context["tiles"]

    assert tiles[2].value == "2"


def test_a_chart_takes_nobodys_turn_to_count_anew(cast):
    sent_at(cast)
    client = client_of(cast.helpdesk)
    dashboard(client)
    sent_at(cast)
    late = NOW + timedelta(seconds=45)

    with at(late):
        chart = client.get("/dashboard/grafik/pelapor/").json()

    assert sum(chart["data"]["datasets"][0]["data"]) == 1  # as the page beside it shows
    assert dashboard(client, late)[:2] == ("2", late)


def test_figures_that_vanish_while_one_waits_for_them_are_counted(cast, monkeypatch):
    sent_at(cast)
    client = client_of(cast.helpdesk)
    dashboard(client)
    monkeypatch.setattr(kept, "cache", Vanishing(kept.cache))
    sent_at(cast)

    assert dashboard(client, NOW + timedelta(seconds=70))[0] == "2"


def test_nobody_waits_long_for_another_who_counts(cast, monkeypatch):
    monkeypatch.setattr(kept, "PATIENCE", "50ms")
    sent_at(cast)
    client = client_of(cast.helpdesk)
    dashboard(client)
    with at(NOW):
        key = kept._key(cast.helpdesk, PeriodForm(QueryDict(""), user=cast.helpdesk))
    other = psycopg2.connect(**settings_of(connection))
    try:
        with other.cursor() as cursor:  # somebody who counts and does not end
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [kept.LOCK, crc32(key.encode()) >> 1])

        seen = dashboard(client, NOW + timedelta(seconds=70))
    finally:
        other.close()

    assert seen[:2] == ("1", NOW + timedelta(seconds=70))


def test_figures_of_a_replica_are_as_old_as_it_may_be(cast, settings):
    settings.REPLICA_MAX_LAG = 30
    sent_at(cast)
    period = PeriodForm(QueryDict(""), user=cast.helpdesk)

    with at(NOW), replica._reading():
        figures = kept._count(cast.helpdesk, period)

    assert figures.counted_at == NOW - timedelta(seconds=30)


def settings_of(connection):
    """What another connection to the same database is made with."""
    known = connection.settings_dict
    return {"dbname": known["NAME"], "user": known["USER"], "host": known["HOST"]}


class Vanishing:
    """A cache whose entry is there at the first question and gone at the second."""

    def __init__(self, cache):
        self.cache, self.asked = cache, 0

    def get(self, key):
        self.asked += 1
        return self.cache.get(key) if self.asked == 1 else None

    def __getattr__(self, name):
        return getattr(self.cache, name)
