"""Handing a ticket over needs a permission, and an administrator who does it has no role (R136)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_lookup_failure")]

    operations = [
        migrations.AlterModelOptions(
            name="ticket",
            options={
                "ordering": ["-pk"],
                "permissions": [("reassign_ticket", "Dapat mengalihkan tiket ke petugas lain")],
                "verbose_name": "tiket",
                "verbose_name_plural": "tiket",
            },
        ),
        migrations.AlterField(
            model_name="event",
            name="actor_role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("penyedia", "Penyedia"),
                    ("ppk", "PPK"),
                    ("pp", "PP"),
                    ("pokja", "Pokja Pemilihan"),
                    ("lpse_l1", "LPSE Level 1"),
                    ("lpse_l2", "LPSE Level 2"),
                    ("lkpp_l1", "LKPP Level 1"),
                    ("lkpp_l2", "LKPP Level 2"),
                ],
                max_length=10,
            ),
        ),
    ]
