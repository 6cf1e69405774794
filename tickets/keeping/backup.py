"""Making a backup.

The database is dumped first, the files are copied after it. A file is stored before the row that
names it and never changes, so whatever the dump names is there to copy. The other way round, a file
that arrives in between would have a row without bytes. What is removed in between (by law, by
retention) is the rare case: then the backup begins anew.

Files in a bucket are kept by the bucket (docs/adr/0030): it is only asked what is there.
"""

import os
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import FileField

from tickets.keeping import Failed, archive, envelope
from tickets.keeping.database import Database, described
from tickets.keeping.shelf import Shelf
from tickets.models import Attachment

STAGED, REPLACED = ".restoring", ".replaced"  # of a restore: inside, so that naming is a rename
APART = {"incoming", STAGED, REPLACED}  # nothing of it is a stored file
QUARANTINE = "quarantine"
ROOM = 64 * 2**20  # bytes for what is neither rows nor files
TRIES = 3


class Made(NamedTuple):
    """`files` are in the backup, or in the bucket that keeps them; `lost` are paths that rows name
    and whose bytes were gone before; `gone` are old backups.
    """

    path: Path
    rows: int
    files: int
    lost: list
    gone: list


class _Moved(Exception):
    """Something was removed while the files were copied."""


def make(shelf=None, database=None):
    """Make one backup, thin out the old ones. Raises Failed; then there is no half one either."""
    shelf, database = shelf or Shelf(), database or Database()
    keys = envelope.recipients(settings.BACKUP_RECIPIENTS or _demo_recipient())
    with shelf.alone():
        for _ in range(TRIES):
            try:
                facts, files = _write(shelf, database, keys)
            except _Moved:
                continue
            path = next(iter(shelf.backups()))
            gone = shelf.thin_out(settings.BACKUP_DAILY, settings.BACKUP_WEEKLY)
            rows = sum(number for number, _ in facts["database"]["tables"].values())
            return Made(path, rows, files, facts["lost"], gone)
    raise Failed("Files are being removed all the time. Try again when that is over.")


def _demo_recipient():
    if not settings.DEMO:
        raise Failed(
            "BACKUP_RECIPIENTS is missing: the public key of a pair that is kept elsewhere."
        )
    return [envelope.demo_keys(settings.BACKUP_DEMO_KEY)]


def _write(shelf, database, keys):
    """The backup, and (what its manifest says of the database, how many files are in it)."""
    with database.moment() as cursor:
        shelf.require_room(_size_of(cursor) + _size_of_files() + ROOM)
        with (
            shelf.new() as target,
            envelope.sealed(target, keys) as stream,
            archive.Writer(stream) as parts,
        ):
            with database.dump(cursor) as dump:
                parts.add_pieces(dump)
            safe = set(_in_bucket() if settings.S3 else _add_files(parts, settings.MEDIA_ROOT))
            facts = {
                "server": cursor.connection.server_version // 10_000,
                "lost": sorted(_lost(cursor, safe, database)),
                "bucket": settings.S3.get("bucket_name", ""),
                "database": described(cursor),
            }
            parts.finish(facts)
    return facts, len(safe)


def _size_of(cursor):
    cursor.execute("SELECT pg_database_size(current_database())")
    return cursor.fetchone()[0]


def stored_files(root):
    """The stored files below `root`, quarantine too, in a fixed order."""
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if here != Path(root) or name not in APART)
        yield from (here / name for name in sorted(names))


def _size_of_files():
    return 0 if settings.S3 else sum(_sizes(settings.MEDIA_ROOT))


def _sizes(root):
    for path in stored_files(root):
        if path.exists():  # a draft may be taken off at any moment
            yield path.stat().st_size


def _add_files(parts, root):
    """Copy every file; yields their paths below `root`."""
    for path in stored_files(root):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # taken off since it was listed
        with file:
            about, name = os.fstat(file.fileno()), path.relative_to(root).as_posix()
            parts.add(
                *(archive.FILES + name, file, about.st_size),
                mode=about.st_mode & 0o777,
                mtime=about.st_mtime,
            )
        yield name


def _in_bucket(folder=""):
    """The paths of all objects, as a folder would have them; nothing is fetched."""
    folders, names = default_storage.listdir(folder)
    yield from (f"{folder}{name}" for name in names)
    for name in folders:
        yield from _in_bucket(f"{folder}{name}/")


def _lost(cursor, safe, database):
    """What rows name and was not there to copy. Raises _Moved when it has just been removed."""
    missing = {path for path in _named(cursor) if not safe & {path, _in_quarantine(path)}}
    if missing:
        with database.moment() as now:
            if missing - _named(now):
                raise _Moved
    return missing


def _in_quarantine(path):
    return f"{QUARANTINE}/{path.rsplit('/', 1)[-1]}"


def _named(cursor):
    """The paths of all files that belong to something; a draft may go at any moment."""
    found, quote = set(), connection.ops.quote_name
    for table, column in _columns():
        cursor.execute(f"SELECT {quote(column)} FROM {quote(table)}")  # noqa: S608 # nosec B608
        found.update(path for (path,) in cursor.fetchall() if path)
    return found


def _columns():
    yield from ((Attachment._meta.db_table, name) for name in ("path", "preview_path"))
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField):
                yield model._meta.db_table, field.column
