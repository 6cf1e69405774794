"""Passwords and codes told in other words: what looks strange, near a word that explains it.

`secrets` reads what follows 'sandi' word by word. People also write 'sdh sy ganti jd Kopi45', 'Kopi45
itu yang sekarang jadi sandi', 'OTP yang masuk barusan 482913'. Here each strange piece is asked what
stands around it: a word for a password or a code, a word that announces, a word that names another
thing ('user budi99', 'paket 918273').
"""

import re

from tickets.disclosure.names import KEYS, LONG_KEYS, PASSWORDS, PERSONS_KEYS
from tickets.disclosure.span import Span
from tickets.disclosure.values import (
    YEAR,
    is_code,
    is_glaring,
    is_hard,
    is_like_a_name,
    is_odd,
    is_phrase,
    is_plain_word,
    is_strong,
    is_weak_number,
    trimmed,
)

AHEAD, AHEAD_OF_NUMBER, AFTER, AHEAD_OF_CODE, AFTER_CODE = 200, 50, 45, 120, 55  # how far the explaining word may stand
JUST_BEFORE = 40
SHORTEST_LONG_KEY = 8

PIECE = re.compile(r"(?<![^\s(\"'“‘`|:=,;/>→<\[-])[^\s<>|(\[\"'“‘`]{5,80}")
PASSWORD = re.compile(rf"(?<![^\W_])(?:{PASSWORDS}|kunci|pas(?=nya))(?:nya|ny|ku|mu)?(?![^\W_])", re.IGNORECASE)
# 'reset password budi99' names somebody; so does 'budi99 lupa password'
ASKED = re.compile(
    rf"\b(?:me|di)?(?:reset|lupa|ulang|buka|hapus)(?:kan)?\s{{1,3}}(?:\w{{1,8}}\s)?{PASSWORDS}",
    re.IGNORECASE,
)
ANNOUNCES = re.compile(
    r"(?:(?<!\w)(?:jadi|jd|mjd|menjadi|jadikan|ke|dgn|dengan|pakai|pake|pke|pk|yaitu|yakni|adalah"
    r"|adlh|ialah|masih|msh|tetap|tetep|ttp|cuma|cm|hanya|dulu|dulunya|skrg|sekarang|barunya|lamanya"
    r"|is|isi|isinya|diisi|ketik|ketikkan|tulis|masukkan|masukan|masukin|memasukkan|input|coba|kasih"
    r"|dikasih|kirim|beri|bukan|tapi|itu|ini|nih|salah|namanya|antara|mungkin|kayaknya|sepertinya"
    r"|terakhir|kemarin|sebelumnya|awalnya|tadinya|berupa|yg lama|yang lama|yg betul|yg benar|yang betul|yang benar)|[:=>→(/])[\s\"'“‘(]{1,4}$",
    re.IGNORECASE,
)
ANNOUNCED = re.compile(r"[a-z].*\d|\d.*[a-z]|[A-Z]{3}\w*\d|[@#$!^*]|[a-z]{2}[A-Z][a-z]|[a-z]-[A-Z]")
NAMES_ANOTHER = re.compile(
    r"(?<![^\W_])(?:user|username|usr|userid|user_id|uid|id|akun|account|pengguna|(?<!sandi )(?<!password )(?<!pass )(?<!pw )login|nama|a\.?n|an"
    r"|atas nama|milik|utk|untuk|sebagai|sbg|oleh|email|surel|host|server|ip|domain|paket|tender|tiket"
    r"|rup|kode|nomor|no|nmr|versi|error|kontrak|surat|sk|commit|build|md5|sha1|sha256|hash|patch|port"
    r"|fingerprint|berkas|file|folder|produk|menu|tabel|kolom|field|serial|seri|tipe|merk|laptop)"
    r"(?:nya|ku)?(?:\s(?:id|saya|sy|kami|km|ppk|pp|pokja|penyedia|auditor|baru|lama|adalah|yaitu))?"
    r"[\s:=.\"'“(]{1,4}$",
    re.IGNORECASE,
)
OF_A_THING = re.compile(
    rf"(?<![^\W_]){PASSWORDS}(?:nya)?\s(?:dari |utk |untuk |di |buat )?(?:server|host|domain|berkas|file|folder"
    r"|laptop|login|tabel|produk)(?:nya)?[\s:=\"'“(]{1,4}$",
    re.IGNORECASE,
)
EXAMPLE = re.compile(
    r"(?<!\w)(?:contoh|misal|seperti|spt|format|pola|mis\.|e\.g\.|example)(?:nya)?(?:[ ]\w{1,12}){0,4}\W{1,5}$",
    re.IGNORECASE,
)
CHANGED = re.compile(  # 'sudah saya ganti jadi …', without saying what was changed
    r"(?<!\w)(?:di)?(?:kunci|buka|proteksi|enkripsi)(?:nya)?\s(?:dengan|dgn|pakai|pake|pk)\s$"
    r"|(?<!\w)(?:me|di|ng)?(?:ganti|ubah|rubah|gubah|set|reset|bikin|buat)(?:kan|in|i)?"
    r"(?:\s(?:lg|lagi|aja|saja|sj|dulu|semua|sendiri|langsung)){0,2}"
    r"\s(?:jd|jadi|mjd|menjadi|ke|dgn|dengan|pakai|pake)\s$"
    r"|\b(?:changed|reset|set)(?: it| my password| the password)? (?:back )?to[\s\"“'‘]{1,2}$",
    re.IGNORECASE,
)
OF_ANOTHER = re.compile(
    r"(?<!\w)(?:user|username|userid|user id|id|email|surel|nama|judul|kode|versi|nomor|berkas|file)"
    r"(?:nya)?(?!\w)",
    re.IGNORECASE,
)

