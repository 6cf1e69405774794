"""Zip archives: harmless to open, here and at the officer's.

What lies in them is not judged by its name: a program in an archive does nothing before somebody
unpacks it, an archive with a password hides everything, and the virus scan looks inside.
"""

import io
import re
import stat
import zipfile
from contextlib import contextmanager

from tickets.contents.refusal import BOMB, EMPTY, MISMATCH, PATHS, head, or_refuse, require

# Entries, bytes when opened, growth when opened, bytes of the table of contents
MAX_ENTRIES = 5000
MAX_UNPACKED = 500 * 2**20
MAX_GROWTH = 200
MAX_DIRECTORY = 2 * 2**20

UPWARDS = re.compile(r"(^|/)\.\.(/|$)")
ABSOLUTE = re.compile(r"/|[a-z]:", re.IGNORECASE)


class _BoundedFile(io.FileIO):
    """For ZipFile, which reads all of the table of contents: 50 MB are a million objects."""

    def read(self, size=-1):
        require(size <= MAX_DIRECTORY, BOMB)
        return super().read(size)


@contextmanager
def opened(path):
    """The zip at path, once it is known to be harmless to open."""
    require(head(path, 4) in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"})
    with or_refuse(MISMATCH), _BoundedFile(path) as file, zipfile.ZipFile(file) as archive:
        _refuse_bomb(archive.infolist(), path.stat().st_size)
        require(not any(map(_leads_astray, archive.infolist())), PATHS)
        yield archive


def _refuse_bomb(entries, size):
    require(entries, EMPTY)
    require(min(entry.header_offset for entry in entries) >= 0)
    unpacked = sum(entry.file_size for entry in entries)
    require(len(entries) <= MAX_ENTRIES and unpacked <= MAX_UNPACKED, BOMB)
    # below a megabyte a good ratio is a short log, not an attack
    require(unpacked <= max(MAX_GROWTH * size, 2**20), BOMB)


def _leads_astray(entry):
    """Whether unpacking could write outside of the chosen folder: no honest archive asks for it.

    `orig_filename`, because zipfile cuts a name at its NUL and other programs do not.
    """
    name = entry.orig_filename.replace("\\", "/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    return is_link or "\0" in name or bool(UPWARDS.search(name) or ABSOLUTE.match(name))


def check_zip(path):
    """An archive that can be listed and opened without harm."""
    with opened(path):
        pass
