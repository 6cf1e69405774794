"""What every test gets."""

import pytest
from django.core.cache import cache
from django.db import connection

from tests.cast import Cast

APPEND_ONLY = (
    *("tickets_event", "tickets_attachment", "tickets_rating", "tickets_dayroot"),
    "accounts_securityentry",
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The guard against TRUNCATE would stop the emptying after tests with real transactions.

    Only that one is off; the guard of each row against UPDATE and DELETE stays. At the end the
    connections that a live server's threads still keep open would stop the dropping.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only_table")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """Rate limits of one test are not those of the next: the database's cache outlives a test."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def cast(db):
    """Everybody of one LPSE, and LKPP; `Cast()` in a test makes the same roles of another."""
    return Cast()
