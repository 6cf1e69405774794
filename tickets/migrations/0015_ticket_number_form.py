"""A number has one spelling: no second ticket under the same one in small letters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0014_scan")]

    operations = [
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__regex", "^LS[0-9]{12}$")), name="ticket_number"
            ),
        ),
    ]
