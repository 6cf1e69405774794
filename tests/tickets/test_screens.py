"""What a person sees and keeps when things do not go straight."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import RequestFactory

from accounts.middleware import WANTED
from accounts.roles import Role
from helpdesk.wsgi import application
from tests.cast import classification, send_ticket, ticket_at
from tests.factories import make_lpse, make_user
from tickets.models import Draft, Rating, Ticket
from tickets.steps import Refused


def url(ticket, page=""):
    return ticket.get_absolute_url() + (f"{page}/" if page else "")


def review(ticket, **typed):
    answers = classification()
    return {
        "key": str(uuid.uuid4()),
        "seen": ticket.last_event,
        "category": answers.category.pk,
        "type": answers.type,
        "priority": answers.priority,
        "version": answers.version.pk,
    } | typed


def drafts(owner, key, count):
    return [
        Draft.objects.receive(SimpleUploadedFile(f"{n}.txt", b"isi %d" % n), key=key, owner=owner)
        for n in range(count)
    ]


@pytest.mark.requirement("R115", "R116")
def test_level_2_calls_a_ticket_solved(client, cast):
    ticket = ticket_at(cast, "in_progress", 2)
    client.force_login(cast.admin_sistem)
    typed = review(ticket, outcome="resolve", message="Sudah diperbaiki.")

    asked = client.post(url(ticket, "review"), typed)
    client.post(url(ticket, "review"), typed | {"konfirmasi": "ya"})

    sentence = f'Hasil review "Selesai" akan dikirim untuk tiket {ticket} dan tidak dapat diubah.'
    assert asked.context["form"].confirmation() == f"{sentence} Lanjutkan?"
    ticket.refresh_from_db()
    assert (ticket.status, ticket.level) == ("awaiting_review", 2)


@pytest.mark.parametrize(
    ("place", "heading"),
    [
        (("awaiting_feedback", 1), "Detail Feedback"),
        (("awaiting_review", 1), "Detail Review"),
        (("in_progress", 1), "Detail Tiket"),
    ],
)
@pytest.mark.requirement("R40", "R44", "R51")
def test_the_page_is_called_after_what_the_reporter_owes(client, cast, place, heading):
    ticket = ticket_at(cast, *place)
    client.force_login(cast.penyedia)

    page = client.get(url(ticket)).text

    assert f'<p class="ticket-no"><span>{heading} · ' in page


@pytest.mark.requirement("R44", "R51")
def test_a_reporters_form_shows_the_last_answer_and_folds_what_came_before(client, cast):
    ticket = ticket_at(cast, "awaiting_feedback", level=2, feedback_from=1)
    ticket.perform("answer", by=cast.helpdesk, message="Rahasia antarpetugas.")
    ticket.perform("resolve", by=cast.admin_sistem, message="Akun sudah diperbaiki.")
    client.force_login(cast.penyedia)

    page = client.get(url(ticket, "review"))
    shown, _, folded = page.text.partition('<details class="more">')

    assert "Jawaban petugas" in shown
    assert "Akun sudah diperbaiki." in shown
    assert "Muncul pesan User ID salah." not in shown
    assert "Muncul pesan User ID salah." in folded
    assert "Rahasia antarpetugas." not in page.text
    assert page.text.count("Akun sudah diperbaiki.") == 1


@pytest.mark.requirement("R35")
@pytest.mark.parametrize("question", ["periksa", "unggah"])
def test_a_form_that_was_sent_already_is_told_of_only_when_it_comes_itself(client, cast, question):
    ticket = ticket_at(cast, "awaiting_feedback")
    typed = {"key": str(uuid.uuid4()), "seen": ticket.last_event, "message": "Versi 4.5"}
    client.force_login(cast.penyedia)
    client.post(url(ticket, "feedback"), typed | {"konfirmasi": "ya"})
    client.get(url(ticket))

    asked = client.post(url(ticket, "feedback"), typed | {question: "ya"})
    page = client.get(url(ticket)).text
    client.post(url(ticket, "feedback"), typed | {"konfirmasi": "ya"})

    assert asked.json() == {"ok": False}
    assert "Feedback berhasil dikirim." not in page
    assert client.get(url(ticket)).text.count("Feedback berhasil dikirim.") == 1


def test_texts_and_files_come_back_when_the_step_is_not_possible_any_more(client, cast):
    ticket = ticket_at(cast, "awaiting_feedback")
    typed = {
        "key": str(uuid.uuid4()),
        "seen": ticket.last_event,
        "message": "Jawaban panjang saya.",
        "files": [SimpleUploadedFile("bukti.txt", b"isi bukti")],
        "konfirmasi": "ya",
    }
    ticket.perform("answer", by=cast.penyedia, message="Sudah dijawab dari jendela lain.")
    client.force_login(cast.penyedia)

    answer = client.post(url(ticket, "feedback"), typed)

    assert answer.status_code == 409
    assert answer.context["typed"] == [("Kirim Pesan", "Jawaban panjang saya.")]
    assert [draft.name for draft in answer.context["kept"]] == ["bukti.txt"]


def test_a_file_that_is_gone_is_not_sent_without_its_bytes(cast):
    key = uuid.uuid4()
    files = drafts(cast.penyedia, key, 2)
    Draft.objects.filter(pk=files[0].pk).discard()

    with pytest.raises(ValidationError, match="Sebagian file sudah dihapus"):
        send_ticket(cast.penyedia, key=key, files=files)

    assert Ticket.objects.count() == 0


@pytest.mark.requirement("R29")
def test_no_door_takes_more_than_five_files(cast):
    key = uuid.uuid4()
    files = drafts(cast.penyedia, key, 5) + drafts(cast.penyedia, uuid.uuid4(), 1)

    with pytest.raises(ValidationError, match="Paling banyak 5 file"):
        drafts(cast.penyedia, key, 6)
    with pytest.raises(ValidationError, match="Paling banyak 5 file"):
        send_ticket(cast.penyedia, key=key, files=files)

    assert Ticket.objects.count() == 0
    assert Draft.objects.of_form(key, cast.penyedia).count() == 5


@pytest.mark.parametrize("change", [{"role": Role.LPSE_L2}, {"is_active": False}, {"lpse": None}])
@pytest.mark.requirement("R48", "R94")
def test_a_question_to_an_officer_who_left_is_anybodys_of_the_level(cast, change):
    ticket = ticket_at(cast, "awaiting_feedback", 2, feedback_from=1)
    colleague = make_user(Role.LPSE_L1, cast.lpse)
    if "lpse" in change:
        change = {"lpse": make_lpse()}
    for name, value in change.items():
        setattr(cast.helpdesk, name, value)
    cast.helpdesk.save()

    assert list(Ticket.objects.waiting_for(colleague)) == [ticket]
    ticket.perform("answer", by=colleague, message="Saya yang menjawab.")


@pytest.mark.requirement("R48", "R94")
def test_an_answer_to_an_officer_who_left_goes_to_the_pool_of_the_level(cast):
    ticket = ticket_at(cast, "awaiting_feedback")
    cast.helpdesk.is_active = False
    cast.helpdesk.save()
    colleague = make_user(Role.LPSE_L1, cast.lpse)

    ticket.perform("answer", by=cast.penyedia, message="Versi 4.5.")

    assert list(Ticket.objects.in_pool_of(colleague)) == [ticket]


def test_names_stay_readable_after_a_ticket_came_back_to_the_first_pool(client, cast):
    ticket = ticket_at(cast, "awaiting_review")
    cast.helpdesk.is_active = False
    cast.helpdesk.save()
    ticket.perform("reject", by=cast.penyedia, message="Belum bisa.")
    client.force_login(make_user(Role.LPSE_L1, cast.lpse))

    assert "Ratna Wibawani" in client.get(url(ticket)).text


@pytest.mark.requirement("R14")
def test_a_form_sent_without_a_session_leads_back_to_itself(client, cast):
    ticket = ticket_at(cast, "awaiting_feedback")

    answer = client.post(url(ticket, "feedback"), {"message": "Jawaban"})
    client.force_login(cast.penyedia)
    client.cookies[WANTED] = answer.cookies[WANTED].value

    assert client.get("/masuk/lanjut/").url == url(ticket, "feedback")


@pytest.mark.parametrize(
    "change",
    [{"title": "Lain"}, {"identity_number": "1"}, {"package_code": "1"}, {"reporter_kind": "ppk"}],
)
@pytest.mark.requirement("R34")
def test_the_database_refuses_to_change_what_a_reporter_sent(cast, change):
    ticket = send_ticket(cast.penyedia)

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**change)


@pytest.mark.requirement("R58")
def test_the_database_refuses_to_change_or_remove_a_rating(cast):
    ticket = ticket_at(cast, "closed")
    ticket.perform("rate", by=cast.penyedia, stars=5)

    for change in (lambda: Rating.objects.update(stars=1), lambda: Rating.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.parametrize("text", ["\u200b\u3164", "\u2800", " \u00a0 ", "\u202e"])
@pytest.mark.requirement("R27", "R28")
def test_text_that_only_looks_empty_is_empty(client, cast, text):
    client.force_login(cast.penyedia)

    page = client.post("/tiket/buat/", {"title": text, "description": text})

    errors = page.context["form"].errors
    assert (errors["title"], errors["description"]) == (
        ["Judul wajib diisi."],
        ["Deskripsi wajib diisi."],
    )


@pytest.mark.parametrize("path", ["/masuk/spse/", "/akun/login/", "/spse/260/login/"])
def test_a_stranger_cannot_make_the_portal_receive_much(client, path):
    answer = client.post(path, {"token": "x" * 200_000})

    assert answer.status_code == 413


@pytest.mark.parametrize("outcome", ["ask", "resolve"])
def test_hidden_data_server_fields_block_no_other_outcome(client, cast, outcome):
    ticket = ticket_at(cast, "in_progress", 2)
    client.force_login(cast.admin_sistem)
    typed = {"outcome": outcome, "feedback_from": 0, "message": "Sudah.", "konfirmasi": "ya"}

    client.post(
        url(ticket, "review"), review(ticket, **typed, port_server="abc", ip_server="server.id")
    )

    ticket.refresh_from_db()
    assert ticket.status != "in_progress"


@pytest.mark.requirement("R114")
def test_one_reading_of_data_server_is_one_record(cast):
    ticket = ticket_at(cast, "in_progress", 3)
    reading = {"by": cast.lkpp1, "message": "Memeriksa.", "key": uuid.uuid4()}
    ticket.perform("read_server_access", **reading)

    with pytest.raises(Refused):
        ticket.perform("read_server_access", **reading)


@pytest.mark.parametrize("pk", ["9" * 5000, "²", "-1", "9" * 20])
def test_a_forged_file_to_remove_removes_nothing(client, cast, pk):
    client.force_login(cast.penyedia)

    page = client.post("/tiket/buat/", {"key": str(uuid.uuid4()), "hapus": pk})

    assert page.status_code == 200


@pytest.mark.django_db(transaction=True)  # the real handler closes the connection
@pytest.mark.parametrize("charset", ["hex", "idna", "punycode", "utf-16"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/faq/?a=x", "200 OK"), ("POST", "/masuk/spse/?a=x", "403 Forbidden")],
)
def test_a_request_in_another_charset_gets_a_page(method, path, status, charset):
    environ = RequestFactory().generic(method, path, "token=x").environ
    environ["CONTENT_TYPE"] = f"application/x-www-form-urlencoded; charset={charset}"
    statuses = []

    list(application(environ, lambda status, headers: statuses.append(status)))

    assert statuses == [status]


@pytest.mark.requirement("R27", "R28", "R45", "R56")
def test_a_text_that_is_pasted_too_long_is_not_cut_without_a_word(client, cast):
    client.force_login(cast.penyedia)

    page = client.get("/tiket/buat/").text
    judged = client.post("/tiket/buat/", {"key": str(uuid.uuid4()), "title": "a" * 101}).text

    counted = re.findall(r'<(?:input|textarea)[^>]*name="(?:title|description)"[^>]*>', page)
    assert [tag for tag in counted if "maxlength" in tag] == []
    assert len(counted) == 2
    assert "Judul maksimal 100 karakter." in judged
    assert f'value="{"a" * 101}"' in judged


def way_back(client, wanted, user):
    """Where somebody lands who signs in after `wanted` was asked for without a session."""
    cookie = client.get(wanted).cookies[WANTED].value
    client.force_login(user)
    client.cookies[WANTED] = cookie
    return client.get("/masuk/lanjut/").url


@pytest.mark.requirement("R13")
def test_the_wanted_page_of_somebody_else_is_not_the_way_back(client, cast):
    ticket = send_ticket(cast.penyedia)
    stranger = make_user(Role.PENYEDIA, cast.lpse)

    assert way_back(client, url(ticket), stranger) == "/"
    client.logout()
    assert way_back(client, "/tiket/proses/", cast.penyedia) == "/"
    client.logout()
    assert way_back(client, "/tiket/buat/", cast.helpdesk) == "/"


@pytest.mark.requirement("R14")
def test_the_way_back_to_a_file_is_its_ticket(client, cast):
    ticket = send_ticket(cast.penyedia)

    assert way_back(client, url(ticket, "berkas/1"), cast.penyedia) == url(ticket)


@pytest.mark.django_db
@pytest.mark.requirement("R16", "R134")
def test_the_help_center_of_an_administrator_leads_to_their_work_and_claims_no_tickets(client):
    client.force_login(make_user("", is_staff=True, is_superuser=True))

    page = client.get("/")

    for url in ("/admin/", "/tiket/alihkan/", "/faq/", "/panduan/"):
        assert f'href="{url}"' in page.text
    assert "Isi tiket tidak ditampilkan kepada administrator." in page.text
    assert "Belum ada tiket" not in page.text


@pytest.mark.requirement("R16")
@pytest.mark.parametrize(
    ("path", "marked"),
    [("/dashboard/", ["/dashboard/"]), ("/tiket/rincian/", ["/tiket/"]), ("/panduan/", []),
     ("/tiket/alur/", []), ("/cari-tiket/", []), ("/faq/", ["/faq/"])],
)  # fmt: skip
def test_the_menu_marks_the_function_that_the_page_belongs_to(client, cast, path, marked):
    client.force_login(cast.helpdesk)
    page = client.get(path).text

    menu = page.split('aria-label="Utama"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == marked
