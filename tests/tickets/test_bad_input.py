"""Bad input: a clear sentence at the field and on top, nothing stored, nothing lost (R24-R58)."""

import io
import logging
import re
import uuid
from html import unescape

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import Role
from tests.cast import classification, confirm_who_it_is, send_ticket, ticket_at
from tests.factories import make_lpse, make_user
from tickets import uploads
from tickets.contents import refusal
from tickets.models import Attachment, Draft, Event, Rating, ServerAccess, Ticket

pytestmark = pytest.mark.django_db

CREATE = {
    "identity_number": "01.234.567.4-441.000",
    "package_code": "8214757",
    "title": "Tidak bisa login",
    "description": "Muncul pesan salah.",
    "error_code": "",
}
SERVER = {
    "ip_server": "192.0.2.46",
    "port_server": "22",
    "username_server": "bantuan",
    "password_server": "Sangat-Rahasia-1",
    "database_name": "epns",
    "username_database": "baca",
    "password_database": "Lebih-Rahasia-2",
    "server_note": "Lewat VPN",
}
PASSWORDS = [SERVER["password_server"], SERVER["password_database"]]
LOST = "Formulir tidak lengkap. Muat ulang halaman lalu coba lagi."
UNKNOWN_CHOICE = (
    "Masukkan pilihan yang valid. Pilihan tersebut bukan salah satu dari pilihan yang tersedia."
)
INVALID_CHOICE = "Masukkan pilihan yang valid. {} bukan salah satu dari pilihan yang tersedia."


class Browser:
    """A person at a form: what the page has hidden is posted along, as a browser does."""

    def __init__(self, user, url, **options):
        self.user, self.url = user, url
        self.client = Client(**options)
        self.client.force_login(user)
        if url.endswith("/data-server/"):
            confirm_who_it_is(self.client)
        self.open()

    def open(self):
        self.page = self.client.get(self.url)
        form = self.page.context["form"]
        self.hidden = {"key": str(form["key"].value()), "seen": form["seen"].value()}
        return self

    def post(self, button="konfirmasi", value="ya", files=(), **fields):
        data = self.hidden | {name: text for name, text in fields.items() if text is not None}
        if button:
            data[button] = value
        if files:
            data["files"] = [SimpleUploadedFile(name, content) for name, content in files]
        self.page = self.client.post(self.url, data)
        return self.page

    @property
    def errors(self):
        return {name: list(texts) for name, texts in self.page.context["form"].errors.items()}

    @property
    def draft_names(self):
        """The files that the page lists as received."""
        items = re.search(r'<ul class="files files-kept".*?</ul>', self.page.text, re.DOTALL)
        return re.findall(r"<b>(.*?)</b>", items[0]) if items else []

    def value_of(self, name):
        """What the form on the page shows in a field."""
        return self.page.context["form"][name].value()


def stored():
    models = (Ticket, Event, Attachment, Rating, ServerAccess)
    return {model.__name__: model.objects.count() for model in models}


def refused(browser, errors, **fields):
    """Post; the page says `errors` at the fields and on top, and nothing was stored."""
    before = stored()

    page = browser.post(**fields)

    assert page.status_code == 200
    assert browser.errors == errors
    summary = unescape(re.search(r'<div class="errors".*?</div>', page.text, re.DOTALL)[0])
    for name, sentences in errors.items():
        for sentence in sentences:
            assert sentence in summary
            if name not in {"__all__", "key", "seen"}:
                at_field = re.search(rf'id="id_{name}_error">.*?</div>', page.text, re.DOTALL)
                assert sentence in unescape(at_field[0])
    assert stored() == before


# Buat Tiket Baru


@pytest.fixture
def create(cast):
    return Browser(cast.penyedia, "/tiket/buat/")


@pytest.mark.requirement("R24", "R25", "R27", "R28")
@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"title": ""}, {"title": ["Judul wajib diisi."]}),
        ({"title": "  \t "}, {"title": ["Judul wajib diisi."]}),
        ({"title": "\u202e\u200f\x01"}, {"title": ["Judul wajib diisi."]}),
        ({"title": None}, {"title": ["Judul wajib diisi."]}),
        ({"title": "x" * 101}, {"title": ["Judul maksimal 100 karakter."]}),
        ({"title": "a\0b"}, {"title": ["Karakter null tidak diizinkan."]}),
        ({"description": ""}, {"description": ["Deskripsi wajib diisi."]}),
        ({"description": " \r\n "}, {"description": ["Deskripsi wajib diisi."]}),
        ({"description": "x" * 10_001}, {"description": ["Deskripsi maksimal 10.000 karakter."]}),
        ({"description": "x" * 2**20}, {"description": ["Deskripsi maksimal 10.000 karakter."]}),
        ({"description": "a\0b"}, {"description": ["Karakter null tidak diizinkan."]}),
        ({"identity_number": ""}, {"identity_number": ["NPWP wajib diisi."]}),
        ({"identity_number": "   "}, {"identity_number": ["NPWP wajib diisi."]}),
        (
            {"identity_number": "01234567444100"},
            {"identity_number": ["NPWP harus 15 atau 16 digit."]},
        ),
        (
            {"identity_number": "00012345674441000"},
            {"identity_number": ["NPWP harus 15 atau 16 digit."]},
        ),
        (
            {"identity_number": "npwp saya"},
            {"identity_number": ["NPWP harus 15 atau 16 digit."]},
        ),
        ({"identity_number": "1\0"}, {"identity_number": ["Karakter null tidak diizinkan."]}),
        (
            {"package_code": ""},
            {
                "package_code": [
                    "Kode tender/paket wajib diisi, atau centang "
                    "“Permasalahan tidak terkait paket”."
                ]
            },
        ),
        (
            {"package_code": "12"},
            {"package_code": ["Kode tender/paket tidak dikenali. Contoh: 8214757."]},
        ),
        (
            {"package_code": "<script>"},
            {"package_code": ["Kode tender/paket tidak dikenali. Contoh: 8214757."]},
        ),
        (
            {"error_code": "a!"},
            {"error_code": ["Kode Error terdiri atas 6 sampai 12 huruf atau angka."]},
        ),
        ({"key": "bukan-uuid"}, {"key": [LOST]}),
        ({"key": ""}, {"key": [LOST]}),
        ({"seen": ""}, {"seen": [LOST]}),
        ({"seen": "' OR 1=1"}, {"seen": [LOST]}),
    ],
)
def test_each_rule_of_a_new_ticket_is_told_and_the_rest_stays_typed(create, changes, errors):
    typed = CREATE | changes

    refused(create, errors, **typed)

    for name in ("identity_number", "package_code", "title", "description", "error_code"):
        assert create.value_of(name) == typed[name]


