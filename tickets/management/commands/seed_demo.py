"""manage.py seed_demo: the demo's people and tickets; run again, it adds what is missing."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tickets.demo import people, walk
from tickets.demo.stories import stories


class Command(BaseCommand):
    """All or nothing: one that was stopped halfway leaves no row, and the next starts clean.

    Files that it had stored by then belong to nothing; tidy_files removes them.
    """

    help = "Makes the demo's accounts and tickets; refuses outside HELPDESK_MODE=demo."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("seed_demo is for the demo only: set HELPDESK_MODE=demo.")
        with transaction.atomic():
            people.prepare_offices()
            accounts = people.prepare_accounts()
            missing = walk.untold(stories())
            if missing:
                walk.Walk().tell(missing)
                walk.leave_news_of_today()
        made = f"{accounts} accounts, {len(missing)} tickets"
        self.stdout.write(
            f"Demo data: {made} made."
            if accounts or missing
            else "Demo data is complete, nothing changed."
        )
