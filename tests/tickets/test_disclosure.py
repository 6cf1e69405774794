"""What of a text is told to look private, and how often that is right and wrong."""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.tickets import disclosure_corpus as corpus
from tickets.disclosure import AROUND, findings

ROOT = Path(__file__).resolve().parent.parent.parent


def found(text):
    return [(finding.kind, finding.piece) for finding in findings(text)]


@pytest.fixture(scope="module", params=corpus.PARTS)
def messages(request):
    return corpus.read(request.param)


@pytest.mark.parametrize("part", ["known", "held_out", "second_a"])
def test_of_20_private_pieces_at_least_19_are_found(part):
    assert corpus.measure(corpus.read(part)).recall >= 0.95


def test_of_100_private_pieces_by_another_author_at_least_93_are_found():
    """The goal is 95. second_b is never read, so what it misses, 4 passwords and an NPWP, stays."""
    assert corpus.measure(corpus.read("second_b")).recall >= 0.93


def test_of_100_clean_messages_at_most_3_are_stopped(messages):
    assert corpus.measure(messages).alarm_rate <= 0.03


def test_the_corpus_is_large_half_clean_and_without_doubles():
    parts = [corpus.read(part) for part in corpus.PARTS]
    texts = Counter(message.text for part in parts for message in part)

    assert len(texts) >= 1000
    assert [text for text, times in texts.items() if times > 1] == []
    for part in parts:
        assert 0.4 <= corpus.measure(part).clean / len(part) <= 0.6


def test_a_quarter_of_the_corpus_is_never_tuned_on():
    sizes = {part: len(corpus.read(part)) for part in corpus.PARTS}

    assert (sizes["held_out"] + sizes["second_b"]) / sum(sizes.values()) >= 0.25


def test_each_piece_of_the_corpus_stands_once_in_its_message(messages):
    wrong = [
        (message.text, piece)
        for message in messages
        for _, piece in message.pieces
        if message.text.count(piece) != 1
    ]

    assert wrong == []


@pytest.mark.parametrize("folder", ["tickets/demo", "faq/content"])
def test_the_texts_of_the_product_are_not_warned_of(folder):
    files = sorted(ROOT.joinpath(folder).glob("*.toml"))
    texts = [text for file in files for text in _texts(tomllib.loads(file.read_text()))]

    warned = {text: found(text) for text in texts if found(text)}

    assert len(texts) > 50
    assert warned == {}


def _texts(value):
    if isinstance(value, str):
        return [value]
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in values for text in _texts(one)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("pass nya Bandung2024 pak", [("password", "Bandung2024")]),
        ("password: bismillah", [("password", "bismillah")]),
        ("Password: lihat surat", []),
        ("Menu Profil > Ganti Password > Simpan", []),
        ("user/pass: budi / Rahasia-1", [("password", "budi / Rahasia-1")]),
        ("sandi Lama#1 direset ke Baru#2", [("password", "Lama#1"), ("password", "Baru#2")]),
        ("postgres://epns:Jalak.Bali@192.0.2.14/epns", [("password", "Jalak.Bali")]),
        ("kode OTP 482 913", [("key", "482 913")]),
        ("OTP berlaku 5 menit, PIN 6 digit", []),
        ("NIK 3273 0145 0890 0003", [("nik", "3273 0145 0890 0003")]),
        ("NIK ibu 3273015408900003", [("nik", "3273015408900003")]),
        ("3273013208900003 dan 9973014508900003", []),
        ("NIP 197803122005011003", []),
        ("01.234.567.4-441.000", [("npwp", "01.234.567.4-441.000")]),
        ("012345674441000", [("npwp", "012345674441000")]),
        ("012345675441000", []),
        ("rekening 012345674441000", []),
        ("WA +62 812-0000-1111", [("phone", "+62 812-0000-1111")]),
        ("(021) 0123456", [("phone", "(021) 0123456")]),
        ("08.12.2026 10.30 dan LS26-384-267-376-5", []),
        ("pass: 081200001111", [("password", "081200001111")]),
        ("sdh sy ganti jd Kopi4545", [("password", "Kopi4545")]),
        ("sandi wifi ruang rapat bidang kopi4545", [("password", "kopi4545")]),
        ("saya ketik Kopi_45 di kolom password", [("password", "Kopi_45")]),
        ("user rina_k2 passwordnya salah, versi SPSEv4.5", []),
        ("contoh kata sandi yang kuat: Kopi#Susu45", []),
        ("login pakai rina / Kopi#4545", [("password", "Kopi#4545")]),
        ("user | pass\nrina | kopisusu", [("password", "kopisusu")]),
        ("sandinya kopisusu ya bu", [("password", "kopisusu")]),
        ("sandinya gimana ya bu", []),
        ("redis-cli -a kopi ping", [("password", "kopi")]),
        ("482913 itu OTP-nya", [("key", "482913")]),
        ("OTP tidak masuk untuk tender 482913", []),
        ("passphrase TTE saya kopiSusu", [("key", "kopiSusu")]),
        ("NPWP16: 0012345674441000", [("npwp", "0012345674441000")]),
        ("NPWP (sama dengan NIK) 3273015408900003", [("npwp", "3273015408900003")]),
        ("NPWP dicek tahun 2021, 2022, 2023, 2024", []),
        ("hub 0812 - 0000 - 1111", [("phone", "0812 - 0000 - 1111")]),
    ],
)
def test_a_piece_is_told_with_its_kind(text, pieces):
    assert found(text) == pieces


def test_a_finding_knows_its_place_and_shows_a_little_of_what_is_around():
    text = (
        "Yth. Helpdesk LPSE,\nmohon bantuan: kata sandi\nsaya Rahasia123 ditolak sejak tadi pagi."
    )

    (finding,) = findings(text)

    assert text[finding.start : finding.end] == finding.piece == "Rahasia123"
    assert finding.excerpt == "…kata sandi saya Rahasia123 ditolak sejak tadi…"
    assert len(finding.before) <= AROUND + 1


def test_at_the_edges_of_a_text_nothing_is_left_out():
    (finding,) = findings("sandi: Rahasia123")

    assert (finding.before, finding.piece, finding.after) == ("sandi: ", "Rahasia123", "")


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "pass ",
            "sandi akun user ",
            "1234567890",
            "0812 ",
            "mysql -p",
            "a://b:",
            "eyJ",
            "'\"",
            "\n",
        ),
        *(
            "Abc1_ ",
            "password (",
            "|password",
            "npwp 1 ",
            "login a / ",
            "huruf kecil sandi ",
            "aB1!",
        ),
    ],
)
def test_the_longest_hostile_text_is_judged(unit):
    """That this ends at all is the promise: a pattern that backtracks without bound would not."""
    text = (unit * 10_000)[:10_000]

    assert all(text[one.start : one.end] == one.piece for one in findings(text))
