"""Archives: bombs, ways out of the folder, lies about what is in them."""

import stat
import struct
import zipfile
import zlib
from io import BytesIO

from tests.tickets.hostile_files.hostile import (
    ACCEPTED,
    BOMB,
    EMPTY,
    MISMATCH,
    PATHS,
    Hostile,
)
from tests.tickets.samples import (
    MIB,
    RANDOM,
    RAR4,
    RAR5,
    archive,
    docx,
    encrypted_zip,
    windows_program,
)


def entry(name, content=b"isi", mode=0):
    """A zip of one entry; with the mode of a Unix file, which may say that it is a link."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as file:
        file.writestr(info, content)
    return output.getvalue()


def renamed(name, content=b"isi"):
    """A zip whose only entry has a name that zipfile would not write."""
    placeholder = "x" * len(name)
    return entry(placeholder, content).replace(placeholder.encode(), name.encode())


def nested(depth, content):
    for level in range(depth):
        content = archive({f"{level}.zip": content})
    return content


def forty_two():
    """Every level holds sixteen times the one below; at the bottom wait zeros."""
    content = archive({"0.dll": bytes(4 * MIB)})
    for level in range(5):
        content = archive({f"{level}{letter}.zip": content for letter in "0123456789abcdef"})
    return content


def overlapping(count):
    """Entries that all name the same bytes (Fifield, 2019): each opens to 10 MB."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(10 * MIB)
    body = squeezed.compress(zeros) + squeezed.flush()
    sizes = struct.pack("<LLL", zlib.crc32(zeros), len(body), len(zeros))
    local = struct.pack("<4s5H", b"PK\x03\x04", 20, 0, 8, 0, 33) + sizes
    local += struct.pack("<2H", 1, 0) + b"a" + body
    listed = struct.pack("<4s6H", b"PK\x01\x02", 20, 20, 0, 8, 0, 33) + sizes
    listed += struct.pack("<5H2L", 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = (0, 0, count, count, len(listed) * count, len(local), 0)
    return local + listed * count + struct.pack("<4s4H2LH", b"PK\x05\x06", *end)


def zip64(size=None):
    """A zip with the larger numbers, which say how long its table of contents is."""
    whole = entry("a")
    listed, end = whole.index(b"PK\x01\x02"), len(whole) - 22
    numbers = 44, 45, 45, 0, 0, 1, 1, size or end - listed, listed
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", *numbers)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    small = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    return whole[:end] + large + locator + small


def patched(content, marker, offset, form, *values):
    """The bytes with numbers of another truth at `offset` behind the first `marker`."""
    data = bytearray(content)
    struct.pack_into(form, data, data.index(marker) + offset, *values)
    return bytes(data)


ARCHIVES = [
    Hostile("zip of zeros", "data.zip", BOMB, lambda: [archive({"a": bytes(30 * MIB)})], "bomb"),
    Hostile(
        "overlapping entries", "data.zip", BOMB, lambda: [overlapping(250)], "2.5 GB out of 20 kB"
    ),
    Hostile(
        "42.zip",
        "data.zip",
        ACCEPTED,
        lambda: [forty_two()],
        "opens by one level; nobody here opens more, scanners count",
    ),
    Hostile(
        "twenty zips in one another",
        "data.zip",
        ACCEPTED,
        nested(20, archive({"a": RANDOM})),
        "harmless to keep; a scanner gives up on it",
    ),
    Hostile("zip in zip in zip", "data.zip", ACCEPTED, nested(3, docx()), "honest people nest too"),
    Hostile(
        "zip that says 4 GB",
        "data.zip",
        BOMB,
        patched(entry("a"), b"PK\x01\x02", 24, "<L", 2**32 - 2),
        "bomb",
    ),
    Hostile(
        "zip that says less than it has",
        "data.zip",
        ACCEPTED,
        patched(archive({"a": bytes(900_000)}), b"PK\x01\x02", 24, "<L", 10),
        "nobody here opens it; programs stop at the lie",
    ),
    Hostile(
        "table of contents elsewhere",
        "data.zip",
        MISMATCH,
        patched(entry("a"), b"PK\x05\x06", 16, "<L", 2**31),
    ),
    Hostile("large numbers that lie", "data.zip", MISMATCH, zip64(2**40), "zip64 of nowhere"),
    Hostile("large numbers that are right", "data.zip", ACCEPTED, zip64(), "streams have them"),
    Hostile(
        "encrypted zip",
        "data.zip",
        ACCEPTED,
        encrypted_zip(),
        "people protect what they send; the scan may say so",
    ),
    Hostile(
        "path upwards", "data.zip", PATHS, renamed("../../a.txt"), "would be written elsewhere"
    ),
    Hostile("path upwards, backwards", "data.zip", PATHS, renamed(r"..\..\a.txt"), "as above"),
    Hostile("path upwards, inside", "data.zip", PATHS, renamed("a/../../b.txt"), "as above"),
    Hostile("path from the root", "data.zip", PATHS, renamed("/etc/cron.d/a"), "as above"),
    Hostile("path with a drive", "data.zip", PATHS, renamed(r"C:\Windows\a.dll"), "as above"),
    Hostile("NUL in a name", "data.zip", PATHS, renamed("a.txt\0.exe"), "two names in one"),
    Hostile(
        "two dots in a name", "data.zip", ACCEPTED, renamed("laporan..akhir.txt"), "an honest name"
    ),
    Hostile(
        "link",
        "data.zip",
        PATHS,
        entry("log", b"/etc/passwd", stat.S_IFLNK | 0o777),
        "leads out of the folder",
    ),
    Hostile(
        "document with a path upwards",
        "surat.docx",
        PATHS,
        docx(**{"../a.xml": "<a/>"}),
        "as above",
    ),
    Hostile(
        "program in an archive",
        "data.zip",
        ACCEPTED,
        archive({"setup.exe": windows_program()}),
        "does nothing before it is unpacked; for the scan",
    ),
    Hostile(
        "Java archive renamed",
        "data.zip",
        ACCEPTED,
        archive({"META-INF/MANIFEST.MF": "Main-Class: A"}),
        "as above",
    ),
    Hostile("cut zip", "data.zip", MISMATCH, archive({"a": RANDOM, "b": "isi"})[:-40]),
    Hostile("first part of several", "data.zip", MISMATCH, b"PK\x07\x08" + entry("a")[:-30]),
    Hostile("zip without entries", "data.zip", EMPTY, archive({}), "nothing is in it"),
    Hostile("7z as zip", "data.zip", MISMATCH, bytes.fromhex("377ABCAF271C0004") + bytes(60)),
    Hostile("gzip as zip", "data.zip", MISMATCH, bytes.fromhex("1F8B0800") + bytes(60)),
    Hostile("only the marker of rar 4", "data.rar", MISMATCH, RAR4[:7]),
    Hostile("only the headers of rar 5", "data.rar", MISMATCH, RAR5[:20]),
    Hostile(
        "encrypted rar",
        "data.rar",
        ACCEPTED,
        RAR5[:8] + bytes.fromhex("6E3A1B2C21040000010F") + RANDOM[:80],
        "as an encrypted zip",
    ),
    Hostile("zip as rar", "data.rar", MISMATCH, entry("a")),
]
