"""manage.py backup: one encrypted copy of database and files in BACKUP_ROOT."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tickets.keeping import Failed, backup
from tickets.keeping.shelf import Shelf


class Command(BaseCommand):
    """For a daily timer. Fails with a sentence, and then there is no new backup."""

    help = "Makes an encrypted backup of database and files and removes those too old to be kept."

    def handle(self, **options):
        try:
            made = backup.make()
        except Failed as problem:
            raise CommandError(str(problem)) from problem
        noted = Shelf().last_good()
        files = f"{made.files} files{' left in the bucket' if settings.S3 else ''}"
        self.stdout.write(
            f"{made.path}: {made.rows} rows, {files}, {noted['size'] / 2**20:,.1f} MiB, "
            f"{noted['seconds']} seconds. SHA-256 {noted['sha256']}"
        )
        for path in made.gone:
            self.stdout.write(f"Removed, too old: {path.name}")
        for path in made.lost:
            self.stderr.write(f"Already missing, so not in the backup: {path}")
