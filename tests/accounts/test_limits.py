"""Limits that all processes share, and what each answers (R14; ADR 18)."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import limits
from accounts.models import RateCount
from accounts.security_log import SecurityEntry
from faq.models import Article, Opinion, Topic
from tests.at_once import at_once
from tests.cast import send_ticket, ticket_at
from tests.factories import PASSWORD, make_user
from tickets.models import Draft, Ticket

CREATE = "/tiket/buat/"


@pytest.fixture(autouse=True)
def _small_limits(settings):
    settings.RATE_LIMITS = {
        "handoff": (2, 60),
        "ticket": (2, 3600),
        "upload": (2, 600),
        "opinion": (2, 60),
    }


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def typed(**fields):
    """A form for a new ticket that can be sent."""
    defaults = {
        "key": str(uuid.uuid4()),
        "seen": "0",
        "identity_number": "0123456789012345",
        "no_package": "on",
        "title": "Tidak bisa login",
        "description": "Muncul pesan salah.",
        "konfirmasi": "ya",
    }
    return defaults | fields


def text_file(name="bukti.txt", content=b"isi"):
    return SimpleUploadedFile(name, content)


def windows_end():
    RateCount.objects.update(ends_at=timezone.now() - timedelta(seconds=1))


def assert_closed(response, seconds):
    assert response.status_code == 429
    assert seconds - 10 < int(response["Retry-After"]) <= seconds


# Counting


def test_as_many_pass_as_the_limit_allows_and_again_when_its_window_ends(db):
    waits = [limits.hit("handoff", "192.0.2.1") for _ in range(4)]
    windows_end()
    later = limits.hit("handoff", "192.0.2.1")

    assert waits[:2] == [0, 0]
    assert all(50 < wait <= 60 for wait in waits[2:])
    assert later == 0


def test_subjects_and_actions_are_counted_apart(db):
    for _ in range(3):
        limits.hit("handoff", "192.0.2.1")

    assert limits.hit("handoff", "192.0.2.2") == 0
    assert limits.hit("opinion", "192.0.2.1") == 0


def test_asking_how_long_counts_nothing(db):
    asked = [limits.seconds_to_wait("handoff", "192.0.2.1") for _ in range(5)]
    limits.hit("handoff", "192.0.2.1")
    limits.hit("handoff", "192.0.2.1")

    assert asked == [0] * 5
    assert 50 < limits.seconds_to_wait("handoff", "192.0.2.1") <= 60


def test_the_table_names_nobody(db):
    limits.hit("handoff", "192.0.2.1")

    row = RateCount.objects.values().get()

    assert "192.0.2.1" not in str(row)
    assert len(row["key"]) == 64


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("192.0.2.1", "::ffff:192.0.2.1"),
    ],
)
def test_addresses_of_one_network_are_one_subject(one, other):
    assert limits.network_of(one) == limits.network_of(other)


def test_counts_that_are_over_are_removed_by_the_nightly_command(db):
    limits.hit("handoff", "192.0.2.1")
    windows_end()
    limits.hit("handoff", "192.0.2.2")

    call_command("tidy_files", verbosity=0)

    assert RateCount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_exactly_as_many_pass_as_the_limit_allows(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"handoff": (10, 60)}

    waits = at_once([lambda: limits.hit("handoff", "192.0.2.1") for _ in range(20)])

    assert waits.count(0) == 10
    assert all(wait == 0 or 50 < wait <= 60 for wait in waits)


# Votes


def test_a_flood_of_votes_is_stopped_with_a_page_that_leads_back(db):
    topic = Topic.objects.create(name="Contoh", slug="contoh")
    Article.objects.create(topic=topic, slug="satu", question="Apa?", is_published=True)

    for _ in range(3):
        page = Client().post("/faq/satu/penilaian/", {"membantu": "ya"})

    assert_closed(page, 60)
    assert "Terlalu banyak penilaian dari jaringan Anda" in page.text
    assert "Coba lagi dalam 1 menit" in page.text
    assert 'href="/faq/satu/"' in page.text
    assert Opinion.objects.count() == 2


# New tickets


def test_the_third_ticket_of_an_hour_waits_and_its_text_and_files_stay(cast):
    client = signed_in(cast.penyedia)
    client.post(CREATE, typed())
    client.post(CREATE, typed())

    page = client.post(CREATE, typed(title="Judul ketiga", files=text_file()))

    assert_closed(page, 3600)
    assert "Kirim lagi dalam 60 menit." in page.text
    assert 'value="Judul ketiga"' in page.text
    assert "bukti.txt" in page.text
    assert (Ticket.objects.count(), Draft.objects.count()) == (2, 1)


def test_after_the_hour_the_same_form_can_be_sent(cast):
    client = signed_in(cast.penyedia)
    form = typed()
    for each in (typed(), typed(), form):
        client.post(CREATE, each)
    windows_end()

    answer = client.post(CREATE, form)

    assert answer.status_code == 302
    assert Ticket.objects.count() == 3


def test_each_reporter_has_a_limit_of_their_own(cast):
    for _ in range(3):
        signed_in(cast.penyedia).post(CREATE, typed())

    answer = signed_in(make_user("penyedia", cast.lpse)).post(CREATE, typed())

    assert answer.status_code == 302


def test_only_tickets_that_are_sent_count(cast):
    client = signed_in(cast.penyedia)
    sent = typed()
    client.post(CREATE, sent)
    for _ in range(3):
        client.post(CREATE, sent)  # a double click
        client.post(CREATE, typed(periksa="ya"))  # what the page asks before
        client.post(CREATE, typed(title=""))
        client.post(CREATE, {**typed(), "konfirmasi": ""} | {"batal": "ya"})

    answer = client.post(CREATE, typed())

    assert answer.status_code == 302
    assert Ticket.objects.count() == 2


def test_the_page_learns_of_the_limit_before_it_sends_files(cast):
    client = signed_in(cast.penyedia)
    client.post(CREATE, typed())
    client.post(CREATE, typed())

    answer = client.post(CREATE, typed(periksa="ya"))

    assert_closed(answer, 3600)
    assert answer.json()["ok"] is False


@pytest.mark.django_db(transaction=True)
def test_of_many_tickets_sent_at_the_same_moment_exactly_as_many_arrive_as_allowed(cast):
    clients = [signed_in(cast.penyedia) for _ in range(8)]

    answers = at_once([lambda client=client: client.post(CREATE, typed()) for client in clients])

    assert sorted(answer.status_code for answer in answers) == [302] * 2 + [429] * 6
    assert Ticket.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_at_the_same_moment_counts_once(cast):
    form = typed()
    clients = [signed_in(cast.penyedia) for _ in range(5)]

    answers = at_once([lambda client=client: client.post(CREATE, form) for client in clients])

    assert {answer.status_code for answer in answers} == {302}
    assert Ticket.objects.count() == 1
    assert RateCount.objects.get().count == 1


# Files


def test_too_many_files_wait_and_those_received_stay(cast):
    client = signed_in(cast.penyedia)
    key = str(uuid.uuid4())
    ahead = {"key": key, "seen": "0", "unggah": "ya"}
    for name in ("a.txt", "b.txt"):
        client.post(CREATE, ahead | {"files": text_file(name)})

    answer = client.post(CREATE, ahead | {"files": text_file("c.txt")})
    page = client.post(CREATE, typed(key=key, files=text_file("c.txt")))

    assert_closed(answer, 600)
    sentence = "c.txt: Terlalu banyak file dalam waktu singkat. Coba lagi dalam 10 menit."
    assert answer.json() == {"received": [], "problems": [sentence]}
    assert_closed(page, 600)
    assert sentence in page.text
    assert list(Draft.objects.values_list("name", flat=True)) == ["a.txt", "b.txt"]


def test_the_same_file_sent_again_is_not_counted_again(cast):
    client = signed_in(cast.penyedia)
    ahead = {"key": str(uuid.uuid4()), "seen": "0", "unggah": "ya"}
    for _ in range(4):
        client.post(CREATE, ahead | {"files": text_file()})

    answer = client.post(CREATE, ahead | {"files": text_file("lain.txt")})

    assert answer.status_code == 200


def test_files_that_are_refused_count_too_for_looking_into_them_takes_time(cast):
    client = signed_in(cast.penyedia)
    ahead = {"key": str(uuid.uuid4()), "seen": "0", "unggah": "ya"}

    answers = [
        client.post(CREATE, ahead | {"files": text_file(f"{n}.pdf", b"bukan pdf")})
        for n in range(3)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "dalam waktu singkat" in answers[2].json()["problems"][0]
    assert Draft.objects.count() == 0


def test_not_more_than_ten_files_of_one_request_are_looked_into(cast, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"upload": (1000, 600)}
    files = [text_file(f"{n}.pdf", b"bukan pdf") for n in range(14)]
    ahead = {"key": str(uuid.uuid4()), "seen": "0", "unggah": "ya", "files": files}

    problems = signed_in(cast.penyedia).post(CREATE, ahead).json()["problems"]

    assert sum("Isi file tidak sesuai" in problem for problem in problems) == 10
    assert problems[10:] == [f"{n}.pdf: Paling banyak 5 file." for n in range(10, 14)]


def test_an_officers_files_are_limited_too_and_the_message_stays(cast):
    ticket = ticket_at(cast, "in_progress", 1)
    client = signed_in(cast.helpdesk)
    form = {
        "key": str(uuid.uuid4()), "seen": ticket.last_event, "message": "Pesan petugas",
        "files": [text_file(f"{n}.txt") for n in range(3)],
    }  # fmt: skip

    page = client.post(f"{ticket.get_absolute_url()}review/", form)

    assert_closed(page, 600)
    assert "Pesan petugas" in page.text
    assert Draft.objects.count() == 2


@pytest.mark.parametrize(("name", "most"), [("MAX_UNSENT", 1), ("MAX_UNSENT_SIZE", 5)])
def test_unsent_files_of_all_forms_together_have_an_end(cast, monkeypatch, name, most):
    monkeypatch.setattr(f"tickets.uploads.{name}", most)
    client = signed_in(cast.penyedia)
    client.post(CREATE, {"key": str(uuid.uuid4()), "unggah": "ya", "files": text_file()})

    other = {"key": str(uuid.uuid4()), "unggah": "ya", "files": text_file("lagi.txt")}
    answer = client.post(CREATE, other)

    assert answer.status_code == 200
    assert answer.json()["problems"][0].startswith("lagi.txt: File yang Anda unggah tetapi belum")
    assert Draft.objects.count() == 1


# The security log


def test_a_refusal_is_logged_once_a_window_without_what_was_typed(cast, caplog):
    client = signed_in(cast.penyedia)
    for _ in range(5):
        client.post(CREATE, typed(title="Judul rahasia"))

    told = SecurityEntry.objects.filter(kind="limited")

    assert [(entry.user, entry.facts) for entry in told] == [(cast.penyedia, {"action": "ticket"})]
    assert "Judul rahasia" not in caplog.text


@pytest.mark.requirement("R128")
def test_a_closed_look_up_is_logged_once_too_without_an_address(client, cast):
    for _ in range(8):
        client.get("/cari-tiket/", {"nomor": "LS26-384-267-376-5"})

    told = SecurityEntry.objects.filter(kind="limited")

    assert [(entry.user, entry.ip, entry.facts) for entry in told] == [
        (None, None, {"action": "lookup"})
    ]


# The local login keeps allauth's limits


def test_too_many_sign_ins_from_one_address_are_told_when_to_come_again(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post("/akun/login/", {"login": "a", "password": "b"})

    page = client.post("/akun/login/", {"login": "a", "password": "b"})

    assert (page.status_code, page["Retry-After"]) == (429, "60")
    assert "Coba lagi dalam 1 menit" in page.text


def test_failed_passwords_are_told_on_the_form_and_when_to_come_again(client, db):
    make_user("lkpp_l1", username="lkpp9")
    for _ in range(5):
        client.post("/akun/login/", {"login": "lkpp9", "password": "salah"})

    page = client.post("/akun/login/", {"login": "lkpp9", "password": PASSWORD})

    assert (page.status_code, page["Retry-After"]) == (429, "300")
    assert "Tunggu lima menit lalu coba lagi." in page.text
    assert 'name="password"' in page.text


def test_guesses_at_the_second_look_at_a_password_are_limited_too(cast):
    client = signed_in(cast.lkpp1)
    for _ in range(6):
        page = client.post("/akun/reauthenticate/", {"password": "salah"})

    assert (page.status_code, page["Retry-After"]) == (429, "300")


def test_the_look_up_keeps_its_own_count(client, cast):
    send_ticket(cast.penyedia)
    for _ in range(6):
        page = client.get("/cari-tiket/", {"nomor": "LS26-384-267-376-5"})

    assert_closed(page, 600)


@pytest.mark.django_db
def test_a_window_that_a_wrong_clock_began_holds_nobody_until_that_time():
    for _ in range(3):
        limits.hit("ticket", 7)
    RateCount.objects.update(ends_at=timezone.now() + timedelta(days=3))

    first = limits.is_first("told ticket", 7, 60)
    waits = [limits.seconds_to_wait("ticket", 7), limits.hit("ticket", 7), limits.hit("ticket", 7)]

    assert first
    assert waits == [0, 0, 0]
    assert limits.hit("ticket", 7) > 0
