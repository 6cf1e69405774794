"""Passwords and codes: what is said to be one, and what looks like nothing else.

A word for a password ('sandi saya', 'pw:') is followed by words that may stand between it and the
password, perhaps by a sign, and by the value. After a sign almost anything is taken for a value;
without one only what no sentence contains by chance. So 'password salah' stays quiet.
"""

import re

from tickets.disclosure.names import KEYS, PASSWORDS
from tickets.disclosure.ordinary import is_phrase, is_plain_word
from tickets.disclosure.span import Span
from tickets.disclosure.values import (
    CODE,
    YEAR,
    is_code,
    is_lettered_code,
    is_password,
    is_quoted_password,
    is_strong,
    trimmed,
)

SHORTEST_CODE, SHORTEST_BARE_CODE = 6, 8
WHOSE = r"saya|sy|aku|gue|kami|kita|bapak|ibu|pak|bu|nya|ku|mu|dia|anda"
BETWEEN = (  # words that may stand between the word for a password and the password
    rf"{WHOSE}|yang|yg|ini|itu|tsb|tersebut|dari|di|ke|pada|untuk|utk|buat|milik|dengan|dgn|pakai"
    rf"|pake|lama|baru|sekarang|skrg|terakhir|sementara|awal|default|bawaan|asli|masih|tetap"
    rf"|adalah|adlh|yaitu|yakni|ialah|jadi|menjadi|mjd|is|kan|tuh|loh|ya|min|kami|masuk|masuknya"
    rf"|diterima|terima|digunakan|dipakai|gunakan|dibuat|diberikan|dikirim|direset|diubah|diganti"
    rf"|diset|dicoba|didapat|login|server|root|admin|agency|database|db|basis|data|email|surel"
    rf"|wifi|vpn|aplikasi|sistem|spse|lpse|sikap|sirup|apendo|inaproc|epns|lkpp|ppk|pp|pokja"
    rf"|penyedia|terpusat|portal|kantor|pribadi|hp|wa|autentikator|authenticator|akses|aktivasi"
    rf"|google|sms"
)
GAP = (
    rf"(?:[ \n]{{1,3}}(?:(?:akun|user|username|userid|user id|pengguna)(?:[ ]{{1,3}}[\w.]{{1,30}})?"
    rf"|(?:{BETWEEN})(?:nya)?)(?=[\s:=;→(>]|->|$)){{0,6}}"
)
SIGN = (  # with the blanks of a letter that is set in columns, and the stars of bold text
    r"(?P<sign>[ \t]{0,20}(?:\([^()\n]{0,50}\)[ ]{0,3})?[*_]{0,2}(?::=|=>|->|[:=;→–—]"
    r"|\.{2,3})[*_]{0,2}|>|\t|[ ]-(?=[ ])|[ ]{4,20})"
)
SUFFIX = r"(?P<suffix>[ -]?(?:nya|ny|ku|mu|na))?(?!\w)[\"'\]]{0,2}"
OPENING = r"[<«*]{0,2}(?P<quote>[\"'“‘`]?)"
SAID = re.compile(
    rf"(?<![^\W_])(?:pg|db|my)?(?:(?P<password>{PASSWORDS})|(?P<key>{KEYS})){SUFFIX}"
    rf"(?P<gap>{GAP})(?:{SIGN}\s{{0,12}}|[ ]{{0,3}}){OPENING}(?P<value>[^\s<]{{1,80}})",
    re.IGNORECASE,
)
# 'password yang saya masukkan: …': other words between, none of which names another thing
OTHER_THING = (
    r"salah|tidak|tdk|gagal|error|kode|nomor|no|tiket|tender|paket|rup|nip|npwp|nik|nib|versi"
    r"|tanggal|tgl|pukul|jam|nama|hp|telp|wa|status|pesan|perihal|lampiran|alamat|instansi|berikut"
)
IDS = ("user", "akun", "username", "userid", "user id")
NOT_ID = "".join(rf"(?<!{word})" for word in IDS)
ENDS_IN_ID = re.compile(rf"(?:{'|'.join(IDS)})$", re.IGNORECASE)
SAID_LOOSELY = re.compile(
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?(?:[ ]{{1,3}}(?!(?:{OTHER_THING})\b)[a-z]{{2,15}}){{1,7}}"
    rf"{NOT_ID}(?:[ ]?[:=]|[ ](?:adalah|yaitu|yakni|ialah))[ ]{{0,3}}[\"'“]?([^\s<]{{5,80}})",
    re.IGNORECASE,
)
EXAMPLE = re.compile(r"\b(?:contoh|misal(?:nya)?)\s{1,3}$", re.IGNORECASE)
AFTER_USER = re.compile(
    r"\b(?:user(?:name|id|[ ]id)?|uid|login|email)(?:nya)?\s{0,2}[:=]?\s{0,2}[\w.@-]{3,40}"
    r"[\s,;/|]{1,3}(?:(?:dan|dgn|dengan|lalu|trus|terus|&)\s)?$",
    re.IGNORECASE,
)
TOLD_PLAINLY = re.compile(
    r"([A-Za-z]{1,24}(?:-[A-Za-z]{1,12}){0,3}|\d{4,5})(?=\s{0,2}(?:[,.;\n]|$)|\s(?:ya|yah|pak|bu"
    r"|mas|mbak|min|kak|bang|gan|huruf|semua|aja|saja|sj|kok|tp|tapi|and|but|still|please|kenapa"
    r"|knp|gabung|spasi|trs|trus|terus|lalu|dan|gak|ga|gk|nggak|tidak|tdk|malah|muncul|gagal"
    r"|ditolak|ttp|tetap)\b)"
)
ENDS_IN_TOLD = re.compile(
    r"\b(?:saya|sy|kami|aku|gue|adalah|yaitu|yakni|ialah|jadi|jd|menjadi|masih|tetap|cuma|dulu|is"
    r"|\w+nya)$",
    re.IGNORECASE,
)
WORD_AND_NUMBER = re.compile(
    r"([A-Za-z]{4,20})(?:[ ][a-z]{4,20})?[ ]\d{1,4}(?![\w.,:/-])(?! (?:kali|digit))"
)
WITH = re.compile(r"\b(?:dengan|dgn|dg|pakai|pake|pk|memakai|menggunakan|with)\s$", re.IGNORECASE)
PHRASE = re.compile(  # 'sandi: Bunga Matahari', with nothing behind it
    r"(?!(?:cv|pt|ud|bapak|ibu|sdr|an)\b)[A-Za-z]{3,20}(?:[ ]\w{1,20}){1,3}(?=\s{0,3}(?:\(|\n|$))",
    re.IGNORECASE,
)
PASSPHRASE = re.compile(r"passphrase", re.IGNORECASE)
ASKED_FOR = re.compile(  # 'reset password ppk_dinkes1' names somebody, not a password
    r"\b(?:me)?(?:reset|lupa|ganti|ngganti|ubah|ngubah|ulang|buka|hapus)(?:kan)?\s{1,3}$",
    re.IGNORECASE,
)
QUOTED = re.compile(r"[^\"'“”‘’`\n]{3,60}(?=[\"'”’`])")
ANOTHER = re.compile(  # 'Lama#1 atau Baru#2', 'Lama#1 direset ke Baru#2'
    r"[\"'”’]?(?:,|[ ]?/|[ ](?:atau|dan|&|(?:mohon )?(?:direset|diganti|ganti|ubah) (?:ke|jadi)))"
    r"[ ]{1,3}(?P<value>[^\s<]{4,80})"
)
PAIRED = re.compile(
    r"(?:user(?:[ ]?id|name)?|uid|id|login|akun)[ ]{0,3}(?:/|&|dan|\+)[ ]{0,3}$", re.IGNORECASE
)
SECOND = re.compile(r"[ ]{0,3}(?:/|&|dan|\|)[ ]{0,3}(?P<value>[^\s<]{3,80})", re.IGNORECASE)


