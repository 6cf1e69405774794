"""The public look-up: who finds what, what is never shown, and how guessing ends (R125-R128)."""

import re
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from stdnum import damm

from accounts.models import Zone
from accounts.roles import Role
from tests.cast import SERVER, Cast, classification, fill_reference_lists, send_ticket, ticket_at
from tests.factories import make_lpse, make_user
from tests.tickets.test_races import at_once
from tickets.models import Draft, LookupFailure, Ticket
from tickets.models.lookup_failure import source_of

pytestmark = pytest.mark.django_db

UNKNOWN = "LS26-384-267-376-5"
MISSING = "Tiket tidak ditemukan. Periksa kembali nomor tiket."
ENOUGH = "Terlalu banyak pencarian yang gagal. Coba lagi dalam {} menit."
PLACES = [
    *((status, level, 0) for level in (1, 2, 3, 4) for status in ("new", "in_progress")),
    *(("awaiting_feedback", level, 0) for level in (1, 2, 3, 4)),
    *(("awaiting_feedback", *asked) for asked in ((2, 1), (3, 2), (4, 2), (4, 3))),
    *((status, level, 0) for level in (1, 2, 3, 4) for status in ("awaiting_review", "closed")),
]


def look_up(client, typed, **extra):
    return client.get("/cari-tiket/", {"nomor": typed}, **extra)


def path_of(number):
    return f"/lacak-tiket/{quote(str(number), safe='')}/"


def shown(page):
    """The texts of the result, blanks folded."""
    main = page.text.partition('<div class="panel result">')[2].partition("</main>")[0]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def use_up(client, **extra):
    assert [look_up(client, UNKNOWN, **extra).status_code for _ in range(5)] == [404] * 5


def guesses(count):
    """Different well-formed numbers of year 2000, in which no ticket was sent."""
    for n in range(count):
        digits = f"00{n:09d}"
        yield f"LS{digits}{damm.calc_check_digit(digits)}"


