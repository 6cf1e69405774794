"""What a file may be, and how its bytes arrive (R29, R30, R49)."""

import hashlib
import io
import random
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.test import Client, RequestFactory
from PIL import Image, PngImagePlugin

from tests.tickets.samples import (
    HTML,
    LOG,
    MIB,
    PDF,
    RANDOM,
    RAR4,
    RAR5,
    SHELL,
    SVG,
    archive,
    declared,
    doc,
    docx,
    encrypted_zip,
    linux_program,
    lying_zip,
    noise,
    office,
    ole,
    ole_entry,
    picture,
    png_header,
    table_of_contents_of,
    windows_program,
    xls,
    xlsx,
)
from tickets import contents, uploads
from tickets.contents import refusal

arrived = []


@pytest.fixture(autouse=True)
def incoming(settings, tmp_path):
    """The folder of arriving files, empty at the start."""
    folder = tmp_path / "incoming"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = folder
    settings.FILE_UPLOAD_HANDLERS = ["tickets.uploads.StreamingUploadHandler"]
    yield folder
    while arrived:
        arrived.pop().close()


GOOD = {
    "jpg": ("foto.jpg", picture()),
    "jpeg in capitals": ("FOTO.JPEG", picture()),
    "progressive jpg": ("foto.jpg", picture(progressive=True)),
    "grey jpg": ("foto.jpg", picture(mode="L", color=9)),
    "CMYK jpg": ("foto.jpg", picture(mode="CMYK", color=(1, 2, 3, 4))),
    "jpg followed by a camera's own bytes": ("foto.jpg", picture() + b"SEFT" + bytes(99)),
    "png": ("layar.png", picture("PNG")),
    "transparent png": ("layar.png", picture("PNG", mode="RGBA", color=(0, 0, 0, 0))),
    "palette png": ("layar.png", picture("PNG", mode="P", color=3)),
    "txt": ("log.txt", b"Galat saat unggah\r\n"),
    "txt of one letter": ("a.txt", b"a"),
    "txt log with HTML inside": ("log.txt", LOG),
    "txt of JSON": ("log.txt", b'{"kode": 500}'),
    "txt of XML": ("log.txt", b'<?xml version="1.0"?>\n<soap:Envelope></soap:Envelope>'),
    "txt with colours": ("log.txt", b"\x1b[31mERROR\x1b[0m gagal\n" * 20),
    "txt in UTF-8 with BOM": ("log.txt", "\ufeffPaket “A” – gagal 😀".encode()),
    "txt in UTF-16": ("log.txt", "Paket gagal 😀\r\n".encode("utf-16")),
    "txt in UTF-16 BE": ("log.txt", b"\xfe\xff" + "Paket gagal".encode("utf-16-be")),
    "txt in Windows-1252": ("log.txt", "Café “lpse”".encode("cp1252")),
    "txt that mentions a tag": ("log.txt", b"Galat: <b>merah</b>"),
    "txt cut inside a UTF-16 letter": ("log.txt", b"\xff\xfea\0b"),
    "doc": ("surat.doc", doc()),
    "rtf as doc": ("surat.doc", rb"{\rtf1\ansi Surat {\b resmi}.}"),
    "docx": ("surat.docx", docx()),
    "docx of Word on the web": ("surat.docx", office("word/document2.xml")),
    "docx with its parts in another order": (
        "surat.docx",
        archive(
            {
                "_rels/.rels": "<Relationships/>",
                "word/document.xml": "",
                "[Content_Types].xml": "<Types/>",
            }
        ),
    ),
    "xls": ("data.xls", xls()),
    "xls of Excel 95": ("data.xls", ole("Book")),
    "xlsx": ("data.xlsx", xlsx()),
    "pdf": ("surat.pdf", PDF),
    "zip": ("berkas.zip", archive({"a.txt": "isi", "b/c.log": "isi"})),
    "zip of a document": ("berkas.zip", docx()),
    "zip of a short log": ("berkas.zip", archive({"a.log": "x" * 900_000})),
    "rar 4": ("berkas.rar", RAR4),
    "rar 5": ("berkas.rar", RAR5),
    "rhs": ("penawaran.rhs", RANDOM),
    "rhs that begins like a DOS program": ("penawaran.rhs", b"MZ" + RANDOM),
    "rhs of OpenSSL": ("penawaran.rhs", b"Salted__" + RANDOM),
    "rhs of PGP": ("penawaran.rhs", b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n"),
    "rhs of one byte": ("penawaran.rhs", b"\x80"),
}


GOOD["encrypted zip"] = ("berkas.zip", encrypted_zip())


BAD = {
    refusal.FORMAT: {
        "program": ("setup.exe", windows_program()),
        "page": ("halaman.html", HTML),
        "svg": ("gambar.svg", SVG),
        "gif": ("gambar.gif", picture("GIF")),
        "document with macros": ("surat.docm", docx()),
        "no extension": ("surat", PDF),
        "extension in the middle": ("surat.pdf.exe", PDF),
        "extension behind a control character": ("surat.pdf\x00.exe", PDF),
        "blank instead of an extension": ("surat. pdf file", PDF),
        "only the extension's word": ("pdf", PDF),
    },
    refusal.EMPTY: {
        "empty jpg": ("foto.jpg", b""),
        "empty txt": ("log.txt", b""),
        "empty rhs": ("penawaran.rhs", b""),
        "zip without entries": ("berkas.zip", archive({})),
    },
    refusal.MISMATCH: {
        "html as jpg": ("foto.jpg", HTML),
        "html as png": ("foto.png", HTML),
        "html as pdf": ("surat.pdf", HTML),
        "html as txt": ("log.txt", HTML),
        "html as doc": ("surat.doc", HTML),
        "html as docx": ("surat.docx", HTML),
        "html as xls": ("data.xls", HTML),
        "html as xlsx": ("data.xlsx", HTML),
        "html as zip": ("berkas.zip", HTML),
        "html as rar": ("berkas.rar", HTML),
        "html as rhs": ("penawaran.rhs", HTML),
        "svg as png": ("layar.png", SVG),
        "svg as txt": ("log.txt", SVG),
        "svg as rhs": ("penawaran.rhs", SVG),
        "svg behind an XML line as txt": ("log.txt", b'<?xml version="1.0"?>\n' + SVG),
        "svg behind blanks as txt": ("log.txt", b" \n" * 5000 + SVG),
        "page with capitals as txt": ("log.txt", b"<HTML >"),
        "page with BOM as txt": ("log.txt", b"\xef\xbb\xbf" + HTML),
        "page in UTF-16 as txt": ("log.txt", HTML.decode().encode("utf-16")),
        "page behind a comment as txt": ("log.txt", b"<!-- log --><script>alert(1)</script>"),
        "tag with a handler as txt": ("log.txt", b"<b onmouseover=alert(1)>x</b>"),
        "php as txt": ("log.txt", b"<?php system($_GET['a']); ?>"),
        "shell script as txt": ("log.txt", SHELL),
        "shell script as rhs": ("penawaran.rhs", SHELL),
        "Windows program as jpg": ("foto.jpg", windows_program()),
        "Windows program as pdf": ("surat.pdf", windows_program()),
        "Windows program as txt": ("log.txt", windows_program()),
        "Windows program as docx": ("surat.docx", windows_program()),
        "Windows program as zip": ("berkas.zip", windows_program()),
        "Windows program as rhs": ("penawaran.rhs", windows_program()),
        "self-extracting zip": ("berkas.zip", windows_program() + archive({"a.txt": "isi"})),
        "page with a docx behind it": ("surat.docx", HTML + docx()),
        "Linux program as txt": ("log.txt", linux_program()),
        "Linux program as rhs": ("penawaran.rhs", linux_program()),
        "binary as txt": ("log.txt", RANDOM),
        "binary without NUL as txt": ("log.txt", RANDOM.replace(b"\0", b"")),
        "binary behind a UTF-16 BOM as txt": ("log.txt", b"\xff\xfe" + RANDOM),
        "UTF-16 without BOM": ("log.txt", "Paket".encode("utf-16-le")),
        "png as jpg": ("foto.jpg", picture("PNG")),
        "jpg as png": ("layar.png", picture()),
        "gif as jpg": ("foto.jpg", picture("GIF")),
        "pdf as docx": ("surat.docx", PDF),
        "zip as docx": ("surat.docx", archive({"a.txt": "isi"})),
        "zip as rar": ("berkas.rar", archive({"a.txt": "isi"})),
        "rar as zip": ("berkas.zip", RAR5),
        "xlsx as docx": ("surat.docx", xlsx()),
        "docx as xlsx": ("data.xlsx", docx()),
        "docx as doc": ("surat.doc", docx()),
        "xlsx as xls": ("data.xls", xlsx()),
        "doc as docx": ("surat.docx", doc()),
        "doc as xls": ("data.xls", doc()),
        "xls as doc": ("surat.doc", xls()),
        "rtf as xls": ("data.xls", rb"{\rtf1\ansi Surat.}"),
        "csv as xls": ("data.xls", b"a,b,c\n1,2,3\n"),
        "some other compound file as doc": ("surat.doc", ole("PowerPoint Document")),
        "docx without content types": ("surat.docx", archive({"word/document.xml": ""})),
        "cut zip": ("berkas.zip", archive({"a": "isi" * 999, "b": "isi"})[:-30]),
        "cut docx": ("surat.docx", docx()[:200]),
        "only a zip's first bytes": ("berkas.zip", b"PK\x03\x04"),
        "cut pdf head": ("surat.pdf", b"%PD"),
    },
    refusal.MACRO: {
        "docx": ("surat.docx", docx(word__vbaProject="", **{"word__vbaProject.bin": "VBA"})),
        "xlsx": ("data.xlsx", xlsx(**{"xl__VBAPROJECT.BIN": "VBA"})),
        "docx with the macros under another name": (
            "surat.docx",
            docx(types=declared("application/vnd.ms-office.vbaProject")),
        ),
        "docm renamed": (
            "surat.docx",
            docx(types=declared("application/vnd.ms-word.document.macroEnabled.main+xml")),
        ),
        "xlsx with Excel 4 macros": (
            "data.xlsx",
            xlsx(types=declared("application/vnd.ms-excel.macrosheet+xml")),
        ),
        "doc": ("surat.doc", ole("WordDocument", "Macros", "VBA", "_VBA_PROJECT")),
        "doc in other case": ("surat.doc", ole("WordDocument", "_vba_Project")),
        "xls": ("data.xls", ole("Workbook", "_VBA_PROJECT_CUR")),
    },
    refusal.LOCKED: {
        "docx": ("surat.docx", ole("EncryptionInfo", "EncryptedPackage")),
        "xlsx": ("data.xlsx", ole("EncryptionInfo", "EncryptedPackage")),
        "docx as doc": ("surat.doc", ole("EncryptionInfo", "EncryptedPackage")),
    },
    refusal.BOMB: {
        "zip that grows much": ("berkas.zip", archive({"a": bytes(20 * MIB)})),
        "docx that grows much": ("surat.docx", docx(word__a=bytes(20 * MIB))),
        "xlsx that grows much": ("data.xlsx", xlsx(xl__a=bytes(20 * MIB))),
        "zip that says 2 GB": ("berkas.zip", lying_zip(2**31)),
        "zip of too many entries": (
            "berkas.zip",
            archive(dict.fromkeys(map(str, range(5001)), "")),
        ),
        "zip of nothing but a list": ("berkas.zip", table_of_contents_of(40_000)),
        "zip of nothing but a long list": ("berkas.zip", table_of_contents_of(60_000)),
    },
    refusal.PICTURE: {
        "cut jpg": ("foto.jpg", noise("JPEG")[:-5000]),
        "cut progressive jpg": ("foto.jpg", picture(size=(900, 900), progressive=True)[:-60]),
        "jpg that is only a head": ("foto.jpg", picture()[:300]),
        "marker of jpg and a page": ("foto.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + HTML),
        "cut png": ("layar.png", noise("PNG")[:-5000]),
        "png without its end": ("layar.png", picture("PNG")[:-12]),
        "png with a wrong checksum": ("layar.png", picture("PNG")[:-20] + bytes(20)),
        "png of too many pixels": ("layar.png", png_header(10_000, 5_001)),
        "png of absurdly many pixels": ("layar.png", png_header(2**31 - 1, 2**31 - 1)),
        "jpg of too many pixels": ("foto.jpg", picture(size=(10_000, 5_001), mode="L", color=0)),
    },
}


def named(samples):
    return [pytest.param(*sample, id=label) for label, sample in samples.items()]


def sentences(name, content):
    """The sentences that refuse a file."""
    with pytest.raises(ValidationError) as refused:
        contents.check(SimpleUploadedFile(name, content))
    return refused.value.messages


@pytest.mark.parametrize(("name", "content"), named(GOOD))
def test_a_good_file_is_accepted(name, content):
    upload = SimpleUploadedFile(name, content)

    contents.check(upload)

    assert upload.read() == content


def test_the_good_files_cover_all_formats():
    assert {uploads.extension(name) for name, _ in GOOD.values()} == set(uploads.EXTENSIONS) - {
        "jpeg"
    }


@pytest.mark.parametrize(
    ("sentence", "name", "content"),
    [
        pytest.param(sentence, *sample, id=label)
        for sentence, samples in BAD.items()
        for label, sample in samples.items()
    ],
)
def test_a_bad_file_is_refused_with_a_sentence_that_names_it(sentence, name, content):
    assert sentences(name, content) == [f"{uploads.clean_name(name)}: {sentence}"]


@pytest.mark.parametrize(("name", "content"), named(GOOD))
def test_a_good_file_is_accepted_as_it_streams(name, content):
    upload = stream(name, content)

    contents.check(upload)

    assert (upload.read(), upload.sha256) == (content, hashlib.sha256(content).hexdigest())


def test_a_file_of_51_mb_is_refused():
    upload = SimpleUploadedFile("besar.rhs", b"x")
    upload.size = 51 * MIB

    with pytest.raises(ValidationError, match=r"^\['besar.rhs: Ukuran file melebihi 50 MB.'\]$"):
        contents.check(upload)


def test_a_percent_sign_in_the_name_is_only_a_percent_sign():
    assert sentences("100%s.exe", b"x") == ["100%s.exe: Format file tidak didukung."]


@pytest.mark.parametrize("kind", ["zip", "docx", "xlsx", "doc", "xls", "jpg", "png", "txt", "pdf"])
def test_damaged_bytes_are_accepted_or_refused_but_never_an_error(kind):
    name, good = GOOD[kind]
    luck = random.Random(kind)

    for _ in range(150):
        content = bytearray(good)
        for _ in range(luck.randint(1, 12)):
            content[luck.randrange(len(content))] = luck.randrange(256)
        upload = SimpleUploadedFile(name, bytes(content[: luck.randint(1, len(content))]))
        with suppress(ValidationError):
            contents.check(upload)
        contents.preview(upload)


def test_random_bytes_are_always_a_good_rhs():
    luck = random.Random(3)

    for _ in range(500):
        contents.check(SimpleUploadedFile("penawaran.rhs", luck.randbytes(4096)))


def test_a_compound_file_is_searched_to_its_end():
    content = doc() + bytes(3 * MIB) + ole_entry("_VBA_PROJECT", 2, 0)

    assert sentences("surat.doc", content) == [
        "surat.doc: File berisi makro. Simpan tanpa makro, atau sebagai pdf."
    ]


def test_a_text_that_speaks_of_macros_has_none():
    content = doc() + "Hapus _VBA_PROJECT dari dokumen.".encode("utf-16-le")

    contents.check(SimpleUploadedFile("surat.doc", content))


def test_hostile_markup_is_judged_in_no_time():
    content = b"<?xml" + b"<?xml ?>" * 100_000 + b"<" * 100_000

    contents.check(SimpleUploadedFile("log.txt", content))


def test_checking_keeps_no_file_behind(incoming):
    contents.check(SimpleUploadedFile("surat.docx", docx()))

    assert list(incoming.iterdir()) == []


# Names


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("surat.pdf", "surat.pdf"),
        ("/etc/passwd.txt", "passwd.txt"),
        (r"C:\Users\budi\surat.pdf", "surat.pdf"),
        ("../../../surat.pdf", "surat.pdf"),
        (r"..\..\surat.pdf", "surat.pdf"),
        ("surat\x00\x07\x1b.pdf", "surat.pdf"),
        ("surat\r\nSet-Cookie: a=b.pdf", "surat Set-Cookie: a=b.pdf"),
        ("surat\u202egpj.exe", "suratgpj.exe"),
        ("\u2066surat\u2069\u200b\u200d\ufeff.pdf", "surat.pdf"),
        ("  surat \t  resmi  .pdf", "surat resmi.pdf"),
        ("a \u200b b.pdf", "a b.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("مناقصة.pdf", "مناقصة.pdf"),
        ("😀.pdf", "😀.pdf"),
        ("...surat.pdf", "surat.pdf"),
        (".pdf", "berkas.pdf"),
        ("..", "berkas"),
        ("", "berkas"),
        ("/", "berkas"),
        ("\u202e", "berkas"),
        ("\ud800.pdf", "berkas.pdf"),
        ("surat.pdf. .", "surat.pdf"),
        ("surat.tar.gz", "surat.tar.gz"),
        ("Laporan v1. Versi akhir", "Laporan v1. Versi akhir"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("a" * 300, "a" * 120),
        ("a." + "b" * 300, "a." + "b" * 118),
        ("<script>.pdf", "<script>.pdf"),
    ],
)
def test_a_name_becomes_one_visible_line(given, clean):
    assert uploads.clean_name(given) == clean
    assert uploads.clean_name(clean) == clean


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.PDF", "pdf"),
        ("a.jpeg", "jpg"),
        ("a.JPEG", "jpg"),
        ("a.jpg", "jpg"),
        ("a.pdf.exe", "exe"),
        ("a.exe\u202efdp.pdf", "pdf"),
        ("a.pdf.", "pdf"),
        ("a.b/c", ""),
        ("pdf", ""),
        ("", ""),
    ],
)
def test_the_extension_is_the_last_one_in_lower_case(name, ending):
    assert uploads.extension(name) == ending