def spans(text):
    """The passwords, codes and keys of a text that follow the word for one."""
    yield from _said(text)
    for found in SAID_LOOSELY.finditer(text):
        is_example = EXAMPLE.search(text, max(0, found.start() - 20), found.start())
        if is_strong(found[1]) and not is_example:
            yield Span("password", *trimmed(text, *found.span(1)))


def _said(text):
    """What follows a word for a password or a code."""
    position = 0
    while found := SAID.search(text, position):
        position = found.end("gap")  # what follows may say it again
        span = _code(text, found) if found["key"] else _password(text, found)
        if span and PASSPHRASE.fullmatch(found["password"] or ""):  # it opens a certificate
            span = span._replace(kind="key")
        while span:
            yield span
            position = span.end
            span = _another(text, span)


def _password(text, found):
    """The password that `found` announces, or None when it only speaks of one."""
    start, end = found.span("value")
    if found["quote"] and (quoted := QUOTED.match(text, start)):
        return Span("password", *quoted.span()) if is_quoted_password(quoted[0]) else None
    if pair := _pair(text, found):
        return pair
    if _names_somebody(text, found):
        return None
    if EXAMPLE.search(text, max(0, found.start() - 20), found.start()):
        return None
    is_sign_at_hand = found["sign"] and "\n" not in text[found.end("sign") : start]
    if is_sign_at_hand and (line := PHRASE.match(text, start)) and is_phrase(line[0]):
        return Span("password", *line.span())
    if phrase := _word_and_number(text, found):
        return Span("password", *phrase.span())
    is_fit = _is_value_after_sign if _is_sure(text, found) else _is_bare_value
    return Span("password", *trimmed(text, start, end)) if is_fit(text, found) else None


