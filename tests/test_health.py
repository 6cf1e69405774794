"""/healthz and /readyz: what the monitoring hears, and that it hears no more."""

import shutil
from collections import namedtuple
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from helpdesk import health
from tests.cast import send_ticket

Usage = namedtuple("Usage", "total used free")


def test_healthz_says_ok_without_a_database():
    answer = Client().get("/healthz")  # pytest-django would fail it on a query

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Content-Type"] == "text/plain"


def test_healthz_asks_no_database_for_a_browser_that_is_signed_in(
    client, cast, django_assert_num_queries
):
    client.force_login(cast.helpdesk)

    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert answer.status_code == 200


def test_readyz_says_ok_when_all_holds(db):
    answer = Client().get("/readyz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_readyz_names_a_migration_that_is_missing_and_no_more(db):
    MigrationRecorder(connection).record_unapplied(*max(health.newest_migrations()))

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"migrations\n")


def test_an_older_version_is_ready_on_newer_tables(db):
    MigrationRecorder(connection).record_applied("tickets", "9999_of_the_next_version")

    assert Client().get("/readyz").status_code == 200


def test_readyz_names_a_full_disk(db, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(2**40, 2**40, health.ROOM - 1))

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"storage\n")


def test_readyz_names_a_folder_of_files_that_is_gone(db, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "gone"

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"storage\n")


def test_readyz_names_a_database_that_does_not_answer(db, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("connection to 192.0.2.7 refused")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", refuse)
        answer = Client().get("/readyz")

    assert (answer.status_code, answer.content) == (503, b"database\nmigrations\noutbox\n")


def test_readyz_names_an_outbox_that_nobody_empties(cast):
    ticket = send_ticket(cast.penyedia)
    fresh = Client().get("/readyz")

    late = ticket.created_at + health.OUTBOX_LATE + timedelta(seconds=1)
    with patch.object(timezone, "now", return_value=late):
        answer = Client().get("/readyz")

    assert fresh.status_code == 200
    assert (answer.status_code, answer.content) == (503, b"outbox\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_the_monitoring_needs_no_tls_on_loopback(db, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    assert Client().get(path).status_code != 301
