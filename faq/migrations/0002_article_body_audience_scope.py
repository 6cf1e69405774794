import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

import faq.models.article


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("faq", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="article",
            options={
                "ordering": ["topic__position", "topic__name", "position", "question"],
                "verbose_name": "artikel",
                "verbose_name_plural": "artikel",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="body",
            field=models.TextField(blank=True, max_length=20000, verbose_name="jawaban lengkap"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), 20000),
                name="article_body_fits",
                violation_error_message="Jawaban lengkap maksimal 20.000 karakter.",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="audience",
            field=models.CharField(
                choices=[("public", "Umum"), ("reporters", "Pelapor"), ("officers", "Petugas")],
                default="public",
                help_text=(
                    "Umum: semua orang tanpa masuk. Pelapor: pelapor dan petugas yang sudah masuk."
                ),
                max_length=10,
                verbose_name="pembaca",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="lpse",
            field=models.ForeignKey(
                blank=True,
                help_text="Kosong: nasional. Artikel satu LPSE hanya dibaca orang LPSE itu.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="accounts.lpse",
                verbose_name="LPSE",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="updated_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="diperbarui oleh",
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="updated_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="diperbarui"
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="is_published",
            field=models.BooleanField(
                default=False,
                help_text="Tanpa centang, artikel adalah draf.",
                verbose_name="terbit",
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="position",
            field=models.PositiveSmallIntegerField(
                default=100,
                help_text="Angka kecil tampil lebih dulu dalam topiknya.",
                verbose_name="urutan",
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="short_answer",
            field=models.TextField(
                help_text=(
                    "Satu sampai tiga kalimat tanpa Markdown; tampil saat pertanyaan dibuka."
                ),
                max_length=1000,
                verbose_name="jawaban singkat",
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="slug",
            field=models.SlugField(
                help_text=(
                    "Bagian akhir alamat halaman. Tautan yang sudah disebarkan putus bila diubah."
                ),
                max_length=160,
                unique=True,
                validators=[faq.models.article.check_slug],
                verbose_name="alamat",
            ),
        ),
        migrations.AlterField(
            model_name="topic",
            name="slug",
            field=models.SlugField(unique=True, verbose_name="alamat"),
        ),
    ]