def _word_and_number(text, found):
    """'sandinya Melati 77', with a blank in it, or None."""
    phrase = WORD_AND_NUMBER.match(text, found.start("value"))
    is_told = found["sign"] or found["suffix"] or ENDS_IN_TOLD.search(found["gap"])
    return phrase if phrase and is_told and is_plain_word(phrase[1]) else None


def _is_value_after_sign(text, found):
    value = found["value"]
    return is_password(value, text[found.end() : found.end() + 20]) or is_plain_word(value)


def _is_bare_value(text, found):
    is_beside = found["value"].startswith(("/", ".", "("))  # a path, a name in a program, an aside
    return (is_strong(found["value"]) and not is_beside) or _is_told_plainly(text, found)


def _is_sure(text, found):
    """A sign, or a user before it, says that what follows is a value."""
    return found["sign"] or AFTER_USER.search(text, max(0, found.start() - 60), found.start())


def _is_told_plainly(text, found):
    """'sandinya melati ya bu'"""
    plain = TOLD_PLAINLY.match(text, found.start("value"))
    is_told = (
        found["suffix"]
        or ENDS_IN_TOLD.search(found["gap"])
        or WITH.search(text, max(0, found.start() - 12), found.start())
    )
    return bool(plain and (is_told or plain[1].isdecimal()) and is_plain_word(plain[1]))


def _names_somebody(text, found):
    """'reset password ppk01', 'password user: budi2': whose it is, not what it is."""
    if found["sign"]:
        return ENDS_IN_ID.search(found["gap"]) is not None
    is_bare = not (found["gap"] or found["suffix"])
    return is_bare and ASKED_FOR.search(text, max(0, found.start() - 15), found.start())


def _pair(text, found):
    """'user/pass: budi / Rahasia1' gives two words away, of which the second is the password."""
    if not PAIRED.search(text, max(0, found.start() - 20), found.start()):
        return None
    second = SECOND.match(text, found.end("value"))
    is_fit = is_password if found["sign"] else is_strong
    if not second or not is_fit(second["value"]):
        return None
    return Span("password", found.start("value"), trimmed(text, *second.span("value"))[1])


def _another(text, span):
    """The password that is named in one breath with the one before, or None."""
    more = ANOTHER.match(text, span.end)
    if span.kind != "password" or not more or not is_strong(more["value"]):
        return None
    return Span("password", *trimmed(text, *more.span("value")))


def _code(text, found):
    """The PIN, OTP, token or key that `found` announces, or None."""
    start = found.start("value")
    is_bare = not (found["sign"] or found["gap"] or found["suffix"])
    if (digits := CODE.match(text, start)) and not (is_bare and YEAR.fullmatch(digits[0])):
        return Span("key", *digits.span())
    start, end = trimmed(text, *found.span("value"))
    enough = SHORTEST_BARE_CODE if is_bare else SHORTEST_CODE
    is_told = is_code(text[start:end]) or (found["sign"] and is_lettered_code(text[start:end]))
    return Span("key", start, end) if is_told and end - start >= enough else None
