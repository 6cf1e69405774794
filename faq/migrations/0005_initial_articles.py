"""The first topics and articles (domain.md 1.4); their keepers change them from here on."""

import tomllib
from pathlib import Path

from django.db import migrations
from django.db.models import Q

CONTENT = Path(__file__).parent.parent / "content"


def fill(apps, schema_editor):
    """Add what is not there, by address or by name; what somebody edited stays as it is."""
    Topic, Article = apps.get_model("faq", "Topic"), apps.get_model("faq", "Article")
    for file in sorted(CONTENT.glob("*.toml")):
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        topic = _topic(Topic, **told["topic"])
        Article.objects.bulk_create(
            [
                Article(
                    topic=topic,
                    slug=article["slug"],
                    question=article["question"],
                    short_answer=article["short"].strip(),
                    body=article["body"].strip(),
                    audience=article["audience"],
                    position=10 * place,
                    is_published=True,
                )
                for place, article in enumerate(told["article"], start=1)
            ],
            ignore_conflicts=True,
        )


def _topic(Topic, *, name, slug, position):
    """The demo of an earlier version has topics of the same name with another address."""
    known = Topic.objects.filter(Q(slug=slug) | Q(name=name)).first()
    return known or Topic.objects.create(name=name, slug=slug, position=position)


class Migration(migrations.Migration):
    dependencies = [("faq", "0004_opinion")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
