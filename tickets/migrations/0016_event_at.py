"""The root of a day asks for the events of that day alone."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0015_ticket_number_form")]

    operations = [
        AddIndexConcurrently("event", models.Index(fields=["at"], name="event_at")),
    ]
