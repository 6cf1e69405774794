"""Numbers that tell who somebody is: NIK, NPWP, phone.

What makes them hard is everything else that is written in digits: accounts, contracts, tenders,
dates, amounts, logs. A layout or a check tells most of them apart, the word before it the rest.
"""

import re
from datetime import date

from stdnum import luhn

from accounts.identity import compact
from tickets.disclosure.span import Span

LOOK_BACK = 45  # characters before a number in which a word may say what it is
LOOK_AHEAD = 30  # and after it: '… itu NPWP kami'
DOUBTS_PHONE = 18  # nearer than this, 'surat' or 'paket' says that digits are no phone
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
        r"|\d\d([ .])\d\d\3\d\d\3\d{6}\3\d{4}"
    )
)
TAX = re.compile(
    r"(?:(?<!\w)|(?<=npwp)|(?<=npwp_))(?<!\d[.,/-])\d(?:[ ]{0,2}[./-][ ]{0,2}\d|[ ]{0,2}\d"
    r"|,\d){13,16}(?!\w)(?![.,/-]\d)(?! \d{3}(?!\d))",
    re.IGNORECASE,
)
LAYOUT = re.compile(  # of an NPWP, which no other number has
    r"\d\d(?P<sign>[. -])\d{3}[. -]\d{3}[. -]\d ?[. -] ?\d{3} ?[. -] ?\d{3}"
    r"|\d\d[. ]\d{3}[. ]\d{3}[. ]?\d ?[.-] ?\d{3}[. ]?\d{3}"
)
PHONE = re.compile(
    r"(?<!\w)(?<!\d[.,-])(?!\d\d[ ./-]\d\d[ ./-](?:19|20)\d\d)(?:"  # and no date
    r"(?:\(?\+?62\)?[ .-]{0,3}(?:\(0\)|0)?|\(?0[ ]?)8(?:[ ]?[ )./-][ ]?\d"
    r"|\d){8,11}"  # 0812 3456 7890
    r"|\+[1-9](?:[ ()./-]{0,2}\d){8,13}"  # +62 21 123 4567, +65 9123 4567
    r"|\(0[2-79]\d{1,2}\)[ .-]{0,3}\d{2,4}(?:[ .-]{0,3}\d{2,4}){1,2}"  # (021) 1234567
    r"|(?:02[124]|031|061|0[2-79]\d\d)(?:[ ]?[ .-][ ]?)\d{3,4}"
    r"(?:[ .-]{0,2}\d{2,4}){1,2}"  # 021-1234567
    r")(?!\w)(?![.,-]\d)"
)
BARE = re.compile(r"\b8\d\d[ .-]?\d{3,4}[ .-]?\d{3,5}(?!\w)(?![.,-]\d)")  # 'WA 812 3456 7890'

SAYS = re.compile(
    r"(?P<nik>\bnik(?:nya)?\b|\bktp\b|kependudukan)|(?P<npwp>\bnpwp|\bn\.p\.w\.p|(?:wajib|nomor"
    r"|no\.?) pajak)|(?P<phone>\btelp|\btelepon|\bhp\b|\bwa\b|\bwhatsapp\b|\bhub|\bkontak|\bcp\b)"
    r"|(?P<other>\brek(?:ening)?\b|\bnorek\b|\bvirtual account\b|\bva\b|\bbilling\b|\bntpn\b"
    r"|\bimei\b|\bresi\b|\bpolis\b|\bjaminan\b|\bserial\b|\bnib\b|\bsbu\b|\bfaktur\b|\btransaksi\b"
    r"|\bkontrak\b|\bkode\b|\brup\b|\btender\b|\bpaket\b|\bid\b|\bsurat\b|\bsk\b|\bpagu\b|\bhps\b"
    r"|\brp\b|\bnilai|\bbarcode\b|\bnip\b|\blog\b)",
    re.IGNORECASE,
)


