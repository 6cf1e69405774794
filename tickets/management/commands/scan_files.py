"""manage.py scan_files: asks the virus scanner about every file that waits for its word."""

import time

from django.core.management.base import BaseCommand, CommandError

from tickets import clamd
from tickets.models import Attachment, Draft, Scan

PAUSE = 60  # seconds between two rounds of --watch
AT_A_TIME = 500


class Command(BaseCommand):
    """For a timer of a minute, or --watch. Run by two at once it does no harm, only work twice."""

    help = "Scans the files that wait, and those that have never been scanned."

    def add_arguments(self, parser):
        parser.add_argument("--watch", action="store_true", help="go on, with a round a minute")
        parser.add_argument(
            "--again", action="store_true", help="all files anew, after new signatures"
        )

    def handle(self, *, watch, again, **options):
        if not clamd.is_on():
            raise CommandError("CLAMD_SOCKET is not set: files are not scanned (.env.example).")
        problem = self.round(again)
        while watch:
            time.sleep(PAUSE)
            problem = self.round(again=False)
        if problem:
            raise CommandError(f"{Scan.objects.waiting().count()} files still wait. {problem}")

    def round(self, again):
        """One look at all that waits; the last reason for which a file has to go on waiting."""
        begin_with_unscanned()
        scans = Scan.objects.stored() if again else Scan.objects.waiting()
        looked, problem = look_at(list(scans.values_list("pk", flat=True)))
        for scan in Scan.objects.stored().infected():  # moves that broke off
            scan.settle()
        said = f"Scanned {looked} files, {Scan.objects.infected().count()} in quarantine."
        self.stdout.write(f"{said} {problem}".strip())
        return problem


def look_at(pks):
    """(how many got their verdict, why the last of the others did not)."""
    looked, problem = 0, ""
    for pk in pks:
        try:
            for scan in Scan.objects.filter(pk=pk):  # none when its draft was taken off meanwhile
                scan.look_again()
                looked += 1
        except clamd.Away as error:
            return looked, error
        except clamd.Unavailable as error:  # of this file alone: the next may be fine
            problem = error
    return looked, problem


def begin_with_unscanned():
    """Every stored file has a row then, so that it counts as waiting wherever that is asked."""
    for model in (Draft, Attachment):
        while files := list(model.objects.unscanned()[:AT_A_TIME]):
            Scan.objects.begin_with(files)
