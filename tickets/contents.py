"""What a file may be inside (R30).

The name chooses what the bytes must be. libmagic names the family of the content, zipfile decides
about Office files. No file is ever read whole into memory.
"""

import codecs
import io
import re
import struct
import threading
import zipfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.exceptions import ValidationError
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from tickets import uploads

try:
    import magic
except ImportError:  # no libmagic on the machine: pylibmagic brings one, if it is imported first
    import pylibmagic  # noqa: F401, I001
    import magic

CHUNK = 2**20
HEAD = 2**20

# Archives: entries, bytes when opened, growth when opened, bytes of the table of contents
MAX_ENTRIES = 5000
MAX_UNPACKED = 500 * 2**20
MAX_GROWTH = 200
MAX_DIRECTORY = 2 * 2**20

MAX_PIXELS = 50_000_000
PREVIEW_SIZE = (480, 480)

FORMAT = "Format file tidak didukung."
TOO_MANY = "Terlalu banyak file dalam satu kiriman. Hapus sebagian, lalu kirim lagi."
SIZE = "Ukuran file melebihi 50 MB."
EMPTY = "File kosong. Pilih file lain."
MISMATCH = "Isi file tidak sesuai dengan formatnya. Simpan ulang dari aplikasi aslinya."
MACRO = "File berisi makro. Simpan tanpa makro, atau sebagai pdf."
BOMB = "Arsip terlalu besar bila dibuka. Bagi menjadi beberapa arsip."
PICTURE = "Gambar rusak atau terlalu besar. Simpan ulang, atau perkecil."


class Refused(Exception):
    """A file is not accepted; carries the sentence."""


def check(upload):
    """Raises a ValidationError that names the file, unless it is accepted."""
    name = uploads.clean_name(upload.name)
    try:
        _check(upload, uploads.extension(name))
    except Refused as refused:
        raise ValidationError(f"{name}: {refused}", code="upload") from refused


def _check(upload, ending):
    if ending not in CONTENT:
        raise Refused(FORMAT)
    if upload.size > uploads.MAX_FILE_SIZE:
        raise Refused(SIZE)
    if not getattr(upload, "is_kept", True):
        raise Refused(TOO_MANY)
    if not upload.size:
        raise Refused(EMPTY)
    with _on_disk(upload) as path:
        CONTENT[ending](path)


@contextmanager
def _on_disk(upload):
    """The path of the upload's bytes: libmagic and zipfile want the whole file, by path."""
    if hasattr(upload, "temporary_file_path"):
        upload.flush()
        yield Path(upload.temporary_file_path())
        return
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        yield Path(copy.name)


@contextmanager
def _or_refuse(sentence):
    """Refuses with the sentence when a parser fails: on hostile bytes it may raise anything."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        raise Refused(sentence) from error


def _type(path):
    with _or_refuse(MISMATCH):
        return magic.from_file(str(path), mime=True)


def _head(path, size=HEAD):
    with path.open("rb") as file:
        return file.read(size)


def _require(condition, sentence=MISMATCH):
    if not condition:
        raise Refused(sentence)


# application/x-dosexec is missing on purpose: libmagic sees it in 0.9 % of all random bytes, and
# random bytes are what a .rhs looks like
PROGRAMS = {
    "application/vnd.microsoft.portable-executable",
    "application/x-executable",
    "application/x-pie-executable",
    "application/x-sharedlib",
    "application/x-mach-binary",
    "application/x-msi",
    "application/vnd.ms-msi",
    "text/x-shellscript",
}
PAGES = {"text/html", "image/svg+xml"}

# What a browser takes for a page (WHATWG MIME Sniffing, 7.1), SVG, PHP, interpreted scripts.
# Instructions before it, such as <?xml …?>, are passed over.
MARKUP = re.compile(
    r"""
    \#!\s*/ |
    (?: <\? (?!php|=) [^>]* >\s* )*
    < (?: !-- | \?php | \?= | !doctype\s+(?:html|svg) |
        (?: (?:html|svg): )? (?: html|head|body|script|svg|iframe|h1|div|font|table|a|style|title
            |b|br|p|img|embed|meta ) [\s/>] )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# No text has these; a log may have tabs, line ends, colours (ESC), BEL, BS, a DOS file's end