HOLDS_A_DATE = re.compile(
    r"(?<!\d)(?:[0-2]\d|3[01])[./-]\d\d[./-](?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d\s?[-/,]\s?(?:19|20)\d\d|(?:19|20)\d\d/\d\d/"
)
IN_BRACKETS = re.compile(  # 'NPWP (dari NIK)', 'NPWP pakai NIK' speak of an NPWP
    r"\([^()\n]{0,40}\)"
    r"|\b(?:sama|sesuai|pakai|pake|memakai|menggunakan|dari|sekarang|jadi)\s(?:dengan |dgn )?"
    r"(?:nik|ktp)\b",
    re.IGNORECASE,
)
IS_TAX = re.compile(r"\W{0,3}(?:\w{1,8}\W{1,2}){0,2}npwp", re.IGNORECASE)
OF_OTHERS = re.compile(
    r"\b(?:rek(?:ening)?|norek|virtual account|va|billing|ntpn|imei|resi|polis|faktur|jaminan"
    r"|serial|transaksi|nip|nik|ktp)\b",
    re.IGNORECASE,
)
ABOUT_NIK = re.compile(r"(?<![^\W_])(?:nik|ktp)|kependudukan", re.IGNORECASE)
ABOUT_TAX = re.compile(r"(?<![^\W_])npwp", re.IGNORECASE)


def spans(text):
    """The NIK, NPWP and phone numbers of a text."""
    is_about_tax = ABOUT_TAX.search(text) is not None
    is_only_tax = is_about_tax and not ABOUT_NIK.search(text)
    for found in NIK.finditer(text):
        if not is_only_tax and _is_nik(compact(found[0]), _said(text, found.start())):
            yield Span("nik", *found.span())
    for found in TAX.finditer(text):
        if _is_npwp(text, found, is_about_tax):
            yield Span("npwp", *found.span())
    for found in PHONE.finditer(text):
        if _said(text, found.start(), DOUBTS_PHONE) != "other":
            yield Span("phone", *found.span())
    for found in BARE.finditer(text):
        if _said(text, found.start(), DOUBTS_PHONE) == "phone":
            yield Span("phone", *found.span())


def _said(text, start, reach=LOOK_BACK):
    """What the last telling word before a number says that it is: a kind, 'other' or ''."""
    before = IN_BRACKETS.sub(" ", text[max(0, start - LOOK_BACK) : start])
    words = list(SAYS.finditer(before))
    if not words or len(before) - words[-1].end() > reach:
        return ""
    return words[-1].lastgroup


def _is_nik(digits, said):
    return said == "nik" or (said not in ("other", "npwp") and _has_birth_date(digits))


def _has_birth_date(digits):
    """Province, and the birth date as DDMMYY, of women with 40 added to the day."""
    day = int(digits[6:8])
    born = (2000 + int(digits[10:12]), int(digits[8:10]), day - 40 if day > 40 else day)
    try:
        date(*born)
    except ValueError:
        return False
    return digits[:2] in PROVINCES


def _is_npwp(text, found, is_about_tax):
    """The layout is enough; other digits need the word, or a check digit and no other word."""
    said = _said(text, found.start())
    if HOLDS_A_DATE.search(found[0]):  # dates in a row
        return False
    is_right_length = len(compact(found[0]).replace(",", "")) in (15, 16)
    if not is_right_length:  # a digit too few or too many still tells
        return said == "npwp" and _said(text, found.start(), DOUBTS_PHONE) == "npwp"
    if said == "npwp" or LAYOUT.fullmatch(found[0]):
        return True
    if IS_TAX.match(text, found.end(), found.end() + LOOK_AHEAD):
        return True
    digits = compact(found[0])
    of_company = digits[1:] if len(digits) == 16 and digits[0] == "0" else digits
    if is_about_tax:
        return not OF_OTHERS.search(text, max(0, found.start() - LOOK_BACK), found.start())
    is_bare = found[0].isdecimal() and not said
    return is_bare and len(of_company) == 15 and luhn.is_valid(of_company[:9])
