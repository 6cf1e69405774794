"""Running tickets are few of many: supervisors look through them alone (R136)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0005_reassign_ticket")]

    operations = [
        AddIndexConcurrently(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ("in_progress", "awaiting_feedback", "awaiting_review"))
                ),
                fields=["lpse"],
                name="ticket_running",
            ),
        ),
    ]
