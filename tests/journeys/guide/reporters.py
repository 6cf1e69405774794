"""The chapters of the two guides for reporters: the same steps with other examples."""

import re
from dataclasses import dataclass

from playwright.sync_api import expect

from accounts.roles import Role
from faq.models import Article
from tests.cast import Cast, classification, fill_articles, send_ticket
from tests.factories import make_user
from tests.journeys import samples
from tickets.workflow import REPORTER


@dataclass(frozen=True)
class Example:
    """Somebody of one role with a ticket to write, one to answer and one to judge."""

    role: Role
    user_id: str
    name: str
    identity_number: str
    title: str
    description: str
    package_code: str
    error_code: str
    asked_title: str
    question: str
    answer: str
    solved_title: str
    solution: str
    other_titles: tuple


@dataclass
class World:
    """The reporter of an example with tickets in every state."""

    example: Example
    cast: Cast

    def __post_init__(self):
        self.reporter = make_user(
            self.example.role,
            self.cast.lpse,
            name=self.example.name,
            subject=self.example.user_id,
            identity_number=self.example.identity_number,
        )

    def ticket(self, title, message="Terjadi sejak kemarin pukul 09.30 WIB."):
        return send_ticket(self.reporter, title=title, message=message)

    def taken(self, title):
        ticket = self.ticket(title)
        ticket.perform("take", by=self.cast.helpdesk, classification=classification())
        return ticket

    def asked(self):
        ticket = self.taken(self.example.asked_title)
        question = self.example.question
        ticket.perform("ask", by=self.cast.helpdesk, message=question, feedback_from=REPORTER)
        return ticket

    def solved(self):
        ticket = self.taken(self.example.solved_title)
        ticket.perform("resolve", by=self.cast.helpdesk, message=self.example.solution)
        return ticket

    def all_states(self):
        """Tickets as the list shows them; returns the one that is only read."""
        new, running, done = self.example.other_titles
        closed = self.taken(done)
        closed.perform("resolve", by=self.cast.helpdesk, message="Sudah kami perbaiki.")
        closed.perform("accept", by=self.reporter)
        self.ticket(new)
        read = self.taken(running)
        read.perform("escalate", by=self.cast.helpdesk, message="Mohon bantuan pemeriksaan.")
        self.asked()
        self.solved()
        return read


def enters(example, reporter):
    """Gambar 4 sampai 7."""
    page = reporter.page
    reporter.tells("Buka SPSE milik LPSE tempat Anda mengalami masalah. Pilih Login.")
    reporter.goes_to("/spse/260/")
    reporter.pictures("beranda-lpse")
    page.get_by_role("main").get_by_role("link", name="Login").click()
    reporter.is_at("Login SPSE")
    reporter.pictures("login-spse")
    reporter.tells("Masuk dengan akun SPSE Anda. Di sini kita memakai akun latihan.")
    account = page.get_by_role("listitem").filter(has=page.get_by_text(example.user_id, exact=True))
    account.get_by_role("button").click()
    reporter.is_at("Beranda SPSE")
    reporter.pictures("beranda-spse")
    reporter.tells("Di Beranda SPSE, pilih Aplikasi e-Procurement Lainnya.")
    page.get_by_role("main").get_by_role("link", name="Aplikasi e-Procurement Lainnya").click()
    reporter.is_at("Aplikasi e-Procurement Lainnya")
    reporter.pictures("inaproc")
    reporter.tells("Pilih LPSE Support – Masuk Production. Anda tidak perlu mendaftar lagi.")
    page.get_by_role("button", name="LPSE Support – Masuk Production").click()
    reporter.is_at("Help Center")
    reporter.tells("Inilah Help Center, halaman pertama LPSE Support.")


def looks_at_help_center(reporter):
    """Gambar 8 dan 9."""
    reporter.goes_to("/")
    reporter.is_at("Help Center")
    reporter.pictures("help-center")
    reporter.menu("Dashboard").click()
    reporter.is_at("Dashboard")
    expect(reporter.page.locator("canvas").first).to_be_visible()
    reporter.pictures("dashboard")


def creates(example, reporter):
    """Gambar 10 sampai 15; returns the number."""
    reporter.goes_to("/")
    reporter.tells("Untuk melaporkan masalah, pilih Tiket, lalu Buat Tiket Baru.")
    reporter.opens_tab("Buat Tiket Baru")
    reporter.pictures("buat-tiket-kosong")
    reporter.tells("Isi kode tender, judul, dan deskripsi. Sebutkan langkah dan waktu kejadian.")
    reporter.describes(
        example.title,
        example.description,
        package_code=example.package_code,
        error_code=example.error_code,
    )
    reporter.tells("Lampirkan tangkapan layar bila ada. Jangan lampirkan dokumen penawaran.")
    reporter.attaches(samples.png())
    reporter.pictures("buat-tiket-terisi")
    reporter.tells("Pilih Kirim. Baca konfirmasinya: tiket yang terkirim tidak dapat diubah.")
    reporter.submits("Kirim")
    reporter.is_asked("Tiket tidak dapat diubah setelah dikirim. Kirim tiket?")
    reporter.pictures("konfirmasi-tiket")
    reporter.says_oke()
    number = reporter.is_told_the_number()
    reporter.tells("Tiket terkirim. Catat nomornya untuk melihat posisinya kapan saja.")
    reporter.pictures("tiket-terkirim")
    return number


