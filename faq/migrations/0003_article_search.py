import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models


class Migration(migrations.Migration):
    """What is searched is stored beside the text, so that it can be indexed."""

    dependencies = [("faq", "0002_article_body_audience_scope")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=SearchVector("question", config="indonesian", weight="A")
                + SearchVector("short_answer", config="indonesian", weight="B")
                + SearchVector("body", config="indonesian", weight="C"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="typed",
            field=models.GeneratedField(
                db_persist=True,
                expression=SearchVector("question", config="simple", weight="A")
                + SearchVector("short_answer", config="simple", weight="B"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="article_search"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.GinIndex(fields=["typed"], name="article_typed"),
        ),
    ]
