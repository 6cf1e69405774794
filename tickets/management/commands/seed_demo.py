"""manage.py seed_demo: the demo's people, tickets and FAQ; run again, it adds what is missing."""

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from tickets.demo import people, walk
from tickets.demo.stories import questions, stories


class Command(BaseCommand):
    """All or nothing: one that was stopped halfway leaves no row, and the next starts clean.

    Files that it had stored by then belong to nothing; tidy_files removes them.
    """

    help = "Makes the demo's accounts, tickets and FAQ; refuses outside HELPDESK_MODE=demo."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("seed_demo is for the demo only: set HELPDESK_MODE=demo.")
        with transaction.atomic():
            people.prepare_offices()
            accounts = people.prepare_accounts()
            missing = walk.untold(stories())
            if missing:
                walk.Walk().tell(missing)
            articles = seed_faq()
        made = f"{accounts} accounts, {len(missing)} tickets, {articles} FAQ articles"
        self.stdout.write(
            f"Demo data: {made} made."
            if accounts or missing or articles
            else "Demo data is complete, nothing changed."
        )


def seed_faq():
    """Make the demo's FAQ where there is no article at all; return how many articles."""
    # by name: tickets imports nothing of faq (architecture.md part 1)
    Topic, Article = apps.get_model("faq", "Topic"), apps.get_model("faq", "Article")
    if Article.objects.exists():
        return 0
    articles = []
    for place, told in enumerate(questions(), start=1):
        topic, _ = Topic.objects.get_or_create(
            slug=slugify(told["name"]), defaults={"name": told["name"], "position": 10 * place}
        )
        articles += [
            Article(
                topic=topic,
                question=article["question"],
                slug=slugify(article["question"]),
                short_answer=article["answer"],
                position=10 * position,
                is_published=True,
            )
            for position, article in enumerate(told["articles"], start=1)
        ]
    return len(Article.objects.bulk_create(articles))
