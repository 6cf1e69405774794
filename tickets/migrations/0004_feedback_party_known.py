"""A ticket that awaits feedback names from whom: a check that gives NULL would have passed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_reference_lists")]

    operations = [
        migrations.RemoveConstraint(
            model_name="ticket", name="ticket_feedback_owed_by_lower_level"
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("feedback_from__isnull", False),
                        ("feedback_from__lt", models.F("level")),
                        ("status", "awaiting_feedback"),
                    ),
                    models.Q(
                        models.Q(("status", "awaiting_feedback"), _negated=True),
                        ("feedback_from", None),
                    ),
                    _connector="OR",
                ),
                name="ticket_feedback_owed_by_lower_level",
            ),
        ),
    ]
