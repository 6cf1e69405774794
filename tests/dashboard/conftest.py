"""The small country of tests/dashboard/world.py, made once for a file: its past takes seconds."""

import pytest
from django.db import transaction

from accounts.models import Lpse, User
from tests.cast import Cast
from tests.dashboard.world import NOW, at, make_world


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker):
    """Both casts, inside a transaction around all tests of the file; each undoes its own part."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(country, db):
    """(here, there) as they were made, whatever a test before did with its objects; it is NOW."""
    with at(NOW):
        yield tuple(map(fresh, country))


def fresh(cast):
    """The same people, read anew."""
    again = Cast(Lpse.objects.get(pk=cast.lpse.pk))
    for name, person in vars(cast).items():
        if isinstance(person, User):
            setattr(again, name, User.objects.select_related("lpse").get(pk=person.pk))
    return again
