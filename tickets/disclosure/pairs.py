"""A user and a password in one breath: 'login: budi / Rahasia1', 'user budi pass budi'."""

import re

from tickets.disclosure.names import PASSWORDS
from tickets.disclosure.span import Span
from tickets.disclosure.values import is_glaring, is_password, is_strong, trimmed

# whose group 1 is a password if it is strong
BESIDE = [
    r"(?:login|masuk)\s(?:pakai|pake|dengan|memakai"
    r"|menggunakan)\s[\w.@-]{2,30}\s?/\s?([^\s,;/]{4,64})",
    r"\b(?:u/p|kredensial)\s{0,2}[:=]?\s{0,2}[\w.@-]{2,40}\s{0,2}[/|]\s{0,2}([^\s,;/|]{4,64})",
    r"\bakun(?: saya| kami)? [\w.@-]{2,40}\s{0,2}[/|]\s{0,2}"
    r"([\w.-]{0,40}[@#$!%^&*+~][^\s,;/|]{0,40})",
    r"(?<![\w/.])(?:root|admin|administrator|postgres)\s{0,2}/\s{0,2}"
    r"((?=[^\s,;/]{0,60}\d)[^\s,;/]{4,64})",
    rf"(?<!\S)([^\s]{{5,64}})\s(?:itu|sebagai|untuk|adalah)\s{PASSWORDS}\b",
]
BESIDE = [re.compile(pattern, re.IGNORECASE) for pattern in BESIDE]
# the same, if it is no name either: 'akses: pokja4 - Sukses4x4', 'akun admin:Kopi77'
PAIR = re.compile(
    r"\b(?:login|akses|wifi|ssid|server|akun|user|kredensial|masuk)(?:nya)?(?:[ ][a-z]{1,12}){0,2}"
    r"[ ]?[: ][ ]{0,2}[\w.@-]{2,40}(?:[ ]{0,2}(?://?|\|)[ ]{0,2}|[ ]-[ ]|:)([^\s,;/|]{6,64})"
    r"|\b(?:login|masuk|log in|sign in)\w{0,4}\s(?:pakai|pake|pk|dengan|dgn|menggunakan|using"
    r"|with)\s"
    r"(?:\w{2,10}\s){0,2}[\w.@-]{2,40}\s(?:dan|and|sama|&|trus|lalu)\s([^\s,;/|]{6,64})",
    re.IGNORECASE,
)
NAME_AND_PASSWORD = re.compile(
    r"(?<![^\s(\"'])(?=\w*[_.\d]|admin:|root:)[a-z][\w.]{2,30}:([^\s:/,]{6,64})"
)
USER_AND_PASSWORD = re.compile(  # 'user agency pass agency'
    r"\b(?:user(?:name|id|[ ]id)?|uid|login|id|akun)\s{0,2}[:=]?\s{0,2}[\w.@-]{3,40}[\s,;/|]{1,3}"
    rf"(?:(?:dan|dgn|dengan|&)\s)?(?:{PASSWORDS}(?:nya)?\s?[:=]?|kunci"
    rf"(?:nya)?\s?[:=])\s?([\w.-]{{4,40}})"
    r"(?=\s{0,2}(?:[,.;\n]|$)|\s(?:ya|pak|bu|mas|mbak|min|kak|tapi|trus|terus|lalu|kok|malah)\b)",
    re.IGNORECASE,
)
# (pattern, what its last group has to be)
WAYS = [
    *((pattern, is_strong) for pattern in BESIDE),
    (PAIR, is_glaring),
    (NAME_AND_PASSWORD, is_glaring),
    (USER_AND_PASSWORD, is_password),
]


def spans(text):
    """The passwords of a text that stand beside a user."""
    for pattern, is_fit in WAYS:
        for found in pattern.finditer(text):
            if is_fit(found[found.lastindex]):
                yield Span("password", *trimmed(text, *found.span(found.lastindex)))
