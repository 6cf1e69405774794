"""Which words people write where a password could stand, and which words they do not."""

import re

# first words of what people write where a password could stand
ORDINARY = re.compile(
    r"wajib|tidak|tdk|gak|ga|nggak|harus|minimal|min|maksimal|max|null|none|"
    r"nil|undefined|salah|benar|bener|betul|silakan|silahkan|gunakan|pakai|pake|"
    r"harap|mohon|tolong|mhn|kosong|sudah|sdh|udah|udh|belum|blm|hubungi|yang|"
    r"yg|ok|oke|yes|no|true|false|varchar|text|string|hash|bcrypt|gagal|"
    r"berhasil|error|invalid|valid|required|incorrect|wrong|expired|empty|missing|"
    r"mismatch|failed|lupa|ganti|reset|ubah|isi|diisi|masukkan|masukan|input|"
    r"ketik|kirim|dikirim|sama|beda|berbeda|lama|baru|apa|apakah|bagaimana|"
    r"kenapa|mengapa|kapan|siapa|mana|dan|atau|dengan|untuk|dari|pada|karena|"
    r"jika|bila|kalau|kalo|agar|supaya|tetapi|tapi|namun|saya|kami|anda|akun|"
    r"user|username|userid|password|kata|sandi|pass|pin|otp|token|terlampir|"
    r"gabungan|kombinasi|huruf|angka|karakter|digit|field|kolom|isian|tersembunyi|"
    r"disembunyikan|disamarkan|dirahasiakan|hidden|masked|terlalu|kurang|lebih|"
    r"selalu|masih|akan|bisa|dapat|perlu|ada|tanpa|hanya|cuma|seperti|sesuai|"
    r"cocok|coba|lihat|cek|via|lewat|melalui|tanya|minta|the|must|should|is|"
    r"was|not|your|new|old|please|enter|nya|adalah|itu|ini|tanggal|dibuat|"
    r"dikosongkan|otomatis|bawaan|standar|kedaluwarsa|kadaluarsa|terkunci|diblokir|"
    r"aktif|nonaktif|bapak|ibu|sdr|perihal|surat|petugas",
    re.IGNORECASE,
)
# and more that people say of one
USUAL = re.compile(
    r"tetap|seharusnya|harusnya|ternyata|memakai|pertama|kedua|ketiga|pilih|utama|lain|lainnya"
    r"|tertentu|umum|khusus|terbaru"
    r"|tulis|catat|simpan|ketik|klik|copy|ingat|hafal|hapal|tahu|kasih|titip|sebut|share|bagi"
    r"|sampaikan|pegang|kira|rasa|tunggu|setting|punya|opsional|optional|rahasia|authentication"
    r"|connection|access|permission|cannot|default|tersebut|pribadi|biasa|biasanya|malah|apapun"
    r"|dll|dsb|hilang|bocor|gimana|bgmn|gmn|dong|berapa|sendiri|terakhir|kok|juga|lagi|dulu|susah"
    r"|mudah|gampang|panjang|pendek|aneh|kemana|dimana|muncul|keluar|masuk|jalan|pindah|knp|loh"
    r"|lho|sih|kan|deh|pasti|memang|emang|mungkin|kayaknya|sepertinya|otomatis|langsung|semua"
    r"|semuanya|cepat|segera|siap|aman|lemah|kuat|simpel|sederhana|rumit|typo|kebalik|tertukar"
    r"|hangus|habis|mati|eror|rusak|macet|bapak|supaya|biar|utk|sudah|cukup|wajar|normal|sulit"
    r"|berubah|besar|kecil|mas|mbak|kak|bang|admin|helpdesk"
    r"|page|layar|halaman|sistem|aplikasi|server|database|email|surel|website|muncul|pesan"
    r"|tulisan|penyedia|pengguna|pegawai|pokja|lpse|lkpp|spse|policy|manager|reset|change|login"
    r"|logout|sesi|anda|accepted|lewat|melalui|sesudah|setelah|sebelum|ketika|waktu|saat|pas|hari"
    r"|minggu|bulan|tahun|kemarin|tadi|besok|nanti|barusan|sekarang|bukan|jangan|boleh|silahkan"
    r"|kita|mereka|orang|staf|pimpinan|kantor",
    re.IGNORECASE,
)
INFLECTED = re.compile(
    r"di(?!n|an)[a-z]|ter(?!ang|as)[a-z]|ber(?!kah|lian|uang)[a-z]|mem[a-z]{3}|men[a-z]{3}"
    r"|mela[klp]|meli[hb]|mere[ks]|mewa|pem[a-z]{2}|pen[cdgjt]|ke\w+an$|\w+(?:nya|kan)$",
    re.IGNORECASE,
)
SAID_OF_ONE = re.compile(
    r"di(?!n|an)[a-z]{3}|ter(?!ang|as)[a-z]{3}|bocor|hilang|kami|kita|dong|gimana|berapa|terima"
)
PLAIN = re.compile(r"[A-Za-z]{5,24}|(?!(\w+)-\1)[A-Za-z]{3,12}(?:-[A-Za-z]{3,12}){1,3}|\d{4,5}")


def is_ordinary(value):
    """Whether a value begins with what is said about a password: 'wajib diisi'."""
    return ORDINARY.fullmatch(re.match(r"\w*", value)[0]) is not None


def is_usual(word):
    """Whether a word stands in sentences about passwords."""
    return bool(ORDINARY.fullmatch(word) or USUAL.fullmatch(word))


def is_plain_word(word):
    """A word of letters that no sentence about passwords has where a password could stand."""
    return bool(PLAIN.fullmatch(word)) and not (is_usual(word) or INFLECTED.match(word))


def is_phrase(value):
    """A password of several words, not the words of a message that a screen shows."""
    words = value.split()
    is_said_of_one = any(ORDINARY.fullmatch(word) or SAID_OF_ONE.match(word) for word in words)
    return 2 <= len(words) <= 8 and not is_said_of_one
