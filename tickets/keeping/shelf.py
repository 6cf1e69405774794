"""The folder of backups: one under way has another name, old ones go, the last good is noted."""

import fcntl
import hashlib
import json
import os
import re
import shutil
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from tickets.keeping import Failed

NAME = "lpse-support-{at:%Y%m%dT%H%M%SZ}.tar.age"
IS_ONE = re.compile(r"lpse-support-(\d{8}T\d{6}Z)\.tar\.age")
UNDER_WAY = ".under-way"  # ends the name of one that is not whole
MARKER = "last-good.json"  # {"at", "file", "size", "sha256", "seconds"}, for whoever watches


class Shelf:
    """The backups in one folder, which its owner alone can enter."""

    def __init__(self, folder=None):
        self.folder = Path(folder or settings.BACKUP_ROOT)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def alone(self):
        """One backup at a time; what an earlier one left half is removed."""
        with (self.folder / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Failed("Another backup is under way.") from error
            for half in self.folder.glob(f"*{UNDER_WAY}"):
                half.unlink()
            yield

    def require_room(self, size):
        """Raises Failed when the disk has less than `size` bytes free."""
        free = shutil.disk_usage(self.folder).free
        if free < size:
            raise Failed(
                f"{self.folder} has {free / 2**20:,.0f} MiB free, and the backup may need "
                f"{size / 2**20:,.0f} MiB."
            )

    @contextmanager
    def new(self):
        """A file to write a backup into. It gets its name once it is whole and on the disk."""
        begun = timezone.now()
        path = self.folder / NAME.format(at=begun.astimezone(UTC))
        draft = path.with_name(path.name + UNDER_WAY)
        try:
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        except OSError as error:
            raise Failed(f"{draft}: {error.strerror}.") from error
        finally:
            draft.unlink(missing_ok=True)
        self._note(path, begun)

    def _note(self, path, begun):
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        seconds = round((timezone.now() - begun).total_seconds(), 1)
        size = path.stat().st_size
        about = {"at": begun.isoformat(timespec="seconds"), "file": path.name, "size": size}
        draft = self.folder / f"{MARKER}{UNDER_WAY}"
        draft.write_text(json.dumps(about | {"sha256": sha256, "seconds": seconds}) + "\n")
        draft.rename(self.folder / MARKER)

    def last_good(self):
        """What was noted of the last backup; None before the first."""
        with suppress(FileNotFoundError):
            return json.loads((self.folder / MARKER).read_text())
        return None

    def backups(self):
        """{path: when it was made}, the newest first."""
        named = ((path, IS_ONE.fullmatch(path.name)) for path in self.folder.iterdir())
        made = {path: _moment(match[1]) for path, match in named if match}
        return dict(sorted(made.items(), key=lambda item: item[1], reverse=True))

    def thin_out(self, daily, weekly):
        """Remove all but the newest of each of the last days and weeks; return what is gone."""
        backups = self.backups()
        by_day = {f"{at:%Y-%m-%d}": path for path, at in reversed(backups.items())}
        by_week = {f"{at:%G-%V}": path for path, at in reversed(backups.items())}
        kept = {by_day[day] for day in sorted(by_day, reverse=True)[:daily]}
        kept |= {by_week[week] for week in sorted(by_week, reverse=True)[:weekly]}
        gone = [path for path in backups if path not in kept]
        for path in gone:
            path.unlink()
        return gone


def _moment(text):
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
