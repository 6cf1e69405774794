"""Passwords and codes: what is said to be one, and what looks like nothing else.

A word for a password ('sandi saya', 'pw:') is followed by words that may stand between it and the
password, perhaps by a sign, and by the value. After a sign almost anything is taken for a value;
without one only what no sentence contains by chance. So 'password salah' stays quiet.
"""

import re

from tickets.disclosure.names import KEYS, PASSWORDS
from tickets.disclosure.span import Span
from tickets.disclosure.values import (
    CODE,
    YEAR,
    is_code,
    is_glaring,
    is_lettered_code,
    is_password,
    is_phrase,
    is_plain_word,
    is_quoted_password,
    is_strong,
    trimmed,
)

SHORTEST_CODE, SHORTEST_BARE_CODE = 6, 8
WHOSE = r"saya|sy|aku|gue|kami|kita|bapak|ibu|pak|bu|nya|ku|mu|dia|anda"
BETWEEN = (  # words that may stand between the word for a password and the password
    rf"{WHOSE}|yang|yg|ini|itu|tsb|tersebut|dari|di|ke|pada|untuk|utk|buat|milik|dengan|dgn|pakai|pake"
    r"|lama|baru|sekarang|skrg|terakhir|sementara|awal|default|bawaan|asli|masih|tetap|adalah|adlh"
    r"|yaitu|yakni|ialah|jadi|menjadi|mjd|is|kan|tuh|loh|ya|min|kami|masuk|masuknya|diterima|terima"
    r"|digunakan|dipakai|gunakan|dibuat|diberikan|dikirim|direset|diubah|diganti|diset|dicoba|didapat"
    r"|login|server|root|admin|agency|database|db|basis|data|email|surel|wifi|vpn|aplikasi|sistem"
    r"|spse|lpse|sikap|sirup|apendo|inaproc|epns|lkpp|ppk|pp|pokja|penyedia|terpusat|portal"
    r"|kantor|pribadi|hp|wa|autentikator|authenticator|akses|aktivasi|google|sms"
)
GAP = (
    rf"(?:[ \n]{{1,3}}(?:(?:akun|user|username|userid|user id|pengguna)(?:[ ]{{1,3}}[\w.]{{1,30}})?"
    rf"|(?:{BETWEEN})(?:nya)?)(?=[\s:=;→(>]|->|$)){{0,6}}"
)
SIGN = r"(?P<sign>[ ]{0,3}(?:\([^()\n]{0,50}\)[ ]{0,3})?(?::=|=>|->|[:=;→])|>)"
SUFFIX = r"(?P<suffix>[ -]?(?:nya|ny|ku|mu|na))?(?!\w)[\"'\]]{0,2}"
OPENING = r"(?P<quote>[\"'“‘`]?)"

