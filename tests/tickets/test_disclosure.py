"""What of a text is told to look private, and how often that is right and wrong."""

from collections import Counter

import pytest

from tests.tickets import disclosure_corpus as corpus
from tickets.disclosure import AROUND, findings


def found(text):
    return [(finding.kind, finding.piece) for finding in findings(text)]


@pytest.fixture(scope="module", params=["known", "held_out"])
def messages(request):
    return corpus.read(request.param)


def test_of_20_private_pieces_at_least_19_are_found(messages):
    assert corpus.measure(messages).recall >= 0.95


def test_of_100_clean_messages_at_most_3_are_stopped(messages):
    assert corpus.measure(messages).alarm_rate <= 0.03


def test_the_corpus_is_large_half_clean_and_without_doubles():
    parts = [corpus.read("known"), corpus.read("held_out")]
    texts = Counter(message.text for part in parts for message in part)

    assert len(texts) >= 300
    assert [text for text, times in texts.items() if times > 1] == []
    for part in parts:
        assert 0.4 <= corpus.measure(part).clean / len(part) <= 0.6
    assert len(parts[1]) / len(texts) >= 0.3


def test_each_piece_of_the_corpus_stands_once_in_its_message(messages):
    wrong = [
        (message.text, piece)
        for message in messages
        for _, piece in message.pieces
        if message.text.count(piece) != 1
    ]

    assert wrong == []


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
    ["pass ", "sandi akun user ", "1234567890", "0812 ", "mysql -p", "a://b:", "eyJ", "'\"", "\n"],
)
def test_the_longest_hostile_text_is_judged(unit):
    """That this ends at all is the promise: a pattern that backtracks without bound would not."""
    text = (unit * 10_000)[:10_000]

    assert all(text[one.start : one.end] == one.piece for one in findings(text))
