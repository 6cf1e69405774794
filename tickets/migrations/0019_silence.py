"""Tickets that the portal closes by itself, and the index by which it finds them (R135).

One idea in steps of their own (atomic = False): a large table is never locked for long.
"""

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.models import Q

WAITS_FOR_REPORTER = Q(status="awaiting_feedback", feedback_from=0) | Q(status="awaiting_review")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0018_retention")]

    operations = [
        migrations.AddField(
            "ticket",
            "reopen_until",
            models.DateTimeField(
                "dapat dibuka kembali sampai", null=True, blank=True, editable=False
            ),
        ),
        AddConstraintNotValid(
            "ticket",
            models.CheckConstraint(
                name="ticket_reopened_only_when_closed",
                condition=Q(reopen_until=None) | Q(status="closed"),
            ),
        ),
        ValidateConstraint("ticket", "ticket_reopened_only_when_closed"),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["updated_at", "id"], name="ticket_silent", condition=WAITS_FOR_REPORTER
            ),
        ),
    ]
