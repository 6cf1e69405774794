"""A person at a browser, and what people do in LPSE Support, in the words of the stories.

Everything is found as a person finds it: by role, label and text. Each method waits until its
outcome shows, so a story needs no pauses.
"""

import re
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import expect

from accounts.sessions import begin
from tests.factories import PASSWORD

NUMBER = re.compile(r"LS\d\d-\d{3}-\d{3}-\d{3}-\d")
CLASSIFIED = {
    "Kategori Tiket": "Akun, Login, dan Autentikasi (TOTP)",
    "Tipe Tiket": "Keluhan Pengguna",
    "Prioritas": "Tinggi",
    "Versi Aplikasi": "SPSE 4.5",
}


def starting_with(words):
    """A name that begins with `words`: choices are followed by their explanation."""
    return re.compile("^" + re.escape(words))


class Person:
    def __init__(self, page, origin, picture, film=None):
        self.page = page
        self.origin = origin
        self._picture = picture
        self._film = film

    # Through the doors

    def enters_through_spse(self, user_id, code="260"):
        self.goes_through_spse(user_id, code)
        self.is_at("Help Center")
        return self

    def goes_through_spse(self, user_id, code="260"):
        """The four clicks of Gambar 4 to 7, from the LPSE's own page into LPSE Support."""
        page = self.page
        page.goto(f"/spse/{code}/")
        page.get_by_role("main").get_by_role("link", name="Login").click()
        account = page.get_by_role("listitem").filter(has=page.get_by_text(user_id, exact=True))
        account.get_by_role("button").click()
        page.get_by_role("main").get_by_role("link", name="Aplikasi e-Procurement Lainnya").click()
        page.get_by_role("button", name="LPSE Support – Masuk Production").click()

    def enters_locally(self, username, password):
        self.page.goto("/akun/login/")
        self.logs_in(username, password)
        self.is_at("Help Center")
        return self

    def logs_in(self, username, password):
        door = self.page.get_by_role("region", name="Petugas LKPP dan administrator")
        door.get_by_label("User ID atau Email").fill(username)
        door.get_by_label("Kata Sandi").fill(password)
        door.get_by_role("button", name="Masuk").click()

    def is_already_in(self, user):
        """Signed in before the story begins: a session made here instead of at a door."""
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        begin(session)
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}
        self.page.context.add_cookies([cookie | {"url": self.origin}])
        return self

    def confirms_who_it_is(self, password=PASSWORD):
        """The question before what must not be done from an unattended screen."""
        self.is_at("Pastikan ini Anda")
        self.page.get_by_label("Kata Sandi").fill(password)
        self.page.get_by_role("button", name="Lanjutkan").click()

    def leaves(self):
        """Keluar, with its question (R15)."""
        self.page.get_by_role("banner").locator("summary").click()
        self.page.get_by_role("banner").get_by_role("link", name="Keluar").click()
        self.is_at("Keluar dari aplikasi?")
        self.page.get_by_role("button", name="Oke").click()
        self.is_at("Masuk ke LPSE Support")

    # Around the house

    def goes_to(self, path):
        self.page.goto(path)
        return self

    def is_at(self, heading):
        expect(self.page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_visible()

    def sees(self, *sentences):
        for sentence in sentences:
            expect(self.page.get_by_text(sentence).filter(visible=True).first).to_be_visible()
        return self

    def does_not_see(self, *sentences):
        for sentence in sentences:
            expect(self.page.get_by_text(sentence)).to_have_count(0)
        return self

    def follows(self, link):
        self.page.get_by_role("main").get_by_role("link", name=link).first.click()

    def goes_back(self):
        self.page.get_by_role("link", name="Kembali", exact=True).first.click()

    def menu(self, name):
        return self.page.get_by_role("navigation", name="Utama").get_by_role("link", name=name)

    def tab(self, name):
        tabs = self.page.get_by_role("navigation", name="Tiket", exact=True)
        return tabs.get_by_role("link", name=name)

    def has_tabs(self, *names):
        tabs = self.page.get_by_role("navigation", name="Tiket", exact=True).get_by_role("link")
        expect(tabs).to_have_text([re.compile(rf"^\s*{name}") for name in names])

    def opens_tab(self, name, waiting=None):
        """'Tiket', then the tab if it is not there yet; `waiting` is what its counter must say."""
        with self.page.expect_navigation():
            self.menu("Tiket").click()
        tab = self.tab(name)
        if waiting is not None:
            expect(tab).to_have_accessible_name(f"{name} {waiting} menunggu Anda")
        if not tab.get_attribute("aria-current"):
            tab.click()
        expect(tab).to_have_attribute("aria-current", "page")

    def row(self, number):
        return self.page.get_by_role("row").filter(
            has=self.page.get_by_role("link", name=number, exact=True)
        )

    def starts_from_row(self, button, tab, number, waiting=None):
        """The list's way to a form: the button in the row of the ticket."""
        self.opens_tab(tab, waiting)
        self.row(number).get_by_role("link", name=starting_with(button)).click()
        expect(self.form).to_be_visible()

    def opens(self, number, tab="Daftar Tiket"):
        """The detail, by the number in the list (R39)."""
        self.opens_tab(tab)
        self.page.get_by_role("link", name=number, exact=True).click()
        expect(self.page.get_by_role("heading", name="Riwayat Tiket")).to_be_visible()

    def searches(self, words):
        search = self.page.get_by_role("search", name="Saring tiket")
        search.get_by_label("Cari").fill(words)
        search.get_by_role("button", name="Cari").click()

    def pictures(self, name):
        self._picture(self.page, name)

    def tells(self, sentence):
        """What happens now, in Indonesian: the caption of a film; a test passes over it."""
        if self._film:
            self._film.tells(sentence)

    def sees_after(self, text, number):
        """Reads `text` in the ticket, opened from 'Tiket Proses'."""
        self.opens(number, tab="Tiket Proses")
        self.sees(text)

    # Forms

    @property
    def form(self):
        return self.page.locator("form#form")

    def chooses(self, name):
        self.form.get_by_role("radio", name=starting_with(name)).check()

    def classifies(self, answers=CLASSIFIED):
        for label, answer in answers.items():
            self.form.get_by_label(label).select_option(label=answer)

    def attaches(self, *files):
        self.form.get_by_label("Upload File").set_input_files(list(files))

    @property
    def kept_files(self):
        """The names of the files that the form has received already."""
        kept = self.form.get_by_role("list", name="File yang akan dikirim")
        return kept.get_by_role("listitem").locator("b")

    def takes_off(self, name):
        self.form.get_by_role("button", name=f"Hapus {name}").click()

    def writes(self, message):
        self.form.get_by_role("textbox", name=re.compile("Pesan|Alasan|Saran")).fill(message)

    def submits(self, button):
        self.form.get_by_role("button", name=button, exact=True).click()

    def is_asked(self, *sentences):
        """'Konfirmasi': the pop-up, or the page where no script runs."""
        expect(self.page.get_by_role("heading", name="Konfirmasi", exact=True)).to_be_visible()
        for sentence in sentences:
            expect(self.page.get_by_text(sentence)).to_be_visible()

    def says_oke(self, *sentences):
        self.is_asked(*sentences)
        self.page.get_by_role("button", name="Oke", exact=True).click()

    def says_batal(self):
        self.page.get_by_role("button", name="Batal", exact=True).click()

    def is_told(self, sentence):
        expect(self.page.get_by_role("status").filter(has_text=sentence)).to_be_visible()

    def is_refused(self, *sentences):
        """The summary on top says what to mend."""
        for sentence in sentences:
            expect(self.page.get_by_role("alert").filter(has_text=sentence).first).to_be_visible()

    # The steps of a ticket

    def describes(self, title, description, **fields):
        """Fills 'Buat Tiket Baru' and leaves it unsent."""
        self.page.wait_for_load_state("domcontentloaded")  # scripts keep what is typed from then
        form = self.form
        form.get_by_label(starting_with("Judul")).fill(title)
        form.get_by_label(starting_with("Deskripsi")).fill(description)
        if code := fields.get("package_code"):
            form.get_by_label("Kode Tender/Kode Paket").fill(code)
        else:
            form.get_by_label("Permasalahan tidak terkait paket").check()
        if error := fields.get("error_code"):
            form.get_by_label(starting_with("Kode Error")).fill(error)

    def files_ticket(self, title, description, files=(), **fields):
        """From 'Buat Tiket Baru' to the number, which it returns (R33)."""
        self.opens_tab("Buat Tiket Baru")
        self.describes(title, description, **fields)
        if files:
            self.attaches(*files)
        self.submits("Kirim")
        self.says_oke("Tiket tidak dapat diubah setelah dikirim. Kirim tiket?")
        return self.is_told_the_number()

    def is_told_the_number(self):
        self.is_told("Tiket berhasil dikirim. Nomor tiket Anda")
        return NUMBER.search(self.page.get_by_role("status").first.inner_text())[0]

    def takes(self, number, answers=CLASSIFIED, waiting=None):
        self.starts_from_row("Ambil Tiket", "Tiket Baru", number, waiting)
        self.classifies(answers)
        self.submits("Ambil Tiket")
        self.says_oke(f"Anda akan mengambil tiket {number}.")
        self.is_told("Tiket berhasil diambil.")

    def asks_back(self, number, question, of=None):
        self.begins_review(number, "Butuh Feedback")
        if of:
            self.chooses(of)
        self.writes(question)
        self.submits("Kirim Review")
        self.says_oke(f'Hasil review "Butuh Feedback" akan dikirim untuk tiket {number}')
        self.is_told("Review berhasil dikirim.")

    def answers(self, number, text, files=(), tab="Tiket Proses", button="Feedback"):
        self.starts_from_row(button, tab, number, waiting=1)
        self.writes(text)
        if files:
            self.attaches(*files)
        self.submits("Kirim Feedback")
        self.says_oke("Feedback tidak dapat diubah setelah dikirim. Kirim feedback?")
        self.is_told("Feedback berhasil dikirim.")

    def escalates(self, number, reason, to, server=None):
        self.begins_review(number, "Eskalasi")
        self.writes(reason)
        for label, value in (server or {}).items():
            self.form.get_by_label(starting_with(label)).fill(value)
        self.submits("Kirim Review")
        self.says_oke(f"Tiket akan diteruskan ke {to}.")
        self.is_told(f"Tiket diteruskan ke {to}.")

    def solves(self, number, solution):
        self.begins_review(number, "Selesai")
        self.writes(solution)
        self.submits("Kirim Review")
        self.says_oke('Hasil review "Selesai" akan dikirim')
        self.is_told("Review berhasil dikirim.")

    def begins_review(self, number, outcome):
        self.starts_from_row("Review", "Tiket Proses", number, waiting=1)
        self.chooses(outcome)

    def begins_verdict(self, number, outcome):
        self.starts_from_row("Beri Review", "Daftar Tiket", number, waiting=1)
        self.chooses(outcome)

    def rejects(self, number, message):
        self.begins_verdict(number, "Belum, Kirim Pesan Lagi")
        self.writes(message)
        self.submits("Kirim Review")
        self.says_oke("Review tidak dapat diubah setelah dikirim. Kirim review?")
        self.is_told("Review berhasil dikirim.")

    def accepts(self, number):
        """'OK, Selesai' leads straight to the rating."""
        self.begins_verdict(number, "OK, Selesai")
        self.submits("Kirim Review")
        self.says_oke("Kirim review?")
        self.is_told("Review berhasil dikirim.")
        expect(self.form.get_by_role("heading", name="Beri Penilaian")).to_be_visible()

    def gives_stars(self, stars, suggestion=""):
        self.form.get_by_role("radio", name=starting_with(f"{stars} bintang")).check()
        if suggestion:
            self.writes(suggestion)
        self.submits("Kirim Penilaian")
