"""Two more of the first articles: what happens without an answer (R135), choosing mails (R129)."""

from importlib import import_module

from django.db import migrations

NEW = ["tiket-ditutup-otomatis", "mengatur-surel-notifikasi"]
fill_all = import_module("faq.migrations.0005_initial_articles").fill


def fill(apps, schema_editor):
    """Both, where they are not there; an article that somebody removed does not come back."""
    Article = apps.get_model("faq", "Article")
    before = set(Article.objects.values_list("pk", flat=True))
    fill_all(apps, schema_editor)
    Article.objects.exclude(pk__in=before).exclude(slug__in=NEW).delete()


class Migration(migrations.Migration):
    dependencies = [("faq", "0008_guides_of_reporters")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
