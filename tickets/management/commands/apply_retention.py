"""manage.py apply_retention: removes what was kept as long as the settings say."""

from django.core.management.base import BaseCommand
from django.utils.timezone import localtime

from tickets.keeping import retention


class Command(BaseCommand):
    """For a daily timer. Each ticket is a transaction of its own: broken off anywhere, it leaves
    nothing half, and the next run goes on."""

    help = "Removes what is older than the RETAIN_… settings allow; --dry-run shows it first."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="show only, change nothing")

    def handle(self, *, dry_run, **options):
        if dry_run:
            self._show()
            return
        for kind, gone in retention.apply():
            self.stdout.write(f"{gone:8}  {kind.label}")

    def _show(self):
        self.stdout.write("     due  oldest      kept for   what")
        for kind, due, oldest in retention.report():
            since = f"{localtime(oldest):%Y-%m-%d}" if oldest else "-"
            kept = "to its end" if kind.days is None else f"{kind.days} days"
            self.stdout.write(f"{due:8}  {since:10}  {kept:10} {kind.label}")
        self.stdout.write("Nothing was changed.")
