"""The code of a request, and what the log says of it: enough to find it, nothing about a person."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from helpdesk.request_log import JSONFormatter, LineFormatter
from tests.cast import send_ticket
from tests.factories import make_user

TYPED = "mudah.ditebak@contoh.example.id"
ID = "0123456789abcdef0123456789abcdef"


class Lines(logging.Handler):
    """Keeps what a formatter makes of each record."""

    def __init__(self, formatter):
        super().__init__()
        self.formatter, self.said = formatter, []

    def emit(self, record):
        self.said.append(self.format(record))


@pytest.fixture
def said():
    """The lines of the log, as JSON, while the test runs."""
    handler = Lines(JSONFormatter())
    loggers = [logging.getLogger(name) for name in ("", "helpdesk.request")]
    before = loggers[1].level
    loggers[0].addHandler(handler)
    loggers[1].setLevel(logging.INFO)
    yield handler.said
    loggers[0].removeHandler(handler)
    loggers[1].setLevel(before)


def requests_in(said):
    lines = [json.loads(line) for line in said]
    return [line for line in lines if line["logger"] == "helpdesk.request"]


def test_a_request_is_one_line_that_says_who_by_key_and_where_by_name(cast, said):
    ticket = send_ticket(cast.penyedia)
    client = Client()
    client.force_login(cast.penyedia)

    answer = client.get(ticket.get_absolute_url() + "?cari=rahasia")

    (line,) = requests_in(said)
    told = {name: line[name] for name in ("method", "view", "status", "user", "request", "level")}
    assert told == {
        "method": "GET",
        "view": "tickets:detail",
        "status": 200,
        "user": cast.penyedia.pk,
        "request": answer["X-Request-ID"],
        "level": "INFO",
    }
    assert line["ms"] >= 0
    for hidden in (ticket.number, "rahasia", cast.penyedia.name):
        assert hidden not in "".join(said)


def test_every_request_has_a_code_of_its_own(db):
    codes = {Client().get("/healthz")["X-Request-ID"] for _ in range(3)}

    assert len(codes) == 3


@pytest.mark.parametrize(
    ("proxies", "sent", "is_taken"),
    [(1, ID, True), (0, ID, False), (1, "kode\n", False), (1, ID + "0", False), (1, "", False)],
)
def test_only_a_trusted_proxy_names_a_request_and_only_as_nginx_does(
    settings, proxies, sent, is_taken
):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    answer = Client().get("/healthz", headers={"X-Request-ID": sent})

    assert (answer["X-Request-ID"] == sent) == is_taken


@pytest.fixture
def broken(cast, monkeypatch):
    """The answer of a page that fails over what somebody typed."""

    def fail(user):
        raise ValueError(TYPED)

    monkeypatch.setattr("tickets.lists.Waiting", fail)
    client = Client(raise_request_exception=False)
    client.force_login(cast.penyedia)
    return client.get("/tiket/hitungan/")


def test_the_page_of_an_error_shows_its_code(broken):
    code = broken["X-Request-ID"]

    assert broken.status_code == 500
    assert f"Terjadi kesalahan. Silakan coba lagi. (Kode: {code})" in broken.text


def test_the_log_of_an_error_leads_to_its_line_and_repeats_no_value(said, broken):
    (line,) = [json.loads(each) for each in said if "django.request" in each]

    assert line["request"] == broken["X-Request-ID"]
    assert line["message"] == "Internal Server Error: tickets:counters"
    assert line["exception"].endswith("ValueError")
    assert "in fail" in line["exception"]
    assert TYPED not in "".join(said)


def test_what_a_database_refuses_is_told_without_its_values(db):
    make_user(username=TYPED)
    handler = Lines(LineFormatter())

    try:
        with transaction.atomic():
            User.objects.create(username=TYPED)
    except IntegrityError:
        record = logging.makeLogRecord({"msg": "refused", "exc_info": sys.exc_info()})
    handler.emit(record)

    (text,) = handler.said
    assert "UniqueViolation: 23505 accounts_user_username_key accounts_user" in text
    assert text.endswith("IntegrityError")
    assert TYPED not in text


def test_a_line_for_people_shows_the_code_too(db):
    handler = Lines(LineFormatter())
    answer = Client().get("/healthz")

    handler.emit(logging.makeLogRecord({"name": "helpdesk", "levelname": "INFO", "msg": "isi"}))

    assert handler.said[0].endswith(f"INFO helpdesk {answer['X-Request-ID']} isi")