SAID = re.compile(
    rf"(?<![^\W_])(?:pg|db|my)?(?:(?P<password>{PASSWORDS})|(?P<key>{KEYS})){SUFFIX}"
    rf"(?P<gap>{GAP})(?:{SIGN}\s{{0,3}}|[ ]{{0,3}}){OPENING}(?P<value>[^\s<]{{1,80}})",
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
SAID_LOOSELY = (
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?(?:[ ]{{1,3}}(?!(?:{OTHER_THING})\b)[a-z]{{2,15}}){{1,7}}"
    rf"{NOT_ID}(?:[ ]?[:=]|[ ](?:adalah|yaitu|yakni|ialah))[ ]{{0,3}}[\"'“]?([^\s<]{{5,80}})"
)
EXAMPLE = re.compile(r"\b(?:contoh|misal(?:nya)?)\s{1,3}$", re.IGNORECASE)
AFTER_USER = re.compile(
    r"\b(?:user(?:name|id|[ ]id)?|uid|login|email)(?:nya)?\s{0,2}[:=]?\s{0,2}[\w.@-]{3,40}"
    r"[\s,;/|]{1,3}(?:(?:dan|dgn|dengan|lalu|trus|terus|&)\s)?$",
    re.IGNORECASE,
)
TOLD_PLAINLY = re.compile(
    r"([A-Za-z]{1,24}(?:-[A-Za-z]{1,12}){0,3}|\d{4,5})(?=\s{0,2}(?:[,.;\n]|$)|\s(?:ya|yah|pak|bu|mas|mbak|min|kak|bang|gan|huruf|semua|aja|saja"
    r"|sj|kok|tp|tapi|and|but|still|please|kenapa|knp|gabung|spasi|trs|trus|terus|lalu|dan|gak|ga|gk|nggak|tidak|tdk|malah|muncul|gagal|ditolak|ttp|tetap)\b)"
)
ENDS_IN_TOLD = re.compile(
    r"\b(?:saya|sy|kami|aku|gue|adalah|yaitu|yakni|ialah|jadi|jd|menjadi|masih|is)$", re.IGNORECASE
)
WITH = re.compile(r"\b(?:dengan|dgn|dg|pakai|pake|pk|memakai|menggunakan|with)\s$", re.IGNORECASE)
PHRASE = re.compile(  # 'sandi: Bunga Matahari', with nothing behind it
    r"(?!(?:cv|pt|ud|bapak|ibu|sdr|an)\b)[A-Za-z]{3,20}(?:[ ]\w{1,20}){1,3}(?=\s{0,3}(?:\(|\n|$))",
    re.IGNORECASE,
)
PASSPHRASE = re.compile(r"passphrase", re.IGNORECASE)
LOOSE_PLAIN = re.compile(  # 'sandi saya kalau perlu dicoba: kemangi'
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?(?:[ ]{{1,3}}(?!(?:{OTHER_THING})\b)[a-z]{{2,15}}){{1,6}}"
    rf"{NOT_ID}[ ]?[:=][ ]{{0,3}}[\"'“]?([a-z]{{5,24}})(?=[\"'”]?\s{{0,2}}(?:[,.\n]|$))",
    re.IGNORECASE,
)
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

# (kind, pattern) whose group 1 is the piece: what needs no word before it
UNMISTAKABLE = [
    ("password", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,64}:([^\s@/]{1,64})@"),
    ("password", r"\bsshpass\s{1,3}-p\s{0,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\s-pw\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\bmysql\w{0,8}\b[^\n]{0,80}?\s-p['\"]?([^\s'\"]{3,64})"),
    ("password", r"\bcurl\b[^\n]{0,80}?\s-u\s{1,3}['\"]?[^\s:]{1,64}:([^\s'\"]{3,64})"),
    ("password", r"\bsqlplus\s{1,3}\w{1,40}/([^\s@/]{3,64})"),
    ("password", r"\bredis-cli\b[^\n]{0,60}?\s-a\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\b(?:7za?|unrar|rar)\s[axetl]\s[^\n]{0,60}?\s-p['\"]?([^\s'\"]{3,64})"),
    ("password", r"\b(?:un)?zip\b[^\n]{0,60}?\s(?-i:-P)\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\bsmbclient\b[^\n]{0,60}?\s-U\s{1,3}['\"]?\w{1,40}%([^\s'\"]{3,64})"),
    ("password", r"\b(?:lftp|ftp)\b[^\n]{0,60}?\s-u\s{1,3}['\"]?\w{1,40},([^\s'\"]{3,64})"),
    ("password", r"\bnet use\b[^\n]{0,60}?/user:\S{1,40}\s{1,3}([^\s/]{3,64})"),
    ("password", r"\b(?:docker|podman|az|oc) login\b[^\n]{0,60}?\s-p\s{1,3}([^\s'\"]{3,64})"),
    ("password", r"-pass(?:in|out)?\s{1,3}pass:([^\s'\"]{3,64})"),
    ("password", r"\bhtpasswd\s-\w*b\w*\s\S{1,80}\s\S{1,40}\s['\"]?([^\s'\"]{3,64})"),
    ("password", r"\becho\s{1,3}['\"]?(?:\w{1,40}:)?([^\s'\"|]{3,64})['\"]?\s?\|\s?(?:sudo|passwd|chpasswd)"),
    ("password", r"\b(?:ldap\w{3,8})\b[^\n]{0,80}?\s-w\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\b(?:mongo\w{0,6}|sqlcmd)\b[^\n]{0,80}?\s-p\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\s--pass(?:word|wd)?\s{1,3}['\"]?([^\s'\"-][^\s'\"]{2,63})"),
    ("password", r"\b(?:requirepass|masterauth|-?storepass|-?keypass|rootpw)\s{1,3}['\"]?([^\s'\"]{3,64})"),
    ("password", r"\bidentified by\s{1,3}['\"]([^'\"\n]{3,64})"),
    (
        "key",
        r"(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[^-]{0,4000}-----END [A-Z ]{0,30}-----)?)",
    ),
    ("key", r"\b(eyJ[\w-]{8,2000}\.[\w-]{4,2000}\.[\w-]{4,2000})"),
    ("key", r"\b(gh[pousr]_\w{20,60}|AKIA[0-9A-Z]{16}\b)"),
    ("key", r"\b(glpat-[\w-]{12,60}|sk[-_][\w-]{16,80}|xox[abp]-[\w-]{10,80}|AIza[\w-]{30,40})"),
    ("key", r"\b(\d{8,10}:AA[\w-]{30,40})"),
    ("key", r"\bauthorization:\s{0,3}(?:basic|token)\s{1,3}([\w.~+/=-]{8,2000})"),
    ("key", r"key\s?[:=]\s?(base64:[\w+/=]{8,200})"),
    ("key", r"[?&](?:(?:access_)?token|api_?key|sig)=([\w.~+/%-]{6,400})"),
    ("key", r"\bbearer\s{1,3}([\w.~+/=-]{16,2000})"),
    ("key", r"\b(?:\w{1,20}_SESSION|JSESSIONID|PHPSESSID|sessionid)=([^\s;,]{8,400})"),
]
# whose group 1 is a password if it is strong
BESIDE = [
    r"(?:login|masuk)\s(?:pakai|pake|dengan|memakai|menggunakan)\s[\w.]{2,30}/([^\s,;/]{4,64})",
    r"\b(?:u/p|kredensial)\s{0,2}[:=]?\s{0,2}[\w.@-]{2,40}\s{0,2}[/|]\s{0,2}([^\s,;/|]{4,64})",
    r"\bakun(?: saya| kami)? [\w.@-]{2,40}\s{0,2}[/|]\s{0,2}"
    r"([\w.-]{0,40}[@#$!%^&*+~][^\s,;/|]{0,40})",
    r"(?<![\w/.])(?:root|admin|administrator|postgres)\s{0,2}/\s{0,2}"
    r"((?=[^\s,;/]{0,60}\d)[^\s,;/]{4,64})",
    rf"(?<!\S)([^\s]{{5,64}})\s(?:itu|sebagai|untuk|adalah)\s{PASSWORDS}\b",
    SAID_LOOSELY,
]
NAME_AND_PASSWORD = re.compile(r"(?<![^\s(\"'])(?=\w*[_.\d]|admin:|root:)[a-z][\w.]{2,30}:([^\s:/,]{6,64})")
USER_AND_PASSWORD = re.compile(  # 'user agency pass agency'
    r"\b(?:user(?:name|id|[ ]id)?|uid|login|id)\s{0,2}[:=]?\s{0,2}[\w.@-]{3,40}[\s,;/|]{1,3}"
    rf"(?:(?:dan|dgn|dengan|&)\s)?{PASSWORDS}(?:nya)?\s?[:=]?\s?([\w.-]{{4,40}})"
    r"(?=\s{0,2}(?:[,.;\n]|$)|\s(?:ya|pak|bu|mas|mbak|min|kak|tapi|trus|terus|lalu|kok|malah)\b)",
    re.IGNORECASE,
)
HINTED = re.compile(  # 'sandinya saya suka kopi, tanpa spasi'
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?[ :=]{{1,3}}(?:(?:{BETWEEN})[ ])?([A-Za-z]{{3,20}}(?:[ ]\w{{1,20}}){{0,3}}?)"
    r",?[ ]\(?(?:(?:tanpa|pakai|pake|ada|tdk ada) spasi|disambung|digabung|(?:semua )?huruf (?:kecil|besar|kapital))",
    re.IGNORECASE,
)
IN_SETTINGS = re.compile(  # keystorePass="changeit", dbPassword: mawar
    r"\b(?!by|compass)\w{2,30}(?:pass(?:word|wd|phrase)?|pwd)[\"']?\s{0,3}(?:[:=]|=>)\s{0,3}[\"']?([^\s\"'<;,]{3,64})",
    re.IGNORECASE,
)
PLAIN_AFTER = re.compile(  # 'password huruf kecil semua mawarmerah'
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?(?!\w)[^.?!\n]{{0,50}}"
    r"\b(?:huruf (?:kecil|besar|kapital)(?: semua)?|tanpa spasi|disambung|digabung)(?:[,:]? yaitu|,|:)?\s([A-Za-z]{5,24})"
    r"(?=\s{0,2}(?:[,.;\n]|$))",
    re.IGNORECASE,
)
PLAIN_BEFORE = re.compile(  # 'saya ketik mawarmerah di kolom password', 'mawar adalah sandi saya'
    r"(?<!\w)(?:(?:pakai|pake|isi|ketik|tulis|masukkan|masukan|input|coba)\s([a-z]{5,24})\s(?:di|sebagai|sbg|untuk|buat)"
    rf"\s(?:kolom\s|isian\s)?|([a-z]{{5,24}})\sadalah\s){PASSWORDS}(?!\w)",
    re.IGNORECASE,
)
PLAIN_IN_BRACKETS = re.compile(
    rf"(?<![^\W_]){PASSWORDS}(?:(?:nya|ku)|\s(?:saya|sy|kami|lama|baru))\s?\((\w{{5,24}})\)", re.IGNORECASE
)
BIRTH_DATE = re.compile(
    rf"(?<![^\W_]){PASSWORDS}(?:nya)?(?!\w)[^.?!\n]{{0,40}}\blahir\b[^\d.?!\n]{{0,20}}(\d\d[./-]?\d\d[./-]?\d{{2,4}})(?!\d)",
    re.IGNORECASE,
)
# the same, if it is no name either: 'akses: pokja4 - Sukses4x4', 'akun admin:Kopi77'
PAIR = re.compile(
    r"\b(?:login|akses|wifi|ssid|server|akun|user|kredensial|masuk)(?:nya)?(?:[ ][a-z]{1,12}){0,2}"
    r"[ ]?[: ][ ]{0,2}[\w.@-]{2,40}(?:[ ]{0,2}(?://?|\|)[ ]{0,2}|[ ]-[ ]|:)([^\s,;/|]{6,64})"
    r"|\b(?:login|masuk|log in|sign in)\w{0,4}\s(?:pakai|pake|pk|dengan|dgn|menggunakan|using|with)\s"
    r"(?:\w{2,10}\s){0,2}[\w.@-]{2,40}\s(?:dan|and|sama|&|trus|lalu)\s([^\s,;/|]{6,64})",
    re.IGNORECASE,
)
UNMISTAKABLE = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in UNMISTAKABLE]
BESIDE = [re.compile(pattern, re.IGNORECASE) for pattern in BESIDE]


