from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_holidays_2026_2027")]

    operations = [
        migrations.CreateModel(
            name="Reading",
            fields=[],
            options={
                "verbose_name": "pembacaan Data Server",
                "verbose_name_plural": "pembacaan Data Server",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("tickets.event",),
        ),
    ]