@pytest.mark.requirement("R24", "R25", "R27", "R28")
def test_an_empty_form_names_everything_that_is_missing(create):
    refused(
        create,
        {
            "identity_number": ["NPWP wajib diisi."],
            "package_code": [
                "Kode tender/paket wajib diisi, atau centang “Permasalahan tidak terkait paket”."
            ],
            "title": ["Judul wajib diisi."],
            "description": ["Deskripsi wajib diisi."],
        },
    )


@pytest.mark.requirement("R26")
@pytest.mark.parametrize("role", [Role.PPK, Role.PP, Role.POKJA])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "NIP wajib diisi."),
        ("0123456789", "NIP harus 18 digit angka."),
        ("198602302015051001", "Tanggal lahir pada NIP tidak valid."),
        ("198609262015053001", "NIP tidak valid: digit ke-15 harus 1 atau 2."),
    ],
)
def test_an_impossible_nip_is_refused(cast, role, typed, sentence):
    browser = Browser(make_user(role, cast.lpse), "/tiket/buat/")

    refused(browser, {"identity_number": [sentence]}, **CREATE | {"identity_number": typed})


@pytest.mark.requirement("R31", "R33")
def test_after_a_correction_the_same_form_succeeds(create):
    create.post(**CREATE | {"title": ""})

    page = create.post(**CREATE)

    ticket = Ticket.objects.get()
    assert (page.status_code, page.url) == (302, "/tiket/daftar/")
    assert (ticket.title, ticket.description) == (CREATE["title"], CREATE["description"])
    text = create.client.get(page.url).text
    assert f"Tiket berhasil dikirim. Nomor tiket Anda {ticket}." in text


@pytest.mark.requirement("R27", "R28")
@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("title", "x" * 100, "x" * 100),
        ("title", "😀" * 100, "😀" * 100),
        ("title", "  Gagal   ", "Gagal"),
        ("title", "Gagal \u202etxt.exe\u202c", "Gagal txt.exe"),
        ("title", "\u2067ab\u2069\x07", "ab"),
        ("title", "لا أستطيع الدخول", "لا أستطيع الدخول"),
        ("title", "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("description", "x" * 10_000, "x" * 10_000),
        ("description", "a\r\n" * 4_999 + "b", "a\n" * 4_999 + "b"),
        ("description", "satu\rdua\r\ntiga", "satu\ndua\ntiga"),
        ("description", "{{ 7*7 }} {% load x %}", "{{ 7*7 }} {% load x %}"),
        ("package_code", " 8 214 757 ", "8214757"),
        ("package_code", "pkt-ab12", "PKT-AB12"),
        ("identity_number", "0012 3456 7444 1000", "0012345674441000"),
        ("error_code", " a1B2c3 ", "a1B2c3"),
    ],
)
def test_unusual_text_arrives_whole_and_clean(create, field, typed, kept):
    create.post(**CREATE | {field: typed})

    ticket = Ticket.objects.get()
    assert getattr(ticket, field) == kept
    page = create.client.get(ticket.get_absolute_url()).text
    assert page.count("<script>alert") == page.count("\u202e") == 0


@pytest.mark.requirement("R24")
def test_a_problem_without_a_package_needs_no_code(create):
    create.post(**CREATE | {"package_code": "12345678", "no_package": "on"})

    assert Ticket.objects.get().package_code == ""


@pytest.mark.requirement("R36")
def test_the_identity_number_is_filled_in_from_the_profile(cast):
    cast.penyedia.identity_number = "012345674441000"
    cast.penyedia.save()

    browser = Browser(cast.penyedia, "/tiket/buat/")

    assert browser.value_of("identity_number") == "01.234.567.4-441.000"


@pytest.mark.requirement("R25")
def test_a_failing_check_digit_is_told_and_does_not_stop_the_ticket(create):
    wrong = CREATE | {"identity_number": "01.234.567.5-441.000"}

    verdict = create.post("periksa", **wrong).json()
    confirm = create.post(None, **wrong).text
    create.post(**wrong)

    assert verdict == {
        "ok": True,
        "sentence": (
            "Pastikan data yang Anda isi sudah benar. Tiket tidak dapat diubah setelah dikirim. "
            "Kirim tiket?"
        ),
        "warnings": ["NPWP tampaknya salah ketik. Periksa kembali."],
    }
    assert "NPWP tampaknya salah ketik. Periksa kembali." in confirm
    assert Ticket.objects.get().identity_number == "012345675441000"


@pytest.mark.requirement("R37")
def test_a_tender_code_of_another_lpse_is_told_and_does_not_stop_the_ticket():
    make_lpse(code="17", name="LPSE Kota Denpasar")
    reporter = make_user(Role.PENYEDIA, make_lpse(code="260"))
    browser = Browser(reporter, "/tiket/buat/")

    verdicts = [
        browser.post("periksa", **CREATE | {"package_code": code}).json()["warnings"]
        for code in ("8214017", "8214260", "8214999", "8214000", "PKT-017")
    ]
    browser.post(**CREATE | {"package_code": "8214017"})

    warning = "Kode tender ini milik LPSE Kota Denpasar. Pastikan LPSE yang dipilih sudah benar."
    assert verdicts == [[warning], [], [], [], []]
    assert Ticket.objects.get().package_code == "8214017"


@pytest.mark.requirement("R31")
def test_a_check_before_the_pop_up_stores_nothing(create):
    wrong = create.post("periksa", **CREATE | {"title": ""}).json()
    right = create.post("periksa", **CREATE).json()

    assert wrong == {"ok": False, "sentence": "", "warnings": []}
    assert right["ok"] is True
    assert Ticket.objects.count() == 0