def spans(text):
    """The passwords, codes and keys of a text, the surest first."""
    for kind, pattern in UNMISTAKABLE:
        for found in pattern.finditer(text):
            yield Span(kind, *trimmed(text, *found.span(1)))
    yield from _said(text)
    for pattern in BESIDE:
        for found in pattern.finditer(text):
            is_example = EXAMPLE.search(text, max(0, found.start() - 20), found.start())
            if is_strong(found[1]) and not is_example:
                yield Span("password", *trimmed(text, *found.span(1)))
    for found in [*PAIR.finditer(text), *NAME_AND_PASSWORD.finditer(text)]:
        if is_glaring(found[found.lastindex]):
            yield Span("password", *trimmed(text, *found.span(found.lastindex)))
    for found in BIRTH_DATE.finditer(text):
        yield Span("password", *found.span(1))
    for found in IN_SETTINGS.finditer(text):
        if is_password(found[1]):
            yield Span("password", *trimmed(text, *found.span(1)))
    for pattern in (HINTED, LOOSE_PLAIN, PLAIN_AFTER, PLAIN_BEFORE, PLAIN_IN_BRACKETS):
        for found in pattern.finditer(text):
            piece = found[found.lastindex]
            if is_phrase(piece) or is_plain_word(piece):
                yield Span("password", *found.span(found.lastindex))
    for found in USER_AND_PASSWORD.finditer(text):
        if is_password(found[1]):
            yield Span("password", *found.span(1))


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
    is_fit = _is_value_after_sign if _is_sure(text, found) else _is_bare_value
    return Span("password", *trimmed(text, start, end)) if is_fit(text, found) else None


def _is_value_after_sign(text, found):
    value = found["value"]
    return is_password(value, text[found.end() : found.end() + 20]) or is_plain_word(value)


def _is_bare_value(text, found):
    is_path = found["value"].startswith("/")
    return is_strong(found["value"]) and not is_path or _is_told_plainly(text, found)


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
