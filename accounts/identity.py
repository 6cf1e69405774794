"""NPWP and NIP: what is an error, what is a warning, how they are written (domain.md part 2)."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from stdnum import luhn

SEPARATORS = re.compile(r"[\s.\-/\u200b-\u200d\ufeff]+")


def compact(value):
    """The value without the dots, hyphens, slashes and blanks that people type."""
    return SEPARATORS.sub("", value or "")


def _is_digits(value):
    return value.isascii() and value.isdecimal()


def clean_npwp(value):
    """An NPWP as 15 or 16 digits (PMK 112/2022). Raises ValidationError for another length."""
    digits = compact(value)
    if not _is_digits(digits) or len(digits) not in {15, 16}:
        raise ValidationError("NPWP harus 15 atau 16 digit.", code="npwp")
    return digits


def npwp_warning(digits):
    """A sentence when the check digit of a company's NPWP does not fit, else ''.

    Only a warning: no published rule of DJP states the check. Sixteen digits that do not begin with
    0 are a person's NIK, which has none.
    """
    if len(digits) == 16:
        if not digits.startswith("0"):
            return ""
        digits = digits[1:]
    return "" if luhn.is_valid(digits[:9]) else "NPWP tampaknya salah ketik. Periksa kembali."


def clean_nip(value):
    """A NIP as 18 digits: birth date, appointment, sex, serial (Perka BKN 22/2007).

    Digits 13-14 are not checked as a month: on PPPK they number the contract.
    """
    digits = compact(value)
    if not _is_digits(digits) or len(digits) != 18:
        raise ValidationError("NIP harus 18 digit angka.", code="nip")
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        born = None
    if born is None or not 1900 <= born.year <= date.today().year - 15:  # noqa: DTZ011
        raise ValidationError("Tanggal lahir pada NIP tidak valid.", code="nip")
    if digits[14] not in "12":
        raise ValidationError("NIP tidak valid: digit ke-15 harus 1 atau 2.", code="nip")
    return digits


def spaced(digits):
    """The number as people read it: 16 digits in fours, old NPWP with dots, NIP in its parts."""
    if len(digits) == 15:
        d = digits
        return f"{d[:2]}.{d[2:5]}.{d[5:8]}.{d[8]}-{d[9:12]}.{d[12:]}"
    if len(digits) == 16:
        return " ".join(digits[i : i + 4] for i in range(0, 16, 4))
    if len(digits) == 18:
        return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"
    return digits


def masked_name(name):
    """'Yohana Tandiari' as 'Y***** T*******', the form of LKPP's open data."""
    return " ".join(
        word if word in {"PT", "CV", "UD"} else word[:1] + "*" * (len(word) - 1)
        for word in name.split()
    )


def masked_number(digits):
    """All but the last three digits as asterisks, the form of LKPP's open data."""
    return "*" * max(0, len(digits) - 3) + digits[-3:]
