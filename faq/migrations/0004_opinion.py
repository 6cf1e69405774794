import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("faq", "0003_article_search")]

    operations = [
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visitor", models.CharField(max_length=64, verbose_name="pengunjung")),
                ("is_helpful", models.BooleanField(null=True, verbose_name="membantu")),
                (
                    "was_answered",
                    models.BooleanField(default=False, verbose_name="menjawab pertanyaan"),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="waktu")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="faq.article",
                        verbose_name="artikel",
                    ),
                ),
            ],
            options={"verbose_name": "pendapat", "verbose_name_plural": "pendapat"},
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                fields=["article", "visitor"], name="opinion_once_per_visitor"
            ),
        ),
    ]