STRANGE = [chr(code) for code in (*range(1, 7), *range(14, 26), 28, 29, 30, 31)]


def _starts_as_page(text):
    return MARKUP.match(text.removeprefix("\ufeff").lstrip()) is not None


def _text(head):
    """The characters of a text file's head; in UTF-16 only with a byte order mark."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with _or_refuse(MISMATCH):
            return codecs.getincrementaldecoder("utf-16")().decode(head)
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _is_program(path):
    """An ELF or the whole structure of a PE: never random bytes, not always known to libmagic."""
    with path.open("rb") as file:
        start = file.read(64)
        if len(start) < 64 or not start.startswith(b"MZ"):
            return start.startswith(b"\x7fELF")
        file.seek(struct.unpack_from("<I", start, 60)[0])
        return file.read(4) == b"PE\0\0"


def _check_txt(path):
    """Any text, logs with HTML inside too; but nothing that *starts* as a page, and no binary."""
    text = _text(_head(path))
    _require("\0" not in text)
    _require(sum(map(text.count, STRANGE)) * 100 <= len(text))
    _require(not _starts_as_page(text))
    _require(_type(path) not in PROGRAMS)


def _check_rhs(path):
    """Sealed bids are random bytes: only what is certainly something else is refused."""
    _require(_type(path) not in PROGRAMS | PAGES)
    _require(not _is_program(path))
    _require(not _starts_as_page(_head(path, 4096).decode("latin-1")))


def _check_pdf(path):
    _require(_type(path) == "application/pdf")


def _check_rar(path):
    _require(_type(path) in {"application/x-rar", "application/vnd.rar"})


# Archives and Office files


class _BoundedFile(io.FileIO):
    """For ZipFile, which reads all of the table of contents: 50 MB are a million objects."""

    def read(self, size=-1):
        _require(size <= MAX_DIRECTORY, BOMB)
        return super().read(size)


@contextmanager
def _archive(path):
    """The zip at path, once it is known to be harmless to open."""
    _require(_head(path, 4) in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"})
    with _or_refuse(MISMATCH), _BoundedFile(path) as file, zipfile.ZipFile(file) as archive:
        _refuse_bomb(archive.infolist(), path.stat().st_size)
        yield archive


def _refuse_bomb(entries, size):
    _require(entries, EMPTY)
    unpacked = sum(entry.file_size for entry in entries)
    _require(len(entries) <= MAX_ENTRIES and unpacked <= MAX_UNPACKED, BOMB)
    # below a megabyte a good ratio is a short log, not an attack
    _require(unpacked <= max(MAX_GROWTH * size, 2**20), BOMB)


def _check_zip(path):
    with _archive(path):
        pass


# Word and Excel keep macros in vbaProject.bin, but any part may be one: the content types tell.
# Excel 4 macros are sheets of their own.
MACRO_TYPES = (b"vbaproject", b"macroenabled", b"macrosheet")


def _check_ooxml(path, main_part):
    """zipfile decides: libmagic calls a docx octet-stream when its parts come in another order."""
    with _archive(path) as archive:
        names = {name.lower() for name in archive.namelist()}
        _require("[content_types].xml" in names)
        # Word on the web also writes word/document2.xml
        _require(any(name.startswith(main_part) and name.endswith(".xml") for name in names))
        _require(not any(name.endswith("vbaproject.bin") for name in names), MACRO)
        _require(not _declares_macros(archive), MACRO)


def _declares_macros(archive):
    entry = next(e for e in archive.infolist() if e.filename.lower() == "[content_types].xml")
    with archive.open(entry) as file:
        types = file.read(HEAD).replace(b"\0", b"").lower()
    return any(macro in types for macro in MACRO_TYPES)


OLE = bytes.fromhex("D0CF11E0A1B11AE1")
OLE_MACROS = {"_vba_project", "_vba_project_cur"}
OLE_NAMES = OLE_MACROS | {"worddocument", "workbook", "book", "encryptedpackage"}


def _ole_names(path):
    """Which of OLE_NAMES the directory has: entries of 128 bytes, always at a multiple of 128.

    Reading every such block instead of following the sector chain is short, and a broken chain
    hides nothing.
    """
    found = set()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            chunk = chunk.ljust(-(-len(chunk) // 128) * 128, b"\0")
            for name, length, kind in struct.iter_unpack("<64sHB61x", chunk):
                if kind in {1, 2} and 2 < length <= 64:  # a storage or a stream
                    found.add(name[: length - 2].decode("utf-16-le", "replace").lower())
            found &= OLE_NAMES
    return found


def _check_ole(path, mime_type, streams):
    """Accepted by libmagic's word or by the main stream: libmagic names some good files otherwise.

    An encrypted .docx in an OLE container (EncryptedPackage) is refused: nobody can look inside.
    """
    names, found = _ole_names(path), _type(path)
    _require(_head(path, 8) == OLE and found not in PROGRAMS and "encryptedpackage" not in names)
    _require(found == mime_type or names & streams)
    _require(not names & OLE_MACROS, MACRO)


def _check_doc(path):
    if _type(path) != "text/rtf":
        _check_ole(path, "application/msword", {"worddocument"})


# Pictures

PICTURES = {"jpg": JpegImageFile, "png": PngImageFile}
# Eight threads that decode 50 million pixels each would need gigabytes: they take turns
_decoding = threading.Lock()


@contextmanager
def _picture(path, ending):
    """The picture, opened by its header only, and not if it has too many pixels.

    The format's own class instead of Image.open: no other of Pillow's parsers sees the bytes, and
    the limit is ours instead of a process-wide warning.
    """
    with _or_refuse(PICTURE), _decoding, path.open("rb") as file, PICTURES[ending](file) as image:
        _require(image.width * image.height <= MAX_PIXELS, PICTURE)
        yield image


def _check_jpg(path):
    _require(_type(path) == "image/jpeg")
    with _picture(path, "jpg") as image:
        image.draft("RGB", PREVIEW_SIZE)  # decodes an eighth, but reads to the end: finds a cut
        image.load()


def _check_png(path):
    _require(_type(path) in {"image/png", "image/apng", "image/vnd.mozilla.apng"})
    with _picture(path, "png") as image:
        image.verify()  # the checksum of every block, to the end


def preview(upload):
    """A small JPEG of a checked picture, upright and without metadata; None for anything else."""
    ending = uploads.extension(upload.name)
    if ending not in PICTURES:
        return None
    try:
        with _on_disk(upload) as path, _picture(path, ending) as image:
            return _small_jpeg(image)
    except Refused:  # its checksums are right, its pixels are not
        return None


def _small_jpeg(image):
    image.draft("RGB", PREVIEW_SIZE)
    if image.mode not in {"L", "RGB", "RGBA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail(PREVIEW_SIZE)
    image = ImageOps.exif_transpose(image).convert("RGBA")
    # a new canvas: Pillow would copy the comment of the original
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image)
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=80)
    return output.getvalue()


CONTENT = {
    "jpg": _check_jpg,
    "png": _check_png,
    "txt": _check_txt,
    "doc": _check_doc,
    "docx": partial(_check_ooxml, main_part="word/document"),
    "xls": partial(_check_ole, mime_type="application/vnd.ms-excel", streams={"workbook", "book"}),
    "xlsx": partial(_check_ooxml, main_part="xl/workbook"),
    "pdf": _check_pdf,
    "zip": _check_zip,
    "rar": _check_rar,
    "rhs": _check_rhs,
}
