"""manage.py verify_history: whether the history of the tickets is still what was written."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from tickets.models import DayRoot, Event
from tickets.proof import days_late, faults, one_moment, unsealed_since


class Command(BaseCommand):
    help = (
        "Checks every ticket's chain of events and the root of every day. "
        "Names the first altered, missing or inserted event and fails."
    )

    def add_arguments(self, parser):
        parser.add_argument("--files", action="store_true", help="read the bytes of files as well")
        parser.add_argument("--all", action="store_true", help="name every fault, not the first")
        parser.add_argument(
            "--root",
            nargs=2,
            metavar=("DAY", "HASH"),
            help="compare with a root that was kept elsewhere, for example 2026-11-24 3f2a…",
        )

    def handle(self, *, files, all, root, **options):
        if root:
            self._compare(*root)
        with one_moment():
            number = 0
            for fault in faults(files=files):
                number += 1
                self.stderr.write(str(fault))
                if not all:
                    break
            if number:
                raise CommandError(f"The history is not what was written ({number} named).")
            if late := days_late():
                raise CommandError(f"missing: roots of {late} days, from {unsealed_since()}")
            self.stdout.write(
                f"{Event.objects.count()} events and {DayRoot.objects.count()} days are as "
                f"written; not sealed yet: from {unsealed_since() or 'the first event on'}."
            )

    @staticmethod
    def _compare(day, wanted):
        try:
            kept = DayRoot.objects.filter(day=date.fromisoformat(day)).first()
        except ValueError as error:
            raise CommandError(f"{day} is no day such as 2026-11-24.") from error
        if kept is None:
            raise CommandError(f"missing: {day}: root of the day")
        if kept.root != wanted.strip().lower():
            raise CommandError(f"altered: {day}: the root is {kept.root}, not {wanted}")
