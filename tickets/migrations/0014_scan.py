"""What the virus scanner said about each stored file, beside the files, which never change."""

from django.db import migrations, models
from django.db.models import Q

IS_WAITING, IS_INFECTED = Q(state="waiting"), Q(state="infected")
STATES = [
    ("waiting", "sedang diperiksa"),
    ("clean", "bersih"),
    ("infected", "dikarantina: berisi virus"),
]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0013_chain_guard")]

    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                (
                    "id",
                    models.BigAutoField("ID", auto_created=True, primary_key=True, serialize=False),
                ),
                ("path", models.CharField(max_length=80, unique=True)),
                ("kind", models.CharField("jenis file", max_length=10)),
                ("size", models.PositiveBigIntegerField("ukuran")),
                ("sha256", models.CharField("SHA-256", max_length=64)),
                ("state", models.CharField(max_length=8, choices=STATES, default="waiting")),
                ("signature", models.CharField("virus", max_length=200, blank=True)),
                ("scanned_at", models.DateTimeField("waktu", null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        "tickets.Ticket", models.PROTECT, null=True, related_name="+"
                    ),
                ),
            ],
            options={
                "verbose_name": "file dalam karantina",
                "verbose_name_plural": "file dalam karantina",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(name="scan_waiting", fields=["id"], condition=IS_WAITING),
                    models.Index(name="scan_infected", fields=["-id"], condition=IS_INFECTED),
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="scan_names_what_it_found",
                        condition=(IS_INFECTED & ~Q(signature=""))
                        | (~IS_INFECTED & Q(signature="")),
                    ),
                    models.CheckConstraint(
                        name="scan_has_its_time",
                        condition=(IS_WAITING & Q(scanned_at=None))
                        | (~IS_WAITING & Q(scanned_at__isnull=False)),
                    ),
                ],
            },
        ),
    ]
