"""Migrations of what must never be lost go back and forth on data (R130)."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests.cast import Cast, fill_reference_lists, ticket_at
from tests.conftest import APPEND_ONLY
from tickets.models import Event
from tickets.proof import faults


@pytest.fixture
def guarded_again(transactional_db):
    """The guards against TRUNCATE come back with the migrations; the emptying needs them off."""
    fill_reference_lists()
    yield
    with connection.cursor() as cursor:
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only_table")


@pytest.mark.requirement("R130")
def test_a_history_without_a_chain_is_chained_and_unchained_and_chained_again(guarded_again):
    ticket = ticket_at(Cast(), "closed", 4)
    ticket.perform("rate", by=ticket.reporter, stars=1, suggestion="Lambat.")
    told = list(Event.objects.order_by("pk").values_list("action", "message"))

    call_command("migrate", "tickets", "0010", verbosity=0)
    call_command("migrate", "tickets", verbosity=0)

    assert list(Event.objects.order_by("pk").values_list("action", "message")) == told
    assert list(faults()) == []
