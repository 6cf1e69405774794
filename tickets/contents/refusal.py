"""The sentences that refuse a file, and what every check of its content begins with."""

from contextlib import contextmanager

try:
    import magic
except ImportError:  # no libmagic on the machine: pylibmagic brings one, if it is imported first
    import pylibmagic  # noqa: F401, I001
    import magic

HEAD = CHUNK = 2**20
LONGEST_MATCH = 64

FORMAT = "Format file tidak didukung."
TOO_MANY = "Terlalu banyak file dalam satu kiriman. Hapus sebagian, lalu kirim lagi."
SIZE = "Ukuran file melebihi 50 MB."
EMPTY = "File kosong. Pilih file lain."
MISMATCH = "Isi file tidak sesuai dengan formatnya. Simpan ulang dari aplikasi aslinya."
MACRO = "File berisi makro. Simpan tanpa makro, atau sebagai pdf."
LOCKED = "File terkunci dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."
REMOTE = "File mengambil isi dari tempat lain. Simpan sebagai pdf."
OBJECT = "File berisi objek tertanam. Simpan tanpa objek itu, atau sebagai pdf."
BOMB = "Arsip terlalu besar bila dibuka. Bagi menjadi beberapa arsip."
PATHS = "Arsip berisi tautan atau nama folder yang tidak aman. Buat ulang arsipnya."
PICTURE = "Gambar rusak atau terlalu besar. Simpan ulang, atau perkecil."


class Refused(Exception):
    """A file is not accepted; carries the sentence."""


def require(condition, sentence=MISMATCH):
    """Refuses with the sentence unless the condition holds."""
    if not condition:
        raise Refused(sentence)


@contextmanager
def or_refuse(sentence):
    """Refuses with the sentence when a parser fails: on hostile bytes it may raise anything."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        raise Refused(sentence) from error


def kind(path):
    """What libmagic takes the whole file for, as a MIME type."""
    with or_refuse(MISMATCH):
        return magic.from_file(str(path), mime=True)


def head(path, size=HEAD):
    """The first bytes of the file."""
    with path.open("rb") as file:
        return file.read(size)


def pieces(path):
    """The file in pieces, each beginning with the end of the one before: for short patterns."""
    with path.open("rb") as file:
        rest = b""
        while chunk := file.read(CHUNK):
            yield rest + chunk
            rest = chunk[-LONGEST_MATCH:]
