"""The longest journey of the suite, told once more through nginx, gunicorn and PgBouncer."""

from tests.journeys.test_longest_way import test_a_ticket_goes_the_longest_way

__all__ = ["test_a_ticket_goes_the_longest_way"]