@pytest.mark.requirement("R35")
def test_sending_the_same_form_twice_gives_one_ticket(create):
    first = create.post(**CREATE)
    second = create.post(**CREATE | {"title": "Lain"})

    ticket = Ticket.objects.get()
    assert (first.url, second.url, ticket.title) == ("/tiket/daftar/",) * 2 + (CREATE["title"],)
    assert create.client.get(second.url).text.count(f"Nomor tiket Anda {ticket}.") == 2


@pytest.mark.requirement("R35", "R132")
def test_the_key_of_another_person_reveals_nothing_and_attaches_nothing(cast, create):
    create.post(**CREATE | {"title": ""}, files=[("rahasia.txt", b"isi")])
    other = Browser(make_user(Role.PENYEDIA, cast.lpse), "/tiket/buat/")
    other.hidden["key"] = create.hidden["key"]

    with_error = other.post(**CREATE | {"title": ""}).text
    confirm = other.post(None, **CREATE).text
    pk = str(Draft.objects.get().pk)
    other.post("hapus", pk, **CREATE)
    other.post(**CREATE)
    create.post(**CREATE)

    assert "rahasia.txt" not in with_error + confirm
    mine, theirs = (user.tickets.get() for user in (create.user, other.user))
    assert [file.name for file in Attachment.objects.filter(event__ticket=theirs)] == []
    assert [file.name for file in Attachment.objects.filter(event__ticket=mine)] == ["rahasia.txt"]


@pytest.mark.requirement("R35", "R132")
def test_a_key_that_another_person_has_sent_reveals_no_number(cast, create):
    create.post(**CREATE)
    other = Browser(make_user(Role.PENYEDIA, cast.lpse), "/tiket/buat/")
    other.hidden["key"] = create.hidden["key"]

    other.post(**CREATE)

    mine, theirs = (user.tickets.get() for user in (create.user, other.user))
    text = other.client.get("/tiket/daftar/").text
    assert str(mine) not in text
    assert f"Nomor tiket Anda {theirs}." in text


# The confirm page


@pytest.mark.requirement("R31", "R32")
def test_without_confirmation_a_page_asks_and_nothing_is_stored(create):
    page = create.post(None, **CREATE, files=[("bukti.txt", b"isi")])

    text = unescape(page.text)
    assert page.templates[0].name == "tickets/confirm.html"
    assert (page.status_code, Ticket.objects.count()) == (200, 0)
    assert "Kirim tiket?" in text
    for value in (CREATE["title"], CREATE["description"], "8214757", "bukti.txt"):
        assert value in text


def carried(page):
    """What the confirm page posts on."""
    inputs = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', page.text, re.S)
    return {unescape(name): unescape(value) for name, value in inputs}


@pytest.mark.requirement("R32")
def test_oke_on_the_confirm_page_sends_what_was_typed_with_its_files(create):
    typed = CREATE | {"description": 'Baris "satu"\n<b>dua</b> & tiga'}
    page = create.post(None, **typed, files=[("bukti.txt", b"isi")])

    create.client.post("/tiket/buat/", carried(page) | {"konfirmasi": "ya"})

    ticket = Ticket.objects.get()
    assert (ticket.title, ticket.description) == (typed["title"], typed["description"])
    assert [file.name for file in Attachment.objects.all()] == ["bukti.txt"]
    assert Draft.objects.count() == 0


@pytest.mark.requirement("R32")
def test_batal_on_the_confirm_page_returns_with_everything_typed(create):
    typed = CREATE | {"description": 'Baris "satu"\n<b>dua</b>', "error_code": "a1B2c3"}
    page = create.post(None, **typed, files=[("bukti.txt", b"isi")])

    create.page = create.client.post("/tiket/buat/", carried(page) | {"batal": "ya"})

    assert create.page.status_code == 200
    assert {name: create.value_of(name) for name in typed} == typed
    assert create.draft_names == ["bukti.txt"]
    assert str(create.value_of("key")) == create.hidden["key"]
    assert Ticket.objects.count() == 0


@pytest.mark.requirement("R32", "R90")
def test_batal_in_a_review_returns_with_everything_typed(cast):
    ticket = ticket_at(cast, "in_progress", 2)
    browser = Browser(cast.admin_sistem, f"{ticket.get_absolute_url()}review/")
    typed = review(ticket, outcome="ask", feedback_from="1", message="Versi berapa?")
    page = browser.post(None, **typed)

    browser.page = browser.client.post(browser.url, carried(page) | {"batal": "ya"})

    assert {name: str(browser.value_of(name)) for name in typed} == typed
    assert stored()["Event"] == 4


# Files


@pytest.mark.requirement("R29")
def test_a_file_over_50_mb_is_named_and_the_others_are_kept(create, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_FILE_SIZE", 1000)

    refused(
        create,
        {"files": ["besar.txt: Ukuran file melebihi 50 MB."]},
        **CREATE,
        files=[("besar.txt", b"x" * 1001), ("kecil.txt", b"x" * 1000)],
    )

    assert create.draft_names == ["kecil.txt"]


@pytest.mark.requirement("R29")
def test_the_sixth_file_is_named_and_five_are_kept(create):
    names = [f"{number}.txt" for number in range(1, 7)]

    refused(
        create,
        {"files": ["6.txt: Paling banyak 5 file."]},
        **CREATE,
        files=[(name, name.encode()) for name in names],
    )

    assert create.draft_names == names[:5]
    create.post(**CREATE)
    assert [file.name for file in Attachment.objects.all()] == names[:5]


@pytest.mark.requirement("R29")
def test_five_files_in_several_tries_are_no_more_than_five(create):
    for number in range(1, 6):
        create.post(**CREATE | {"title": ""}, files=[(f"{number}.txt", b"isi")])

    refused(
        create, {"files": ["6.txt: Paling banyak 5 file."]}, **CREATE, files=[("6.txt", b"isi")]
    )

    assert create.draft_names == [f"{number}.txt" for number in range(1, 6)]


@pytest.mark.requirement("R29", "R30")
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("kosong.txt", b"", "kosong.txt: File kosong. Pilih file lain."),
        ("program.exe", b"MZ", "program.exe: Format file tidak didukung."),
        ("tanpa", b"isi", "tanpa: Format file tidak didukung."),
        ("gambar.svg", b"<svg/>", "gambar.svg: Format file tidak didukung."),
        ("halaman.jpg", b"<html></html>", f"halaman.jpg: {refusal.MISMATCH}"),
        (
            "<b>&.pdf",
            b"<html></html>",
            f"<b>&.pdf: {refusal.MISMATCH}",
        ),
    ],
)
def test_a_file_that_cannot_be_accepted_is_named(create, name, content, sentence):
    refused(create, {"files": [sentence]}, **CREATE, files=[(name, content)])

    assert create.draft_names == []
    assert create.value_of("title") == CREATE["title"]


