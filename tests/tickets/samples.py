"""Small files of every kind, made in memory: good ones, and the parts of hostile ones.

Needs nothing of Django, so that scripts may use it.
"""

import io
import random
import struct
import zipfile
import zlib
from itertools import chain

from PIL import Image

MIB = 2**20
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
SHELL = b"#!/bin/sh\nrm -rf /\n"


def picture(kind="JPEG", size=(64, 48), mode="RGB", color="red", **options):
    output = io.BytesIO()
    Image.new(mode, size, color).save(output, kind, **options)
    return output.getvalue()


def noise(kind, size=(200, 200)):
    """A picture that does not compress, so that half of its bytes is half of its pixels."""
    output = io.BytesIO()
    Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3)).save(
        output, kind
    )
    return output.getvalue()


def archive(parts, compression=zipfile.ZIP_DEFLATED):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name), content, compression)  # without today's date
    return output.getvalue()


def office(main, types="", **more):
    parts = {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types>{types}</Types>',
        "_rels/.rels": "<Relationships/>",
        main: "<document/>",
    }
    return archive(parts | {name.replace("__", "/"): content for name, content in more.items()})


def declared(content_type):
    """One line of a document's content types."""
    return f'<Override PartName="/a" ContentType="{content_type}"/>'


def docx(**options):
    return office("word/document.xml", **options)


def xlsx(**options):
    return office("xl/workbook.xml", **options)


def ole(*names, sheet=b"", root=bytes(16)):
    """A compound file (MS-CFB): header, one FAT sector, the directory, one sector of content.

    `root` is the class of the whole, by which Windows knows an installer.
    """
    entries = [("Root Entry", 5), *((name, 2) for name in names)]
    sectors = -(-len(entries) // 4)
    fat = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE, 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))
    header = OLE + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 0x1000, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    directory = b"".join(ole_entry(name, kind, sectors + 1, root) for name, kind in entries)
    content = directory.ljust(sectors * 512, b"\0") + sheet.ljust(512, b"\0")
    return header + struct.pack("<128I", *fat) + content


def ole_entry(name, kind, start, root=bytes(16)):
    encoded = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
    owner = root if kind == 5 else bytes(16)
    fields = struct.pack("<HBB", len(encoded), kind, 1) + links + owner + bytes(20)
    return encoded.ljust(64, b"\0") + fields + struct.pack("<IQ", start, 512)


def windows_program():
    pe = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 0xF0, 0x22)
    pe += struct.pack("<H", 0x20B) + bytes(0xEE)
    return (b"MZ" + bytes(58) + struct.pack("<I", 128)).ljust(128, b"\0") + pe + bytes(1024)


def linux_program():
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    return ident + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 64, 0, 0, 64, 56, 0, 64, 0, 0) * 4


def png_header(width, height):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    blocks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in blocks
    )


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
RAR4 = b"Rar!\x1a\x07\x00" + bytes.fromhex("cf907300000d00000000000000") + bytes(64)
RAR5 = b"Rar!\x1a\x07\x01\x00" + bytes.fromhex("3392b5e50a01050600050101808000") + b"0" + bytes(64)
LOG = b"10:41:02,INFO,apendo,kirim\n10:41:03,ERROR,<html><body>502 Bad Gateway</body></html>\n"
RANDOM = random.Random(2).randbytes(5000)


def doc():
    return ole("WordDocument", "1Table")


def xls():
    return ole("Workbook")


def encrypted_zip():
    """A zip whose entry is marked as encrypted, in its own header and in the table of contents."""
    data = bytearray(archive({"rahasia.txt": "isi"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def table_of_contents_of(count):
    """A zip that is nothing but its table of contents."""
    numbers = (20, 20, 0, 0, 0, 0), (0, 0, 0), (1, 0, 0, 0, 0), (0, 0)
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *chain.from_iterable(numbers)) + b"a"
    entries = entry * count
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entries), 4, 0)
    return b"PK\x03\x04" + entries + end


def lying_zip(unpacked):
    """A zip whose table of contents claims that its only entry has so many bytes when opened."""
    data = bytearray(archive({"a.txt": "isi"}))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, unpacked)
    return bytes(data)
