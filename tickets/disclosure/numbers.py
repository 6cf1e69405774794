"""Numbers that tell who somebody is: NIK, NPWP, phone.

What makes them hard is everything else that is written in digits: accounts, contracts, tenders,
dates, amounts, logs. A layout or a check tells most of them apart, the word before it the rest.
"""

import re
from datetime import date

from stdnum import luhn

from accounts.identity import compact
from tickets.disclosure.span import Span

LOOK_BACK = 30  # characters before a number in which a word may say what it is
PROVINCES = {
    *("11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35"),
    *("36", "51", "52", "53", "61", "62", "63", "64", "65", "71", "72", "73", "74", "75", "76"),
    *("81", "82", "91", "92", "93", "94", "95", "96", "97"),
}
# not in a word, a path or a longer number
ALONE = r"(?<!\w)(?<!\d[.,/-])(?:{})(?!\w)(?![.,/-]\d)"

NIK = re.compile(
    ALONE.format(
        r"\d{16}|\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{6}([ .-])\d{6}\2\d{4}"
        r"|\d\d\.\d\d\.\d\d\.\d{6}\.\d{4}"
    )
)
NPWP = re.compile(
    ALONE.format(
        r"\d\d[. -]\d{3}[. -]\d{3}[. -]\d[. -]\d{3}[. -]\d{3}|\d{15}"
        r"|\d{4}( ?)\d{4}\1\d{8}"
    )
)
PHONE = re.compile(
    r"(?<!\w)(?<!\d[.,-])(?:"
    r"(?:\+?62[ .-]?|0)8\d\d(?:[ .-]?\d){6,9}"  # a mobile: 0812 3456 7890, +62 812-3456-7890
    r"|\(0[2-79]\d{1,2}\)[ .-]?\d{3,4}[ .-]?\d{2,4}"  # (021) 1234567
    r"|(?:02[124]|031|061|0[2-79]\d\d)[ -]\d{3,4}[ -]?\d{2,4}"  # 021-1234567
    r")(?!\w)(?![.,-]\d)"
)

SAYS = re.compile(
    r"(?P<nik>\bnik(?:nya)?\b|\bktp\b|kependudukan)|(?P<npwp>\bnpwp(?:nya)?\b|wajib pajak)"
    r"|(?P<phone>\btelp|\btelepon|\bhp\b|\bwa\b|\bwhatsapp\b|\bhub|\bkontak|\bcp\b)"
    r"|(?P<other>\brek(?:ening)?\b|\bnorek\b|\bvirtual account\b|\bva\b|\bbilling\b|\bntpn\b"
    r"|\bimei\b|\bresi\b|\bpolis\b|\bjaminan\b|\bserial\b|\bnib\b|\bsbu\b|\bfaktur\b|\btransaksi\b"
    r"|\bkontrak\b|\bkode\b|\brup\b|\btender\b|\bpaket\b|\bid\b|\bsurat\b|\bsk\b|\bpagu\b|\bhps\b"
    r"|\brp\b|\bbarcode\b|\bnip\b|\blog\b)",
    re.IGNORECASE,
)


def spans(text):
    """The NIK, NPWP and phone numbers of a text."""
    for pattern, kind_of in ((NIK, _nik), (NPWP, _npwp), (PHONE, _phone)):
        for found in pattern.finditer(text):
            if kind := kind_of(compact(found[0]), found[0], _said(text, found.start())):
                yield Span(kind, *found.span())


def _said(text, start):
    """What the last telling word before a number says that it is: a kind, 'other' or ''."""
    words = list(SAYS.finditer(text, max(0, start - LOOK_BACK), start))
    return words[-1].lastgroup if words else ""


def _nik(digits, _, said):
    if said == "nik" or (said != "other" and _is_nik(digits)):
        return "nik"
    return ""


def _is_nik(digits):
    """Province, and the birth date as DDMMYY, of women with 40 added to the day."""
    day = int(digits[6:8])
    born = (2000 + int(digits[10:12]), int(digits[8:10]), day - 40 if day > 40 else day)
    try:
        date(*born)
    except ValueError:
        return False
    return digits[:2] in PROVINCES


def _npwp(digits, written, said):
    """The old layout with its dots is enough; bare digits need the word or the check digit."""
    if said == "npwp" or written[2] in ". -":
        return "npwp"
    of_company = digits[1:] if len(digits) == 16 and digits[0] == "0" else digits
    is_checked = len(of_company) == 15 and luhn.is_valid(of_company[:9])
    return "npwp" if is_checked and not said else ""


def _phone(digits, _, said):
    return "phone" if said != "other" else ""