def raw(fields, name, content):
    """A request whose file name no browser would write."""
    body = io.BytesIO()
    for field, value in fields.items():
        part = f'--x\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        body.write(part.encode())
    body.write(b'--x\r\nContent-Disposition: form-data; name="files"; filename="')
    body.write(name.encode() + b'"\r\n\r\n' + content + b"\r\n--x--\r\n")
    return body.getvalue()


@pytest.mark.requirement("R30")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a" * 296 + ".txt", "a" * 116 + ".txt"),
        ("../../etc/bukti.txt", "bukti.txt"),
        (r"C:\Users\saya\bukti.txt", "bukti.txt"),
        ("bu\u202ekti\t.txt", "bukti.txt"),
        ("\x01.txt", "berkas.txt"),
        ("😀.txt", "😀.txt"),
    ],
)
def test_a_strange_file_name_becomes_one_that_can_be_shown(create, sent, kept):
    fields = create.hidden | CREATE | {"konfirmasi": "ya"}

    response = create.client.post(
        "/tiket/buat/", raw(fields, sent, b"isi"), content_type="multipart/form-data; boundary=x"
    )

    attachment = Attachment.objects.get()
    assert (response.status_code, attachment.name) == (302, kept)
    assert re.fullmatch(r"\d{4}/\d{2}/[0-9a-f]{32}", attachment.path)


@pytest.mark.requirement("R29", "R49")
def test_a_received_file_survives_errors_and_the_confirm_page_and_is_attached_once(create):
    create.post(**CREATE | {"title": ""}, files=[("bukti.txt", b"isi bukti")])
    after_error = create.draft_names
    create.post(**CREATE | {"title": ""}, files=[("bukti.txt", b"isi bukti")])
    after_same_file_again = create.draft_names
    confirm = create.post(None, **CREATE).text
    create.post(**CREATE)
    create.post(**CREATE)

    attachment = Attachment.objects.get()
    assert (after_error, after_same_file_again) == (["bukti.txt"], ["bukti.txt"])
    assert "bukti.txt" in confirm
    assert default_storage.open(attachment.path).read() == b"isi bukti"
    assert Draft.objects.count() == 0


@pytest.mark.requirement("R29")
def test_hapus_takes_a_file_off_and_keeps_what_was_typed(create):
    create.post(**CREATE | {"title": ""}, files=[("satu.txt", b"1"), ("dua.txt", b"2")])
    first = Draft.objects.order_by("pk").first()

    create.post("hapus", str(first.pk), **CREATE | {"title": "Baru diketik"})

    assert create.draft_names == ["dua.txt"]
    assert create.value_of("title") == "Baru diketik"
    assert not default_storage.exists(first.path)
    assert not create.page.context["form"].errors
    create.post(**CREATE)
    assert [file.name for file in Attachment.objects.all()] == ["dua.txt"]


@pytest.mark.parametrize("value", ["", "abc", "-1", "9" * 30, "²", "1 OR 1=1"])
def test_hapus_of_what_is_no_file_of_the_form_does_nothing(create, value):
    create.post(**CREATE | {"title": ""}, files=[("satu.txt", b"1")])

    page = create.post("hapus", value, **CREATE)

    assert page.status_code == 200
    assert create.draft_names == ["satu.txt"]


@pytest.mark.requirement("R45", "R49", "R86")
@pytest.mark.parametrize(
    ("place", "slug", "name", "fields"),
    [
        (("awaiting_feedback", 1), "feedback", "penyedia", {"message": ""}),
        (("in_progress", 1), "review", "helpdesk", {"message": "", "outcome": "resolve"}),
        (("awaiting_review", 1), "review", "penyedia", {"message": "", "outcome": "reject"}),
    ],
)
def test_every_form_with_files_keeps_them_over_an_error(cast, place, slug, name, fields):
    ticket = ticket_at(cast, *place)
    browser = Browser(getattr(cast, name), f"{ticket.get_absolute_url()}{slug}/")
    if name == "helpdesk":
        fields = review(ticket) | fields

    browser.post(**fields, files=[("bukti.txt", b"isi")])
    kept = browser.draft_names
    browser.post(**fields | {"message": "Ini."})

    assert kept == ["bukti.txt"]
    event = ticket.events.order_by("pk").last()
    assert [file.name for file in event.attachments.all()] == ["bukti.txt"]


# The forms of a ticket


def review(ticket, **changes):
    """A valid 'Hasil Review'."""
    kind = classification()
    return {
        "outcome": "resolve",
        "message": "Sudah diperbaiki.",
        "category": str(kind.category.pk),
        "type": str(kind.type),
        "priority": str(kind.priority.value),
        "version": str(kind.version.pk),
    } | changes


def at_form(cast, place, slug, name):
    ticket = ticket_at(cast, *place)
    return Browser(getattr(cast, name), f"{ticket.get_absolute_url()}{slug}/")


CLASSIFICATION = "Kategori tiket, tipe tiket, prioritas, dan versi aplikasi wajib dipilih."


