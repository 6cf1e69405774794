"""What every test gets."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """Rate limits of one test are not those of the next: the database's cache outlives a test."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
