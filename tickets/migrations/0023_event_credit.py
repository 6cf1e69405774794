"""The acts that dashboards count: else they were looked for among all of the nation's year."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside the running portal
    dependencies = [("tickets", "0022_event_take")]

    operations = [
        AddIndexConcurrently(
            "event",
            models.Index(
                fields=["ticket", "at"],
                include=["action", "from_level", "actor"],
                name="event_credit",
                condition=models.Q(action__in=["take", "escalate", "resolve", "reject", "rate"]),
            ),
        ),
    ]
