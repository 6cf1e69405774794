"""Before a text is sent for good, its writer is shown what looks private in it, and decides."""

import logging
import re
import uuid
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.roles import Role
from tests.cast import classification, confirm_who_it_is, ticket_at
from tests.factories import make_user
from tickets import forms
from tickets.forms.base import CleanTextField
from tickets.models import Event, Rating, Ticket

pytestmark = pytest.mark.django_db

TOLD = "kata sandi saya Rahasia123 ditolak"
MARKED = "“kata sandi saya <mark>Rahasia123</mark> ditolak”"
CREATE = {
    "identity_number": "01.234.567.4-441.000",
    "package_code": "8214757",
    "title": "Tidak bisa login",
    "description": TOLD,
}
SEALED = [("penawaran.rhs", b"\x93\x01\xfe" * 100)]


class Asker:
    """A person who posts one form in the ways that its page does."""

    def __init__(self, client, user, url, ticket=None):
        client.force_login(user)
        if url.endswith("/data-server/"):
            confirm_who_it_is(client)
        self.client, self.url = client, url
        self.hidden = {"key": str(uuid.uuid4()), "seen": ticket.last_event if ticket else 0}

    def asks(self, **fields):
        """What the pop-up is told."""
        return self.client.post(self.url, self.hidden | fields | {"periksa": "ya"}).json()

    def is_asked(self, files=(), **fields):
        """The confirm page."""
        sent = {"files": [SimpleUploadedFile(*file) for file in files]} if files else {}
        return self.client.post(self.url, self.hidden | fields | sent)

    def sends(self, page, **button):
        """Presses a button of the confirm page."""
        inputs = re.findall(r'<input type="hidden" name="(.*?)" value="(.*?)">', page.text, re.S)
        carried = {unescape(name): unescape(value) for name, value in inputs}
        return self.client.post(self.url, carried | button)


def buttons(page):
    """The words on the buttons of a confirm page's form."""
    form = page.text[page.text.rindex('<form method="post"') :]
    return re.findall(r"<button[^>]*>([^<]*)</button>", form[: form.index("</form>")])


def sentences(html):
    """What the part about findings says, one per piece."""
    return [
        unescape(re.sub(r"<[^>]*>", "", item))
        for item in re.findall(r"<li>(.*?)</li>", part_of(html), re.S)
    ]


def part_of(html):
    """The part about findings, alone in the pop-up's answer or on its page."""
    return re.search(r'<section class="note note-turn found".*?</section>', html, re.S)[0]


@pytest.fixture
def create(client, cast):
    return Asker(client, cast.penyedia, "/tiket/buat/")


def at_form(client, cast, place, page, actor, **fields):
    ticket = ticket_at(cast, *place, **fields)
    return Asker(client, getattr(cast, actor), f"{ticket.get_absolute_url()}{page}/", ticket)


def answers(**fields):
    """A review with its four answers."""
    four = classification()
    return fields | {
        "category": four.category.pk,
        "type": four.type,
        "priority": four.priority,
        "version": four.version.pk,
    }