IS_PASSWORD = re.compile(  # 'saya tulis … di isian kata sandi'
    r"(?:[\s,)\"'”-]{1,4}(?:(?:itu|ini|adalah|adlh|sbg|sebagai|untuk|utk|buat|di|ke|pada|kolom|isian"
    rf"|kode|dari|nih|is|the|my|masuk|jadi)\s{{1,2}}){{1,4}}|\s{{0,2}}(?:<-|<=|=|←|\()\s{{0,2}}){PASSWORDS}(?:nya|-nya)?(?!\w)",
    re.IGNORECASE,
)
ACCESS = re.compile(r"(?<!\w)(?:login|masuk|reset|akun|ssh|psql|mysql|sudo|su|vpn|zip)(?!\w)", re.I)
USES = re.compile(r"(?<!\w)(?:pakai|pake|pk|isi|isi dengan|ketik|dikasih|diberi|yaitu|jadi|jd)\s$", re.I)
RICH = re.compile(r"[a-z].*[A-Z].*\d|[A-Z].*[a-z].*\d.*[-_.A-Za-z]|[A-Za-z]_\d\d|[A-Z][a-z]{3,20}\d\d|\d.*[A-Z].*[a-z]")
TOLD_PLAINLY = re.compile(  # 'user dan password sama, yaitu melati'
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?(?!\w)[^.\n?!:]{{0,40}}\s(?:yaitu|yakni|ialah)\s(\w{{6,24}})"
    r"(?=[,.\n]|$)",
    re.IGNORECASE,
)
QUOTE = re.compile(r"[\"“‘'`]([^\"“”‘’'\n]{5,60})[\"”’'`]")
TELLS_PHRASE = re.compile(
    rf"(?:(?!kata kunci){PASSWORDS}(?:nya|ku)?|itu|is|yaitu|yakni|adalah|ialah|jadi|menjadi|pakai|masih|[:=])\s{{0,3}}$",
    re.IGNORECASE,
)