def test_the_file_input_offers_the_eleven_formats():
    assert uploads.ACCEPT == ".jpg,.jpeg,.png,.txt,.doc,.docx,.xls,.xlsx,.pdf,.zip,.rar,.rhs"


# Previews


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", [("JPEG", "foto.jpg"), ("PNG", "layar.png")], ids=["jpg", "png"])
def test_a_preview_is_a_small_jpeg(kind):
    upload = SimpleUploadedFile(kind[1], picture(kind[0], size=(1600, 800)))

    small = opened(contents.preview(upload))

    assert (small.format, small.mode, small.size) == ("JPEG", "RGB", (480, 240))
    assert upload.read(1) != b""


def test_a_preview_of_a_small_picture_is_not_larger():
    assert opened(contents.preview(SimpleUploadedFile("a.jpg", picture()))).size == (64, 48)


def test_a_preview_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    upload = SimpleUploadedFile("foto.jpg", picture(size=(100, 50), exif=exif))

    assert opened(contents.preview(upload)).size == (50, 100)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_preview_has_no_metadata(kind):
    exif = Image.Exif()
    exif[0x010E] = "RAHASIA"
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "RAHASIA")
    extra = {"comment": b"RAHASIA"} if kind == "JPEG" else {"pnginfo": text}
    content = picture(kind, exif=exif, icc_profile=b"RAHASIA", **extra)
    assert content.count(b"RAHASIA") >= 2

    small = contents.preview(SimpleUploadedFile(f"foto.{kind.lower()}", content))

    assert b"RAHASIA" not in small
    assert set(opened(small).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("mode", "color", "options"),
    [
        ("RGBA", (0, 0, 0, 0), {}),
        ("LA", (0, 0), {}),
        ("P", 0, {"transparency": 0}),
        ("RGB", (0, 0, 0), {"transparency": (0, 0, 0)}),
        ("L", 0, {"transparency": 0}),
    ],
)
def test_what_is_transparent_becomes_white(mode, color, options):
    upload = SimpleUploadedFile("a.png", picture("PNG", mode=mode, color=color, **options))

    assert opened(contents.preview(upload)).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("kind", "mode", "color"),
    [("PNG", "1", 1), ("PNG", "I;16", 65535), ("PNG", "L", 255), ("JPEG", "CMYK", (0, 0, 0, 0))],
)
def test_every_kind_of_pixel_has_a_preview(kind, mode, color):
    content = picture(kind, mode=mode, color=color)

    small = opened(contents.preview(SimpleUploadedFile(f"a.{kind.lower()}", content)))

    assert all(value >= 254 for value in small.getpixel((9, 9)))


