"""manage.py seal_days: one hash for each finished day, over the history of every ticket."""

from django.core.management.base import BaseCommand

from tickets.models import DayRoot


class Command(BaseCommand):
    """For a nightly timer, an hour after midnight in Jakarta or later; missed days are made up."""

    help = "Makes the root of each finished day that has none, and prints it: keep it elsewhere."

    def handle(self, **options):
        made = DayRoot.objects.seal()
        for root in made:
            self.stdout.write(f"{root.day} {root.root} {len(root.tickets)} tickets moved")
        if not made:
            self.stdout.write("Every finished day is sealed.")
