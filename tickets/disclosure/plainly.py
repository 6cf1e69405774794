"""Passwords of plain words, told by what stands around them: 'sandinya suka kopi, tanpa spasi'."""

import re

from tickets.disclosure.names import PASSWORDS
from tickets.disclosure.ordinary import is_phrase, is_plain_word
from tickets.disclosure.secrets import BETWEEN, NOT_ID, OTHER_THING
from tickets.disclosure.span import Span
from tickets.disclosure.values import is_password

HINTED = re.compile(  # 'sandinya saya suka kopi, tanpa spasi'
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?[ :=]{{1,3}}(?:(?:{BETWEEN})[ ])?([A-Za-z]{{3,20}}"
    rf"(?:[ ]\w{{1,20}}){{0,3}}?)"
    r",?[ ]\(?(?:(?:tanpa|pakai|pake|ada|tdk ada) spasi|disambung|digabung|(?:semua )?huruf "
    r"(?:kecil|besar|kapital))",
    re.IGNORECASE,
)
LOOSE_PLAIN = re.compile(  # 'sandi saya kalau perlu dicoba: kemangi'
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?(?:[ ]{{1,3}}(?!(?:{OTHER_THING})\b)[a-z]{{2,15}}){{1,6}}"
    rf"{NOT_ID}[ ]?[:=][ ]{{0,3}}[\"'“]?([a-z]{{5,24}})(?=[\"'”]?\s{{0,2}}(?:[,.\n]|$))",
    re.IGNORECASE,
)
PLAIN_AFTER = re.compile(  # 'password huruf kecil semua mawarmerah'
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?(?!\w)[^.?!\n]{{0,50}}"
    r"\b(?:huruf (?:kecil|besar|kapital)(?: semua)?|tanpa spasi|disambung|digabung)(?:[,:]? yaitu"
    r"|,|:)?\s([A-Za-z]{5,24})"
    r"(?=\s{0,2}(?:[,.;\n]|$))",
    re.IGNORECASE,
)
PLAIN_BEFORE = re.compile(  # 'saya ketik mawarmerah di kolom password', 'mawar adalah sandi saya'
    r"(?<!\w)(?:(?:pakai|pake|isi|ketik|tulis|masukkan|masukan|input|coba)\s([a-z]{5,24})\s(?:di"
    r"|sebagai|sbg|untuk|buat)"
    rf"\s(?:kolom\s|isian\s)?|([a-z]{{5,24}})\sadalah\s){PASSWORDS}(?!\w)",
    re.IGNORECASE,
)
PLAIN_MADE = re.compile(  # 'diminta sandi baru, saya buat Kembangkol tapi ditolak'
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?(?!\w)[^.?!\n]{{0,50}}\b(?:buat|bikin|ketik|isi)(?:kan)?\s"
    r"([A-Za-z]{5,24})(?=\s{0,2}(?:[,.;\n]|$)|\s(?:tapi|tp|kok|trus|terus|lalu|malah|ditolak"
    r"|gagal)\b)",
    re.IGNORECASE,
)
PLAIN_IN_BRACKETS = re.compile(
    rf"(?<![^\W_]){PASSWORDS}(?:(?:nya|ku)|\s(?:saya|sy|kami|lama|baru))\s?\((\w{{5,24}})\)",
    re.IGNORECASE,
)
TOLD_PLAINLY = re.compile(  # 'user dan password sama, yaitu melati'
    rf"(?<![^\W_]){PASSWORDS}(?:nya|ku)?(?!\w)[^.\n?!:]{{0,40}}\s(?:yaitu|yakni"
    rf"|ialah)\s(\w{{6,24}})"
    r"(?=[,.\n]|$)",
    re.IGNORECASE,
)
BIRTH_DATE = re.compile(
    rf"(?<![^\W_]){PASSWORDS}"
    rf"(?:nya)?(?!\w)[^.?!\n]{{0,40}}\blahir\b[^\d.?!\n]{{0,20}}(\d\d[./-]?\d\d[./-]?\d{{2,4}})(?!\d)",
    re.IGNORECASE,
)
UNDER_HEADING = re.compile(
    rf"^[ ]{{0,3}}{PASSWORDS}(?:nya)?[ ]{{0,3}}:?[ ]{{0,3}}"
    r"\n{1,2}[ ]{0,3}([^\s:]{3,64})[ ]{0,3}$",
    re.IGNORECASE | re.MULTILINE,
)
# after a word for a password, a date that lies too far back for a log is a date of birth
OLD_DATE = re.compile(
    rf"(?<![^\W_]){PASSWORDS}(?:nya)?(?!\w)[^?!\n]{{0,40}}?"
    r"(?<![\d./-])(\d\d[./-]\d\d[./-](?:19[4-9]\d|200\d))(?![\d./-])",
    re.IGNORECASE,
)
WAYS = (HINTED, LOOSE_PLAIN, PLAIN_AFTER, PLAIN_MADE, PLAIN_BEFORE, PLAIN_IN_BRACKETS, TOLD_PLAINLY)


def spans(text):
    """The passwords of a text that are plain words, a phrase or a date of birth."""
    for pattern in WAYS:
        for found in pattern.finditer(text):
            value = found[found.lastindex]
            if is_phrase(value) or is_plain_word(value):
                yield Span("password", *found.span(found.lastindex))
    for found in UNDER_HEADING.finditer(text):
        if is_password(found[1]):
            yield Span("password", *found.span(1))
    for pattern in (BIRTH_DATE, OLD_DATE):
        for found in pattern.finditer(text):
            yield Span("password", *found.span(1))
