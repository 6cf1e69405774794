"""Names, pages, programs, sealed bids, sizes and the virus that is none."""

from tests.tickets.hostile_files.archives import entry, patched
from tests.tickets.hostile_files.hostile import ACCEPTED, EMPTY, FORMAT, MISMATCH, SIZE, Hostile
from tests.tickets.samples import (
    HTML,
    MIB,
    PDF,
    RANDOM,
    RAR5,
    SHELL,
    SVG,
    archive,
    docx,
    linux_program,
    ole,
    picture,
    windows_program,
)

SHORTCUT = bytes.fromhex("4C0000000114020000000000C000000000000046") + bytes(80)
INSTALLER = bytes.fromhex("84100C0000000000C000000000000046")
MACH = bytes.fromhex("CFFAEDFE0700000103000000020000001000000058050000") + bytes(200)
MARK = b"\xef\xbb\xbf"  # of UTF-8
JAVA = bytes.fromhex("CAFEBABE00000034") + bytes(100)


def eicar():
    """The text that virus scanners agreed to take for a virus (eicar.org)."""
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def of_size(size):
    def pieces():
        yield from [RANDOM[:4096] * 256] * (size // MIB)
        yield b"x" * (size % MIB)

    return pieces


NAMES = [
    Hostile("program", "setup.exe", FORMAT, windows_program(), "no such format"),
    Hostile("page", "halaman.html", FORMAT, HTML, "no such format"),
    Hostile("double ending", "surat.pdf.exe", FORMAT, PDF, "Windows obeys the last ending"),
    Hostile("direction of writing", "gambar\u202egpj.exe", FORMAT, windows_program(), "is an exe"),
    Hostile(
        "direction the other way", "foto\u202eexe.jpg", ACCEPTED, picture(), "is a jpg, shown so"
    ),
    Hostile("NUL before the ending", "surat.pdf\0.exe", FORMAT, PDF, "NUL ends no name here"),
    Hostile("NUL behind the ending", "shell.php\0.jpg", ACCEPTED, picture(), "stored by number"),
    Hostile("PHP, then a picture's ending", "shell.php.jpg", ACCEPTED, picture(), "is never run"),
    Hostile(
        "another file's stream", "surat.txt:setup.exe", FORMAT, PDF, "NTFS streams are no ending"
    ),
    Hostile("Cyrillic ending", "surat.р\u0501f", FORMAT, PDF, "looks like pdf and is not"),
    Hostile("full-width dot", "surat\uff0epdf", FORMAT, PDF, "no dot, no ending"),
    Hostile("blanks and dots at the end", "surat.pdf. . ", ACCEPTED, PDF, "Windows drops them too"),
    Hostile("300 letters", "a" * 300 + ".pdf", ACCEPTED, PDF, "shown with 120"),
    Hostile("300 letters behind the dot", "a." + "b" * 300, FORMAT, PDF, "no ending"),
    Hostile("only dots", "....", FORMAT, PDF, "no ending"),
    Hostile("only an ending", ".pdf", ACCEPTED, PDF, "is called berkas.pdf"),
    Hostile("settings of Apache", ".htaccess", FORMAT, b"AddType x .jpg", "no such format"),
    Hostile("out of the folder", "../../../etc/cron.d/a.txt", ACCEPTED, b"isi", "stored by number"),
    Hostile("device of Windows", "CON.txt", ACCEPTED, b"isi", "browsers rename it on Windows"),
    Hostile("numbered device", "COM1.pdf", ACCEPTED, PDF, "browsers rename it on Windows"),
    Hostile("lines of a header", "a\r\nX-A: b\r\n\r\n.txt", ACCEPTED, b"isi", "is one line"),
    Hostile("markup", '"><img src=x onerror=alert(1)>.png', ACCEPTED, picture("PNG"), "is escaped"),
    Hostile("formula", "=HYPERLINK(1).txt", ACCEPTED, b"isi", "a name is no cell"),
    Hostile("lone surrogate", "\ud800.txt", ACCEPTED, b"isi", "is called berkas.txt"),
]

PAGES = [
    Hostile("page as jpg", "foto.jpg", MISMATCH, HTML),
    Hostile("SVG as png", "layar.png", MISMATCH, SVG),
    Hostile("page as pdf", "surat.pdf", MISMATCH, HTML),
    Hostile("page as txt", "log.txt", MISMATCH, HTML),
    Hostile("page in UTF-16 as txt", "log.txt", MISMATCH, HTML.decode().encode("utf-16")),
    Hostile("page in UTF-16 without mark", "log.txt", MISMATCH, HTML.decode().encode("utf-16-le")),
    Hostile("page behind 9 kB of blanks", "log.txt", MISMATCH, b" \n" * 4500 + HTML),
    Hostile("HTML application", "log.txt", MISMATCH, b"<HTA:APPLICATION ID=a><script>"),
    Hostile("SVG as sealed bid", "penawaran.rhs", MISMATCH, SVG),
    Hostile(
        "HTML application as sealed bid", "penawaran.rhs", MISMATCH, MARK + b"<hta:application>"
    ),
    Hostile(
        "page in UTF-16 as sealed bid", "penawaran.rhs", MISMATCH, HTML.decode().encode("utf-16")
    ),
    Hostile("page before a pdf", "surat.pdf", MISMATCH, HTML + PDF),
    Hostile("page behind a pdf", "surat.pdf", ACCEPTED, PDF + HTML, "leaves as a download only"),
    Hostile("page behind a picture", "layar.png", ACCEPTED, picture("PNG") + HTML, "as above"),
    Hostile(
        "page in an archive's comment",
        "data.zip",
        ACCEPTED,
        patched(entry("a"), b"PK\x05\x06", 20, "<H", len(HTML)) + HTML,
        "as above",
    ),
    Hostile(
        "web archive as doc",
        "surat.doc",
        MISMATCH,
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n" + HTML,
    ),
]

PROGRAMS = [
    Hostile("Windows program as jpg", "foto.jpg", MISMATCH, windows_program()),
    Hostile("Windows program as sealed bid", "penawaran.rhs", MISMATCH, windows_program()),
    Hostile("Linux program as txt", "log.txt", MISMATCH, linux_program()),
    Hostile("Linux program as sealed bid", "penawaran.rhs", MISMATCH, linux_program()),
    Hostile("macOS program as sealed bid", "penawaran.rhs", MISMATCH, MACH),
    Hostile("macOS program as pdf", "surat.pdf", MISMATCH, MACH),
    Hostile("Java class as doc", "surat.doc", MISMATCH, JAVA),
    Hostile("shell script as txt", "log.txt", MISMATCH, SHELL),
    Hostile("shell script as sealed bid", "penawaran.rhs", MISMATCH, SHELL),
    Hostile("Windows shortcut as txt", "log.txt", MISMATCH, SHORTCUT),
    Hostile("Windows shortcut as sealed bid", "penawaran.rhs", MISMATCH, SHORTCUT),
    Hostile("installer as doc", "surat.doc", MISMATCH, ole("Property", root=INSTALLER)),
    Hostile("installer as sealed bid", "penawaran.rhs", MISMATCH, ole("Property", root=INSTALLER)),
    Hostile(
        "installer with a document's stream",
        "surat.doc",
        MISMATCH,
        ole("WordDocument", root=INSTALLER),
    ),
    Hostile(
        "batch file as txt",
        "log.txt",
        ACCEPTED,
        b"@echo off\r\ndel /q *\r\n",
        "text under a text's name",
    ),
    Hostile(
        "JavaScript as txt", "log.txt", ACCEPTED, b"new ActiveXObject('WScript.Shell')", "as above"
    ),
    Hostile("PHP as txt", "log.txt", MISMATCH, b"<?php system($_GET['a']); ?>"),
    Hostile("self-extracting rar", "data.rar", MISMATCH, windows_program() + RAR5),
]

SEALED = [
    Hostile(
        "sealed bid that begins like a program",
        "penawaran.rhs",
        ACCEPTED,
        b"MZ" + RANDOM,
        "chance: it has no structure",
    ),
    Hostile(
        "sealed bid that begins like a pdf",
        "penawaran.rhs",
        ACCEPTED,
        b"%PDF-" + RANDOM,
        "ciphertext may begin with anything",
    ),
    Hostile(
        "archive as sealed bid",
        "penawaran.rhs",
        ACCEPTED,
        archive({"a": "isi"}),
        "Apendo's affair; never opened",
    ),
    Hostile("sealed bid of one byte", "penawaran.rhs", ACCEPTED, b"\x80", "odd, not hostile"),
    Hostile("binary as txt", "log.txt", MISMATCH, RANDOM),
    Hostile("txt of one byte", "a.txt", ACCEPTED, b"a", "odd, not hostile"),
    Hostile("empty txt", "log.txt", EMPTY, b"", "nothing was sent"),
    Hostile("test virus as txt", "eicar.txt", ACCEPTED, eicar(), "only a scanner knows it"),
    Hostile(
        "test virus in a zip",
        "eicar.zip",
        ACCEPTED,
        archive({"eicar.com": eicar()}),
        "only a scanner knows it",
    ),
    Hostile(
        "test virus in a document",
        "eicar.docx",
        ACCEPTED,
        docx(word__a=eicar()),
        "only a scanner knows it",
    ),
    Hostile("exactly 50 MB", "penawaran.rhs", ACCEPTED, of_size(50 * MIB), "the limit is allowed"),
    Hostile("one byte more", "penawaran.rhs", SIZE, of_size(50 * MIB + 1), "over the limit"),
]