def test_a_picture_of_one_row_has_a_preview():
    content = picture("PNG", size=(40_000, 1))

    assert opened(contents.preview(SimpleUploadedFile("a.png", content))).size == (480, 1)


@pytest.mark.parametrize("label", ["txt", "pdf", "docx", "rhs"])
def test_nothing_but_a_picture_has_a_preview(label):
    name, content = GOOD[label]

    assert contents.preview(SimpleUploadedFile(name, content)) is None


def test_a_sealed_bid_that_is_a_picture_has_no_preview():
    assert contents.preview(SimpleUploadedFile("penawaran.rhs", picture())) is None


@pytest.mark.parametrize("content", [png_header(50, 50), png_header(20_000, 20_000), HTML])
def test_a_picture_that_cannot_be_read_has_no_preview(content):
    assert contents.preview(SimpleUploadedFile("a.png", content)) is None


def plain(kind, size, mode="RGB", **options):
    return picture(kind, size=size, mode=mode, color=0, **options)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.png", lambda: plain("PNG", (7000, 7000)), id="50 million pixels"),
        pytest.param("a.png", lambda: plain("PNG", (4000, 4000), "RGBA"), id="transparent"),
        pytest.param(
            "a.jpg",
            lambda: plain("JPEG", (7000, 7000), progressive=True, subsampling=0),
            id="progressive, kept whole until its last scan",
        ),
        pytest.param("a.jpg", lambda: plain("JPEG", (60_000, 800)), id="decoded at full size"),
    ],
)
def test_a_picture_that_would_need_too_much_memory_is_accepted_without_preview(name, content):
    upload = SimpleUploadedFile(name, content())

    contents.check(upload)

    assert contents.preview(upload) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.png", lambda: plain("PNG", (3840, 2160), "RGBA"), id="4K screen"),
        pytest.param("a.png", lambda: plain("PNG", (5120, 2880), "RGBA"), id="5K screen"),
        pytest.param("a.png", lambda: plain("PNG", (7000, 7000), "P"), id="palette"),
        pytest.param("a.png", lambda: plain("PNG", (4960, 7016), "L"), id="scan of a page"),
        pytest.param("a.jpg", lambda: plain("JPEG", (8000, 6000)), id="camera"),
        pytest.param("a.jpg", lambda: plain("JPEG", (4000, 3000), progressive=True), id="chat"),
    ],
)
def test_pictures_of_large_screens_scanners_and_cameras_have_a_preview(name, content):
    upload = SimpleUploadedFile(name, content())

    contents.check(upload)

    assert opened(contents.preview(upload)).format == "JPEG"


