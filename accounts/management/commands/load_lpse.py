"""manage.py load_lpse [file.csv]: adds the new LPSE units of a file, refreshes the known ones."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts import lpse_file

DEFAULT_FILE = Path(__file__).resolve().parents[2] / "data" / "lpse.csv"
SENTENCES = {
    "unreadable": "{file} cannot be read: {error}",
    "columns": "Line {line}: missing columns {columns}.",
    "values": "Line {line}: not as many values as columns.",
    "twice": "Line {line}: code {code} already stands in line {first}.",
    "field": "Line {line}: {column}: {why}",
}


class Command(BaseCommand):
    """Can be run again with a newer file; what it takes and leaves alone: lpse_file."""

    help = "Loads LPSE units from a CSV file (default: accounts/data/lpse.csv)."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default=DEFAULT_FILE, type=Path)

    def handle(self, *, file, **options):
        done = lpse_file.take_over(self._units(file))
        self.stdout.write(
            f"{len(done.new)} new, {len(done.changed)} changed, {done.unchanged} unchanged."
        )
        if done.missing:
            missing = ", ".join(map(str, done.missing))
            self.stdout.write(f"Known but not in the file, kept: {missing}.")

    @staticmethod
    def _units(file):
        try:
            units, problems = lpse_file.read(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        for problem in problems:
            problem.facts["file"] = file
            raise CommandError(problem.told(SENTENCES))
        return units
