"""Passwords and keys told in other words: what looks strange, near a word that explains it.

`secrets` reads what follows 'sandi' word by word. People also write 'sdh sy ganti jd Kopi45', or
'Kopi45 di kolom sandi'. Here each strange piece is asked what stands around it: a word for a
password or a key, a word that announces, a word that names another thing ('user budi99').
"""

import re

from tickets.disclosure.names import LONG_KEYS, PASSWORDS
from tickets.disclosure.ordinary import is_phrase, is_plain_word
from tickets.disclosure.span import Span
from tickets.disclosure.values import (
    is_code,
    is_glaring,
    is_hard,
    is_like_a_name,
    is_odd,
    is_rich,
    is_strong,
    trimmed,
)

# how far the explaining word may stand
AHEAD, AHEAD_OF_ODD, AFTER, AHEAD_OF_KEY = 200, 50, 45, 120
JUST_BEFORE = 40
SHORTEST_LONG_KEY = 8
PIECE = re.compile(r"(?<![^\s(\"'“‘`|:=,;/>→<*\[-])(?!\*)[^\s<>|(\[\"'“‘`]{4,80}")
PASSWORD = re.compile(
    rf"(?<![^\W_])(?:{PASSWORDS}|kunci|pas(?=nya))(?:nya|ny|ku|mu)?(?![^\W_])", re.IGNORECASE
)
ANY_LONG_KEY = re.compile(rf"(?<![^\W_])(?:{LONG_KEYS})(?:nya|ny|ku)?(?![^\W_])", re.IGNORECASE)
PASSPHRASE = re.compile(r"(?<![^\W_])passphrase", re.IGNORECASE)
# 'reset password budi99' names somebody; so does 'budi99 lupa password'
ASKED = re.compile(
    rf"\b(?:me|di)?(?:reset|lupa|ulang|buka|hapus)(?:kan)?\s{{1,3}}(?:\w{{1,8}}\s)?{PASSWORDS}",
    re.IGNORECASE,
)
ANNOUNCES = re.compile(
    r"(?:(?<!\w)(?:jadi|jd|mjd|menjadi|jadikan|ke|dgn|dengan|pakai|pake|pke|pk|yaitu|yakni|adalah"
    r"|adlh|ialah|masih|msh|tetap|tetep|ttp|cuma|cm|hanya|dulu|dulunya|skrg|sekarang|barunya"
    r"|lamanya|is|isi|isinya|diisi|ketik|ketikkan|tulis|masukkan|masukan|masukin|memasukkan|input"
    r"|coba|kasih|dikasih|kirim|beri|bukan|tapi|itu|ini|nih|salah|namanya|antara|mungkin|kayaknya"
    r"|sepertinya|terakhir|kemarin|sebelumnya|awalnya|tadinya|berupa|yg lama|yang lama|yg betul"
    r"|yg benar|yang betul|yang benar)|[:=>→(/])[\s\"'“‘(]{1,4}$",
    re.IGNORECASE,
)
TELLING = re.compile(r"[A-Z]{3}\w{0,60}\d|[@#$!^*]|[a-z]{2}[A-Z][a-z]|[a-z]-[A-Z]")
NAMES_ANOTHER = re.compile(
    r"(?<![^\W_])(?:user|username|usr|userid|user_id|uid|id|akun|account|pengguna"
    r"|(?<!sandi )(?<!password )(?<!pass )(?<!pw )login|nama|a\.?n|an"
    r"|atas nama|milik|utk|untuk|sebagai|sbg|oleh|email|surel|host|server|ip|domain|paket|tender"
    r"|tiket|rup|kode|nomor|no|nmr|versi|error|kontrak|surat|sk|commit|build|md5|sha1|sha256|hash"
    r"|patch|port|fingerprint|berkas|file|folder|produk|menu|tabel|kolom|field|serial|seri|tipe"
    r"|merk|laptop)"
    r"(?:nya|ku)?(?:\s(?:id|saya|sy|kami|km|ppk|pp|pokja|penyedia|auditor|baru|lama|adalah|yaitu))?"
    r"[\s:=.\"'“(]{1,4}$",
    re.IGNORECASE,
)
OF_A_THING = re.compile(
    rf"(?<![^\W_]){PASSWORDS}(?:nya)?\s(?:dari |utk |untuk |di |buat )?(?:server|host|domain"
    rf"|berkas|file|folder"
    r"|laptop|login|tabel|produk)(?:nya)?[\s:=\"'“(]{1,4}$",
    re.IGNORECASE,
)
CHANGES = re.compile(  # 'mohon diset Kopi45 saja sandinya'
    r"(?<!\w)(?:di)?(?:ganti|ubah|set|setel|reset|buat)(?:kan)?\s$", re.IGNORECASE
)
OF_ANOTHER = re.compile(
    r"(?<!\w)(?:user|username|userid|user id|id|email|surel|nama|judul|kode|versi|nomor|berkas"
    r"|file)"
    r"(?:nya)?(?!\w)",
    re.IGNORECASE,
)
EXAMPLE = re.compile(
    r"(?<!\w)(?:contoh|misal|seperti|spt|format|pola|mis\.|e\.g\.|example)(?:nya)?"
    r"(?:[ ]\w{1,12}){0,4}\W{1,5}$",
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
IS_PASSWORD = re.compile(  # 'saya tulis … di isian kata sandi'
    r"(?:[\s,)\"'”-]{1,4}(?:(?:itu|ini|adalah|adlh|sbg|sebagai|untuk|utk|buat|di|ke|pada|kolom"
    r"|isian"
    rf"|kode|dari|nih|is|as|the|my|our|masuk|jadi)\s{{1,2}}){{1,4}}|\s{{0,2}}(?:<-|<=|=|←"
    rf"|\()\s{{0,2}}){PASSWORDS}(?:nya|-nya)?(?!\w)",
    re.IGNORECASE,
)
ACCESS = re.compile(r"(?<!\w)(?:login|masuk|reset|akun|ssh|psql|mysql|sudo|su|vpn|zip)(?!\w)", re.I)
USES = re.compile(
    r"(?<!\w)(?:pakai|pake|pk|isi|isi dengan|ketik|dikasih|diberi|yaitu|jadi|jd)\s$", re.I
)
QUOTE = re.compile(r"[\"“‘'`]([^\"“”‘’'\n]{5,60})[\"”’'`]")
TELLS_PHRASE = re.compile(
    rf"(?:(?!kata kunci){PASSWORDS}(?:nya|ku)?|itu|is|yaitu|yakni|adalah|ialah|jadi|menjadi|pakai"
    rf"|masih|[:=])\s{{0,3}}$",
    re.IGNORECASE,
)


def spans(text):
    """The passwords and long keys that what stands around them gives away."""
    for found in PIECE.finditer(text):
        start, end = trimmed(text, *found.span())
        if kind := _kind(text, start, end):
            yield Span(kind, start, end)
    for found in QUOTE.finditer(text):
        if _is_phrase(text, found):
            yield Span("password", *found.span(1))


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


def _is_password(text, start, end, before):
    value = text[start:end]
    if is_odd(value) and mentions(PASSWORD, text, start - AHEAD_OF_ODD, start):
        return not ASKED.search(text, max(0, start - AHEAD), start)
    is_announced = ANNOUNCES.search(before) is not None and _may_be_announced(value)
    if is_like_a_name(value) or not (is_glaring(value) or is_announced):
        return False
    if CHANGED.search(before) and is_glaring(value) and not OF_ANOTHER.search(before):
        return True
    if IS_PASSWORD.match(text, end, end + AFTER) or _is_used(text, start, value, before):
        return True
    if CHANGES.search(before) and mentions(PASSWORD, text, end, end + AFTER):
        return is_glaring(value)
    if mentions(PASSWORD, text, start - AHEAD, start):
        return is_announced or not ASKED.search(text, max(0, start - AHEAD), start)
    return is_announced and mentions(PASSWORD, text, end, end + AFTER)


def _is_used(text, start, value, before):
    """'masuk pakai user rina lalu ketik rinaCantik88': no word for a password, but a use of one."""
    is_typed = USES.search(before) is not None and not OF_ANOTHER.search(before[-15:])
    return is_rich(value) and is_typed and mentions(ACCESS, text, start - AHEAD_OF_KEY, start)


def _is_phrase(text, found):
    """Whether words between quotes are announced as a password."""
    before = text[max(0, found.start() - AFTER) : found.start()]
    is_told = TELLS_PHRASE.search(before) and PASSWORD.search(before)
    if not is_told and not IS_PASSWORD.match(text, found.end(), found.end() + AFTER):
        return False
    return (is_phrase(found[1]) or is_plain_word(found[1])) and not EXAMPLE.search(before)


def _is_long_key(text, start, value):
    if mentions(PASSPHRASE, text, start - AHEAD_OF_KEY, start):
        return re.search(r"[a-z]", value) is not None
    is_long = is_code(value) and len(value) >= SHORTEST_LONG_KEY and value.count("/") < 2
    return is_long and mentions(ANY_LONG_KEY, text, start - AHEAD_OF_KEY, start)


def _may_be_announced(value):
    """Not only capitals or small letters, nor names like 'Sulawesi-Selatan': any may be meant."""
    has_lower, has_digit = any(map(str.islower, value)), any(map(str.isdigit, value))
    return (has_lower and has_digit) or TELLING.search(value) is not None


def _names_another(before):
    """'user budi99', 'laptop Asus15'; but in 'sandi laptop Kopi99' it is the laptop's password."""
    named = NAMES_ANOTHER.search(before)
    return bool(named) and not OF_A_THING.search(before)


def mentions(pattern, text, start, end):
    """Whether `pattern` stands in that part of a text."""
    return pattern.search(text, max(0, start), end) is not None