def scans_of(count):
    """A progressive JPEG whose last scan is said over and over: it opens for hours."""
    whole = plain("JPEG", (64, 64), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + whole[-2:]


def test_a_jpg_of_endless_scans_is_refused():
    contents.check(SimpleUploadedFile("a.jpg", scans_of(100)))

    assert sentences("a.jpg", scans_of(300)) == [f"a.jpg: {refusal.PICTURE}"]


# Streaming


def started(name, handler=None):
    handler = handler or uploads.StreamingUploadHandler()
    handler.new_file("files", name, "application/octet-stream", None, None, {})
    arrived.append(handler.file)
    return handler


def stream(name, content, handler=None):
    handler = started(name, handler)
    for start in range(0, len(content), 1000):
        handler.receive_data_chunk(content[start : start + 1000], start)
    return handler.file_complete(len(content))


def stored(upload):
    return Path(upload.temporary_file_path()).stat().st_size


def test_memory_and_disk_stay_flat_under_a_file_of_80_mb():
    handler, chunk = started("besar.rhs"), bytes(64 * 1024)

    tracemalloc.start()
    for start in range(0, 80 * MIB, len(chunk)):
        handler.receive_data_chunk(chunk, start)
    upload = handler.file_complete(80 * MIB)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < MIB
    assert stored(upload) == uploads.MAX_FILE_SIZE
    assert (upload.size, upload.too_large, upload.sha256) == (80 * MIB, True, "")
    with pytest.raises(ValidationError, match=r"besar.rhs: Ukuran file melebihi 50 MB."):
        contents.check(upload)


def test_a_file_of_exactly_50_mb_is_kept_whole_and_checked_without_reading_it_whole():
    handler, chunk = started("penawaran.rhs"), RANDOM[:4096] * 16
    for start in range(0, 50 * MIB, len(chunk)):
        handler.receive_data_chunk(chunk, start)
    upload = handler.file_complete(50 * MIB)

    tracemalloc.start()
    contents.check(upload)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4 * MIB
    assert (stored(upload), upload.size, upload.too_large) == (50 * MIB, 50 * MIB, False)
    assert upload.sha256 == hashlib.sha256(chunk * 800).hexdigest()


def test_one_byte_more_than_50_mb_is_too_large():
    handler, chunk = started("penawaran.rhs"), bytes(MIB)
    for start in range(0, 50 * MIB, MIB):
        handler.receive_data_chunk(chunk, start)
    handler.receive_data_chunk(b"x", 50 * MIB)

    upload = handler.file_complete(50 * MIB + 1)

    assert (upload.too_large, stored(upload)) == (True, 50 * MIB)


def test_a_small_file_can_be_read_by_path_at_once():
    upload = stream("a.txt", b"isi")

    assert Path(upload.temporary_file_path()).read_bytes() == b"isi"


def test_an_empty_file_arrives_and_is_refused():
    upload = stream("a.txt", b"")

    assert (upload.size, upload.too_large) == (0, False)
    with pytest.raises(ValidationError, match=r"a.txt: File kosong."):
        contents.check(upload)


def test_far_too_many_files_are_counted_but_not_kept():
    handler = uploads.StreamingUploadHandler()

    files = [stream(f"{number}.txt", b"isi", handler) for number in range(30)]

    assert [stored(file) for file in files] == [3] * 20 + [0] * 10
    assert {file.size for file in files} == {3}
    contents.check(files[19])
    with pytest.raises(ValidationError, match=r"20.txt: Terlalu banyak file dalam satu kiriman."):
        contents.check(files[20])


@pytest.mark.parametrize("upload", [SimpleUploadedFile, stream], ids=["memory", "disk"])
def test_the_hash_is_that_of_the_bytes(upload):
    assert uploads.sha256(upload("a.txt", b"isi")) == hashlib.sha256(b"isi").hexdigest()


def test_an_upload_that_breaks_off_leaves_nothing(incoming):
    handler = started("a.txt")
    handler.receive_data_chunk(b"isi", 0)
    assert len(list(incoming.iterdir())) == 1

    handler.upload_interrupted()

    assert list(incoming.iterdir()) == []


def test_an_upload_that_breaks_off_before_any_file_is_no_error():
    uploads.StreamingUploadHandler().upload_interrupted()


def test_keeping_a_file_is_a_rename(tmp_path):
    upload = stream("a.txt", b"isi")
    inode = Path(upload.temporary_file_path()).stat().st_ino
    storage = FileSystemStorage(location=tmp_path / "files")

    name = storage.save("2026/01/abc", upload)

    assert Path(storage.path(name)).stat().st_ino == inode
    upload.close()
    assert Path(storage.path(name)).read_bytes() == b"isi"


# Whole requests


def multipart(*parts, end=True, headers=""):
    """A body as a browser sends it: name and content of each file."""
    body = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        f"Content-Type: application/octet-stream\r\n{headers}\r\n".encode()
        + content
        + b"\r\n"
        for name, content in parts
    )
    return body + (b"--x--\r\n" if end else b"")


