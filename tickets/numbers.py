"""Ticket numbers: 'LS26-384-267-376-5', random, with a check digit (domain.md part 6).

Stored as 'LS' + year (2) + nine random digits + one Damm check digit over the eleven before it.
"""

import re
import secrets

from django.urls.converters import StringConverter
from stdnum import damm

EXAMPLE = "LS26-384-267-376-5"
MISTYPED = f"Nomor tiket tidak lengkap atau salah ketik. Contoh: {EXAMPLE}."

_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_number(year):
    """A random number for `year` (four digits); the caller retries when it is taken."""
    digits = f"{year % 100:02d}{secrets.randbelow(10**9):09d}"
    return f"LS{digits}{damm.calc_check_digit(digits)}"


def parse(text):
    """The stored form of a number as people type it: without LS, with blanks, in lower case.

    Raises ValueError with a sentence for the person when it cannot be a ticket number.
    """
    typed = re.sub(r"[\s\-–—.]+", "", text.upper()) if len(text) <= 64 else ""
    digits = typed.removeprefix("LS").translate(_LOOKALIKES)
    if not re.fullmatch(r"[0-9]{12}", digits) or not damm.is_valid(digits):
        raise ValueError(MISTYPED)
    return f"LS{digits}"


def spoken(number):
    """The number in groups, as it is shown and read out: 'LS26-384-267-376-5'."""
    return "-".join((number[:4], number[4:7], number[7:10], number[10:13], number[13:]))


class NumberConverter:
    """Path converter: any spelling of a ticket number; a wrong check digit is no page at all."""

    regex = r"[A-Za-z0-9-]{12,24}"

    def to_python(self, value):
        return parse(value)

    def to_url(self, value):
        return spoken(value)


class TypedConverter(StringConverter):
    """Path converter: whatever was typed; the page itself tells what it is worth."""

    regex = r"(?s:.+)"
