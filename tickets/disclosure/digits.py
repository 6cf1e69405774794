"""PINs, OTPs and passwords of nothing but digits, which half of a message may be made of."""

import re

from tickets.disclosure.names import PERSONS_KEYS
from tickets.disclosure.nearby import ANNOUNCES, ASKED, EXAMPLE, PASSWORD, mentions
from tickets.disclosure.span import Span
from tickets.disclosure.values import YEAR, is_weak_number

BEFORE, AFTER, BEFORE_PASSWORD, BEFORE_WEAK = 120, 55, 50, 120  # how far a telling word may stand
JUST_BEFORE = 40
NUMBER = re.compile(r"(?<![\w.,:/-])\d{4,8}(?![\w]|[.,:/-]\d)")
DIGITS = re.compile(
    r"(?<![\w@#*•])(?<!\d[ .,:/-])(?:\d{4,8}|\d{3}[ -]\d{3}|\d{4}-\d{4}|\d\d([ -])\d\d\1\d\d|\d"
    r"(?:[ -]\d){3,7})"
    r"(?![\w%*•])(?![.,:/-]\d)(?! \d)"
    r"(?!\s{0,2}(?:x|kali|menit|mnt|detik|dtk|jam|hari|bulan|digit|karakter|angka|rb|ribu|juta)\b)",
    re.IGNORECASE,
)
KEY = re.compile(rf"(?<![^\W_])(?:{PERSONS_KEYS})(?:nya|ny|ku)?(?![^\W_])", re.IGNORECASE)
COUNTS = re.compile(  # what else has four to six digits
    r"(?<!\w)(?:paket|tender|tiket|rup|berakhiran|akhiran|berakhir|ujung|belakang|terakhir"
    r"|pegawai|pid|pos|tahun|th|thn|ta|tgl|tanggal|pukul|jam|pkl|rp|idr|sebesar"
    r"|nilai|seharga|error|err|code|port|http|versi|build|ext|ekst|ekstensi|loket|antrean|antrian"
    r"|kbli|pasal|halaman|nip|nik|nib|npwp|nomor surat|nomor paket|nomor tiket|sk|kontrak"
    r"|rekening|rek|telp|telepon|hp|wa|status|baris|line|id|idpaket|januari|februari|maret|april"
    r"|mei|juni|juli|agustus|september|oktober|november|desember)[\s:=.#(]{0,4}$",
    re.IGNORECASE,
)
OTHER_NUMBER = re.compile(
    r"(?<!\w)(?:paket|tender|tiket|rup|kode|nomor|no|nip|nik|nib|npwp|rekening|kontrak|surat"
    r"|error|rp|pagu|hps|nilai|(?:tgl|tanggal)(?! lahir)|port|id|otp|pin|telp|hp|wa|jam|pukul"
    r"|minimal|maksimal|tidak|tdk|gagal|salah|untuk|utk|lupa|belum"
    r"|blm|sudah|sdh|dari|pegawai|user|karena|krn|sejak)(?!\w)",
    re.IGNORECASE,
)
IS_KEY = re.compile(  # '482913 itu kode OTP-nya'
    rf"[\s,)\"'”-]{{1,4}}(?:(?:itu|ini|adalah|adlh|sbg|sebagai|untuk|utk|buat|di|ke|pada|kolom"
    rf"|isian|kode|dari|nih|is|the|my|masuk|sbagai)\s{{1,2}}){{0,4}}(?:{PERSONS_KEYS})(?:nya"
    rf"|-nya)?(?!\w)|\s(?:dari (?:sms|wa|whatsapp|google)|untuk (?:verifikasi|aktivasi))\b",
    re.IGNORECASE,
)


def spans(text):
    """The PINs, OTPs and passwords of digits in a text."""
    for found in DIGITS.finditer(text):
        if _is_code(text, *found.span()):
            yield Span("key", *found.span())
    for found in NUMBER.finditer(text):
        if _is_password(text, *found.span()):
            yield Span("password", *found.span())


def _is_code(text, start, end):
    """Whether digits are the PIN or OTP that stands before or behind them."""
    before, digits = text[max(0, start - JUST_BEFORE) : start], text[start:end]
    if YEAR.fullmatch(digits) or COUNTS.search(before) or EXAMPLE.search(before):
        return False
    if digits.isdecimal() and len(digits) > 6 and not ANNOUNCES.search(before):
        return False  # a tender or a package rather than a PIN
    is_told_after = IS_KEY.match(text, end, end + AFTER) is not None
    return is_told_after or mentions(KEY, text, start - BEFORE, start)


def _is_password(text, start, end):
    """Whether five to eight digits are the password that was spoken of, and nothing else is."""
    before = text[max(0, start - BEFORE_PASSWORD) : start]
    if is_weak_number(text[start:end]) and not EXAMPLE.search(before):
        return mentions(PASSWORD, text, start - BEFORE_WEAK, start)
    if YEAR.fullmatch(text[start:end]):
        return False
    told = list(PASSWORD.finditer(before))
    if not told or ASKED.search(before):
        return False
    return not OTHER_NUMBER.search(before, told[-1].end()) and not COUNTS.search(before)