def post(body):
    return RequestFactory().post("/", body, content_type="multipart/form-data; boundary=x")


def received(body):
    request = post(body)
    files = [(file.name, file.read(), file.size) for file in request.FILES.getlist("files")]
    request.close()
    return files


def test_files_of_a_request_arrive_on_disk(incoming):
    request = post(multipart(("a.txt", b"satu"), ("b.pdf", PDF)))

    files = request.FILES.getlist("files")

    assert [(file.name, file.read()) for file in files] == [("a.txt", b"satu"), ("b.pdf", PDF)]
    assert {Path(file.temporary_file_path()).parent for file in files} == {incoming}
    request.close()
    assert list(incoming.iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a" * 300 + ".txt", "a" * 116 + ".txt"),
        ("a." + "b" * 300, "a." + "b" * 118),
        ("../../a.txt", "a.txt"),
        (r"C:\\Users\\a.txt", "a.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("a\tb\x07.txt", "ab.txt"),
        ("&#47;etc&#47;a.txt", "a.txt"),
        ("&#xD800;.txt", "\ufffd.txt"),
        ("ä" * 250 + ".txt", "ä" * 116 + ".txt"),
    ],
)
def test_a_strange_name_arrives_as_one_that_can_be_shown(sent, name):
    assert received(multipart((sent, b"isi"))) == [(name, b"isi", 3)]


