"""manage.py load_lpse [file.csv]: adds the new LPSE units of a file, refreshes the known ones."""

import csv
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Lpse

DEFAULT_FILE = Path(__file__).resolve().parents[2] / "data" / "lpse.csv"
COLUMN_OF_FIELD = {
    "name": "nama",
    "kind": "jenis",
    "province": "provinsi",
    "zone": "zona",
    "region_code": "kode_wilayah",
    "own_url": "url_lama",
    "national_url": "url_nasional",
    "spse_version": "versi_spse_2022",
}
COLUMNS = {"kode", "slug_nasional", "aktif_2022", *COLUMN_OF_FIELD.values()}


class Command(BaseCommand):
    """Can be run again with a newer file.

    Takes the units that are active or have a national slug; their code is `kode`, else the slug.
    Never touches a public key or whether a unit is active, never deletes. All or nothing.
    """

    help = "Loads LPSE units from a CSV file (default: accounts/data/lpse.csv)."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", default=DEFAULT_FILE, type=Path)

    def handle(self, *, file, **options):
        units = read(file)
        with transaction.atomic():
            known = {lpse.code: lpse for lpse in Lpse.objects.select_for_update()}
            new = [unit for code, unit in units.items() if code not in known]
            changed = [
                unit
                for code, unit in units.items()
                if code in known and any(differs(unit, known[code], f) for f in COLUMN_OF_FIELD)
            ]
            Lpse.objects.bulk_create(
                new + changed,
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=list(COLUMN_OF_FIELD),
            )
        unchanged = len(units) - len(new) - len(changed)
        self.stdout.write(f"{len(new)} new, {len(changed)} changed, {unchanged} unchanged.")
        missing = [str(lpse) for code, lpse in known.items() if code not in units]
        if missing:
            self.stdout.write(f"Known but not in the file, kept: {', '.join(sorted(missing))}.")


def differs(unit, other, field):
    return getattr(unit, field) != getattr(other, field)


def read(file):
    """The units of `file` by their code. Raises CommandError that names the line."""
    units, lines = {}, {}
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            rows = csv.DictReader(opened, strict=True)
            lacking = COLUMNS.difference(rows.fieldnames or [])
            if lacking:
                raise CommandError(f"Line 1: missing columns {', '.join(sorted(lacking))}.")
            for row in rows:
                unit = read_row(row, rows.line_num)
                if unit is None:
                    continue
                if unit.code in lines:
                    raise CommandError(
                        f"Line {rows.line_num}: code {unit.code} already stands in "
                        f"line {lines[unit.code]}."
                    )
                units[unit.code], lines[unit.code] = unit, rows.line_num
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    return units


def read_row(row, line):
    """The Lpse of one row; None for a unit that is neither active nor has a slug."""
    if None in row or None in row.values():
        raise CommandError(f"Line {line}: not as many values as columns.")
    row = {column: value.strip() for column, value in row.items()}
    if row["aktif_2022"] != "1" and not row["slug_nasional"]:
        return None
    values = {field: row[column] for field, column in COLUMN_OF_FIELD.items()}
    unit = Lpse(code=row["kode"] or row["slug_nasional"], **values)
    try:
        unit.clean_fields()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        column = COLUMN_OF_FIELD.get(field, "kode")
        raise CommandError(f"Line {line}: {column}: {' '.join(sentences)}") from error
    return unit
