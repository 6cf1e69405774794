"""What an officer has ever taken, for 'Daftar Tiket' of those with thousands."""

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
    ]
