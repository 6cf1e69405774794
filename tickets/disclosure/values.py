"""What may be a password or a code, and what is only a name, a date or a version."""

import re

from tickets.disclosure.ordinary import is_ordinary, is_usual

CLOSING = ".,;:)]}>?\"'”’`»*"
SHORTEST, SHORTEST_STRONG = 3, 5
SHORT_STRONG = re.compile(r"(?=.?.?\d)(?=\d?\d?[A-Za-z])[A-Za-z0-9]{4}|[A-Z][@#$!]\w\w")
# versions, dates, times, amounts, addresses: they hold digits and letters too
NOT_SECRET = re.compile(
    r"v?\d{1,4}(?:[.,:/-]\d{1,6}){1,5}\w{0,12}"
    r"|spse-?\d\.\d.*|sha-?\d+|md5|utf-?8|win(?:dows)?\d+|x?html5?"
    r"|(?:level|lvl|lpse|lkpp|tahap|versi|langkah|pasal|poin|paket|lot|h)[.-]?\d{1,2}"
    r"|\d+(?:x|kali|jam|menit|detik|hari|bulan|minggu|tahun|digit|karakter|bit|[kmg]b|an|rb|jt|ns"
    r"|ms|px|orang|org|juta|miliar|lembar|halaman|unit|hr|bln|thn|mnt|wib|wita)"
    r"|https?:.*|www\..*|[^@\s]+@[\w-]+\.[\w.-]+"
    r"|.*\.(?:pdf|docx?|xlsx?|csv|zip|rar|7z|rhs|jpe?g|png|txt|log|jar|exe|apk|java|id|com|net)"
    r"|\W+|[x*•.]+|ls\d\d-?\d{3}.*|ep-\w{6,}|[a-z-]+v?\d+(?:\.\d+)+\w*"
    r"|team-?viewer|any-?desk|whatsapp|javascript|mysql|openvpn|forticlient|libreoffice|youtube"
    r"|powerpoint|macbook|iphone|github|gitlab|openssl|filezilla|winrar|onedrive|outlook",
    re.IGNORECASE,
)
AGAIN = re.compile(r"[a-z]{2,9}2(?:nya|an|kan|in|i)?")  # 'ubah2' is how a word is said twice
# Gunung-Agung, kopiSusu, latihan-PPK
PARTS = re.compile(
    r"[A-Z]\w+(?:[-.][A-Z]\w+)+|\w*[a-z]{2}[A-Z][a-z]\w*|(?!non)[a-z]{4,20}[-_.][A-Z]{2,12}"
)
ODD = re.compile(  # GARUDA2024, pisang_goreng, kopiSusu, Gunung-Agung
    r"[A-Z]{5,20}\d{2,6}|(?!\w*(?:user|pass|auth|hash|_id|id_|key|token|otp|name"
    r"|login))[a-z]{3,20}_[a-z]{3,20}|(?!\w*(?:Exception|Error|Controller|Service|Filter|Login"
    r"|User|Password|Update|Query))"
    r"(?!get|set|is|find|load|init|execute)[A-Z]?[a-z]{3,12}"
    r"[A-Z][a-z]{2,12}|[#$%!][A-Za-z]\w{3,20}|(?!Non)[A-Z][a-z]{2,12}-[A-Z][a-z]{2,12}"
)
WEAK = re.compile(r"(\d)\1{4,7}|12345\d{0,3}|654321|112233|123123|121212|111222|987654\d{0,2}")
ENDS = re.compile(  # what may follow a value that is a plain word
    r"\s*$|[ ]*[\n|]|[ ]*(?:dan|tapi|tetapi|mohon|tolong|terima|pak|bu|min|kak|user|id|email|mas"
    r"|mbak|bang|ya|yah|lalu|trus|terus|kok|ttp|tetap|masih|msh|muncul|ditolak)\b",
    re.IGNORECASE,
)
HARD = re.compile(  # letters, digits and a sign between them
    r"(?=[^\d]{0,60}\d)(?="
    r"(?:[^A-Za-z]{0,60}[A-Za-z]){3})[A-Za-z0-9][\w.-]{0,40}[@#$!%^*&~][\w.@#$!%^*&~-]{1,40}"
)
HOST = re.compile(  # lpse@server, 50%an, a.panitia.Layar$3.run
    r"[a-z][\w.-]{0,40}@[a-z][a-z0-9.-]{0,40}|\d+[%*x]\w*|\w+(?:\.[\w$]+){2,}", re.ASCII
)
GLARING = re.compile(  # digits and letters, or a sign between letters
    r"(?:(?=[^\d]{0,60}\d)|(?=[^@#$!^*~]{2,40}[@#$!^*~][A-Za-z0-9]{2}))(?="
    r"(?:[^A-Za-z]{0,60}[A-Za-z]){2})[^/\\=:?<>(){}\[\]|]{4,64}"
)
NUMBERED = re.compile(  # 'Bidang3'
    r"(?:[a-z]{1,4}|bidang|bagian|seksi|dinas|kecamatan|kelurahan|penyedia|gambar|lampiran|langkah"
    r"|laptop|komputer|email|hari|minggu|semester|triwulan|gedung|ruang|loket|shift|point|berkas"
    r"|dokumen|paket|bappeda|setda|puskesmas|rsud|desa|wilayah|zona|cabang)\d",
    re.IGNORECASE,
)
NAME_LIKE = re.compile(
    r"(?!\w{2,8}123)(?:ppk|pokja|pp|admin|user|userid|penyedia|auditor|lpse|ulp|ukpbj|agency"
    r"|verifikator|operator|kpa|pa|helpdesk|server|kab|kota|dinas|db|node|app|web|eproc|epns"
    r"|e-?proc)"
    r"(?:[._-][a-z]{0,8})?[._-]?\d{1,4}"
    r"|(?:tgl|jam|no|hal|lt|pkl|pukul|rp|th|thn|ta|rt|rw|q|v|ver|win|windows|office|java|php"
    r"|mysql|log|android|ios|chrome|firefox|edge|acrobat|excel|word|perka|perlem|permen|pmk|uu"
    r"|kepmen|safari|opera|covid|tahap|termin|lampiran|modul|kelas|lantai|kolom|langkah|iso|http"
    r"|base|ipv|oauth|utf|sha|tls|postgres|postgresql|tomcat|python|perpres|kbli|spse"
    r"|apendo)[._-]?\d{1,5}\w?|\d{1,2}[a-z]{1,4}|\d{1,3}x\d{1,4}\w{0,5}|[0-9a-f-]{16,}|x{2,}\w*"
    r"|\w*x{3,}\w*|[a-z]{2,9}2(?:nya|an|kan)?|[\w-]+(?:\.[\w-]+)+\.[a-z]{2,4}|e-[a-z]+\d?|non-\w+",
    re.IGNORECASE,
)
CODE = re.compile(r"\d{4,8}(?![\w/.,:-]?\d)|\d{2,3}(?:[ -]\d{2,3}){1,2}(?![ .,:/-]?\d)")
YEAR = re.compile(r"(?:19|20)\d\d")
LETTERED = re.compile(r"[A-Z]{8,64}|[a-z]{3,6}(?:-[a-z]{3,6}){2,11}")
MIXED = re.compile(r"(?=[^\s]{0,80}\d)[A-Za-z0-9][\w.~+/=-]{5,200}")