@pytest.mark.requirement("R85", "R86", "R87", "R88", "R89")
@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"outcome": ""}, {"outcome": ["Pilih hasil review."]}),
        ({"outcome": "accept"}, {"outcome": [INVALID_CHOICE.format("accept")]}),
        ({"message": ""}, {"message": ["Pesan wajib diisi."]}),
        ({"message": " \u202e\n"}, {"message": ["Pesan wajib diisi."]}),
        ({"message": "x" * 10_001}, {"message": ["Pesan maksimal 10.000 karakter."]}),
        ({"message": "a\0b"}, {"message": ["Karakter null tidak diizinkan."]}),
        (
            {"category": ""},
            {"category": ["Kategori Tiket wajib dipilih."], "__all__": [CLASSIFICATION]},
        ),
        ({"type": ""}, {"type": ["Tipe Tiket wajib dipilih."], "__all__": [CLASSIFICATION]}),
        (
            {"priority": ""},
            {"priority": ["Prioritas wajib dipilih."], "__all__": [CLASSIFICATION]},
        ),
        (
            {"version": ""},
            {"version": ["Versi Aplikasi wajib dipilih."], "__all__": [CLASSIFICATION]},
        ),
        ({"type": "LAIN"}, {"type": [INVALID_CHOICE.format("LAIN")]}),
        ({"priority": "9"}, {"priority": [INVALID_CHOICE.format("9")]}),
        ({"key": "x"}, {"key": [LOST]}),
        ({"seen": "x"}, {"seen": [LOST]}),
    ],
)
def test_each_rule_of_a_review_is_told_and_the_rest_stays_typed(cast, changes, errors):
    browser = at_form(cast, ("in_progress", 1), "review", "helpdesk")
    typed = review(None, **changes)

    refused(browser, errors, **typed)

    for name in ("message", "category", "type", "priority", "version"):
        assert browser.value_of(name) == typed[name]
    browser.open().post(**review(None))
    assert Ticket.objects.get().status == "awaiting_review"


@pytest.mark.requirement("R77")
@pytest.mark.parametrize("value", ["999999", "abc", "9" * 40, "-1", "1.5", "<b>"])
@pytest.mark.parametrize("field", ["category", "version"])
@pytest.mark.parametrize(("place", "slug"), [(("new", 1), "ambil"), (("in_progress", 1), "review")])
def test_an_unknown_category_or_version_is_refused(cast, place, slug, field, value):
    browser = at_form(cast, place, slug, "helpdesk")

    refused(
        browser,
        {field: [UNKNOWN_CHOICE]},
        **review(None, **{field: value}),
    )


@pytest.mark.requirement("R77")
def test_a_category_that_was_retired_cannot_be_chosen_any_more(cast):
    browser = at_form(cast, ("new", 1), "ambil", "helpdesk")
    category = classification().category
    category.is_active = False
    category.save()

    page = browser.post(**review(None))

    assert page.status_code == 200
    assert list(browser.errors) == ["category"]


@pytest.mark.requirement("R77", "R78")
def test_taking_without_classification_names_each_of_the_four(cast):
    browser = at_form(cast, ("new", 1), "ambil", "helpdesk")

    refused(
        browser,
        {
            "category": ["Kategori Tiket wajib dipilih."],
            "type": ["Tipe Tiket wajib dipilih."],
            "priority": ["Prioritas wajib dipilih."],
            "version": ["Versi Aplikasi wajib dipilih."],
            "__all__": [CLASSIFICATION],
        },
    )


@pytest.mark.requirement("R104")
@pytest.mark.parametrize(
    ("level", "name", "value", "sentence"),
    [
        (2, "admin_sistem", "", "Pilih tujuan feedback."),
        (2, "admin_sistem", None, "Pilih tujuan feedback."),
        (2, "admin_sistem", "2", INVALID_CHOICE.format("2")),
        (2, "admin_sistem", "x", INVALID_CHOICE.format("x")),
        (3, "lkpp1", "1", INVALID_CHOICE.format("1")),
        (4, "lkpp2", "1", INVALID_CHOICE.format("1")),
    ],
)
def test_a_question_needs_a_party_that_may_be_asked(cast, level, name, value, sentence):
    browser = at_form(cast, ("in_progress", level), "review", name)

    refused(
        browser,
        {"feedback_from": [sentence]},
        **review(None, outcome="ask", feedback_from=value),
    )


@pytest.mark.requirement("R87")
def test_level_1_has_nobody_but_the_reporter_to_ask(cast):
    browser = at_form(cast, ("in_progress", 1), "review", "helpdesk")

    browser.post(**review(None, outcome="ask"))

    ticket = Ticket.objects.get()
    assert (ticket.status, ticket.feedback_from) == ("awaiting_feedback", 0)


@pytest.mark.requirement("R123")
def test_the_last_level_is_not_offered_an_escalation(cast):
    browser = at_form(cast, ("in_progress", 4), "review", "lkpp2")

    refused(
        browser,
        {"outcome": [INVALID_CHOICE.format("escalate")]},
        **review(None, outcome="escalate"),
    )


@pytest.mark.requirement("R46")
@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("", "Pesan wajib diisi."),
        (" \n", "Pesan wajib diisi."),
        ("x" * 10_001, "Pesan maksimal 10.000 karakter."),
        ("a\0", "Karakter null tidak diizinkan."),
    ],
)
@pytest.mark.parametrize(
    ("place", "name"),
    [(("awaiting_feedback", 1), "penyedia"), (("awaiting_feedback", 2, 1), "helpdesk")],
)
def test_each_rule_of_a_feedback_is_told(cast, place, name, message, sentence):
    browser = at_form(cast, place, "feedback", name)

    refused(browser, {"message": [sentence]}, message=message)

    assert browser.value_of("message") == message
    browser.post(message="Versi 4.5.")
    assert Ticket.objects.get().status == "in_progress"


@pytest.mark.requirement("R52", "R54")
@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"message": "Masih gagal."}, {"outcome": ["Pilih hasil review."]}),
        (
            {"outcome": "resolve", "message": "Masih gagal."},
            {"outcome": [INVALID_CHOICE.format("resolve")]},
        ),
        ({"outcome": "reject", "message": ""}, {"message": ["Pesan wajib diisi."]}),
        ({"outcome": "reject", "message": "  "}, {"message": ["Pesan wajib diisi."]}),
        (
            {"outcome": "reject", "message": "x" * 10_001},
            {"message": ["Pesan maksimal 10.000 karakter."]},
        ),
    ],
)
def test_each_rule_of_the_reporters_review_is_told(cast, fields, errors):
    browser = at_form(cast, ("awaiting_review", 1), "review", "penyedia")

    refused(browser, errors, **fields)

    assert browser.value_of("message") == fields["message"]
    browser.post(outcome="reject", message="Masih gagal.")
    assert Ticket.objects.get().status == "in_progress"


