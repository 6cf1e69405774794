"""What an officer has ever taken, for 'Daftar Tiket' of those with thousands; and the acts that
dashboards count, which else were looked for among all events of the nation's year."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built beside the running portal
    dependencies = [("tickets", "0021_lookup_turn")]

    operations = [
        AddIndexConcurrently(
            "event",
            models.Index(
                fields=["actor", "ticket"],
                name="event_take",
                condition=models.Q(action="take"),
            ),
        ),
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
