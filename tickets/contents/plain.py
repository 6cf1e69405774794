"""Texts, sealed bids and documents known by their head: what is no page and no program."""

import codecs
import re
import struct

from tickets.contents.refusal import MISMATCH, head, kind, or_refuse, require

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
OLE = bytes.fromhex("D0CF11E0A1B11AE1")  # a compound file (MS-CFB): old documents, installers
SHORTCUT = bytes.fromhex("4C0000000114020000000000C000000000000046")  # MS-SHLLINK, 2.1
BEGINNINGS = (b"\x7fELF", OLE, SHORTCUT)

# What a browser takes for a page (WHATWG MIME Sniffing, 7.1), SVG, PHP, interpreted scripts.
# Instructions before it, such as <?xml …?>, are passed over.
MARKUP = re.compile(
    r"""
    \#!\s*/ |
    (?: <\? (?!php|=) [^>]* >\s* )*
    < (?: !-- | \?php | \?= | !doctype\s+(?:html|svg) |
        (?: (?:html|svg): )? (?: html|head|body|script|svg|iframe|h1|div|font|table|a|style|title
            |b|br|p|img|embed|meta|hta:application ) [\s/>] )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# No text has these; a log may have tabs, line ends, colours (ESC), BEL, BS, a DOS file's end
STRANGE = [chr(code) for code in (*range(1, 7), *range(14, 26), 28, 29, 30, 31)]
SMALLEST_RAR = 20  # marker and main header; an archive has more


def _starts_as_page(text):
    return MARKUP.match(text.removeprefix("\ufeff").lstrip()) is not None


def _text(start):
    """The characters of a text file's head; in UTF-16 only with a byte order mark."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        with or_refuse(MISMATCH):
            return codecs.getincrementaldecoder("utf-16")().decode(start)
    return start.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def _is_program(path):
    """The whole structure of a PE, or a beginning that random bytes never have: libmagic does not
    always know them."""
    with path.open("rb") as file:
        start = file.read(64)
        if len(start) < 64 or not start.startswith(b"MZ"):
            return start.startswith(BEGINNINGS)
        file.seek(struct.unpack_from("<I", start, 60)[0])
        return file.read(4) == b"PE\0\0"


def check_txt(path):
    """Any text, logs with HTML inside too; but nothing that *starts* as a page, and no binary."""
    text = _text(head(path))
    require("\0" not in text)
    require(sum(map(text.count, STRANGE)) * 100 <= len(text))
    require(not _starts_as_page(text))
    require(kind(path) not in PROGRAMS)


def check_rhs(path):
    """Sealed bids are random bytes: only what is certainly something else is refused."""
    require(kind(path) not in PROGRAMS | PAGES)
    require(not _is_program(path))
    start = head(path, 4096)
    for encoding in ("latin-1", "utf-8", "utf-16"):  # of which two pass over a mark at the start
        require(not _starts_as_page(start.decode(encoding, "replace")))


def check_pdf(path):
    """Only its head: scripts and embedded files are mostly compressed, so looking for them finds
    forms of ministries rather than attacks; readers run them in a box, the virus scan knows them.
    """
    require(kind(path) == "application/pdf")


def check_rar(path):
    """An archive that has more than its two headers; libmagic knows both formats."""
    require(kind(path) in {"application/x-rar", "application/vnd.rar"})
    require(path.stat().st_size > SMALLEST_RAR)
