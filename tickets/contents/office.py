"""Word and Excel: nothing that runs when it is opened, nothing that is fetched from elsewhere.

zipfile decides about the new formats: libmagic calls a docx octet-stream when its parts come in
another order. Their lists of parts are read as XML, as Word reads them: a search in the bytes
misses what is written as &#77;acro.
"""

import re
import struct
from xml.etree import ElementTree

from tickets.contents import archives
from tickets.contents.plain import OLE, PROGRAMS
from tickets.contents.refusal import (
    BOMB,
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

MAX_LISTS = 8 * 2**20  # bytes of all lists of parts together: some 40,000 links
TYPES = "[content_types].xml"

# Word and Excel keep macros in vbaProject.bin, but any part may be one: the content types tell.
# Excel 4 macros are sheets of their own.
MACRO_TYPES = ("vbaproject", "macroenabled", "macrosheet")
# What opening fetches and obeys; a hyperlink waits for a click, a linked picture is only shown
FETCHED = ("/oleobject", "/attachedtemplate", "/frame", "/subdocument", "/afchunk")
ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]+:|[/\\]{2})", re.IGNORECASE)
ON_DISK = re.compile(r"\s*file:/{2,3}[a-z]:", re.IGNORECASE)  # a template of the author's own
PROGRAM_NAMES = (".exe", ".dll", ".scr", ".js", ".vbs", ".hta", ".bat", ".cmd", ".ps1", ".lnk")


def check_docx(path):
    """A Word document without macros, templates from elsewhere and programs."""
    _check_parts(path, "word/document")  # Word on the web also writes word/document2.xml


def check_xlsx(path):
    """An Excel workbook without macros and programs."""
    _check_parts(path, "xl/workbook")


def _check_parts(path, main_part):
    require(not _is_locked(path), LOCKED)
    with archives.opened(path) as archive:
        parts = {entry.filename.lower(): entry for entry in archive.infolist()}
        # two parts of one name: each program reads another
        require(TYPES in parts and len(parts) == len(archive.infolist()))
        require(any(name.startswith(main_part) and name.endswith(".xml") for name in parts))
        require(not any(name.endswith(PROGRAM_NAMES) for name in parts))
        require(not any(name.endswith("vbaproject.bin") for name in parts), MACRO)
        require(not any(_has_doctype(archive, parts[name]) for name in parts if _is_xml(name)))
        _check_lists(archive, parts)


def _is_locked(path):
    """A document with a password is a compound file around what nobody can look into."""
    return head(path, 8) == OLE and "encryptedpackage" in _ole_names(path)


def _is_xml(name):
    return name.endswith((".xml", ".rels"))


def _has_doctype(archive, entry):
    """Office writes none and refuses it; it is where attacks with entities begin."""
    with archive.open(entry) as file:
        return b"<!DOCTYPE" in file.read(4096).replace(b"\0", b"")


def _check_lists(archive, parts):
    lists = [part for name, part in parts.items() if name.endswith(".rels")]
    require(sum(part.file_size for part in (parts[TYPES], *lists)) <= MAX_LISTS, BOMB)
    for item in _items(archive, parts[TYPES]):
        declared = item.get("ContentType", "").lower()
        require(not any(macro in declared for macro in MACRO_TYPES), MACRO)
    for part in lists:
        for item in _items(archive, part):
            require("vbaproject" not in item.get("Type", "").lower(), MACRO)
            require(not _fetches(item), REMOTE)


def _items(archive, entry):
    """The attributes of each element of a list; an entity's text cannot be, without a doctype."""
    with archive.open(entry) as file:
        for _, element in ElementTree.iterparse(file):  # noqa: S314
            yield element.attrib
            element.clear()


def _fetches(item):
    """Whether opening the document obeys something from the network (CVE-2017-0199, Follina)."""
    target = item.get("Target", "")
    is_obeyed = item.get("Type", "").lower().endswith(FETCHED)
    return is_obeyed and bool(ELSEWHERE.match(target)) and not ON_DISK.match(target)


# The old formats: compound files (MS-CFB)

OLE_MACROS = {"_vba_project", "_vba_project_cur"}
# Windows Installer: packages, transforms, patches
INSTALLERS = {bytes.fromhex(f"{kind}100C0000000000C000000000000046") for kind in ("84", "82", "86")}
OLE_NAMES = OLE_MACROS | {"worddocument", "workbook", "book", "encryptedpackage"}
# BoundSheet8 of a sheet of Excel 4 macros (MS-XLS 2.4.28): its length and its name's must agree,
# which random bytes of 50 MB do once in a million files
MACRO_SHEET = re.compile(rb"\x85\0(.)\0.{3}[\0-\x03][\0-\x02]\x01(.)(.)", re.DOTALL)
RTF_OBJECT = re.compile(rb"\\(?:objdata|objupdate|objautlink|objocx|objhtml)", re.IGNORECASE)


def _ole_names(path):
    """Which of OLE_NAMES the directory has, unless its root is an installer's.

    Entries have 128 bytes and stand at multiples of 128. Reading every such block instead of
    following the sector chain is short, and a broken chain hides nothing.
    """
    found = set()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            chunk = chunk.ljust(-(-len(chunk) // 128) * 128, b"\0")
            for name, length, entry, owner in struct.iter_unpack("<64sHB13x16s32x", chunk):
                require(entry != 5 or owner not in INSTALLERS)
                if entry in {1, 2} and 2 < length <= 64:  # a storage or a stream
                    found.add(name[: length - 2].decode("utf-16-le", "replace").lower())
            found &= OLE_NAMES
    return found


def _check_ole(path, mime_type, streams):
    """Accepted by libmagic's word or by the main stream: libmagic names some good files otherwise.

    With a password as a new format (EncryptedPackage) it is refused: nobody can look inside.
    """
    names, found = _ole_names(path), kind(path)
    require(head(path, 8) == OLE and found not in PROGRAMS)
    require("encryptedpackage" not in names, LOCKED)
    require(found == mime_type or names & streams)
    require(not names & OLE_MACROS, MACRO)


def check_doc(path):
    """A Word document of the old format without macros, or RTF without objects."""
    if kind(path) == "text/rtf":
        require(not any(map(RTF_OBJECT.search, pieces(path))), OBJECT)
    else:
        _check_ole(path, "application/msword", {"worddocument"})


def check_xls(path):
    """An Excel workbook of the old format without macros of either kind."""
    _check_ole(path, "application/vnd.ms-excel", {"workbook", "book"})
    require(not any(map(_has_macro_sheet, pieces(path))), MACRO)


def _has_macro_sheet(chunk):
    return any(
        length[0] in {8 + name[0] * (1 + wide[0]), 7 + name[0]}  # the second: Excel 95
        for length, name, wide in MACRO_SHEET.findall(chunk)
    )
