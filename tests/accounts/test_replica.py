"""Who reads from the replica: the rules of it. tests/drills/test_replica.py has a real one."""

import pytest
from django.contrib.sessions.models import Session
from django.db import router
from django.test import Client

from accounts.models import RateCount, User
from accounts.replica import JUST_WRITTEN, Router, Watch, _reading, has_just_written
from tests.accounts.test_sso import Spse
from tests.cast import send_ticket
from tickets.models import LookupFailure, Ticket

LATEST = 30  # seconds, settings.REPLICA_MAX_LAG


@pytest.fixture
def routed(settings):
    settings.DATABASE_ROUTERS = ["accounts.replica.Router"]


@pytest.fixture
def clock(monkeypatch):
    """clock(seconds) sets the clock that the watch goes by."""

    def set_to(seconds):
        monkeypatch.setattr("time.monotonic", lambda: seconds)

    return set_to


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


# What is read there


def test_only_what_is_marked_reads_from_the_replica(routed):
    outside = router.db_for_read(Ticket)
    with _reading():
        inside = router.db_for_read(Ticket)

    assert (outside, inside, router.db_for_read(Ticket)) == ("default", "replica", "default")


def test_counts_of_limits_and_sessions_are_read_where_they_are_written(routed):
    with _reading():
        read = {model: router.db_for_read(model) for model in (RateCount, LookupFailure, Session)}

    assert set(read.values()) == {"default"}


def test_everything_is_written_to_the_primary(routed):
    with _reading():
        assert router.db_for_write(Ticket) == "default"
        assert not router.allow_migrate("replica", "tickets")
        assert router.allow_migrate("default", "tickets")


def test_what_hangs_on_a_row_is_read_where_the_row_was(routed):
    of_primary, of_replica = Ticket(), Ticket()
    of_primary._state.db, of_replica._state.db = "default", "replica"

    with _reading():
        found = router.db_for_read(User, instance=of_primary)

    assert found == "default"
    assert router.db_for_read(User, instance=of_replica) == "replica"
    assert Router().allow_relation(of_primary, of_replica)


# Whoever has just written


@pytest.mark.requirement("R14")
def test_who_has_just_written_is_known_for_a_minute_by_a_cookie_that_says_nothing_else(cast):
    ticket = send_ticket(cast.penyedia)
    client = signed_in(cast.penyedia)

    answer = client.post("/notifikasi/dibaca/")

    kept = answer.cookies[JUST_WRITTEN]
    assert answer.status_code == 302
    assert (kept.value, kept["max-age"], kept["httponly"], kept["samesite"]) == (
        "1",
        60,
        True,
        "Lax",
    )
    assert JUST_WRITTEN not in signed_in(cast.penyedia).get(ticket.get_absolute_url()).cookies


def test_who_has_just_come_from_spse_or_posted_is_known_at_the_next_page(cast):
    came, stayed = Client(), signed_in(cast.penyedia)

    came.post("/masuk/spse/", {"token": Spse(name="LPSE Kota Ambon").token()})

    assert has_just_written(came.get("/dashboard/").wsgi_request)
    assert not has_just_written(stayed.get("/dashboard/").wsgi_request)


def test_who_was_refused_and_who_is_not_signed_in_get_no_such_cookie(cast):
    refused = signed_in(cast.penyedia).post("/tiket/alihkan/")
    stranger = Client().post("/akun/login/", {"login": "x", "password": "y"})

    assert refused.status_code >= 400
    assert stranger.status_code == 200
    assert JUST_WRITTEN not in refused.cookies
    assert JUST_WRITTEN not in stranger.cookies


# How late it is


def marked(watch, *marks):
    watch.marks.extend(marks)
    watch.next_at = float("inf")  # nobody is asked
    return watch


def test_a_replica_is_as_late_as_the_newest_mark_that_it_has_reached(clock, settings):
    settings.REPLICA_MAX_LAG = LATEST
    watch = marked(Watch(), (100, 5000), (102, 6000), (104, 7000))

    watch.note(6999)

    clock(102 + LATEST)
    assert watch.is_fresh()
    clock(103 + LATEST)
    assert not watch.is_fresh()


def test_a_replica_that_replays_nothing_is_fresh_as_long_as_nothing_was_written(clock, settings):
    settings.REPLICA_MAX_LAG = LATEST
    watch = marked(Watch(), (100, 5000), (900, 5000))

    watch.note(5000)

    clock(901)
    assert watch.is_fresh()


def test_a_replica_of_which_nothing_is_known_is_not_read(clock):
    clock(1000)

    assert not marked(Watch(), (999, 5000)).is_fresh()
