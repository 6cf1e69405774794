"""Room for the chain of a ticket's events (R130); 0012 fills it, 0013 guards it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_names_of_record_fields")]

    operations = [
        migrations.AddField("event", "position", models.PositiveIntegerField("urutan", null=True)),
        migrations.AddField("event", "previous_hash", models.CharField(max_length=64, default="")),
        migrations.AddField("event", "hash", models.CharField("hash", max_length=64, default="")),
        migrations.AddField("event", "commitments", models.JSONField(default=dict)),
        migrations.AddField("event", "salts", models.JSONField(default=dict)),
    ]
