"""A country of tickets for the benchmark: who is there, what they write, which way tickets go.

Everything follows from a seed and a day: the same two give the same rows. Imports nothing of ours.
"""

import random
from bisect import bisect
from itertools import accumulate
from typing import NamedTuple

REPORTERS = 200_000
LPSE_OFFICERS = 2_460
LKPP_1, LKPP_2 = 30, 10  # with those of the LPSE 2,500 officers
YEARS = 3  # of tickets before the day of the benchmark
WORD = "kedaluwarsa"  # in the title of one ticket of a hundred, and in no other

REPORTER_KINDS = ["penyedia"] * 16 + ["ppk"] * 2 + ["pp", "pokja"]
NAMES = [
    *("Ratna", "Bagas", "Made", "Ayu", "Yusuf", "Bonar", "Siti", "Agus", "Dewi", "Rizal", "Putri"),
    *("Joko", "Lestari", "Andi", "Maria", "Hendra", "Nurul", "Komang", "Sari", "Budi"),
]
SURNAMES = [
    *("Wibawani", "Pramudyo", "Suartika", "Hutasoit", "Lestaluhu", "Kusuma", "Siregar", "Wijaya"),
    *("Nasution", "Manurung", "Halim", "Tampubolon", "Saputra", "Rahman", "Pattiasina"),
    *("Gunawan", "Simatupang", "Hidayat", "Wenda", "Maulana"),
]

SUBJECTS = [
    "Tidak bisa login ke SPSE",
    "Gagal mengunggah dokumen penawaran",
    "Apendo menolak file penawaran",
    "Jadwal tender tidak berubah setelah adendum",
    "Kode otorisasi tidak terkirim ke surel",
    "Data kualifikasi hilang dari aplikasi",
    "Paket tidak muncul di daftar tender",
    "Tombol kirim penawaran tidak aktif",
    "Hasil evaluasi tidak dapat disimpan",
    "Sertifikat elektronik tidak terbaca",
    "Nilai HPS pada paket keliru",
    "Berita acara tidak dapat dicetak",
    "Akun penyedia terkunci",
    "Pengumuman pemenang tidak tampil",
    "File .rhs tidak dapat dibuka",
    "Sanggahan belum dijawab di aplikasi",
]
ENDS = [
    *("", " sejak pagi ini", " setelah pembaruan", " di peramban baru", " saat batas akhir"),
    *(" padahal data sudah lengkap", " untuk paket konstruksi", " untuk tender ulang"),
]
SENTENCES = [
    "Mohon bantuan karena batas akhir pemasukan penawaran tinggal beberapa jam lagi.",
    "Sudah dicoba dengan peramban lain dan jaringan lain, hasilnya tetap sama.",
    "Pesan kesalahan muncul setelah tombol simpan ditekan dan halaman kembali kosong.",
    "Paket ini sudah tayang sejak minggu lalu dan penyedia lain tidak mengalaminya.",
    "Kami lampirkan tangkapan layar beserta langkah yang sudah kami lakukan.",
    "Dokumen berukuran sekitar dua puluh megabita dan sudah disandikan dengan Apendo.",
    "Pada percobaan kedua aplikasi menampilkan halaman galat tanpa keterangan apa pun.",
    "Nomor induk dan surel pada akun sudah diperiksa dan sesuai dengan data di SPSE.",
]
ANSWERS = [
    "Sudah kami periksa, silakan muat ulang halaman lalu unggah kembali dokumennya.",
    "Layanan sudah dipulihkan. Mohon dicoba kembali dan kabari kami bila masih gagal.",
    "Akun sudah dibuka kembali, silakan masuk dengan kata sandi yang baru.",
    "Masalah berasal dari berkas yang rusak. Silakan buat ulang dengan Apendo versi terbaru.",
    "Data sudah kami sinkronkan dengan server, hasilnya dapat dilihat pada menu paket.",
]
QUESTION = "Versi Apendo berapa yang dipakai, dan pukul berapa pesan itu muncul?"
REPLY = "Versi terbaru, pesan muncul sekitar pukul sembilan pagi dan berulang setiap kali dicoba."

