"""Putting a backup back: all of it or nothing.

First the whole backup is read and checked, before anything is written. Then the files go into a
folder beside their place and the database is filled in one transaction that is not committed yet;
the files get their names, and the commit is last.
"""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tickets.keeping import Failed, archive, envelope
from tickets.keeping.backup import APART, QUARANTINE, REPLACED, STAGED, stored_files


def read(path, key):
    """The manifest of a backup that is whole and genuine. Raises Failed; nothing is written."""
    if not Path(path).is_file():
        raise Failed(f"There is no backup {path}.")
    with envelope.unsealed(path, key) as stream:
        return archive.verified(stream)


def require_place(manifest, database, folder, *, replace):
    """Raises Failed when the place is another, taken, too small, or an older PostgreSQL."""
    _require_same_kind(manifest.get("bucket", ""))
    folder.mkdir(parents=True, exist_ok=True)
    if not replace and database.has_tables():
        raise Failed(
            f"The database {database.name} is not empty. To lose what is in it: --replace."
        )
    if not replace and any(stored_files(folder)):
        raise Failed(f"{folder} is not empty. To lose what is in it: --replace.")
    if database.version() < manifest["server"]:
        raise Failed(f"The backup needs PostgreSQL {manifest['server']} or newer.")
    size = sum(size for size, _ in manifest["parts"].values())
    if shutil.disk_usage(folder).free < size:
        raise Failed(f"{folder} has no room for {size / 2**20:,.0f} MiB.")


def _require_same_kind(bucket):
    """A backup has the files of a folder; those of a bucket stay where they are (ADR 30)."""
    if bucket and not settings.S3:
        raise Failed(f"The files of this backup are in the bucket {bucket}: set S3_… for it.")
    if settings.S3 and not bucket:
        raise Failed(
            "This backup has its files with it: restore it without S3_…, then move them "
            "(docs/run.md, 'Files in a bucket')."
        )


def put(path, key, manifest, database, folder, *, replace):
    """Put back what `read` has checked. Raises Failed; then everything is as before."""
    with _Place.ready(folder) as place, database.put_back(emptied=replace) as feed:
        with envelope.unsealed(path, key) as stream:
            _unpack(archive.known_parts(stream, manifest), feed, place.staged)
        os.sync()
        place.give_names()  # the commit follows


def _unpack(parts, feed, staged):
    """The dump comes before the files; it is complete when the first file does."""
    for name, info, part in parts:
        if name.startswith(archive.DATABASE):
            shutil.copyfileobj(part, feed, archive.PIECE)
        else:
            _store(staged / name.removeprefix(archive.FILES), info, part)
    feed.end()


def _store(path, info, part):
    _make(path.parent)
    with path.open("xb") as file:
        shutil.copyfileobj(part, file, 2**20)
    path.chmod(info.mode & 0o777)
    os.utime(path, (info.mtime, info.mtime))


def _make(folder):
    """A folder as the storages make theirs; each of its parents too, unlike with mkdir's own."""
    if not folder.exists():
        _make(folder.parent)
        is_quarantine = folder.name == QUARANTINE
        folder.mkdir(mode=0o700 if is_quarantine else settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)


class _Place:
    """The folder of files while other ones are put into it."""

    def __init__(self, folder):
        self.folder = folder
        self.staged, self.replaced = folder / STAGED, folder / REPLACED
        self.renamed = []  # (from, to), to take back

    @classmethod
    @contextmanager
    def ready(cls, folder):
        """A place whose renames are taken back when anything goes wrong."""
        place = cls(folder)
        place._begin()
        try:
            yield place
        except OSError as error:
            place._take_back()
            raise Failed(f"{error.filename}: {error.strerror}.") from error
        except BaseException:
            place._take_back()
            raise
        shutil.rmtree(place.staged)
        shutil.rmtree(place.replaced)

    def _begin(self):
        if self.replaced.exists():
            raise Failed(
                f"A restore broke off: {self.replaced} holds the files of before. "
                "Move them back or remove them."
            )
        if self.staged.exists():  # of one that broke off earlier: nothing of it counts
            shutil.rmtree(self.staged)
        for path in (self.staged, self.replaced):
            path.mkdir(mode=0o750)

    def give_names(self):
        for old in [path for path in self.folder.iterdir() if path.name not in APART]:
            self._rename(old, self.replaced / old.name)
        for new in list(self.staged.iterdir()):
            self._rename(new, self.folder / new.name)

    def _rename(self, source, target):
        source.rename(target)
        self.renamed.append((source, target))

    def _take_back(self):
        for source, target in reversed(self.renamed):
            target.rename(source)
        shutil.rmtree(self.staged)
        self.replaced.rmdir()
