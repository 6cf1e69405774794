"""The cache that all worker processes share: Django's table, with JSON in it instead of pickle.

Whoever can write into a pickle runs code where it is read; what allauth counts are numbers.
"""

import json
from datetime import UTC, datetime, timedelta

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connection
from django.utils import timezone

FOREVER = datetime(3000, 1, 1, tzinfo=UTC)
ALWAYS = timedelta(days=365 * 2000)
TIDIED_AT_ONCE = 10  # rows that are over, removed with each write: more than come


class JSONCache(BaseDatabaseCache):
    """Values that JSON knows, in the table that `createcachetable` makes."""

    def __init__(self, table, params):
        super().__init__(table, params)
        self._quoted = connection.ops.quote_name(table)

    def get(self, key, default=None, version=None):
        sql = "SELECT value FROM {table} WHERE cache_key = %s AND expires > %s"
        rows = self._run(sql, self._key(key, version), timezone.now())
        try:
            return json.loads(rows[0][0]) if rows else default
        except ValueError:  # of the time when it was pickle, or nothing that we wrote
            return default

    def has_key(self, key, version=None):
        return self.get(key, default=self, version=version) is not self

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        self._write(key, value, timeout, version, timezone.now() + ALWAYS)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Of many at once exactly one gets True: it is one statement."""
        return bool(self._write(key, value, timeout, version, timezone.now()))

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        sql = "UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires > %s RETURNING 1"
        return bool(self._run(sql, self._end(timeout), self._key(key, version), timezone.now()))

    def delete(self, key, version=None):
        sql = "DELETE FROM {table} WHERE cache_key = %s RETURNING 1"
        return bool(self._run(sql, self._key(key, version)))

    def clear(self):
        self._run("DELETE FROM {table} RETURNING 1")

    def _key(self, key, version):
        return self.make_and_validate_key(key, version=version)

    def _end(self, timeout):
        """When an entry is over; a timeout of None means never."""
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return FOREVER if seconds is None else timezone.now() + timedelta(seconds=seconds)

    def _write(self, key, value, timeout, version, over_by):
        """Write the entry, unless there is one that is not over by then; the rows written."""
        self._tidy()
        entry = {
            "key": self._key(key, version),
            "value": json.dumps(value),
            "end": self._end(timeout),
            "over_by": over_by,
        }
        sql = (
            "INSERT INTO {table} AS known (cache_key, value, expires)"
            " VALUES (%(key)s, %(value)s, %(end)s) ON CONFLICT (cache_key) DO UPDATE"
            " SET value = EXCLUDED.value, expires = EXCLUDED.expires"
            " WHERE known.expires <= %(over_by)s RETURNING 1"
        )
        return self._run(sql, entry)

    def _tidy(self):
        sql = (
            "DELETE FROM {table} WHERE cache_key IN (SELECT cache_key FROM {table}"
            " WHERE expires <= %s LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING 1"
        )
        self._run(sql, timezone.now(), TIDIED_AT_ONCE)

    def _run(self, sql, *values):
        """The rows of a statement; a single dict names its values."""
        named = values[0] if len(values) == 1 and isinstance(values[0], dict) else values
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("{table}", self._quoted), named or None)
            return cursor.fetchall()