def test_a_form_without_a_chosen_file_has_no_file():
    assert received(multipart(("", b""))) == []


def test_an_empty_file_of_a_request_arrives():
    assert received(multipart(("a.txt", b""))) == [("a.txt", b"", 0)]


def test_a_request_that_breaks_off_leaves_nothing(incoming):
    body = multipart(("a.txt", b"satu"), ("b.txt", b"dua" * 1000), end=False)

    request = post(body[:-1000])

    assert [file.name for file in request.FILES.getlist("files")] == ["a.txt"]
    request.close()
    assert list(incoming.iterdir()) == []


def test_an_unreadable_request_leaves_nothing(incoming):
    request = post(multipart(("a.txt", b"x"), headers="Content-Transfer-Encoding: base64\r\n"))

    def view(request):
        with pytest.raises(MultiPartParserError):
            _ = request.FILES
        return HttpResponse(str(len(list(incoming.iterdir()))))

    response = uploads.BodyLimitMiddleware(view)(request)

    assert response.content == b"1"
    assert list(incoming.iterdir()) == []


def test_the_middleware_leaves_files_that_arrived_to_the_request(incoming):
    request = post(multipart(("a.txt", b"isi")))

    uploads.BodyLimitMiddleware(lambda request: HttpResponse(len(request.FILES)))(request)

    assert request.FILES["files"].read() == b"isi"
    request.close()
    assert list(incoming.iterdir()) == []


