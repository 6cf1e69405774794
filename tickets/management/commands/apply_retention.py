"""manage.py apply_retention: removes what was kept as long as the settings say."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.timezone import localtime

from tickets.keeping import retention
from tickets.models import Event

# A portal in use has newer events: without any, rather the clock is wrong than everything old
QUIET = timedelta(days=30)


class Command(BaseCommand):
    """For a daily timer. Each ticket is a transaction of its own: broken off anywhere, it leaves
    nothing half, and the next run goes on."""

    help = "Removes what is older than the RETAIN_… settings allow; --dry-run shows it first."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="show only, change nothing")
        parser.add_argument("--sure", action="store_true", help="the clock is right")

    def handle(self, *, dry_run, sure, **options):
        if dry_run:
            self._show()
            return
        if not sure:
            _check_clock()
        for kind, gone in retention.apply():
            self.stdout.write(f"{gone:8}  {kind.label}")

    def _show(self):
        self.stdout.write("     due  oldest      kept for   what")
        for kind, due, oldest in retention.report():
            since = f"{localtime(oldest):%Y-%m-%d}" if oldest else "-"
            kept = "to its end" if kind.days is None else f"{kind.days} days"
            self.stdout.write(f"{due:8}  {since:10}  {kept:10} {kind.label}")
        self.stdout.write("Nothing was changed.")


def _check_clock():
    """A clock that jumped ahead must not make everything old."""
    last = Event.objects.order_by("-at").values_list("at", flat=True).first()
    if last and last < timezone.now() - QUIET:
        raise CommandError(
            f"It is {timezone.now():%Y-%m-%d}, and the last event is of {last:%Y-%m-%d}: "
            "nothing was removed. If the clock is right: --sure."
        )
