from django.db import migrations, models

LEVELS = [(1, "LPSE Level 1"), (2, "LPSE Level 2"), (3, "LKPP Level 1"), (4, "LKPP Level 2")]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0009_reading")]

    operations = [
        migrations.AlterField(
            model_name="event", name="at", field=models.DateTimeField(verbose_name="waktu")
        ),
        migrations.AlterField(
            model_name="event",
            name="to_level",
            field=models.PositiveSmallIntegerField(choices=LEVELS, verbose_name="posisi"),
        ),
        migrations.AlterField(
            model_name="rating",
            name="created_at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="waktu"),
        ),
    ]