@pytest.mark.requirement("R56", "R57")
@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"suggestion": "Baik."}, {"stars": ["Pilih 1 sampai 5 bintang."]}),
        ({"stars": "0", "suggestion": "x"}, {"stars": [INVALID_CHOICE.format("0")]}),
        ({"stars": "6", "suggestion": "x"}, {"stars": [INVALID_CHOICE.format("6")]}),
        ({"stars": "5.5", "suggestion": "x"}, {"stars": [INVALID_CHOICE.format("5.5")]}),
        (
            {"stars": "3", "suggestion": ""},
            {"suggestion": ["Saran dan masukan wajib diisi untuk penilaian 1–3 bintang."]},
        ),
        (
            {"stars": "1", "suggestion": " \u200f\n"},
            {"suggestion": ["Saran dan masukan wajib diisi untuk penilaian 1–3 bintang."]},
        ),
        (
            {"stars": "5", "suggestion": "x" * 1001},
            {"suggestion": ["Saran dan masukan maksimal 1.000 karakter."]},
        ),
        (
            {"stars": "1", "suggestion": "x" * 1001},
            {"suggestion": ["Saran dan masukan maksimal 1.000 karakter."]},
        ),
    ],
)
def test_each_rule_of_a_rating_is_told(cast, fields, errors):
    browser = at_form(cast, ("closed", 1), "penilaian", "penyedia")

    refused(browser, errors, **fields)

    assert browser.value_of("suggestion") == fields["suggestion"]
    browser.post(stars="2", suggestion="Lebih cepat.")
    rating = Rating.objects.get()
    assert (rating.stars, rating.suggestion) == (2, "Lebih cepat.")


# What happened meanwhile


@pytest.mark.requirement("R80")
def test_a_ticket_taken_meanwhile_says_by_whom(cast):
    ticket = ticket_at(cast, "new", 1)
    late = Browser(make_user(Role.LPSE_L1, cast.lpse), f"{ticket.get_absolute_url()}ambil/")
    ticket.perform("take", by=cast.helpdesk, classification=classification())
    before = stored()

    page = late.post(**review(None))

    assert page.status_code == 409
    assert page.text.count("Tiket sudah diambil oleh Bagas Pramudyo.") == 1
    assert stored() == before


@pytest.mark.parametrize(
    ("place", "slug", "name", "meanwhile", "fields", "label"),
    [
        (
            ("in_progress", 1),
            "review",
            "helpdesk",
            ("resolve", "helpdesk", {"message": "Sudah."}),
            {"outcome": "ask"},
            "Review",
        ),
        (
            ("awaiting_feedback", 1),
            "feedback",
            "penyedia",
            ("answer", "penyedia", {"message": "Sudah."}),
            {},
            "Beri Feedback",
        ),
        (
            ("awaiting_review", 1),
            "review",
            "penyedia",
            ("accept", "penyedia", {}),
            {"outcome": "reject"},
            "Beri Review",
        ),
    ],
)
def test_a_step_that_is_not_possible_any_more_says_so_and_hands_the_text_back(
    cast, place, slug, name, meanwhile, fields, label
):
    ticket = ticket_at(cast, *place)
    browser = Browser(getattr(cast, name), f"{ticket.get_absolute_url()}{slug}/")
    action, by, more = meanwhile
    ticket.perform(action, by=getattr(cast, by), **more)
    before = stored()

    typed = review(None, message="Panjang & lama diketik <b>", **fields)
    page = browser.post(**typed)

    assert page.status_code == 409
    sentence = f"“{label}” tidak dapat dilakukan sekarang. Periksa status tiket di bawah."
    assert re.search(r'<h2 id="salah">(.*?)</h2>', page.text)[1] == sentence
    assert "Panjang &amp; lama diketik &lt;b&gt;" in page.text
    assert stored() == before


@pytest.mark.requirement("R80")
def test_a_page_out_of_date_says_so_and_keeps_the_text_and_a_second_post_succeeds(cast):
    ticket = ticket_at(cast, "in_progress", 1)
    browser = Browser(cast.helpdesk, f"{ticket.get_absolute_url()}review/")
    ticket.perform("ask", by=cast.helpdesk, message="Versi?", feedback_from=0)
    ticket.perform("answer", by=cast.penyedia, message="Ini jawaban baru.")
    before = stored()

    page = browser.post(**review(None), files=[("bukti.txt", b"isi")])

    assert page.status_code == 409
    assert browser.errors == {
        "__all__": [
            "Tiket ini sudah berubah sejak Anda membukanya. Periksa isinya lalu kirim lagi."
        ]
    }
    assert "Ini jawaban baru." in page.text
    assert browser.value_of("message") == "Sudah diperbaiki."
    assert browser.draft_names == ["bukti.txt"]
    assert stored() == before
    browser.hidden["seen"] = re.search(r'name="seen" value="(\d+)"', page.text)[1]
    assert browser.post(**review(None)).status_code == 302
    assert ticket.events.order_by("pk").last().attachments.get().name == "bukti.txt"


@pytest.mark.parametrize("seen", ["0", "-1", "99999999999999999999999", "1"])
def test_a_forged_last_event_changes_nothing(cast, seen):
    ticket = ticket_at(cast, "in_progress", 1)
    browser = Browser(cast.helpdesk, f"{ticket.get_absolute_url()}review/")
    browser.hidden["seen"] = seen
    before = stored()

    page = browser.post(**review(None))

    assert (page.status_code, stored()) == (409, before)


