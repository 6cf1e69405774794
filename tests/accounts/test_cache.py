"""The cache that worker processes share runs nothing that somebody wrote into its table."""

import pickle
from base64 import b64encode
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.cache import JSONCache
from tests.at_once import at_once


@pytest.fixture
def cache(db, settings):
    settings.CACHES = {
        "default": {"BACKEND": "accounts.cache.JSONCache", "LOCATION": "cache_of_a_test"}
    }
    call_command("createcachetable", verbosity=0)
    return JSONCache("cache_of_a_test", {})


class Bomb:
    went_off = False

    def __reduce__(self):
        return setattr, (Bomb, "went_off", True)


def test_what_was_set_is_there_until_its_time_is_over(cache):
    cache.set("a", [1.5, {"b": None}], 60)
    cache.set("over", 1, -1)
    cache.set("always", True, None)

    assert (cache.get("a"), cache.get("over", 7), cache.get("always")) == (
        [1.5, {"b": None}],
        7,
        True,
    )
    assert ("a" in cache, "over" in cache, cache.delete("a"), cache.get("a")) == (
        *(True, False, True),
        None,
    )


def test_only_what_is_not_there_is_added(cache):
    cache.set("over", 1, -1)

    added = [cache.add("a", 1, 60), cache.add("a", 2, 60), cache.add("over", 3, 60)]

    assert (added, cache.get("a"), cache.get("over")) == ([True, False, True], 1, 3)
    assert (cache.incr("a"), cache.touch("a", 60), cache.touch("none", 60)) == (2, True, False)


def test_a_planted_pickle_is_nothing(cache):
    planted = b64encode(pickle.dumps(Bomb())).decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cache_of_a_test VALUES (%s, %s, %s)",
            [":1:a", planted, timezone.now() + timedelta(hours=1)],
        )

    assert cache.get("a", "nothing") == "nothing"
    assert Bomb.went_off is False


def test_what_is_over_goes_with_the_next_writes(cache):
    for number in range(15):
        cache.set(f"over {number}".replace(" ", "-"), 1, -1)

    cache.set("a", 1, 60)
    cache.set("b", 1, 60)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache_of_a_test")
        assert cursor.fetchone() == (2,)


def test_of_many_who_add_at_once_one_is_first(transactional_db, settings):
    settings.CACHES = {
        "default": {"BACKEND": "accounts.cache.JSONCache", "LOCATION": "cache_of_a_test"}
    }
    call_command("createcachetable", verbosity=0)

    answers = at_once([lambda: JSONCache("cache_of_a_test", {}).add("a", 1, 60)] * 8)

    assert sorted(answers) == [False] * 7 + [True]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache_of_a_test")
