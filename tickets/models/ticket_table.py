"""What PostgreSQL itself keeps of tickets: indexes, each for one way of asking, and what is always
true of a row, whoever writes it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from accounts.roles import Level
from tickets.models.ticket_queryset import WAITS_FOR_REPORTER
from tickets.steps import RUNNING, Status

INDEXES = [
    models.Index(fields=["level", "status", "lpse", "-id"], name="ticket_queue"),
    models.Index(fields=["lpse", "-id"], name="ticket_of_lpse"),
    models.Index(fields=["reporter", "-id"], name="ticket_of_reporter"),
    models.Index(fields=["officer", "status", "-id"], name="ticket_of_officer"),
    models.Index(fields=["package_code"], name="ticket_package", condition=~Q(package_code="")),
    # few of many: what supervisors look through
    models.Index(fields=["lpse"], name="ticket_running", condition=Q(status__in=RUNNING)),
    # the longest silence first
    models.Index(fields=["updated_at", "id"], name="ticket_silent", condition=WAITS_FOR_REPORTER),
    GinIndex(fields=["search"], name="ticket_search"),
]
CONSTRAINTS = [
    models.CheckConstraint(name="ticket_number", condition=Q(number__regex=r"^LS[0-9]{12}$")),
    models.CheckConstraint(name="ticket_status", condition=Q(status__in=Status)),
    models.CheckConstraint(name="ticket_level", condition=Q(level__range=(1, 4))),
    models.CheckConstraint(
        name="ticket_classified_past_first_pool",
        condition=Q(level=Level.LPSE_1, status=Status.NEW)
        | Q(category__isnull=False, version__isnull=False, priority__isnull=False) & ~Q(type=""),
    ),
    models.CheckConstraint(
        name="ticket_officer_unless_in_pool",
        condition=Q(status=Status.NEW, officer=None)
        | ~Q(status=Status.NEW) & Q(officer__isnull=False),
    ),
    models.CheckConstraint(
        name="ticket_feedback_owed_by_lower_level",
        condition=Q(
            status=Status.AWAITING_FEEDBACK,
            feedback_from__isnull=False,  # a check that gives NULL passes
            feedback_from__lt=F("level"),
        )
        | ~Q(status=Status.AWAITING_FEEDBACK) & Q(feedback_from=None),
    ),
    models.CheckConstraint(
        name="ticket_closed_at_when_closed",
        condition=Q(status=Status.CLOSED, closed_at__isnull=False)
        | ~Q(status=Status.CLOSED) & Q(closed_at=None),
    ),
    models.CheckConstraint(
        name="ticket_reopened_only_when_closed",
        condition=Q(reopen_until=None) | Q(status=Status.CLOSED),
    ),
]
