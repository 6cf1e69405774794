"""A file of LPSE units: reading it, comparing it with what is known, taking it over.

Takes the units that are active or have a national slug; their code is `kode`, else the slug.
Never touches a public key or whether a unit is active, never deletes. All or nothing.
"""

import csv
import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Lpse

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


class Problem(Exception):
    """Why a file, or a line of it, cannot be taken. `kind` chooses the sentence, in any language.

    Kinds: unreadable {error}; columns {columns}; values; twice {code, first}; field {column, why}.
    """

    def __init__(self, kind, line=0, **facts):
        super().__init__(kind)
        self.kind, self.line, self.facts = kind, line, facts

    def told(self, sentences):
        """The sentence of this kind from `sentences`."""
        return sentences[self.kind].format(line=self.line, **self.facts)


class Difference(NamedTuple):
    label: str
    before: str
    after: str

    def __str__(self):
        return f"{self.label}: {self.before or 'kosong'} → {self.after or 'kosong'}."


def read(content):
    """The units in the bytes of a file by their code, and the Problems of its lines."""
    try:
        rows = _rows(content)
    except (UnicodeDecodeError, csv.Error) as error:
        return {}, [Problem("unreadable", error=error)]
    lacking = COLUMNS.difference(rows.fieldnames or [])
    if lacking:
        return {}, [Problem("columns", line=1, columns=", ".join(sorted(lacking)))]
    units, lines, problems = {}, {}, []
    try:
        for row in rows:
            try:
                unit = _unit(row, rows.line_num)
                if unit is None:
                    continue
                if unit.code in lines:
                    first = lines[unit.code]
                    raise Problem("twice", line=rows.line_num, code=unit.code, first=first)
            except Problem as problem:
                problems.append(problem)
            else:
                units[unit.code], lines[unit.code] = unit, rows.line_num
    except csv.Error as error:
        problems.append(Problem("unreadable", error=error))
    return units, problems


def _rows(content):
    """The rows of the text; Excel in Indonesian separates by semicolons."""
    text = content.decode("utf-8-sig")
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    _ = rows.fieldnames  # reads the first line
    return rows


def _unit(row, line):
    """The Lpse of one row; None for one that is neither active nor has a slug. Raises Problem."""
    if None in row or None in row.values():
        raise Problem("values", line=line)
    row = {column: value.strip() for column, value in row.items()}
    if row["aktif_2022"] != "1" and not row["slug_nasional"]:
        return None
    values = {field: row[column] for field, column in COLUMN_OF_FIELD.items()}
    unit = Lpse(code=row["kode"] or row["slug_nasional"], **values)
    for column in ("kode", "slug_nasional", *COLUMN_OF_FIELD.values()):
        if "\0" in row[column]:  # PostgreSQL stores none, and only forms ask for it
            raise Problem("field", line=line, column=column, why="NUL")
    try:
        unit.clean_fields()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        column = COLUMN_OF_FIELD.get(field, "kode")
        raise Problem("field", line=line, column=column, why=" ".join(sentences)) from error
    return unit


@dataclass
class Comparison:
    """What taking a file over would do."""

    new: list  # of Lpse
    changed: list  # of (known Lpse, Lpse of the file, [Difference, …])
    unchanged: int
    missing: list  # known, but not in the file

    @property
    def has_work(self):
        return bool(self.new or self.changed)

    @cached_property
    def fingerprint(self):
        """Differs as soon as taking over would do something else."""
        values = [[getattr(unit, field) for field in ("code", *COLUMN_OF_FIELD)]
                  for unit in self.new]  # fmt: skip
        values += [[known.code, *differences] for known, _, differences in self.changed]
        return hashlib.sha256(repr(values).encode()).hexdigest()


def compare(units, known):
    """The Comparison of a file's units with the `known` rows."""
    known = {lpse.code: lpse for lpse in known}
    both = [(known[code], unit, differences(known[code], unit))
            for code, unit in units.items() if code in known]  # fmt: skip
    changed = [row for row in both if row[2]]
    return Comparison(
        new=[unit for code, unit in units.items() if code not in known],
        changed=changed,
        unchanged=len(both) - len(changed),
        missing=sorted((lpse for code, lpse in known.items() if code not in units), key=str),
    )


def differences(known, unit):
    return [
        Difference(str(Lpse._meta.get_field(field).verbose_name), old, new)
        for field in COLUMN_OF_FIELD
        if (old := getattr(known, field)) != (new := getattr(unit, field))
    ]


class Moved(Exception):
    """The data changed since the Comparison was looked at."""


@transaction.atomic
def take_over(units, fingerprint=None):
    """Add the new units and refresh the known ones; return the Comparison that was carried out.

    With a `fingerprint` exactly that Comparison, or Moved.
    """
    comparison = compare(units, Lpse.objects.select_for_update())
    if fingerprint and fingerprint != comparison.fingerprint:
        raise Moved
    Lpse.objects.bulk_create(
        comparison.new + [unit for _, unit, _ in comparison.changed],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=list(COLUMN_OF_FIELD),
    )
    return comparison