class Unreadable:
    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def limited(length, path="/tiket/buat/"):
    """The answer to a request whose header says so, and whose body nobody may read."""
    meta = {"CONTENT_LENGTH": length, "wsgi.input": Unreadable()}
    request = RequestFactory().generic("POST", path, **meta)
    return uploads.BodyLimitMiddleware(lambda request: HttpResponse("fine"))(request)


@pytest.mark.parametrize("length", ["", "0", "17", str(260 * MIB)])
def test_a_body_within_the_limit_goes_on(length):
    response = limited(length)

    assert (response.status_code, response.content) == (200, b"fine")


@pytest.mark.parametrize(
    "length", [str(260 * MIB + 1), "9" * 5000, "-1", "+5", "abc", "1e3", "1_000", " 7", "٣"]
)
def test_a_body_over_the_limit_is_refused_unread_with_a_page(length):
    response = limited(length)

    assert response.status_code == 413
    assert response.content.count(b"</html>") == 1
    assert "50 MB" in response.content.decode()


SMALL = 128 * 1024


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", SMALL),
        ("/masuk/spse/", SMALL),
        ("/akun/login/", SMALL),
        ("/admin/login/", SMALL),
        ("/faq/apa/penilaian/", SMALL),
        ("/cari-tiket/", SMALL),
        ("/lacak-tiket/x/", SMALL),
        ("/tidak-ada/", SMALL),
        ("/admin/accounts/lpse/impor/", 10 * MIB),
    ],
)  # fmt: skip
def test_where_no_files_of_tickets_come_a_body_is_small(path, most):
    assert limited(str(most), path).status_code == 200
    assert limited(str(most + 1), path).status_code == 413


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_answered_without_reading_the_body():
    """Django's own page looks for a CSRF token in it."""
    client = Client(enforce_csrf_checks=True)
    meta = {
        "CONTENT_LENGTH": str(200 * MIB),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "HTTP_COOKIE": "csrftoken=" + "x" * 32,
        "wsgi.input": Unreadable(),
    }

    answer = client.generic("POST", "/tiket/tidak/ada/di/sini/", **meta)

    assert answer.status_code == 404


def test_a_request_without_a_body_goes_on():
    middleware = uploads.BodyLimitMiddleware(lambda request: HttpResponse("fine"))

    assert middleware(RequestFactory().get("/")).status_code == 200
