from django.db import migrations, models


class Migration(migrations.Migration):
    """How somebody wants to hear of their tickets by mail (R129)."""

    dependencies = [
        ("accounts", "0005_system_account"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="mail_preference",
            field=models.CharField(
                choices=[
                    ("langsung", "Langsung"),
                    ("harian", "Ringkasan harian"),
                    ("tidak", "Tidak"),
                ],
                db_default="langsung",
                default="langsung",
                max_length=8,
                verbose_name="surel notifikasi",
            ),
        ),
    ]
