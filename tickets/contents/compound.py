"""Compound files (MS-CFB): the old Word and Excel documents, and objects inside of new ones."""

import re
import struct

from tickets.contents import rtf
from tickets.contents.plain import OLE, PROGRAMS
from tickets.contents.refusal import (
    CHUNK,
    LOCKED,
    MACRO,
    OBJECT,
    REMOTE,
    head,
    kind,
    pieces,
    require,
)

MACROS = {"_vba_project", "_vba_project_cur"}
PACKAGE = "\1ole10native"  # any file at all, which a double click runs
ROOT = "root entry"
NAMES = MACROS | {PACKAGE, ROOT, "worddocument", "workbook", "book", "encryptedpackage"}
# Windows Installer: packages, transforms, patches
INSTALLERS = {bytes.fromhex(f"{kind}100C0000000000C000000000000046") for kind in ("84", "82", "86")}
# BoundSheet8 of a sheet of Excel 4 macros (MS-XLS 2.4.28): its length and its name's must agree,
# which random bytes of 50 MB do once in a million files
MACRO_SHEET = re.compile(rb"\x85\0(.)\0.{3}[\0-\x03][\0-\x02]\x01(.)(.)", re.DOTALL)
# A field's instruction begins with 0x13; text has one or two bytes a letter (MS-DOC 2.8.25)
DDE = re.compile(rb"\x13\0?(?:\x20\0?){0,8}D\0?D\0?E\0?(?:A\0?U\0?T\0?O\0?)?[ \"\\]", re.IGNORECASE)


def names(file):
    """Which of NAMES the directory has, unless its root is an installer's.

    Entries have 128 bytes and stand at multiples of 128. Reading every such block instead of
    following the sector chain is short, and a broken chain hides nothing.
    """
    found = set()
    while chunk := file.read(CHUNK):
        chunk = chunk.ljust(-(-len(chunk) // 128) * 128, b"\0")
        for name, length, entry, owner in struct.iter_unpack("<64sHB13x16s32x", chunk):
            require(entry != 5 or owner not in INSTALLERS)
            if entry == 5:
                found.add(ROOT)
            elif entry in {1, 2} and 2 < length <= 64:  # a storage or a stream
                found.add(name[: length - 2].decode("utf-16-le", "replace").lower())
        found &= NAMES
    return found


def is_locked(path):
    """A document with a password is a compound file around what nobody can look into."""
    if head(path, 8) != OLE:
        return False
    with path.open("rb") as file:
        return "encryptedpackage" in names(file)


def check_object(file):
    """An object inside of a document: no package, no macros; other programs' documents pass."""
    found = names(file)
    require(ROOT in found and PACKAGE not in found, OBJECT)
    require(not found & MACROS, MACRO)


def _check(path, mime_type, streams):
    """Accepted by libmagic's word or by the main stream: libmagic names some good files otherwise.

    With a password as a new format (EncryptedPackage) it is refused: nobody can look inside.
    """
    with path.open("rb") as file:
        present = names(file)
    found = kind(path)
    require(head(path, 8) == OLE and found not in PROGRAMS)
    require("encryptedpackage" not in present, LOCKED)
    require(found == mime_type or present & streams)
    require(not present & MACROS, MACRO)
    require(PACKAGE not in present, OBJECT)


def check_doc(path):
    """A Word document of the old format without macros and DDE, or RTF that asks for nothing."""
    if kind(path) == "text/rtf":
        with path.open("rb") as file:
            rtf.check(file)
        return
    _check(path, "application/msword", {"worddocument"})
    require(not any(map(DDE.search, pieces(path))), REMOTE)


def check_xls(path):
    """An Excel workbook of the old format without macros of either kind."""
    _check(path, "application/vnd.ms-excel", {"workbook", "book"})
    require(not any(map(_has_macro_sheet, pieces(path))), MACRO)


def _has_macro_sheet(chunk):
    return any(
        length[0] in {8 + name[0] * (1 + wide[0]), 7 + name[0]}  # the second: Excel 95
        for length, name, wide in MACRO_SHEET.findall(chunk)
    )
