"""Small valid files of every format that people may attach, made on the spot."""

import io
import random
import struct
import zipfile
from zlib import crc32

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from tickets import uploads
from tickets.contents import plain

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument"


def upload(name):
    """A file called `name` with some content of its format, as a browser would send it."""
    return SimpleUploadedFile(name, MAKERS[uploads.extension(name)](_title(name)))


def _title(name):
    return name.rpartition(".")[0].replace("-", " ").capitalize()


def _lines(title):
    return [title, "File contoh untuk latihan LPSE Support.", "Semua isinya rekaan."]


def _txt(title):
    log = [f"10:4{n},INFO,contoh,percobaan {n} gagal: waktu habis" for n in range(8)]
    return "\r\n".join([*_lines(title), *log]).encode()


def _picture(kind):
    """A maker of screenshots: a window with an error in it."""

    def make(title):
        image = Image.new("RGB", (900, 560), "#f3f5f8")
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, 900, 64), fill="#2c4a7c")
        draw.text((28, 18), "SPSE (gambar contoh)", "white", ImageFont.load_default(26))
        draw.rectangle((60, 130, 840, 430), fill="white", outline="#b3261e", width=3)
        for row, line in enumerate(_lines(title)):
            draw.text((96, 180 + 64 * row), line, "#1b1b1f", ImageFont.load_default(28))
        output = io.BytesIO()
        image.save(output, kind)
        return output.getvalue()

    return make


def _doc(title):
    """Rich text, which Word itself may store under .doc."""
    return (r"{\rtf1\ansi " + r"\par ".join(_lines(title)) + "}").encode()


def _pdf(title):
    """One page of A4."""
    shown = " ".join(f"({line}) Tj 0 -28 Td" for line in _lines(title))
    stream = f"BT /F1 16 Tf 72 740 Td {shown} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(f"{len(body):010d} 00000 n \n")
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{''.join(places)}"
    trailer = (
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    )
    return (body + table + trailer).encode()


def _archive(parts):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return output.getvalue()


def _zip(title):
    return _archive({"catatan.txt": _txt(title), "tangkapan-layar.png": _picture("PNG")(title)})


def _relation(kind, target):
    return (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _types(**overrides):
    listed = "".join(
        f'<Override PartName="/{part}" ContentType="{MAIN}.{kind}+xml"/>'
        for part, kind in overrides.items()
    )
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{listed}</Types>"
    )


def _docx(title):
    schema = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in _lines(title))
    return _archive(
        {
            "[Content_Types].xml": _types(
                **{"word/document.xml": "wordprocessingml.document.main"}
            ),
            "_rels/.rels": _relation("officeDocument", "word/document.xml"),
            "word/document.xml": f'{XML}<w:document xmlns:w="{schema}"><w:body>{text}</w:body>'
            "</w:document>",
        }
    )


def _xlsx(title):
    schema = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{line}</t></is></c></row>'
        for n, line in enumerate(_lines(title), start=1)
    )
    parts = {"xl/workbook.xml": "sheet.main", "xl/worksheets/sheet1.xml": "worksheet"}
    return _archive(
        {
            "[Content_Types].xml": _types(
                **{part: f"spreadsheetml.{kind}" for part, kind in parts.items()}
            ),
            "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f'{XML}<workbook {schema} xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Contoh" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f"{XML}<worksheet {schema}><sheetData>{rows}</sheetData>"
            "</worksheet>",
        }
    )


def _xls(title):
    """A BIFF5 sheet: a stream of records, in a compound file of its own."""
    start = _record(0x809, struct.pack("<4H", 0x500, 5, 0, 1993)) + _record(0x42, b"\xe4\x04")
    end = _record(0x0A)
    offset = len(start) + 4 + 13 + len(end)
    sheet = _record(0x85, struct.pack("<IHB", offset, 0, 6) + b"Contoh")
    cells = [
        _record(0x204, struct.pack("<4H", row, 0, 0, len(line)) + line.encode("ascii"))
        for row, line in enumerate(_lines(title))
    ]
    worksheet = _record(0x809, struct.pack("<4H", 0x500, 0x10, 0, 1993))
    return _compound_file("Book", start + sheet + end + worksheet + b"".join(cells) + end)


def _record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def _compound_file(name, stream):
    """MS-CFB with one stream: header, allocation table, directory, then 4 KB or more of content."""
    free, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    sectors = max(8, -(-len(stream) // 512))
    chain = [table, last, *range(3, sectors + 2), last]
    header = plain.OLE + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, last, 0, last, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    directory = _entry("Root Entry", 5, child=1, start=last, size=0)
    directory += _entry(name, 2, child=free, start=2, size=sectors * 512)
    allocation = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    return header + allocation + directory.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def _entry(name, kind, *, child, start, size):
    free = 0xFFFFFFFF
    encoded = name.encode("utf-16-le") + b"\0\0"
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(encoded), kind, 1, free, free, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _rar(title):
    """RAR 5 with one file, stored as it is."""
    content, name = _txt(title), b"catatan.txt"
    size = struct.pack("<BB", len(content) & 0x7F | 0x80, len(content) >> 7)
    facts = b"\x04" + size + b"\x00" + struct.pack("<I", crc32(content))
    # host system Windows, then the name; 0x04: the header says the content's checksum
    file = b"\x02\x02" + size + facts + b"\x00\x00" + bytes([len(name)]) + name
    blocks = [_rar_block(b"\x01\x00\x00"), _rar_block(file), content, _rar_block(b"\x05\x00\x00")]
    return b"Rar!\x1a\x07\x01\x00" + b"".join(blocks)


def _rar_block(header):
    sized = bytes([len(header)]) + header
    return struct.pack("<I", crc32(sized)) + sized


def _rhs(title):
    """Sealed bids are noise to everybody but their Pokja."""
    return random.Random(title).randbytes(6000)  # noqa: S311 # nosec B311 # opaque, no secret


MAKERS = {
    "jpg": _picture("JPEG"),
    "png": _picture("PNG"),
    "txt": _txt,
    "doc": _doc,
    "docx": _docx,
    "xls": _xls,
    "xlsx": _xlsx,
    "pdf": _pdf,
    "zip": _zip,
    "rar": _rar,
    "rhs": _rhs,
}