@pytest.fixture
def clock(monkeypatch):
    """clock(time) sets the time of day for everything that asks Django for it."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return set_to


# Finding a ticket


@pytest.mark.requirement("R125")
def test_the_page_is_open_to_strangers_and_says_what_to_type(client):
    page = client.get("/cari-tiket/")

    assert page.status_code == 200
    assert "Contoh: LS26-384-267-376-5. Tanda hubung boleh dihilangkan." in page.text
    assert page.text.count('<label class="form-label" for="nomor">Nomor Tiket</label>') == 1
    assert re.search(r'<button class="btn btn-on-bar" type="submit">.*Cari</button>', page.text)


@pytest.mark.requirement("R125")
@pytest.mark.parametrize(
    "spell",
    [
        str,
        lambda ticket: ticket.number,
        lambda ticket: ticket.number.lower(),
        lambda ticket: f"  {ticket.number[2:]} ",
        lambda ticket: str(ticket).replace("-", " "),
        lambda ticket: str(ticket).replace("-", "–"),
        lambda ticket: str(ticket).replace("0", "O").replace("1", "l"),
    ],
)
def test_a_number_is_found_in_any_spelling(client, cast, spell):
    ticket = send_ticket(cast.penyedia)

    by_field = look_up(client, spell(ticket))
    by_address = client.get(path_of(spell(ticket)), follow=True)

    assert (by_field.status_code, by_field.url) == (302, path_of(ticket))
    assert by_address.status_code == 200
    assert by_address.request["PATH_INFO"] == path_of(ticket)


@pytest.mark.requirement("R126", "R127")
def test_the_result_shows_the_ticket_and_a_field_to_search_again(client, clock):
    cast = Cast(make_lpse(name="LPSE Kota Contoh"))
    clock(datetime(2026, 11, 16, 3, tzinfo=UTC))
    ticket = send_ticket(cast.penyedia)
    clock(datetime(2026, 11, 24, 3, tzinfo=UTC))
    classified = classification()
    ticket.perform("take", by=cast.helpdesk, classification=classified)

    page = client.get(path_of(ticket))

    assert shown(page) == (
        f"Detail Tiket {ticket} Salin nomor Diproses Helpdesk LPSE"
        " LPSE Level 1 sejak 16 Nov 2026 LPSE Level 2 Belum diperlukan"
        " LKPP Level 1 Belum diperlukan LKPP Level 2 Belum diperlukan"
        f" Detail Tiket LPSE LPSE Kota Contoh Kategori Tiket {classified.category}"
        " Tanggal Dibuat 16 November 2026 Pembaruan Terakhir 24 November 2026"
        " Judul, nama Pelapor, dan isi tiket tidak ditampilkan untuk umum."
        " Pelapor dapat melihatnya setelah masuk."
        " Riwayat Tiket 24 Nov 2026 Diproses Helpdesk LPSE 16 Nov 2026 Menunggu Helpdesk LPSE"
    )
    assert f'name="nomor" value="{ticket}"' in page.text


@pytest.mark.requirement("R127")
def test_before_an_officer_takes_the_ticket_its_category_is_not_known(client, cast):
    page = client.get(path_of(send_ticket(cast.penyedia)))

    assert "Kategori Tiket Belum diklasifikasikan" in shown(page)


@pytest.mark.requirement("R126", "R127")
def test_a_closed_ticket_tells_when_it_was_closed(client, cast, clock):
    clock(datetime(2025, 12, 30, 3, tzinfo=UTC))
    ticket = send_ticket(cast.penyedia)
    ticket.perform("take", by=cast.helpdesk, classification=classification())
    clock(datetime(2026, 1, 2, 3, tzinfo=UTC))
    ticket.perform("resolve", by=cast.helpdesk, message="Sudah.")
    ticket.perform("accept", by=cast.penyedia)

    text = shown(client.get(path_of(ticket)))

    assert "Ditutup 2 Januari 2026" in text
    assert "LPSE Level 1 30 Des 2025 sampai 2 Jan 2026 LPSE Level 2 Tidak diperlukan" in text


WORDS = {  # place: the status as a stranger reads it
    ("new", 1, 0): "Menunggu Helpdesk LPSE",
    ("in_progress", 1, 0): "Diproses Helpdesk LPSE",
    ("awaiting_feedback", 1, 0): "Menunggu Feedback Pelapor",
    ("awaiting_review", 1, 0): "Menunggu Review Pelapor",
    ("closed", 1, 0): "Selesai",
    ("new", 2, 0): "Menunggu Admin Sistem LPSE",
    ("in_progress", 2, 0): "Diproses Admin Sistem LPSE",
    ("awaiting_feedback", 2, 0): "Menunggu Feedback Pelapor",
    ("awaiting_feedback", 2, 1): "Diproses Admin Sistem LPSE",
    ("awaiting_review", 2, 0): "Menunggu Review Pelapor",
    ("closed", 2, 0): "Selesai",
    ("new", 3, 0): "Menunggu LKPP Level 1",
    ("in_progress", 3, 0): "Diproses LKPP Level 1",
    ("awaiting_feedback", 3, 0): "Menunggu Feedback Pelapor",
    ("awaiting_feedback", 3, 2): "Diproses LKPP Level 1",
    ("awaiting_review", 3, 0): "Menunggu Review Pelapor",
    ("closed", 3, 0): "Selesai",
    ("new", 4, 0): "Menunggu LKPP Level 2",
    ("in_progress", 4, 0): "Diproses LKPP Level 2",
    ("awaiting_feedback", 4, 0): "Menunggu Feedback Pelapor",
    ("awaiting_feedback", 4, 2): "Diproses LKPP Level 2",
    ("awaiting_feedback", 4, 3): "Diproses LKPP Level 2",
    ("awaiting_review", 4, 0): "Menunggu Review Pelapor",
    ("closed", 4, 0): "Selesai",
}


@pytest.mark.requirement("R127")
def test_every_place_of_the_workflow_has_its_word():
    assert sorted(WORDS) == sorted(PLACES)


@pytest.mark.requirement("R126", "R127")
@pytest.mark.parametrize("place", WORDS, ids=lambda place: "-".join(map(str, place)))
def test_a_status_is_told_in_words_for_strangers(client, cast, place):
    ticket = ticket_at(cast, *place)

    page = client.get(path_of(ticket))

    assert page.context["word"].label == page.context["history"][0].word.label == WORDS[place]
    assert "Anda" not in shown(page)


def walk_the_longest_way(cast):
    """A ticket of which officers spoke among themselves, that was returned, rated and read."""
    file = SimpleUploadedFile("penawaran-rahasia.rhs", bytes(range(256)))
    draft = Draft.objects.receive(file, key=uuid.uuid4(), owner=cast.penyedia)
    ticket = send_ticket(
        cast.penyedia,
        title="Judul yang rahasia",
        message="Pesan yang rahasia",
        package_code="8214260",
        error_code="SPSE-70Z",
        identity_number="0123456789012345",
        files=[draft],
    )
    kind = {"classification": classification()}
    helpdesk, admin, lkpp = cast.helpdesk, cast.admin_sistem, cast.lkpp1
    ticket.perform("take", by=helpdesk, **kind)
    ticket.perform("download_sealed_file", by=helpdesk, name=draft.name)
    ticket.perform("ask", by=helpdesk, message="Tanya rahasia", feedback_from=0)
    ticket.perform("answer", by=cast.penyedia, message="Jawab rahasia")
    ticket.perform("escalate", by=helpdesk, message="Alasan rahasia")
    ticket.perform("take", by=admin, **kind)
    ticket.perform("ask", by=admin, message="Tanya intern", feedback_from=1)
    ticket.perform("answer", by=helpdesk, message="Jawab intern")
    ticket.perform("escalate", by=admin, message="Alasan rahasia", server_access=SERVER)
    ticket.perform("take", by=lkpp, **kind)
    ticket.perform("read_server_access", by=lkpp, message="Alasan membaca")
    ticket.perform("resolve", by=lkpp, message="Solusi rahasia")
    ticket.perform("reject", by=cast.penyedia, message="Belum rahasia")
    ticket.perform("resolve", by=lkpp, message="Solusi rahasia")
    ticket.perform("accept", by=cast.penyedia)
    ticket.perform("rate", by=cast.penyedia, stars=2, suggestion="Saran rahasia")
    return ticket


@pytest.mark.requirement("R127")
def test_the_history_tells_each_status_and_nothing_that_happened_inside(client, cast):
    ticket = walk_the_longest_way(cast)

    page = client.get(path_of(ticket))

    assert [line.word.label for line in page.context["history"]][::-1] == [
        "Menunggu Helpdesk LPSE",
        "Diproses Helpdesk LPSE",
        "Menunggu Feedback Pelapor",
        "Diproses Helpdesk LPSE",
        "Menunggu Admin Sistem LPSE",
        "Diproses Admin Sistem LPSE",
        "Menunggu LKPP Level 1",
        "Diproses LKPP Level 1",
        "Menunggu Review Pelapor",
        "Diproses LKPP Level 1",
        "Menunggu Review Pelapor",
        "Selesai",
    ]


@pytest.mark.requirement("R127")
def test_not_even_the_last_update_betrays_what_officers_do_among_themselves(client, cast, clock):
    clock(datetime(2026, 11, 16, 3, tzinfo=UTC))
    ticket = ticket_at(cast, "in_progress", 2)
    before = client.get(path_of(ticket)).content
    clock(datetime(2026, 11, 20, 3, tzinfo=UTC))

    ticket.perform("ask", by=cast.admin_sistem, message="Tanya intern", feedback_from=1)

    assert client.get(path_of(ticket)).content == before


@pytest.mark.requirement("R127", "R131")
@pytest.mark.parametrize(
    ("zone", "day"), [("WIB", "31 Des 2026"), ("WITA", "31 Des 2026"), ("WIT", "1 Jan 2027")]
)
def test_days_are_those_of_the_lpse(client, clock, zone, day):
    clock(datetime(2026, 12, 31, 15, 30, tzinfo=UTC))
    ticket = send_ticket(Cast(make_lpse(zone=Zone(zone))).penyedia)

    text = shown(client.get(path_of(ticket)))

    long_day = day.replace("Des", "Desember").replace("Jan", "Januari")
    assert f"LPSE Level 1 sejak {day} " in text
    assert f"Tanggal Dibuat {long_day} Pembaruan Terakhir {long_day} " in text
    assert text.endswith(f"Riwayat Tiket {day} Menunggu Helpdesk LPSE")


@pytest.mark.requirement("R126", "R132")
def test_who_may_open_the_ticket_is_led_there_and_nobody_else(client, cast):
    ticket = ticket_at(cast, "in_progress", 1)
    elsewhere = Cast()
    insiders = [cast.penyedia, cast.helpdesk]
    outsiders = [
        *(cast.ppk, cast.admin_sistem, cast.lkpp1, elsewhere.penyedia, elsewhere.helpdesk),
        make_user("", is_staff=True, is_superuser=True),
    ]

    def links(someone):
        page = someone.get(path_of(ticket))
        assert page.status_code == 200
        return page.text.count(f'href="{ticket.get_absolute_url()}"')

    assert [links(signed_in(user)) for user in insiders] == [1, 1]
    assert [links(signed_in(user)) for user in outsiders] == [0] * 6
    assert links(client) == 0


@pytest.mark.requirement("R125")
@pytest.mark.parametrize("path", ["/faq/", "/akun/login/", "/tidak-ada/"])
def test_open_pages_lead_to_the_look_up(client, path):
    assert 'href="/cari-tiket/"' in client.get(path, follow=True).text


@pytest.mark.requirement("R125")
def test_signed_in_people_find_the_link_below_every_page(cast):
    foot = signed_in(cast.penyedia).get("/").text.partition('<footer class="foot">')[2]

    assert '<a href="/cari-tiket/">Cari Tiket</a>' in foot


# Nothing personal


@pytest.mark.requirement("R127")
@pytest.mark.parametrize("place", PLACES, ids=lambda place: "-".join(map(str, place)))
def test_nothing_personal_is_shown_wherever_the_ticket_stands(client, cast, place):
    fields = {
        "title": "Judul yang rahasia",
        "message": "Pesan yang rahasia",
        "package_code": "8214260",
        "error_code": "SPSE-70Z",
        "identity_number": "0123456789012345",
    }
    ticket = ticket_at(cast, *place, **fields)

    page = client.get(path_of(ticket)).text

    people = (cast.penyedia, *cast.officers.values())
    hidden = [*fields.values(), "0123 4567", "Versi berapa?", "Sudah diperbaiki.", "Mohon bantuan."]
    hidden += [word for user in people for word in (*user.name.split(), user.email, user.username)]
    hidden += [*SERVER.values(), "Penyedia", "Keluhan Pengguna", "Sedang", "SPSE 4.5"]
    hidden.remove("22")  # the port: two digits stand in any date
    assert [word for word in hidden if re.search(rf"\b{re.escape(word)}\b", page)] == []


@pytest.mark.requirement("R127")
def test_of_the_longest_way_too_nothing_personal_is_shown(client, cast):
    page = client.get(path_of(walk_the_longest_way(cast))).text

    words = ["rahasia", "intern", "membaca", "dinilai", "Data Server", "bintang", "berkoordinasi"]
    assert [word for word in words if word in page] == []


@pytest.mark.requirement("R127")
def test_the_database_never_hands_over_more_than_is_shown(client, cast):
    ticket = walk_the_longest_way(cast)

    with CaptureQueriesContext(connection) as captured:
        page = client.get(path_of(ticket))

    assert page.status_code == 200
    read = {
        column
        for query in captured
        for column in re.findall(
            r'"(\w+)"\."(\w+)"', query["sql"].partition(" WHERE ")[0].partition(" FROM ")[0]
        )
    }
    tables = {table for query in captured for table in re.findall(r'"(\w+)"\."', query["sql"])}
    assert read == {
        *(("tickets_ticket", name) for name in ("id", "number", "status", "level")),
        *(("tickets_ticket", name) for name in ("feedback_from", "created_at", "closed_at")),
        *(("tickets_ticket", name) for name in ("lpse_id", "category_id")),
        *(("accounts_lpse", name) for name in ("id", "name", "zone")),
        *(("tickets_category", name) for name in ("id", "label")),
        *(("tickets_event", name) for name in ("id", "ticket_id", "to_status", "to_level")),
        *(("tickets_event", name) for name in ("action", "feedback_from", "at")),
    }
    assert tables == {table for table, _ in read}


def queries_of(client, path):
    with CaptureQueriesContext(connection) as captured:
        status = client.get(path).status_code
    return status, [query["sql"] for query in captured]


@pytest.mark.requirement("R126")
def test_a_ticket_costs_the_same_with_1_and_15_events(client, cast):
    short, long = send_ticket(cast.penyedia), walk_the_longest_way(cast)

    costs = [len(queries_of(client, path_of(ticket))[1]) for ticket in (short, long)]

    assert costs == [5, 5]  # two of them the transaction


# Wrong numbers are all alike

WRONG = [
    UNKNOWN,  # well-formed, of no ticket
    "LS26-384-267-376-6",  # a wrong check digit
    "LS26-384-267-376",
    "26",
    "nomor tiket saya",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "LS26\0384267376-5",
    "\0",
    "LS２６-３８４-２６７-３７６-５",
    "LS٢٦-384-267-376-5",
    "9" * 12,
    "9" * 10_000,
    "LS" + "-" * 12,
    "😀" * 100,
    "%",
    "..",
    "\n",
    "á" * 2000,
]


def without_echo(page, typed):
    echo = escape(typed.replace("\0", "")[:64])
    assert page.text.count(f'value="{echo}"') == 1
    return page.text.replace(f'value="{echo}"', 'value=""')


def headers(page):
    """All but the length, which the echo changes, the clock, and the code of each request."""
    own = {"Content-Length", "Expires", "X-Request-ID"}
    return {name: value for name, value in page.headers.items() if name not in own}


@pytest.mark.requirement("R128")
@pytest.mark.parametrize("typed", WRONG, ids=lambda typed: repr(typed[:20]))
def test_wrong_and_unknown_numbers_get_the_same_answer(client, typed):
    unknown, wrong = client.get(path_of(UNKNOWN)), client.get(path_of(typed))

    assert unknown.status_code == wrong.status_code == 404
    assert without_echo(wrong, typed) == without_echo(unknown, UNKNOWN)
    assert headers(wrong) == headers(unknown)
    assert wrong.text.count(MISSING) == 1
    assert client.cookies == {}


@pytest.mark.requirement("R128")
@pytest.mark.parametrize("typed", WRONG, ids=lambda typed: repr(typed[:20]))
def test_the_field_answers_like_the_address(client, typed):
    by_address, by_field = client.get(path_of(UNKNOWN)), look_up(client, typed)

    if not typed.strip():
        assert (by_field.status_code, by_field.text.count(MISSING)) == (200, 0)
        return
    assert by_field.status_code == 404
    assert without_echo(by_field, typed) == without_echo(by_address, UNKNOWN)
    assert headers(by_field) == headers(by_address)


@pytest.mark.requirement("R128")
@pytest.mark.parametrize("typed", WRONG, ids=lambda typed: repr(typed[:20]))
def test_wrong_and_unknown_numbers_cost_the_same_queries(client, typed):
    def shape(path):
        status, queries = queries_of(client, path)
        assert status == 404
        return [re.sub(r"'[^']*'|-?\d+", "?", query) for query in queries]

    assert shape(path_of(typed)) == shape(path_of(UNKNOWN))


@pytest.mark.requirement("R128", "R132")
def test_a_number_that_somebody_may_not_open_tells_them_no_more_than_a_stranger(cast, client):
    ticket = ticket_at(cast, "in_progress", 1, reporter=cast.ppk)
    someone = signed_in(cast.penyedia)

    assert shown(someone.get(path_of(ticket))) == shown(client.get(path_of(ticket)))


def test_a_field_left_empty_is_no_look_up(client):
    pages = [look_up(client, typed) for typed in ("", "  ", "\t\n")]

    assert [page.status_code for page in pages] == [200] * 3
    assert LookupFailure.objects.count() == 0


@pytest.mark.requirement("R128")
def test_search_engines_and_caches_are_told_to_keep_nothing(client, cast):
    ticket = send_ticket(cast.penyedia)
    paths = ["/cari-tiket/", path_of(ticket), f"/cari-tiket/?nomor={ticket}", path_of(UNKNOWN)]
    pages = [*map(client.get, paths), client.post(path_of(ticket))]
    use_up(client, REMOTE_ADDR="192.0.2.1")
    pages.append(look_up(client, str(ticket), REMOTE_ADDR="192.0.2.1"))

    assert [page.status_code for page in pages] == [200, 200, 302, 404, 405, 429]
    for page in pages:
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "same-origin"
        if page.status_code in {200, 404, 429}:
            assert page.text.count('<meta name="robots" content="noindex, nofollow">') == 1


# Guessing ends


@pytest.mark.requirement("R128")
def test_after_five_failures_an_address_waits_and_reads_for_how_long(client, cast, clock):
    ticket = send_ticket(cast.penyedia)
    start = clock(datetime(2026, 11, 24, 3, tzinfo=UTC))
    use_up(client)
    clock(start + timedelta(minutes=2, seconds=30))

    answers = [look_up(client, typed) for typed in (UNKNOWN, "salah", str(ticket))]
    answers.append(client.get(path_of(ticket)))

    assert [page.status_code for page in answers] == [429] * 4
    assert [page["Retry-After"] for page in answers] == ["450"] * 4
    assert [page.text.count(ENOUGH.format(8)) for page in answers] == [1] * 4
    bodies = {
        without_echo(page, typed)
        for page, typed in zip(answers, (UNKNOWN, "salah", *[str(ticket)] * 2), strict=True)
    }
    assert len(bodies) == 1
    assert "Bila jaringan Anda dipakai bersama" in bodies.pop()


@pytest.mark.requirement("R128")
def test_ten_minutes_after_the_first_failure_there_is_one_more_try(client, cast, clock):
    ticket = send_ticket(cast.penyedia)
    start = timezone.now()
    for minute in range(5):
        clock(start + timedelta(minutes=minute))
        look_up(client, UNKNOWN)
    clock(start + timedelta(minutes=10, seconds=-1))
    still_closed = look_up(client, str(ticket))
    clock(start + timedelta(minutes=10))

    answers = [look_up(client, typed) for typed in (str(ticket), UNKNOWN, UNKNOWN)]

    assert (still_closed.status_code, still_closed["Retry-After"]) == (429, "1")
    assert still_closed.text.count(ENOUGH.format(1)) == 1
    assert [page.status_code for page in answers] == [302, 404, 429]
    assert answers[-1]["Retry-After"] == "60"


@pytest.mark.requirement("R128")
def test_waiting_is_not_prolonged_by_asking_again(client, clock):
    start = clock(timezone.now())
    use_up(client)
    for minute in range(1, 10):
        clock(start + timedelta(minutes=minute))
        assert look_up(client, UNKNOWN).status_code == 429
    clock(start + timedelta(minutes=10))

    assert look_up(client, UNKNOWN).status_code == 404


@pytest.mark.requirement("R128")
def test_finding_a_ticket_never_counts_and_never_wipes_what_counts(client, cast):
    ticket = send_ticket(cast.penyedia)

    found = [look_up(client, str(ticket), follow=True).status_code for _ in range(20)]
    answers = []
    for _ in range(6):
        answers.append(look_up(client, UNKNOWN).status_code)
        look_up(client, str(ticket))

    assert found == [200] * 20
    assert answers == [404] * 5 + [429]


@pytest.mark.requirement("R128")
def test_each_address_has_a_limit_of_its_own(client):
    use_up(client, REMOTE_ADDR="192.0.2.1")

    assert look_up(client, UNKNOWN, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert look_up(client, UNKNOWN, REMOTE_ADDR="192.0.2.2").status_code == 404


@pytest.mark.requirement("R128")
def test_the_field_and_the_address_share_the_limit(client):
    for typed in ("salah", UNKNOWN, "LS26-384-267-376-6"):
        look_up(client, typed)
    for typed in ("salah", UNKNOWN):
        client.get(path_of(typed))

    assert client.get(path_of(UNKNOWN)).status_code == look_up(client, UNKNOWN).status_code == 429


@pytest.mark.requirement("R128")
def test_signing_in_lifts_no_limit(client, cast):
    ticket = send_ticket(cast.penyedia)
    use_up(client)

    answers = [signed_in(user).get(path_of(ticket)) for user in (cast.penyedia, cast.helpdesk)]

    assert [page.status_code for page in answers] == [429, 429]


@pytest.mark.requirement("R128")
def test_a_forged_header_makes_no_other_address(client):
    answers = [
        look_up(client, UNKNOWN, HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code
        for n in range(6)
    ]

    assert answers == [404] * 5 + [429]


@pytest.mark.requirement("R128")
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = [f"203.0.113.{n}, 198.51.100.7" for n in range(6)]

    answers = [look_up(client, UNKNOWN, HTTP_X_FORWARDED_FOR=chain) for chain in forged]
    other = look_up(client, UNKNOWN, HTTP_X_FORWARDED_FOR="198.51.100.8")

    assert [page.status_code for page in answers] == [404] * 5 + [429]
    assert other.status_code == 404


@pytest.mark.requirement("R128")
@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_what_is_one_address(one, other, are_same):
    assert (source_of(one) == source_of(other)) is are_same


@pytest.mark.requirement("R128")
def test_no_address_is_kept_and_nothing_longer_than_it_counts(client, clock, settings):
    start = clock(timezone.now())
    use_up(client, REMOTE_ADDR="192.0.2.77")
    kept = LookupFailure.objects.values("source").distinct().get()["source"]
    settings.SECRET_KEY = "x" * 50
    under_another_key = source_of("192.0.2.77")
    clock(start + timedelta(minutes=10))

    look_up(client, UNKNOWN, REMOTE_ADDR="192.0.2.78")

    assert LookupFailure.objects.get().source == source_of("192.0.2.78")
    assert kept != under_another_key


@pytest.mark.requirement("R128")
def test_tidying_up_removes_the_last_failures_when_no_other_followed(client, clock):
    start = clock(timezone.now())
    use_up(client)
    clock(start + timedelta(minutes=9))
    look_up(client, UNKNOWN, REMOTE_ADDR="192.0.2.2")
    clock(start + timedelta(minutes=11))

    call_command("tidy_files", dry_run=True, verbosity=0)
    untouched = LookupFailure.objects.count()
    call_command("tidy_files", verbosity=0)

    assert untouched == 6
    assert LookupFailure.objects.get().source == source_of("192.0.2.2")


@pytest.mark.requirement("R128")
def test_a_thousand_guesses_learn_no_more_than_five(client, cast):
    ticket = send_ticket(cast.penyedia)
    wrong = [*guesses(400), *WRONG[:7] * 50, *(f"LS26{n:010d}" for n in range(250))]
    typed = [*wrong[:500], str(ticket), *wrong[500:], str(ticket)]
    assert len(typed) >= 1000

    answers = [client.get(path_of(number)) for number in typed]

    assert Counter(page.status_code for page in answers[:5]) == {404: 5}
    assert Counter(page.status_code for page in answers[5:]) == {429: len(typed) - 5}
    assert [page for page in answers if str(ticket.lpse) in page.text] == []
    assert LookupFailure.objects.count() == 5
    assert Session.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("R128")
def test_of_parallel_guesses_five_are_answered(cast):
    fill_reference_lists()
    rounds = []
    for n in range(3):
        paths = [path_of(number) for number in guesses(30)]
        acts = [
            lambda path=path, ip=f"192.0.2.{n}": Client().get(path, REMOTE_ADDR=ip)
            for path in paths
        ]
        rounds.append(Counter(page.status_code for page in at_once(acts)))

    assert rounds == [{404: 5, 429: 25}] * 3
    assert LookupFailure.objects.count() == 15


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("R128")
def test_a_right_number_in_a_parallel_flood_comes_through_only_before_the_fifth_failure(cast):
    ticket = send_ticket(cast.penyedia)
    paths = [path_of(number) for wrong in guesses(20) for number in (wrong, ticket)]

    statuses = at_once([lambda path=path: Client().get(path).status_code for path in paths])

    assert statuses.count(404) == 5
    assert set(statuses) <= {200, 404, 429}
    assert Client().get(path_of(ticket)).status_code == 429


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("R128")
def test_addresses_do_not_wait_for_one_another_when_old_failures_are_removed(clock):
    start = timezone.now()
    LookupFailure.objects.bulk_create(
        LookupFailure(source=n % 7, at=start - timedelta(hours=1)) for n in range(500)
    )

    acts = [
        lambda ip=f"192.0.2.{n}": Client().get(path_of(UNKNOWN), REMOTE_ADDR=ip) for n in range(30)
    ]
    answers = at_once(acts)

    assert Counter(page.status_code for page in answers) == {404: 30}
    assert LookupFailure.objects.filter(at__gte=start).count() == 30


@pytest.mark.django_db
def test_failures_that_a_wrong_clock_counted_hold_nobody_until_that_time(clock):
    for _ in range(5):
        Client().get(path_of(UNKNOWN))
    assert Client().get(path_of(UNKNOWN)).status_code == 429
    LookupFailure.objects.update(at=timezone.now() + timedelta(days=3))

    answer = Client().get(path_of(UNKNOWN))

    assert answer.status_code == 404


def test_the_queryset_for_strangers_holds_every_ticket(cast):
    tickets = {ticket_at(cast, *place) for place in PLACES}

    assert set(Ticket.objects.public()) == tickets


@pytest.mark.requirement("R125")
def test_the_role_of_a_person_changes_nothing_about_the_page(cast):
    ticket = ticket_at(cast, "new", 4)
    stranger = shown(Client().get(path_of(ticket)))

    assert shown(signed_in(make_user(Role.POKJA)).get(path_of(ticket))) == stranger
