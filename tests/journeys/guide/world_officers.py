"""LPSE Kota Bandung as its officers find it: its people, the lists, and a year of tickets."""

from datetime import timedelta
from itertools import cycle
from typing import NamedTuple

from django.utils import timezone
from playwright.sync_api import expect

from accounts import spse
from accounts.roles import Role
from faq.models import Guide
from tests.cast import SERVER, Cast, fill_articles, fill_reference_lists
from tests.dashboard.world import Past
from tests.factories import make_lpse, make_user
from tests.films import make_guide
from tests.journeys.people import starting_with
from tickets.models import AppVersion, Category, Ticket
from tickets.workflow import Classification

CLASSIFIED = {
    "Kategori Tiket": "Kata Sandi (Password)",
    "Tipe Tiket": "Keluhan Pengguna",
    "Prioritas": "Tinggi",
    "Versi Aplikasi": "SPSE 4.5",
}


class Office(Cast):
    """The Cast of the guides, under the names that the simulated SPSE knows them by."""

    def __init__(self, lpse):
        super().__init__(lpse)
        fill_reference_lists()
        fill_articles()
        self.penyedia, self.penyedia2 = self._from_spse("penyedia1"), self._from_spse("penyedia2")
        self.ppk, self.pokja = self._from_spse("ppk"), self._from_spse("pokja")
        self.helpdesk, self.colleague = self._from_spse("helpdesk1"), self._from_spse("helpdesk2")
        self.admin_sistem = self._from_spse("adminsistem")

    def _from_spse(self, user_id):
        known = spse.find_account("260", user_id)
        return make_user(
            known.role,
            self.lpse,
            username=f"260:{user_id}",
            subject=user_id,
            name=known.name,
            email=known.email,
            identity_number=known.npwp or known.nip,
        )


class Problem(NamedTuple):
    """What people really write, and how an officer classifies it."""

    title: str
    message: str
    category: str
    priority: str = "SEDANG"
    version: str = "SPSE-4.5"
    package: str = ""

    @property
    def classification(self):
        return Classification(
            Category.objects.get(code=self.category),
            Ticket.Type.KELUHAN,
            Ticket.Priority[self.priority],
            AppVersion.objects.get(code=self.version),
        )


LOGIN = Problem(
    "Tidak bisa login setelah ganti kata sandi",
    "Sejak pukul 08.15 muncul pesan User ID atau Password salah, padahal kata sandi baru diganti.",
    "SANDI",
    "TINGGI",
)
SCHEDULE = Problem(
    "Tidak bisa mengubah jadwal pemasukan penawaran",
    "Tombol Simpan pada jadwal paket tidak dapat ditekan. Tahap berikutnya dimulai besok.",
    "JADWAL",
    "TINGGI",
    package="8214260",
)
APENDO = Problem(
    "Apendo berhenti saat mengirim penawaran",
    "Pengiriman berhenti di 80% dan tidak berlanjut. Sudah dicoba tiga kali dari dua jaringan.",
    "APENDO",
    "KRITIS",
    package="8277260",
)
LIBRARY = Problem(
    "Error in executeUpdate ketika login",
    "Setelah menekan Login muncul tulisan Error in executeUpdate, lalu halaman kosong.",
    "APLIKASI",
    "TINGGI",
)
DECRYPTION = Problem(
    "File penawaran tidak dapat dibuka, dekripsi gagal",
    "Dua dari tujuh penawaran tidak dapat dibuka sejak jadwal pembukaan pukul 09.00.",
    "APENDO",
    "KRITIS",
    package="8290260",
)
RUP = Problem(
    "Kode RUP tidak muncul saat membuat paket",
    "Kode RUP sudah tayang di SiRUP sejak kemarin, tetapi tidak ada di daftar paket.",
    "RUP",
    version="SIRUP",
)
QUALIFICATION = Problem(
    "Data SIKaP tidak dapat ditarik ke SPSE",
    "Pengalaman dan pajak sudah lengkap di SIKaP, tetapi data kualifikasi tetap kosong.",
    "KUALIFIKASI",
    version="SIKAP",
)
CONTRACT = Problem(
    "SPPBJ tidak bisa dicetak, Kode Error muncul",
    "Saat menekan Cetak SPPBJ muncul halaman dengan Kode Error.",
    "EKONTRAK",
    version="EKONTRAK",
)
SLOW = Problem(
    "SPSE lambat menjelang batas akhir pemasukan penawaran",
    "Setiap halaman memerlukan lebih dari dua menit untuk terbuka sejak pukul 13.00.",
    "INFRASTRUKTUR",
    "KRITIS",
    version="SPSE-NASIONAL",
)
AGGREGATION = Problem(
    "Gagal aktivasi agregasi: NPWP sudah terdaftar",
    "Saat aktivasi agregasi muncul pesan NPWP sudah terdaftar pada akun lain.",
    "AGREGASI",
    "RENDAH",
    version="SPSE-NASIONAL",
)
ALL = [LOGIN, SCHEDULE, APENDO, LIBRARY, DECRYPTION, RUP, QUALIFICATION, CONTRACT, SLOW,
       AGGREGATION]  # fmt: skip
