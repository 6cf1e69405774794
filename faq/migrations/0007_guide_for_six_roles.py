from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("faq", "0006_guide"),
    ]

    operations = [
        migrations.AlterField(
            model_name="guide",
            name="role",
            field=models.CharField(
                choices=[
                    ("penyedia", "Penyedia"),
                    ("non_penyedia", "PP, Pokja Pemilihan, PPK"),
                    ("lpse_l1", "LPSE Level 1"),
                    ("lpse_l2", "LPSE Level 2"),
                    ("lkpp", "LKPP"),
                    ("administrator", "Administrator"),
                ],
                max_length=20,
                verbose_name="untuk",
            ),
        ),
        migrations.AlterField(
            model_name="guide",
            name="title",
            field=models.CharField(
                help_text="Contoh: User Guide LPSE Support Penyedia",
                max_length=80,
                verbose_name="judul",
            ),
        ),
    ]