NUMBER = re.compile(r"(?<![\w.,:/-])\d{5,8}(?![\w]|[.,:/-]\d)")
DIGITS = re.compile(
    r"(?<![\w@#*•])(?<!\d[ .,:/-])(?:\d{4,8}|\d{3}[ -]\d{3}|\d{4}-\d{4}|\d\d([ -])\d\d\1\d\d|\d(?:[ -]\d){3,7})"
    r"(?![\w%*•])(?![.,:/-]\d)(?! \d)"
    r"(?!\s{0,2}(?:x|kali|menit|mnt|detik|dtk|jam|hari|bulan|digit|karakter|angka|rb|ribu|juta)\b)",
    re.IGNORECASE,
)
KEY = re.compile(rf"(?<![^\W_])(?:{PERSONS_KEYS})(?:nya|ny|ku)?(?![^\W_])", re.IGNORECASE)
ANY_LONG_KEY = re.compile(rf"(?<![^\W_])(?:{LONG_KEYS})(?:nya|ny|ku)?(?![^\W_])", re.IGNORECASE)
COUNTS = re.compile(  # what else has four to six digits
    r"(?<!\w)(?:paket|tender|tiket|rup|berakhiran|akhiran|berakhir|ujung|belakang|terakhir|pegawai|pid|pos|tahun|th|thn|ta|tgl|tanggal|pukul|jam|pkl|rp|idr|sebesar"
    r"|nilai|seharga|error|err|code|port|http|versi|build|ext|ekst|ekstensi|loket|antrean|antrian|kbli"
    r"|pasal|halaman|nip|nik|nib|npwp|nomor surat|nomor paket|nomor tiket|sk|kontrak|rekening|rek|telp"
    r"|telepon|hp|wa|status|baris|line|id|idpaket|januari|februari|maret|april|mei|juni|juli|agustus"
    r"|september|oktober|november|desember)[\s:=.#(]{0,4}$",
    re.IGNORECASE,
)
OTHER_NUMBER = re.compile(
    r"(?<!\w)(?:paket|tender|tiket|rup|kode|nomor|no|nip|nik|nib|npwp|rekening|kontrak|surat|error|rp"
    r"|pagu|hps|nilai|(?:tgl|tanggal)(?! lahir)|port|id|otp|pin|telp|hp|wa|jam|pukul|minimal|maksimal|tidak|tdk|gagal|salah|untuk|utk|lupa|belum"
    r"|blm|sudah|sdh|dari|pegawai|user|karena|krn|sejak)(?!\w)",
    re.IGNORECASE,
)
PASSPHRASE = re.compile(r"(?<![^\W_])passphrase", re.IGNORECASE)
IS_KEY = re.compile(  # '482913 itu kode OTP-nya'
    rf"[\s,)\"'”-]{{1,4}}(?:(?:itu|ini|adalah|adlh|sbg|sebagai|untuk|utk|buat|di|ke|pada|kolom|isian|kode"
    rf"|dari|nih|is|the|my|masuk|sbagai)\s{{1,2}}){{0,4}}(?:{PERSONS_KEYS})(?:nya|-nya)?(?!\w)"
    r"|\s(?:dari (?:sms|wa|whatsapp|google)|untuk (?:verifikasi|aktivasi))\b",
    re.IGNORECASE,
)


def spans(text):
    """The passwords and codes that what stands around them gives away."""
    for found in PIECE.finditer(text):
        start, end = trimmed(text, *found.span())
        if kind := _kind(text, start, end):
            yield Span(kind, start, end)
    for found in QUOTE.finditer(text):
        if _is_phrase(text, found):
            yield Span("password", *found.span(1))
    for found in TOLD_PLAINLY.finditer(text):
        if is_plain_word(found[1]):
            yield Span("password", *found.span(1))
    for found in DIGITS.finditer(text):
        if _is_code(text, *found.span()):
            yield Span("key", *found.span())
    for found in NUMBER.finditer(text):
        if _is_number(text, *found.span()):
            yield Span("password", *found.span())