ESCALATED = "Sudah kami coba dari akun uji, hasilnya sama. Mohon diperiksa dari sisi server."
REASONS = {  # of an escalation, by the level that it comes from
    1: ESCALATED,
    2: "Log server dan basis data tidak menunjukkan galat. Mohon diperiksa dari sisi aplikasi.",
    3: "Terjadi di beberapa LPSE dengan versi yang sama. Perlu diperiksa Tim Teknis.",
}
SOLVED = (
    "Kata sandi sudah diatur ulang. Silakan buka Lupa Kata Sandi, isi User ID Anda, lalu masuk "
    "dengan kata sandi yang baru."
)


def comes_in(office, problem, by=None, *, hours=2):
    """A ticket that was sent `hours` ago: a Past, on which more can happen."""
    return Past(
        by or office.penyedia,
        timezone.now() - timedelta(hours=hours),
        title=problem.title,
        message=problem.message,
        package_code=problem.package,
    )


def reaches(office, problem, level, by=None, *, hours=20):
    """A ticket that was escalated into the pool of `level`, by the officer of each one below."""
    past = comes_in(office, problem, by, hours=hours)
    for below in range(1, level):
        officer = office.officers[below]
        past.then("take", officer, hours=0.4, classification=problem.classification)
        access = {"server_access": SERVER} if below == 2 else {}
        past.then("escalate", officer, hours=0.8, message=REASONS[below], **access)
    return past


def is_in_hand(office, problem, level, by=None, *, hours=20):
    """A ticket that the officer of `level` has taken."""
    past = reaches(office, problem, level, by, hours=hours)
    return past.then("take", office.officers[level], classification=problem.classification)


def fill_a_year(office, *, highest=2, per_month=2):
    """Tickets of twelve months that went up to `highest`, each solved where it was, most rated."""
    reporters = cycle([office.penyedia, office.ppk, office.penyedia2, office.pokja])
    ends, stars = cycle([highest, 1, highest]), cycle([5, 4, 5, 3])
    problems, first = cycle(ALL), office.helpdesk
    for month in range(11, 0, -1):
        for place in range(per_month + month % 2):
            ago = month * 30 * 24 - place * 50
            office.helpdesk = office.colleague if month % 4 == 0 and per_month else first
            past = is_in_hand(office, next(problems), next(ends), next(reporters), hours=ago)
            _is_solved(past, next(stars))
    office.helpdesk = first


def _is_solved(past, stars):
    officer, reporter = past.ticket.officer, past.ticket.reporter
    past.then("resolve", officer, hours=5, message="Sudah diperbaiki, silakan dicoba kembali.")
    past.then("accept", reporter, hours=3)
    suggestion = "" if stars > 3 else "Mohon jawabannya lebih cepat."
    past.then("rate", reporter, stars=stars, suggestion=suggestion)


def publishes_guides(*roles):
    """User Guide and Video Tutorial of these readers, as the administrator publishes them."""
    for role in roles:
        make_guide(role, version="v2")
        make_guide(role, Guide.Kind.VIDEO, version="v2", minutes=2)
    Guide.objects.filter(kind=Guide.Kind.USER_GUIDE).update(size=2_340_000)
    Guide.objects.filter(kind=Guide.Kind.VIDEO).update(size=6_120_000)