# (place, page, actor, what is typed, label of the field, why it matters)
PETUGAS = "dapat diubah setelah dikirim dan dibaca petugas."
PELAPOR = "dapat diubah setelah dikirim dan dibaca Pelapor."
FORMS = {
    "answer": (
        *(("awaiting_feedback", 1), "feedback", "penyedia", {"message": TOLD}),
        *("Kirim Pesan", f"Feedback tidak {PETUGAS}"),
    ),
    "answer of an officer": (
        *(("awaiting_feedback", 2, 1), "feedback", "helpdesk", {"message": TOLD}),
        *("Kirim Pesan", f"Feedback tidak {PETUGAS}"),
    ),
    "verdict": (
        *(("awaiting_review", 1), "review", "penyedia", {"outcome": "reject", "message": TOLD}),
        *("Kirim Pesan", f"Review tidak {PETUGAS}"),
    ),
    "rating": (
        *(("closed", 1), "penilaian", "penyedia", {"stars": 5, "suggestion": TOLD}),
        *("Saran dan Masukan", f"Penilaian tidak {PETUGAS}"),
    ),
    "question to the reporter": (
        *(("in_progress", 2), "review", "admin_sistem"),
        *(
            {"outcome": "ask", "feedback_from": 0, "message": TOLD},
            "Pesan",
            f"Review tidak {PELAPOR}",
        ),
    ),
    "question to officers": (
        *(("in_progress", 2), "review", "admin_sistem"),
        *(
            {"outcome": "ask", "feedback_from": 1, "message": TOLD},
            "Pesan",
            f"Review tidak {PETUGAS}",
        ),
    ),
    "solution": (
        *(("in_progress", 1), "review", "helpdesk", {"outcome": "resolve", "message": TOLD}),
        *("Pesan", f"Review tidak {PELAPOR}"),
    ),
    "escalation": (
        *(("in_progress", 1), "review", "helpdesk", {"outcome": "escalate", "message": TOLD}),
        *("Pesan", f"Review tidak {PETUGAS}"),
    ),
    "reason of reading Data Server": (
        *(("in_progress", 3), "data-server", "lkpp1", {"message": TOLD}),
        *("Alasan", f"Alasan tidak {PETUGAS}"),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_text_that_stays_is_looked_at_in_the_pop_up_and_on_the_page(client, cast, form):
    place, page, actor, typed, label, stays = FORMS[form]
    asker = at_form(client, cast, place, page, actor)
    typed = answers(**typed) if page == "review" and actor != "penyedia" else typed

    told = asker.asks(**typed)
    asked = asker.is_asked(**typed)

    assert told["ok"] is True
    for shown in (told["found"], asked.text):
        assert sentences(shown) == [f"{label}: tampaknya memuat kata sandi: “{TOLD}”"]
        assert MARKED in shown
        assert f"<p>{stays}</p>" in shown
    assert buttons(asked) == ["Perbaiki", "Kirim apa adanya"]


def test_a_reason_of_a_reassignment_is_looked_at_too(client, cast):
    colleague = make_user(Role.LPSE_L1, cast.lpse)
    cast.admin_sistem.is_supervisor = True
    cast.admin_sistem.save()
    asker = at_form(client, cast, ("in_progress", 1), "alihkan", "admin_sistem")
    typed = {"officer": colleague.pk, "message": TOLD}

    told, asked = asker.asks(**typed), asker.is_asked(**typed)

    assert sentences(told["found"]) == [f"Alasan: tampaknya memuat kata sandi: “{TOLD}”"]
    assert buttons(asked) == ["Perbaiki", "Kirim apa adanya"]


def test_title_and_description_of_a_new_ticket_are_looked_at_in_this_order(create):
    typed = CREATE | {"title": "NIK 3273014508900003 ditolak"}

    told = create.asks(**typed)["found"]

    assert sentences(told) == [
        "Judul: tampaknya memuat NIK: “NIK 3273014508900003 ditolak”",
        f"Deskripsi: tampaknya memuat kata sandi: “{TOLD}”",
    ]
    assert "<p>Tiket tidak dapat diubah setelah dikirim dan dibaca petugas LPSE.</p>" in told
    assert 'data-field="title" data-piece="3273014508900003"' in told


def test_nothing_found_leaves_pop_up_and_page_as_they_were(create):
    typed = CREATE | {"description": "Kata sandi salah, padahal sudah benar."}

    told = create.asks(**typed)
    asked = create.is_asked(**typed)

    assert told.keys() == {"ok", "sentence", "warnings"}
    assert "ditemukan" not in asked.text
    assert buttons(asked) == ["Oke", "Batal"]


def test_a_form_that_cannot_be_sent_says_nothing_of_its_texts(create):
    assert create.asks(**CREATE | {"title": ""}).keys() == {"ok", "sentence", "warnings"}


def test_many_pieces_are_shown_five_at_a_time(create):
    phones = " ".join(f"HP 0860-1234-56{n:02}" for n in range(12))

    told = create.asks(**CREATE | {"description": phones})["found"]

    assert len(sentences(told)) == 5
    assert "Ada 7 lagi yang serupa." in told


def test_hostile_texts_are_shown_as_text(create):
    hostile = "<script>alert(1)</script> sandi: 'Ra<b>hasia9' <img src=x> <i>lagi</i>"

    told = create.asks(**CREATE | {"description": hostile})["found"]
    asked = create.is_asked(**CREATE | {"description": "<img src=x> sandi: Rah'><script>9"})

    for part in (part_of(told), part_of(asked.text)):
        assert "<mark>" in part
        assert not re.search(r"<(script|img|b>x|i)\b", part)
        assert "&lt;" in part


def test_perbaiki_leads_back_to_the_field_with_everything_that_was_typed(create):
    page = create.is_asked(**CREATE, files=[("bukti.txt", b"isi bukti")])
    name, field = re.search(r'name="(\w+)" value="(\w+)">Perbaiki', page.text).groups()

    back = create.sends(page, **{name: field})

    form = back.context["form"]
    assert [form[name].value() for name in CREATE] == list(CREATE.values())
    assert [draft.name for draft in form.kept] == ["bukti.txt"]
    (focused,) = re.findall(r"<[^>]*\bautofocus\b[^>]*>", back.text[: back.text.index("<dialog")])
    assert 'id="id_description"' in focused
    assert Ticket.objects.count() == 0


def test_batal_and_a_forged_field_focus_nothing(create):
    page = create.is_asked(**CREATE)

    for value in ("ya", "key", "<b>"):
        assert create.sends(page, batal=value).status_code == 200


def test_kirim_apa_adanya_sends_the_very_text(create):
    page = create.is_asked(**CREATE)

    create.sends(page, konfirmasi="ya")

    assert Event.objects.get().message == TOLD


def test_a_rating_may_be_sent_as_it_is(client, cast):
    asker = at_form(client, cast, ("closed", 1), "penilaian", "penyedia")
    page = asker.is_asked(stars=2, suggestion=TOLD)

    asker.sends(page, konfirmasi="ya")

    assert Rating.objects.get().suggestion == TOLD


def test_what_belongs_into_its_own_field_is_not_told(client, cast, create):
    identity = create.asks(**CREATE | {"description": "Muncul pesan salah."})
    asker = at_form(client, cast, ("in_progress", 2), "review", "admin_sistem")
    secret = "password root: Rahasia123"
    server = {
        "ip_server": "192.0.2.46",
        "port_server": "22",
        "username_server": secret,
        "password_server": secret,
        "database_name": "epns",
        "username_database": secret,
        "password_database": secret,
        "server_note": secret,
    }

    told = asker.asks(**answers(outcome="escalate", message="Mohon bantuan."), **server)

    assert (identity["ok"], told["ok"]) == (True, True)
    assert "found" not in identity | told


def test_no_form_has_a_text_that_nobody_looks_at(cast):
    """Data Server is sealed and wiped; everything else that is typed freely is looked at."""
    ticket = ticket_at(cast, "in_progress", 2)
    without_ticket = {forms.CreateForm, forms.MailPreferenceForm}  # the latter has no text
    kinds = {getattr(forms, name) for name in forms.__all__} - without_ticket
    made = [kind(ticket=ticket, by=cast.admin_sistem) for kind in kinds]
    made.append(forms.CreateForm(by=cast.penyedia))

    for form in made:
        free = {name for name, field in form.fields.items() if isinstance(field, CleanTextField)}
        sealed = {*getattr(form, "SERVER", ()), "server_note"}
        assert set(form.looks_at) == free - sealed


# Sealed bids


@pytest.mark.parametrize("name", ["penawaran.rhs", "PENAWARAN.RHS"])
def test_a_sealed_bid_that_waits_in_the_browser_is_told_by_its_name(create, name):
    typed = CREATE | {"description": "Gagal diunggah."}

    told = create.asks(**typed, nama=["layar.png", name])["found"]

    assert sentences(told) == [
        f"Upload File: tampaknya memuat file penawaran terenkripsi: “{name}”"
        "Jangan kirim dokumen penawaran sebelum jadwal pembukaan. Jadwal itu tidak kami ketahui, "
        "jadi peringatan ini selalu tampil untuk file .rhs."
    ]


def test_a_sealed_bid_that_was_received_is_told_on_the_page_and_kept_by_perbaiki(create):
    page = create.is_asked(**CREATE | {"description": "Gagal diunggah."}, files=SEALED)

    back = create.sends(page, batal="files")

    assert len(sentences(page.text)) == 1
    assert buttons(page) == ["Perbaiki", "Kirim apa adanya"]
    assert [draft.name for draft in back.context["form"].kept] == ["penawaran.rhs"]


def test_an_officer_is_told_of_a_sealed_bid_too(client, cast):
    asker = at_form(client, cast, ("in_progress", 1), "review", "helpdesk")

    told = asker.asks(**answers(outcome="resolve", message="Terlampir."), nama="penawaran.rhs")

    assert len(sentences(told["found"])) == 1


# Nothing is kept of it


def test_nothing_of_a_finding_is_logged_or_stored(create, caplog):
    caplog.set_level(logging.DEBUG)

    create.asks(**CREATE)
    create.is_asked(**CREATE)

    assert "Rahasia123" not in caplog.text
    assert (Ticket.objects.count(), Event.objects.count()) == (0, 0)