@pytest.mark.requirement("R35")
def test_a_key_used_for_another_ticket_is_refused_and_the_text_stays(cast):
    used, ticket = ticket_at(cast, "in_progress", 1), ticket_at(cast, "in_progress", 1)
    key = uuid.uuid4()
    used.perform("resolve", by=cast.helpdesk, message="Sudah.", key=key)
    browser = Browser(cast.helpdesk, f"{ticket.get_absolute_url()}review/")
    browser.hidden["key"] = str(key)
    before = stored()

    page = browser.post(**review(None))

    assert (page.status_code, stored()) == (409, before)
    assert browser.errors == {
        "__all__": ["Formulir ini sudah dipakai. Muat ulang halaman lalu coba lagi."]
    }
    assert browser.value_of("message") == "Sudah diperbaiki."


@pytest.mark.requirement("R35")
@pytest.mark.parametrize(
    ("place", "slug", "name", "fields"),
    [
        (("new", 1), "ambil", "helpdesk", {}),
        (("in_progress", 1), "review", "helpdesk", {"outcome": "resolve"}),
        (("awaiting_feedback", 1), "feedback", "penyedia", {}),
        (("awaiting_review", 1), "review", "penyedia", {"outcome": "accept"}),
        (("closed", 1), "penilaian", "penyedia", {"stars": "5"}),
    ],
)
def test_a_second_click_leads_to_the_result_of_the_first(cast, place, slug, name, fields):
    browser = at_form(cast, place, slug, name)

    first = browser.post(**review(None, **fields))
    after_first = stored()
    second = browser.post(**review(None, **fields))

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert stored() == after_first


@pytest.mark.parametrize(
    "path", ["/tiket/buat/", "ambil/", "review/", "feedback/", "penilaian/", "data-server/"]
)
def test_a_form_without_its_token_gets_a_page_in_our_layout(cast, path):
    ticket = send_ticket(cast.penyedia)
    url = path if path.startswith("/") else ticket.get_absolute_url() + path
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.penyedia)
    before = stored()

    page = client.post(url, CREATE | {"konfirmasi": "ya", "key": uuid.uuid4(), "seen": 0})

    assert page.status_code == 403
    assert "<h1>Halaman sudah kedaluwarsa</h1>" in page.text
    assert "css/lpse.css" in page.text
    assert stored() == before


@pytest.mark.parametrize("path", ["ambil/", "review/", "feedback/", "penilaian/", "data-server/"])
def test_a_ticket_of_others_is_not_there_to_post_to(cast, path):
    ticket = ticket_at(cast, "in_progress", 1)
    before = stored()

    for user in (cast.ppk, cast.lkpp1, cast.admin_sistem, make_user(Role.LPSE_L1)):
        client = Client()
        client.force_login(user)
        page = client.post(
            ticket.get_absolute_url() + path,
            review(None, key=uuid.uuid4(), seen=ticket.last_event, konfirmasi="ya"),
        )
        assert page.status_code == 404

    assert stored() == before


# Data Server


@pytest.fixture
def escalation(cast):
    return at_form(cast, ("in_progress", 2), "review", "admin_sistem")


@pytest.mark.requirement("R105", "R106", "R107", "R108", "R109", "R110", "R111", "R112")
def test_an_escalation_to_lkpp_needs_every_field_of_data_server(escalation):
    refused(
        escalation,
        {
            "ip_server": ["IP Server wajib diisi."],
            "port_server": ["Port Server wajib diisi."],
            "username_server": ["Username Server wajib diisi."],
            "password_server": ["Password Server wajib diisi."],
            "database_name": ["Nama Database wajib diisi."],
            "username_database": ["Username Database wajib diisi."],
            "password_database": ["Password Database wajib diisi."],
            "__all__": ["Data server wajib diisi untuk eskalasi ke LKPP Level 1."],
        },
        **review(None, outcome="escalate"),
    )


PORT = "Port Server harus angka 1 sampai 65535."


@pytest.mark.requirement("R106", "R107")
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("ip_server", "999.1.1.1", "IP Server tidak valid. Contoh: 192.0.2.10."),
        ("ip_server", "server.contoh.id", "IP Server tidak valid. Contoh: 192.0.2.10."),
        ("port_server", "0", PORT),
        ("port_server", "65536", PORT),
        ("port_server", "-22", PORT),
        ("port_server", "ssh", PORT),
        ("port_server", "22.5", PORT),
    ],
)
def test_an_impossible_address_or_port_is_refused(escalation, field, value, sentence):
    refused(
        escalation,
        {field: [sentence]},
        **review(None, outcome="escalate") | SERVER | {field: value},
    )

    assert escalation.value_of(field) == value


@pytest.mark.requirement("R105")
@pytest.mark.parametrize("outcome", ["ask", "resolve"])
def test_without_escalation_data_server_is_neither_needed_nor_kept(escalation, outcome):
    escalation.post(**review(None, outcome=outcome, feedback_from="1") | SERVER)

    assert Event.objects.order_by("pk").last().action == outcome
    assert ServerAccess.objects.count() == 0


@pytest.mark.requirement("R106", "R107", "R113", "R114")
def test_data_server_is_kept_as_typed(escalation):
    escalation.post(**review(None, outcome="escalate") | SERVER | {"ip_server": "2001:db8::1"})

    assert ServerAccess.objects.get().open() == {
        "IP Server": "2001:db8::1",
        "Port Server": "22",
        "Username Server": "bantuan",
        "Password Server": "Sangat-Rahasia-1",
        "Nama Database": "epns",
        "Username Database": "baca",
        "Password Database": "Lebih-Rahasia-2",
        "Keterangan Lainnya": "Lewat VPN",
    }


@pytest.mark.requirement("R109")
def test_a_password_is_kept_with_its_blanks_and_signs(escalation):
    odd = "  <spasi> & \"tanda\" 'kutip' 😀 "

    escalation.post(**review(None, outcome="escalate") | SERVER | {"password_server": odd})

    assert ServerAccess.objects.get().open()["Password Server"] == odd


@pytest.mark.requirement("R114")
def test_another_channel_stands_in_for_data_server_where_an_administrator_allows_it(cast, settings):
    settings.SERVER_ACCESS_OTHER_CHANNEL = True
    browser = at_form(cast, ("in_progress", 2), "review", "admin_sistem")

    browser.post(**review(None, outcome="escalate", other_channel="on", server_note="Telepon"))

    assert ServerAccess.objects.get().open() == {
        "Kredensial disampaikan melalui kanal aman lain": "Ya",
        "Keterangan Lainnya": "Telepon",
    }


