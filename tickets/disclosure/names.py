"""The words for a password, a code and a key, as people spell them; parts of patterns."""

PASSWORDS = (
    r"(?:p(?:ass(?:phrase|[worda]{1,5})?|as[or]{0,2}w[orda]{0,4}|s{1,2}w[orda]{0,4}|wd?)"
    r"|pass?[a-z]{0,2}ord|p[a4@]{1,2}s{1,3}[ -]?[we]{1,2}[o0ae]{0,2}r{0,2}[dt]{1,2}"
    r"|k(?:ata|t)?[ ]?sandi|sandi|kata[ ]?kunci(?! pencarian)"
    r"|kode akses|kredensial|credentials?)"
)
PERSONS_KEYS = (  # of digits
    r"(?:kode )?(?:pin|t?otp)|kode (?:verifikasi|autentikator|autentikasi|aktivasi|pemulihan"
    r"|keamanan|konfirmasi|pin|unik)|kode (?:dari |dr |di |via |lewat )?(?:sms|wa|whatsapp)"
    r"|kode (?:google )?(?:authenticator|2fa|mfa)|(?:google )?(?:authenticator|autentikator)"
    r"|kode cadangan|kode (?:enam|empat|[468]) (?:digit|angka)|backup code"
    r"|kode (?:anda|rahasia|masuk|login)"
    r"|kode (?:yang|yg) (?:masuk|dikirim|terkirim|diterima|saya terima|sy terima|muncul)"
    r"|(?:verification|security|your|login) code"
)
LONG_KEYS = (  # of letters and digits
    r"(?:api|secret|access|aws|client|private|license)[ _-]?(?:key|secret|token)|apikey|token"
    r"|secret|kunci (?:t?otp|api)|kode (?:aktivasi|pemulihan|lisensi)|recovery code"
)
KEYS = rf"{PERSONS_KEYS}|{LONG_KEYS}"