def more_lpse(lkpp1, lkpp2):
    """Casts of other LPSE whose people ask LKPP too, with their provinces and zones."""
    known = [
        {"code": "17", "name": "LPSE Kota Denpasar", "kind": "kota", "province": "Bali",
         "zone": "WITA"},
        {"code": "654", "name": "LPSE Kota Ambon", "kind": "kota", "province": "Maluku",
         "zone": "WIT"},
        {"code": "106", "name": "LPSE Kabupaten Sleman", "kind": "kabupaten",
         "province": "Daerah Istimewa Yogyakarta"},
    ]  # fmt: skip
    people = [("Ni Luh Sekarini", "I Nyoman Darmayuda", "I Komang Mahardita"),
              ("Welmince Sahetapy", "Jacob Siahaya", "Semuel Pattinama"),
              ("Sri Lestariningsih", "Bayu Prasetyono", "Wahyu Nugrahadi")]  # fmt: skip
    found = []
    for fields, (reporter, helpdesk, admin_sistem) in zip(known, people, strict=True):
        cast = Cast(make_lpse(**fields))
        cast.lkpp1, cast.lkpp2 = lkpp1, lkpp2
        cast.penyedia = make_user(Role.PENYEDIA, cast.lpse, name=reporter)
        cast.helpdesk = make_user(Role.LPSE_L1, cast.lpse, name=helpdesk)
        cast.admin_sistem = make_user(Role.LPSE_L2, cast.lpse, name=admin_sistem)
        found.append(cast)
    return found


# What officers of every level do alike


def walks_through_spse(officer, user_id):
    """Gambar 4 to 7 as an officer of an LPSE walks them."""
    page = officer.page
    officer.tells("Petugas LPSE masuk lewat SPSE milik LPSE-nya, dengan akun Non-Penyedia.")
    page.goto("/spse/260/")
    page.get_by_role("main").get_by_role("link", name="Login").click()
    account = page.get_by_role("listitem").filter(has=page.get_by_text(user_id, exact=True))
    account.get_by_role("button").click()
    officer.tells("Di Beranda SPSE, pilih Aplikasi e-Procurement Lainnya, lalu LPSE Support.")
    page.get_by_role("main").get_by_role("link", name="Aplikasi e-Procurement Lainnya").click()
    button = page.get_by_role("button", name="LPSE Support – Masuk Production")
    expect(button).to_be_visible()
    officer.pictures("masuk-spse")
    button.click()
    officer.is_at("Help Center")


def finds_three_functions(officer, office):
    """Help Center with its three functions, and who is signed in (R16)."""
    functions = ["Dashboard", "Tiket", "FAQ Help Center"]
    for function in functions:
        heading = officer.page.get_by_role("main").get_by_role("heading", name=function, exact=True)
        expect(heading).to_be_visible()
    menu = officer.page.get_by_role("navigation", name="Utama").get_by_role("link")
    expect(menu).to_contain_text(functions)
    expect(officer.page.get_by_role("banner")).to_contain_text(office)


def region(officer, title):
    return officer.page.get_by_role("region", name=title, exact=True)


def downloads(officer, link, *, where=None):
    """The name of the file that `link` gives."""
    with officer.page.expect_download() as download:
        (where or officer.page).get_by_role("link", name=starting_with(link)).first.click()
    return download.value.suggested_filename


def waits_for_charts(officer):
    """Every chart has its bars."""
    officer.page.wait_for_function(
        """() => [...document.querySelectorAll("canvas")].every(
          (canvas) => window.Chart?.getChart(canvas)?.getDatasetMeta(0).data.length)"""
    )
    officer.page.evaluate("() => new Promise((drawn) => requestAnimationFrame(drawn))")


def reads_an_answer(officer, question):
    """FAQ Help Center: a question opens, 'Selengkapnya' leads to all of it (R60-R62)."""
    officer.tells("Di FAQ Help Center, buka pertanyaan, lalu pilih Selengkapnya untuk membacanya.")
    officer.menu("FAQ Help Center").click()
    officer.is_at("FAQ Help Center")
    officer.page.get_by_text(question, exact=True).click()
    link = officer.page.get_by_role("link", name="Selengkapnya").filter(visible=True).first
    expect(link).to_be_visible()
    officer.pictures("faq")
    link.click()
    officer.is_at(question)