def reads(reporter, ticket):
    """Gambar 15 dan 16."""
    reporter.goes_to("/")
    reporter.opens_tab("Daftar Tiket")
    reporter.pictures("daftar-tiket")
    reporter.page.get_by_role("link", name=str(ticket), exact=True).click()
    reporter.is_at(ticket.title)
    reporter.pictures("detail-tiket")


def answers(example, reporter, ticket):
    """Gambar 17 sampai 20."""
    reporter.goes_to("/")
    reporter.tells("Petugas bertanya? Tiket menunggu Anda di Help Center. Buka Daftar Tiket.")
    reporter.opens_tab("Daftar Tiket")
    reporter.pictures("daftar-butuh-feedback")
    reporter.tells("Pilih nomor tiket, lalu baca pertanyaan petugas.")
    reporter.page.get_by_role("link", name=str(ticket), exact=True).click()
    reporter.sees(example.question)
    reporter.pictures("detail-feedback")
    reporter.follows("Beri Feedback")
    reporter.tells("Tulis jawaban Anda. Jawab semua yang ditanyakan.")
    reporter.writes(example.answer)
    reporter.attaches(samples.png())
    reporter.pictures("balas-feedback")
    reporter.submits("Kirim Feedback")
    reporter.is_asked("Feedback tidak dapat diubah setelah dikirim. Kirim feedback?")
    reporter.pictures("konfirmasi-feedback")
    reporter.says_oke()
    reporter.is_told("Feedback berhasil dikirim.")
    reporter.tells("Terkirim. Tiket kembali kepada petugas yang bertanya.")


def judges(example, reporter, ticket):
    """Gambar 21 sampai 26."""
    reporter.goes_to("/")
    reporter.tells("Petugas menyatakan selesai? Tiket menunggu review Anda.")
    reporter.opens_tab("Daftar Tiket")
    reporter.pictures("daftar-butuh-review")
    reporter.page.get_by_role("link", name=str(ticket), exact=True).click()
    reporter.sees(example.solution)
    reporter.pictures("detail-review")
    reporter.tells("Coba dulu jawabannya. Pilih OK, Selesai bila masalahnya teratasi.")
    reporter.follows("Beri Review")
    reporter.chooses("OK, Selesai")
    reporter.pictures("beri-review")
    reporter.submits("Kirim Review")
    reporter.is_asked("Kirim review?")
    reporter.pictures("konfirmasi-review")
    reporter.says_oke()
    reporter.is_told("Review berhasil dikirim.")
    reporter.tells("Beri penilaian dengan bintang. Untuk 1–3 bintang, tuliskan saran Anda.")
    stars = reporter.form.get_by_role("radio", name=re.compile("^5 bintang"))
    stars.check()
    reporter.pictures("beri-penilaian")
    reporter.submits("Kirim Penilaian")
    reporter.says_oke("Penilaian tidak dapat diubah setelah dikirim. Kirim penilaian?")
    reporter.is_told("Terima kasih atas penilaian Anda.")
    reporter.tells("Selesai. Terima kasih sudah memakai LPSE Support.")


def says_not_yet(reporter, ticket):
    """Gambar 23: the other verdict."""
    reporter.goes_to(f"{ticket.get_absolute_url()}")
    reporter.follows("Beri Review")
    reporter.chooses("Belum, Kirim Pesan Lagi")
    reporter.writes("Sudah saya coba pukul 10.05 WIB, tetapi pesan yang sama masih muncul.")
    reporter.pictures("review-belum")


def looks_into_faq(reporter):
    """Gambar 27 dan 28."""
    fill_articles()
    Article.objects.exclude(topic__slug="tentang-tiket").delete()  # one topic fills a page
    reporter.goes_to("/")
    reporter.menu("FAQ Help Center").click()
    reporter.is_at("FAQ Help Center")
    question = "Bagaimana membuat tiket?"
    reporter.page.get_by_text(question, exact=True).click()
    more = reporter.page.get_by_role(
        "link", name=re.compile(f"Selengkapnya.*{re.escape(question)}")
    )
    expect(more).to_be_visible()
    reporter.pictures("faq")
    more.click()
    reporter.is_at(question)
    reporter.pictures("faq-selengkapnya")


def looks_up(visitor, ticket):
    """Gambar 64 dan 65, by somebody who has not signed in."""
    visitor.goes_to("/cari-tiket/")
    visitor.is_at("Cari Tiket")
    visitor.page.get_by_label("Nomor Tiket", exact=True).fill(str(ticket))
    visitor.pictures("cari-tiket")
    visitor.page.get_by_role("button", name="Cari").click()
    visitor.sees("Riwayat Tiket")
    visitor.pictures("hasil-cari-tiket")


def leaves(reporter):
    """Gambar 66."""
    reporter.goes_to("/")
    reporter.page.get_by_role("banner").locator("summary").click()
    reporter.page.get_by_role("banner").get_by_role("link", name="Keluar").click()
    reporter.is_at("Keluar dari aplikasi?")
    reporter.pictures("keluar")