def trimmed(text, start, end):
    """The place of a value without the punctuation of its sentence."""
    value = text[start:end]
    cut = re.search(r"[;,\"”’]|&\w{1,30}=", value)
    if cut and cut.start() >= SHORTEST:
        value = value[: cut.start()]
    value = value.rstrip(CLOSING) or value
    return start, start + len(value)


def is_password(value, rest=""):
    """Whether what stands after 'password:' is one, not what is said about it.

    A plain word counts where its sentence ends, not where it begins one: 'sandi: lihat surel'.
    """
    word = value.strip(CLOSING + "([")
    if len(word) < SHORTEST or NOT_SECRET.fullmatch(word) or value[0] in "([{*•":
        return False
    if is_ordinary(value):
        return is_strong(value)
    return not value.isalpha() or ENDS.match(rest) is not None


def is_quoted_password(value):
    """The same within quotes, where a password may have blanks: then it has digits or signs too."""
    if " " not in value:
        return is_password(value)
    return not is_ordinary(value) and re.search(r"[\d@#$!%^&*_+~]", value) is not None


def is_strong(value):
    """Whether no sentence contains it by chance: letters with digits, signs or capitals inside."""
    value = value.strip(CLOSING.replace("*", "") + "“‘(")
    if len(value) < SHORTEST_STRONG:
        return SHORT_STRONG.fullmatch(value) is not None and not NUMBERED.fullmatch(value)
    if NOT_SECRET.fullmatch(value) or AGAIN.fullmatch(value):
        return False
    has_letter = any(map(str.isalpha, value))
    has_digit = any(map(str.isdigit, value))
    if has_letter and has_digit:
        return True
    if value.isdecimal():
        return 6 <= len(value) <= 12
    return has_letter and bool(_has_sign(value) or PARTS.fullmatch(value))


def is_hard(value):
    """Whether it is made like a password: 'D1nsos!2024', with a sign inside letters and digits."""
    return HARD.fullmatch(value) is not None and not HOST.fullmatch(value)


def is_glaring(value):
    """Strong, and no name of a user, a version, a hash or a place either, as far as one can see."""
    if is_like_a_name(value) or NUMBERED.fullmatch(value) or not re.search(r"[a-z@#$!%^&*]", value):
        return False
    return bool(GLARING.fullmatch(value)) and is_strong(value)


def is_odd(value):
    """Whether it looks like a password right behind the word for one, though it may be a name."""
    return ODD.fullmatch(value) is not None and not is_like_a_name(value)


def is_rich(value):
    """Glaring, and with capitals and small letters, as usernames seldom are: 'rinaCantik88'."""
    is_mixed = any(map(str.isupper, value)) and any(map(str.islower, value))
    return is_glaring(value) and (is_mixed or re.search(r"_\d\d", value) is not None)


def is_like_a_name(value):
    """Whether users, versions, hashes or places are named so: 'ppk01', 'windows10'."""
    return NAME_LIKE.fullmatch(value) is not None


def is_weak_number(value):
    """One of the numbers that people take for a password: '123456', '112233'."""
    return WEAK.fullmatch(value) is not None


def is_code(value):
    """Digits and letters in one piece, as tokens and keys are."""
    return MIXED.fullmatch(value) is not None and NOT_SECRET.fullmatch(value) is None


def is_lettered_code(value):
    """Capitals or groups without a digit: 'QWERTYUI', 'abcd-efgh-ijkl'."""
    return LETTERED.fullmatch(value) is not None and not is_usual(value)


def _has_sign(value):
    """'P@ssword' and 'pisang_goreng', but not 'non-penyedia', 'dan/atau'."""
    return re.search(r"[@#$!%^&*_+~]", value.rstrip("!")) or (
        value.endswith("!") and value[0].isupper()
    )
