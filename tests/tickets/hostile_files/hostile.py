"""What a hostile or odd file is, and the answers that there are, as a person reads them."""

from collections.abc import Callable
from dataclasses import dataclass

ACCEPTED = "diterima"
FORMAT = "Format file tidak didukung."
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


@dataclass(frozen=True)
class Hostile:
    """A file as it is sent, the answer, and the reason for the answer."""

    label: str
    name: str
    answer: str
    content: bytes | Callable
    why: str = "its content is not what its name says"

    def pieces(self):
        """Its bytes, piece by piece: some are large."""
        return self.content() if callable(self.content) else [self.content]
