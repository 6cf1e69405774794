from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_ticket_running")]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(unique=True, verbose_name="tanggal")),
                ("name", models.CharField(max_length=120, verbose_name="nama")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("libur_nasional", "Libur nasional"),
                            ("cuti_bersama", "Cuti bersama"),
                        ],
                        default="libur_nasional",
                        max_length=16,
                        verbose_name="jenis",
                    ),
                ),
            ],
            options={
                "verbose_name": "hari libur",
                "verbose_name_plural": "hari libur",
                "ordering": ["date"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["libur_nasional", "cuti_bersama"])),
                        name="holiday_kind",
                    )
                ],
            },
        ),
    ]