@pytest.mark.requirement("R114")
def test_another_channel_is_not_accepted_where_nobody_allowed_it(escalation):
    page = escalation.post(**review(None, outcome="escalate", other_channel="on"))

    assert page.status_code == 200
    assert ServerAccess.objects.count() == 0


def leaks(*texts):
    return [secret for secret in PASSWORDS for text in texts if secret in text]


@pytest.mark.requirement("R109", "R112", "R114")
def test_passwords_never_come_back_in_clear(cast, escalation, caplog):
    caplog.set_level(logging.DEBUG)
    typed = review(None, outcome="escalate") | SERVER

    verdict = escalation.post("periksa", **typed).text
    with_error = escalation.post(**typed | {"message": ""}).text
    confirm = escalation.post(None, **typed)
    cancelled = escalation.client.post(escalation.url, carried(confirm) | {"batal": "ya"}).text
    taken_off = escalation.post("hapus", "1", **typed).text
    done = escalation.client.post(escalation.url, carried(confirm) | {"konfirmasi": "ya"})
    told = escalation.client.get(done.url).text

    assert leaks(verdict, with_error, confirm.text, cancelled, taken_off, told, caplog.text) == []
    events = [f"{event.message} {event.detail}" for event in Event.objects.all()]
    assert leaks(*events, str(ServerAccess.objects.values())) == []
    for user in (cast.penyedia, cast.helpdesk, cast.lkpp1):
        client = Client()
        client.force_login(user)
        page = client.get(Ticket.objects.get().get_absolute_url())
        assert (page.status_code, leaks(page.text)) == (200, [])


@pytest.mark.requirement("R109", "R112")
def test_passwords_typed_once_travel_encrypted_over_errors(escalation):
    typed = review(None, outcome="escalate") | SERVER
    page = escalation.post(**typed | {"message": ""})
    sealed = re.search(r'name="sealed" value="(.+?)"', page.text)[1]
    again = {name: value for name, value in typed.items() if not name.startswith("password")}

    escalation.post(**again, sealed=sealed)

    values = ServerAccess.objects.get().open()
    assert [values["Password Server"], values["Password Database"]] == PASSWORDS


@pytest.mark.requirement("R109", "R112")
@pytest.mark.parametrize("button", ["batal", "hapus"])
def test_passwords_typed_once_outlive_batal_and_hapus(escalation, button):
    typed = review(None, outcome="escalate") | SERVER
    again = {name: value for name, value in typed.items() if not name.startswith("password")}
    confirm = escalation.post(None, **typed)
    if button == "batal":
        page = escalation.client.post(escalation.url, carried(confirm) | {"batal": "ya"})
    else:
        page = escalation.post("hapus", "1", **typed)

    sealed = re.search(r'name="sealed" value="(.*?)"', page.text)[1]
    escalation.post(**again, sealed=sealed)

    values = ServerAccess.objects.get().open()
    assert [values["Password Server"], values["Password Database"]] == PASSWORDS


@pytest.mark.requirement("R114")
def test_sealed_passwords_of_another_ticket_or_person_are_not_accepted(cast, escalation):
    typed = review(None, outcome="escalate") | SERVER
    page = escalation.post(**typed | {"message": ""})
    sealed = re.search(r'name="sealed" value="(.+?)"', page.text)[1]
    again = {name: value for name, value in typed.items() if not name.startswith("password")}
    elsewhere = at_form(cast, ("in_progress", 2), "review", "admin_sistem")

    for token in (sealed, "palsu", "😀", "x" * 5000):
        elsewhere.post(**again, sealed=token)

        assert elsewhere.page.status_code == 200
        assert sorted(elsewhere.errors) == ["__all__", "password_database", "password_server"]
    assert ServerAccess.objects.count() == 0


@pytest.fixture
def reading(cast):
    return at_form(cast, ("in_progress", 3), "data-server", "lkpp1")


@pytest.mark.requirement("R114")
@pytest.mark.parametrize(
    ("message", "sentence"),
    [("", "Alasan wajib diisi."), ("  ", "Alasan wajib diisi.")],
)
def test_data_server_is_not_opened_without_a_reason(reading, message, sentence):
    refused(reading, {"message": [sentence]}, message=message)

    assert leaks_of_cast(reading.page.text) == []


def leaks_of_cast(text):
    return [secret for secret in ("rahasia-server-1", "rahasia-database-2") if secret in text]


@pytest.mark.requirement("R114")
def test_data_server_is_shown_once_on_a_post_with_a_reason_and_each_time_recorded(reading):
    opened = reading.page.text
    asked = reading.post(None, message="Memeriksa log.").text
    before = Event.objects.filter(action="read_server_access").count()
    shown = reading.post(message="Memeriksa log.")
    again = reading.client.get(reading.url).text

    assert leaks_of_cast(opened + asked + again) == []
    assert before == 0
    assert leaks_of_cast(shown.text) == ["rahasia-server-1", "rahasia-database-2"]
    assert "no-store" in shown["Cache-Control"]
    event = Event.objects.get(action="read_server_access")
    assert (event.actor, event.message) == (reading.user, "Memeriksa log.")


@pytest.mark.requirement("R114")
def test_nobody_but_the_officer_of_lkpp_in_charge_opens_data_server(cast):
    ticket = ticket_at(cast, "in_progress", 3)
    url = f"{ticket.get_absolute_url()}data-server/"

    for user in (cast.admin_sistem, cast.helpdesk, cast.penyedia, make_user(Role.LKPP_L1)):
        client = Client()
        client.force_login(user)
        fields = {"message": "x", "konfirmasi": "ya", "key": uuid.uuid4(), "seen": 0}
        assert (client.get(url).status_code, client.post(url, fields).status_code) == (404, 404)

    assert Event.objects.filter(action="read_server_access").count() == 0


@pytest.mark.requirement("R114")
def test_after_closing_there_is_no_data_server_to_open(cast):
    ticket = ticket_at(cast, "closed", 3)
    client = Client()
    client.force_login(cast.lkpp1)

    assert client.get(f"{ticket.get_absolute_url()}data-server/").status_code == 404
