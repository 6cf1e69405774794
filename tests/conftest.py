"""What every test gets."""

import pytest
from django.core.cache import cache
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The guard against TRUNCATE would stop the emptying after tests with real transactions.

    Only that one is off; the guard of each row against UPDATE and DELETE stays.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("tickets_event", "tickets_attachment", "tickets_rating"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only_table")


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """Rate limits of one test are not those of the next: the database's cache outlives a test."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