def _kind(text, start, end):
    """'password', 'key' or '' for a piece without blanks."""
    value, before = text[start:end], text[max(0, start - JUST_BEFORE) : start]
    if not is_strong(value) or EXAMPLE.search(before):
        return ""
    if is_hard(value):
        return "password"
    if value.isdecimal() or _names_another(before):
        return ""
    if text[start - 1 : start] not in ("[", "-") and _is_long_key(text, start, value):
        return "key"
    return "password" if _is_password(text, start, end, before) else ""


def _names_another(before):
    """'user budi99', 'laptop Asus15'; but in 'sandi laptop Kopi99' it is the laptop's password."""
    named = NAMES_ANOTHER.search(before)
    return bool(named) and not OF_A_THING.search(before)


def _is_password(text, start, end, before):
    value = text[start:end]
    if is_odd(value) and _mentions(PASSWORD, text, start - AHEAD_OF_NUMBER, start):
        return not ASKED.search(text, max(0, start - AHEAD), start)
    is_announced = ANNOUNCES.search(before) is not None and ANNOUNCED.search(value)
    if is_like_a_name(value) or not (is_glaring(value) or is_announced):
        return False
    if CHANGED.search(before) and is_glaring(value) and not OF_ANOTHER.search(before):
        return True
    if IS_PASSWORD.match(text, end, end + AFTER) or _is_told_with_access(text, start, value, before):
        return True
    if _mentions(PASSWORD, text, start - AHEAD, start):
        return is_announced or not ASKED.search(text, max(0, start - AHEAD), start)
    return is_announced and _mentions(PASSWORD, text, end, end + AFTER)


def _is_told_with_access(text, start, value, before):
    """'masuk pakai user rina lalu ketik rinaCantik88': no word for a password, but a use of one."""
    is_rich = RICH.search(value) is not None and is_glaring(value)
    is_used = USES.search(before) is not None and not OF_ANOTHER.search(before[-15:])
    return is_rich and is_used and _mentions(ACCESS, text, start - AHEAD_OF_CODE, start)


def _is_number(text, start, end):
    """Whether five to eight digits are the password that was spoken of, and nothing else is."""
    before = text[max(0, start - AHEAD_OF_NUMBER) : start]
    if is_weak_number(text[start:end]) and not EXAMPLE.search(before):
        return _mentions(PASSWORD, text, start - AHEAD_OF_CODE, start)
    mentions = list(PASSWORD.finditer(before))
    if not mentions or ASKED.search(before):
        return False
    return not OTHER_NUMBER.search(before, mentions[-1].end()) and not COUNTS.search(before)


def _is_phrase(text, found):
    """Whether words between quotes are announced as a password."""
    before = text[max(0, found.start() - AFTER) : found.start()]
    is_told = TELLS_PHRASE.search(before) and PASSWORD.search(before)
    if not is_told and not IS_PASSWORD.match(text, found.end(), found.end() + AFTER):
        return False
    return (is_phrase(found[1]) or is_plain_word(found[1])) and not EXAMPLE.search(before)


def _is_long_key(text, start, value):
    if _mentions(PASSPHRASE, text, start - AHEAD_OF_CODE, start):
        return re.search(r"[a-z]", value) is not None
    is_long = is_code(value) and len(value) >= SHORTEST_LONG_KEY and value.count("/") < 2
    return is_long and _mentions(ANY_LONG_KEY, text, start - AHEAD_OF_CODE, start)


def _is_code(text, start, end):
    """Whether four to six digits are the PIN or OTP that stands before or behind them."""
    before = text[max(0, start - JUST_BEFORE) : start]
    if YEAR.fullmatch(text[start:end]) or COUNTS.search(before) or EXAMPLE.search(before):
        return False
    is_long = end - start > 6 and text[start:end].isdecimal()
    if is_long and not ANNOUNCES.search(before):
        return False
    if IS_KEY.match(text, end, end + AFTER_CODE):
        return True
    return _mentions(KEY, text, start - AHEAD_OF_CODE, start)


def _mentions(pattern, text, start, end):
    return pattern.search(text, max(0, start), end) is not None
