"""The parts inside a backup: written once, and read back only if each is what was written."""

import hashlib
import io
import json
import tarfile
from pathlib import PurePosixPath

from tickets.keeping import Failed

DATABASE, FILES, MANIFEST = "database/", "files/", "manifest.json"
FORMAT = 1
PIECE = 8 * 2**20  # bytes of the dump in one part: what is in memory at once
LONGEST_MANIFEST = 2**30


class _Hashed:
    """A file whose bytes are hashed and counted as they are read."""

    def __init__(self, file):
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def read(self, size=-1):
        data = self.file.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data

    @property
    def seen(self):
        return [self.size, self.digest.hexdigest()]


class Writer:
    """Parts on their way into a stream; `parts` says of each its size and SHA-256."""

    def __init__(self, stream):
        self.tar = tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.parts = {}

    def __enter__(self):
        self.tar.__enter__()
        return self

    def __exit__(self, *problem):
        self.tar.__exit__(*problem)

    def add(self, name, file, size, *, mode=0o600, mtime=0):
        """One part: the next `size` bytes of `file`."""
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, mode, int(mtime)
        hashed = _Hashed(file)
        self.tar.addfile(info, hashed)
        self.parts[name] = hashed.seen

    def add_pieces(self, stream):
        """A stream of unknown length, in parts of PIECE bytes."""
        number = 0
        while piece := stream.read(PIECE):
            self.add(f"{DATABASE}{number:06}", io.BytesIO(piece), len(piece))
            number += 1

    def finish(self, facts):
        """The manifest, with `facts` besides, is the last part: without it nothing is a backup."""
        text = json.dumps({"format": FORMAT, "parts": self.parts} | facts).encode()
        self.add(MANIFEST, io.BytesIO(text), len(text))


def verified(stream):
    """The manifest, after every part was read and is what it says. Raises Failed otherwise."""
    found, manifest = {}, None
    for name, _, part in _parts(stream):
        if name == MANIFEST:
            manifest = _manifest(part)
        else:
            _drain(part)
            found[name] = part.seen
    if manifest is None:
        raise Failed("The backup has no manifest: it was never finished.")
    _compare(manifest["parts"], found)
    return manifest


def known_parts(stream, manifest):
    """(name, its tar header, file) of each part but the manifest; the file must be read to its end.

    Raises Failed when a part is not what the manifest says.
    """
    for name, info, part in _parts(stream):
        if name == MANIFEST:
            continue
        yield name, info, part
        if part.seen != manifest["parts"].get(name):
            raise Failed(f"The backup is damaged: {name} is not what was written.")


def _parts(stream):
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for info in tar:
                if not info.isreg() or not _is_plain(info.name):
                    raise Failed(f"The backup holds what no backup holds: {info.name!r}.")
                yield info.name, info, _Hashed(tar.extractfile(info))
    except tarfile.TarError as error:
        raise Failed("The backup is damaged: its parts cannot be read.") from error


def _is_plain(name):
    """Whether it leads nowhere but below the folder it is put into."""
    path = PurePosixPath(name)
    known = name == MANIFEST or name.startswith((DATABASE, FILES))
    return known and str(path) == name and ".." not in path.parts and "\0" not in name


def _manifest(part):
    try:
        manifest = json.loads(part.read(LONGEST_MANIFEST))
    except ValueError as error:
        raise Failed("The backup is damaged: its manifest cannot be read.") from error
    if manifest.get("format") != FORMAT:
        raise Failed("This backup was made by another release, which must restore it.")
    return manifest


def _compare(wanted, found):
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            raise Failed(f"The backup is not whole: {name} is missing.")
        if name not in wanted:
            raise Failed(f"The backup is damaged: {name} is not in its manifest.")
        if found[name] != wanted[name]:
            raise Failed(f"The backup is damaged: {name} is not what was written.")


def _drain(part):
    while part.read(2**20):
        pass