SEND, ACCEPT, RATE = ("send", "new"), ("accept", "closed"), ("rate", "closed")
TAKE, SOLVE = ("take", "in_progress"), ("resolve", "awaiting_review")
ASK, ANSWER = ("ask", "awaiting_feedback"), ("answer", "in_progress")
UP = ("escalate", "new")
# How often of a hundred tickets, and the way
WAYS = [
    (73, (SEND, TAKE, SOLVE, ACCEPT)),
    (6, (SEND, TAKE, SOLVE, ACCEPT, RATE)),
    (5.5, (SEND, TAKE, ASK, ANSWER, SOLVE, ACCEPT)),
    (5, (SEND, TAKE, UP, TAKE, SOLVE, ACCEPT)),
    (9.5, (SEND, TAKE, UP, TAKE, UP, TAKE, SOLVE, ACCEPT)),
    (1, (SEND, TAKE, UP, TAKE, UP, TAKE, UP, TAKE, SOLVE, ACCEPT)),
]
# Until so many days after it was sent a ticket is unfinished with that chance
UNFINISHED = [(1, 0.8), (3, 0.45), (14, 0.12), (90, 0.01), (10_000, 0.0005)]


class Person(NamedTuple):
    pk: int
    username: str
    name: str
    role: str
    lpse: int | None
    identity: str


class Office(NamedTuple):
    """An LPSE as the tickets need it: its officers by level and its reporters."""

    pk: int
    zone: str
    officers: dict
    reporters: list


class Country:
    """The people of `offices`, (pk, zone) each, with the share that each LPSE has of everything."""

    def __init__(self, offices, seed=7, reporters=REPORTERS):
        rng = random.Random(f"country {seed}")
        offices = sorted(offices)
        rng.shuffle(offices)  # the busy ones are anywhere in the list
        self.shares = list(accumulate(1 / (place + 12) for place in range(len(offices))))
        self.people, self.offices = [], []
        self.lkpp = {3: self._officers(None, 3, LKPP_1), 4: self._officers(None, 4, LKPP_2)}
        spare = LPSE_OFFICERS - 3 * len(offices)  # more of Level 1 where more is to do
        for place, (pk, zone) in enumerate(offices):
            first = 2 + (1 if place < spare % len(offices) else 0) + spare // len(offices)
            officers = {1: self._officers(pk, 1, first), 2: self._officers(pk, 2, 1)} | self.lkpp
            self.offices.append(Office(pk, zone, officers, []))
        for _ in range(reporters):
            office = self.office(rng)
            kind = rng.choice(REPORTER_KINDS)
            office.reporters.append(self._person(kind, office.pk, rng))
        for office in self.offices:
            if not office.reporters:
                office.reporters.append(self._person("penyedia", office.pk, rng))

    def office(self, rng):
        """One LPSE, the busy ones more often."""
        return self.offices[bisect(self.shares, rng.random() * self.shares[-1])]

    def _officers(self, lpse, level, number):
        role = ("lpse_l1", "lpse_l2", "lkpp_l1", "lkpp_l2")[level - 1]
        rng = random.Random(f"{lpse} {level}")
        return [self._person(role, lpse, rng) for _ in range(number)]

    def _person(self, role, lpse, rng):
        pk = 1000 + len(self.people)
        name = f"{rng.choice(NAMES)} {rng.choice(SURNAMES)}"
        person = Person(pk, f"u{pk}", name, role, lpse, f"{rng.randrange(10**16):016d}")
        self.people.append(person)
        return person


def title(rng, has_word=None):
    """A title, with WORD in one of a hundred, or as `has_word` says."""
    words = rng.choice(SUBJECTS) + rng.choice(ENDS)
    has_word = rng.random() < 0.01 if has_word is None else has_word
    return f"{words}, sertifikat {WORD}" if has_word else words


def text(rng, action):
    """What is said with a step: a few sentences, or nothing."""
    if action == "send":
        return " ".join(rng.sample(SENTENCES, rng.randint(2, 5)))
    words = {"ask": QUESTION, "answer": REPLY, "escalate": SENTENCES[2]}
    return rng.choice(ANSWERS) if action == "resolve" else words.get(action, "")


def way(rng, age):
    """The steps that a ticket sent `age` days ago has gone, all or the first of them."""
    steps = rng.choices([steps for _, steps in WAYS], [often for often, _ in WAYS])[0]
    chance = next(chance for days, chance in UNFINISHED if age < days)
    if rng.random() < chance:
        return steps[: rng.randint(1, steps.index(ACCEPT))]
    return steps


def _long_way(events):
    """Of a ticket with so many events, still in hand: it was asked and answered again and again."""
    asked = (ASK, ANSWER) * (events // 2)
    return (SEND, TAKE, *asked)[:events]


LONG = (10, 200)  # events of the two tickets whose pages are measured
# The last tickets are of the busiest LPSE and of one reporter whatever their number, with WORD in
# every second title, so that the measured lists are full and their pages the same in every size:
# those of LONG, in hand, in the pool, in LKPP's pool
LAST_WAYS = [
    *(_long_way(events) for events in LONG),
    *[(SEND, TAKE)] * 40,
    *[(SEND,)] * 60,
    *[(SEND, TAKE, UP, TAKE, UP)] * 60,
]
