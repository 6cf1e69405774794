"""Lists: what they cost, how they page, what they find (R18-R20, R38, R42, R74, R83, R95)."""

import re
import uuid
from datetime import datetime, timedelta
from html import unescape
from itertools import chain
from urllib.parse import parse_qs

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.adapter import JUST_SIGNED_IN
from accounts.roles import Role
from tests.cast import SERVER, Cast, classification, confirm_who_it_is, send_ticket, ticket_at
from tests.factories import make_user
from tickets import numbers
from tickets.models import AppVersion, Assignment, Category, Draft, Ticket
from tickets.waiting import Waiting, shown

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8
OF_OFFICER = ["/tiket/baru/", "/tiket/proses/", "/tiket/daftar/"]
SORTS = ["terbaru", "terlama", "pembaruan", "menunggu", "prioritas"]


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.helpdesk)
    return client


@pytest.fixture
def reporter(client, cast):
    client.force_login(cast.penyedia)
    return client


def copies(cast, count, **fields):
    """Many tickets in one statement; ages and priorities differ, some are equal."""
    now = timezone.now()
    kind = classification()
    defaults = {
        "lpse": cast.lpse,
        "reporter": cast.penyedia,
        "reporter_kind": "penyedia",
        "title": "Tidak bisa login ke SPSE",
        "category": kind.category,
        "type": kind.type,
        "version": kind.version,
    } | fields
    made = Ticket.objects.bulk_create(
        Ticket(
            number=numbers.new_number(2026),
            **{
                "created_at": now - timedelta(days=count - place),
                "updated_at": now - timedelta(hours=place * 7 % 20),
                "priority": place % 4 + 1,
            }
            | defaults,
        )
        for place in range(count)
    )
    if "officer" in fields:
        Assignment.objects.bulk_create(
            Assignment(ticket=ticket, level=1, officer=fields["officer"], taken_at=now)
            for ticket in made
        )
    return made


def rows_for(cast, path, count):
    """`count` tickets that stand in the list at `path` of the helpdesk officer."""
    if path == "/tiket/baru/":
        return copies(cast, count)
    held = {"status": "in_progress", "officer": cast.helpdesk}
    return copies(cast, count, **held)


def found(client, path, **query):
    response = client.get(path, query)
    assert response.status_code == 200
    return response.context["rows"]


def queries_of(client, path):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return [query["sql"] for query in captured]


# Cost


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("path", OF_OFFICER)
@pytest.mark.parametrize("query", ["", "?cari=login&status=proses&urut=prioritas"])
def test_an_officers_list_costs_the_same_with_1_3_and_25_rows(officer, cast, path, query):
    costs = []
    for more in (1, 2, 22):
        rows_for(cast, path, more)
        costs.append(len(queries_of(officer, path + query)))

    assert costs == [costs[0]] * 3
    assert costs[0] <= MOST_QUERIES


@pytest.mark.requirement("R38", "R42")
def test_a_reporters_list_costs_the_same_with_1_3_and_25_rows(reporter, cast):
    costs = []
    for more in (1, 2, 22):
        copies(cast, more)
        costs.append(len(queries_of(reporter, "/tiket/daftar/")))

    assert costs == [costs[0]] * 3
    assert costs[0] <= MOST_QUERIES


@pytest.mark.requirement("R42")
def test_a_list_of_every_kind_of_ticket_costs_no_more(client, cast):
    for place in (
        ("awaiting_feedback", 4, 3),
        ("awaiting_feedback", 4, 0),
        ("awaiting_review", 4),
        ("in_progress", 4),
        ("closed", 4),
    ):
        ticket_at(cast, *place)
    rated = ticket_at(cast, "closed", 4)
    rated.perform("rate", by=cast.penyedia, stars=5)

    for user in (cast.lkpp1, cast.lkpp2, cast.penyedia):
        client.force_login(user)
        assert len(queries_of(client, "/tiket/daftar/")) <= MOST_QUERIES


@pytest.mark.requirement("R42")
def test_a_second_page_costs_no_more_than_the_limit(officer, cast):
    rows_for(cast, "/tiket/proses/", 30)
    key = officer.get("/tiket/proses/").context["next"]

    queries = queries_of(officer, f"/tiket/proses/?sebelum={key}")

    assert len(queries) <= MOST_QUERIES


@pytest.mark.requirement("R16")
@pytest.mark.parametrize("name", ["penyedia", "helpdesk"])
def test_the_help_center_costs_the_same_with_1_and_10_tickets(client, cast, name):
    client.force_login(getattr(cast, name))
    costs = []
    for more in (1, 9):
        for _ in range(more):
            ticket_at(cast, "awaiting_review", 1)
            ticket_at(cast, "in_progress", 1)
        costs.append(len(queries_of(client, "/")))

    assert costs[0] == costs[1] <= MOST_QUERIES


def converse(cast, ticket, level, times):
    """Questions and answers between the officer of a level and the reporter, each with a file."""
    for _ in range(times):
        for action, by, fields in (
            ("ask", cast.officers[level], {"feedback_from": 0}),
            ("answer", cast.penyedia, {}),
        ):
            upload = SimpleUploadedFile("bukti.txt", b"isi")
            file = Draft.objects.receive(upload, key=uuid.uuid4(), owner=by)
            ticket.perform(action, by=by, message="Pesan.", files=[file], **fields)


@pytest.mark.requirement("R40", "R75")
@pytest.mark.parametrize("name", ["penyedia", "helpdesk", "admin_sistem", "lkpp1"])
def test_a_ticket_page_costs_the_same_with_few_and_many_events(client, cast, name):
    client.force_login(getattr(cast, name))
    ticket = ticket_at(cast, "in_progress", 3)
    url = ticket.get_absolute_url()

    few = queries_of(client, url)
    converse(cast, ticket, 3, 5)
    many = queries_of(client, url)

    assert len(few) == len(many) <= MOST_QUERIES


FORMS = [
    (("new", 1), "ambil", "helpdesk"),
    (("in_progress", 1), "review", "helpdesk"),
    (("in_progress", 2), "review", "admin_sistem"),
    (("in_progress", 3), "data-server", "lkpp1"),
    (("awaiting_feedback", 1), "feedback", "penyedia"),
    (("awaiting_feedback", 2, 1), "feedback", "helpdesk"),
    (("awaiting_review", 1), "review", "penyedia"),
    (("closed", 1), "penilaian", "penyedia"),
]


@pytest.mark.requirement("R45", "R52", "R85", "R103")
@pytest.mark.parametrize(("place", "slug", "name"), FORMS)
def test_a_ticket_page_with_a_form_stays_within_the_limit(client, cast, place, slug, name):
    client.force_login(getattr(cast, name))
    ticket = ticket_at(cast, *place)
    confirm_who_it_is(client)

    queries = queries_of(client, f"{ticket.get_absolute_url()}{slug}/")

    assert len(queries) <= MOST_QUERIES


@pytest.mark.requirement("R85")
def test_a_review_page_costs_the_same_with_1_and_10_events(officer, cast):
    ticket = ticket_at(cast, "in_progress", 1)
    url = f"{ticket.get_absolute_url()}review/"

    few = queries_of(officer, url)
    converse(cast, ticket, 1, 5)
    many = queries_of(officer, url)

    assert len(few) == len(many)


@pytest.mark.requirement("R27")
def test_the_create_page_stays_within_the_limit(reporter):
    assert len(queries_of(reporter, "/tiket/buat/")) <= MOST_QUERIES


# Paging


def walk(client, path, query, between=lambda: None):
    """The numbers of each page, following the link to the next one."""
    pages, address = [], f"{path}?{query}"
    while address:
        response = client.get(address)
        pages.append([ticket.number for ticket in response.context["rows"]])
        between()
        following = re.search(r'href="([^"]+)" rel="next"', response.text)
        address = following and path + unescape(following[1])
    return pages


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("path", OF_OFFICER)
def test_sixty_tickets_come_on_three_pages_each_once(officer, cast, path, sort):
    tickets = rows_for(cast, path, 60)

    pages = walk(officer, path, f"urut={sort}")

    assert [len(page) for page in pages] == [25, 25, 10]
    assert sorted(chain(*pages)) == sorted(ticket.number for ticket in tickets)


@pytest.mark.requirement("R38", "R42")
@pytest.mark.parametrize("sort", SORTS)
def test_a_reporters_sixty_tickets_come_on_three_pages_what_waits_for_them_first(
    reporter, cast, sort
):
    tickets = copies(cast, 30)
    held = {"officer": cast.helpdesk}
    waiting = copies(cast, 30, status="awaiting_review", **held)

    pages = walk(reporter, "/tiket/daftar/", f"urut={sort}")

    assert [len(page) for page in pages] == [25, 25, 10]
    in_order = list(chain(*pages))
    assert sorted(in_order[:30]) == sorted(ticket.number for ticket in waiting)
    assert sorted(in_order[30:]) == sorted(ticket.number for ticket in tickets)


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("path", OF_OFFICER)
def test_a_ticket_that_arrives_between_two_pages_moves_no_other(officer, cast, path, sort):
    tickets = rows_for(cast, path, 60)

    pages = walk(officer, path, f"urut={sort}", between=lambda: rows_for(cast, path, 1))

    old = {ticket.number for ticket in tickets}
    seen = list(chain(*pages))
    assert sorted(number for number in seen if number in old) == sorted(old)
    assert len(seen) == len(set(seen))


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("sort", SORTS)
def test_a_ticket_that_changes_between_two_pages_moves_no_other(officer, cast, sort):
    tickets = rows_for(cast, "/tiket/proses/", 60)
    first = officer.get(f"/tiket/proses/?urut={sort}")
    last = first.context["rows"][-1]

    last.perform("resolve", by=cast.helpdesk, message="Sudah.")
    rest = walk(officer, "/tiket/proses/", f"urut={sort}&sebelum={first.context['next']}")

    seen = {ticket.number for ticket in first.context["rows"]}.union(*rest)
    assert seen == {ticket.number for ticket in tickets}


@pytest.mark.requirement("R42")
def test_each_sort_puts_first_what_it_says(officer, cast):
    first, second, third = (send_ticket(cast.penyedia) for _ in range(3))
    now = timezone.now()
    for ticket, priority, hours in ((first, 1, 1), (second, 4, 3), (third, None, 2)):
        Ticket.objects.filter(pk=ticket.pk).update(
            priority=priority, updated_at=now - timedelta(hours=hours)
        )

    def order(sort):
        return found(officer, "/tiket/baru/", urut=sort)

    assert order("terbaru") == [third, second, first]
    assert order("terlama") == [first, second, third]
    assert order("pembaruan") == [first, third, second]
    assert order("menunggu") == [second, third, first]
    assert order("prioritas") == [second, first, third]
    assert found(officer, "/tiket/baru/") == order("menunggu")


@pytest.mark.requirement("R83", "R102")
def test_running_tickets_show_my_turn_first(officer, cast):
    review = ticket_at(cast, "awaiting_review", 1)
    mine = ticket_at(cast, "in_progress", 1)
    asked = ticket_at(cast, "awaiting_feedback", 2, 1)

    rows = found(officer, "/tiket/proses/")

    assert [(row, row.is_turn) for row in rows] == [(mine, 1), (asked, 1), (review, 0)]


@pytest.mark.requirement("R42")
def test_the_links_of_the_pager_keep_search_filter_and_sort(officer, cast):
    copies(cast, 30, priority=3)
    query = {
        "cari": "login & spse",
        "status": "baru",
        "prioritas": "3",
        "kategori": "AKUN",
        "versi": "SPSE-4.5",
        "pelapor": "penyedia",
        "dibuat": "30-hari",
        "urut": "terbaru",
    }

    response = officer.get("/tiket/baru/", query)
    key = response.context["next"]
    link = unescape(re.search(r'href="([^"]+)" rel="next"', response.text)[1])
    second = officer.get("/tiket/baru/" + link)
    back = unescape(re.search(r'href="([^"]+)">Halaman pertama', second.text)[1])

    typed = {name: [value] for name, value in query.items()}
    assert parse_qs(link.removeprefix("?")) == typed | {"sebelum": [key]}
    assert parse_qs(back.removeprefix("?")) == typed


@pytest.mark.requirement("R42")
def test_the_form_of_a_list_shows_what_it_is_filtered_by(officer, cast):
    copies(cast, 1)

    text = officer.get("/tiket/baru/", {"cari": "login", "prioritas": "1"}).text

    assert 'value="login"' in text
    assert '<option value="1" selected>Rendah</option>' in text


# Search


@pytest.mark.requirement("R42")
@pytest.mark.parametrize(
    "spelling",
    [
        lambda number: numbers.spoken(number),
        lambda number: number,
        lambda number: number[2:],
        lambda number: number.lower(),
        lambda number: f" {numbers.spoken(number)[2:].replace('-', ' ')} ",
    ],
)
def test_a_ticket_is_found_by_its_number_in_every_spelling(officer, cast, spelling):
    ticket = send_ticket(cast.penyedia)
    send_ticket(cast.penyedia)

    rows = found(officer, "/tiket/baru/", cari=spelling(ticket.number))

    assert rows == [ticket]
    straight = officer.get("/tiket/cari/", {"nomor": spelling(ticket.number)})
    assert (straight.status_code, straight.url) == (302, ticket.get_absolute_url())


@pytest.mark.requirement("R42")
@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("pembatalan", "Tidak dapat membatalkan tender"),
        ("membatalkan", "Pembatalan tender gagal"),
        ("PEMBATALAN tender", "Tidak dapat membatalkan tender"),
        ("mengunggah", "Unggah dokumen penawaran gagal"),
        ("dokumen unggah", "Unggah dokumen penawaran gagal"),
        ('"dokumen penawaran"', "Unggah dokumen penawaran gagal"),
        ("login OR tender", "Tidak dapat membatalkan tender"),
    ],
)
def test_a_ticket_is_found_by_words_of_its_title_in_any_form(officer, cast, words, title):
    send_ticket(cast.penyedia, title="Lupa kata sandi")
    ticket = send_ticket(cast.penyedia, title=title)

    assert found(officer, "/tiket/baru/", cari=words) == [ticket]


@pytest.mark.requirement("R42")
def test_all_words_of_a_search_must_be_there(officer, cast):
    send_ticket(cast.penyedia, title="Unggah dokumen penawaran gagal")

    assert found(officer, "/tiket/baru/", cari="unggah sandi") == []
    assert found(officer, "/tiket/baru/", cari="unggah -dokumen") == []


@pytest.mark.requirement("R42")
@pytest.mark.parametrize(
    ("code", "typed"),
    [("8214757", "8214757"), ("PKT-AB12-9", "pkt-ab12-9"), ("8214757", " 8214757 ")],
)
def test_a_ticket_is_found_by_its_tender_or_package_code(officer, cast, code, typed):
    ticket = send_ticket(cast.penyedia, package_code=code)
    send_ticket(cast.penyedia, package_code="8214758")

    assert found(officer, "/tiket/baru/", cari=typed) == [ticket]


@pytest.mark.requirement("R41", "R42", "R132")
def test_a_search_never_finds_what_the_person_may_not_see(client, cast):
    other = Cast()
    theirs = ticket_at(other, "in_progress", 1, title="Pembatalan tender", package_code="8214757")
    elsewhere = ticket_at(cast, "in_progress", 1, reporter=cast.ppk, title="Pembatalan tender")

    for user in (cast.helpdesk, cast.admin_sistem, cast.lkpp1, cast.penyedia):
        client.force_login(user)
        for path in OF_OFFICER if user.is_officer else ["/tiket/daftar/"]:
            for typed in (str(theirs), "pembatalan", "8214757"):
                expected = []
                if user == cast.helpdesk and typed == "pembatalan" and path != "/tiket/baru/":
                    expected = [elsewhere]
                assert found(client, path, cari=typed) == expected


@pytest.mark.requirement("R42")
def test_a_search_that_is_far_too_long_does_not_show_everything(officer, cast):
    send_ticket(cast.penyedia)

    assert found(officer, "/tiket/baru/", cari="tidakadakata " * 40) == []


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("typed", ["-" * 64, "-" * 64 + "a", "- -" * 40 + "a", "-a " * 80])
def test_signs_of_exclusion_in_any_number_break_no_search(officer, cast, typed):
    send_ticket(cast.penyedia)

    for path in (*OF_OFFICER, "/tiket/rincian/"):
        assert officer.get(path, {"cari": typed}).status_code == 200


@pytest.mark.requirement("R42")
def test_a_search_without_result_says_so(officer, cast):
    send_ticket(cast.penyedia)

    text = officer.get("/tiket/baru/", {"cari": "tidakadakata"}).text

    assert "Tidak ada tiket yang sesuai dengan pencarian." in text
    assert "Hapus saringan" in text


@pytest.mark.requirement("R74", "R83", "R95")
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/tiket/baru/", "Belum ada tiket baru"),
        ("/tiket/proses/", "Tidak ada tiket di tangan Anda"),
        ("/tiket/daftar/", "Belum ada tiket."),
    ],
)
def test_an_empty_list_says_so(officer, path, sentence):
    assert sentence in officer.get(path).text


# Filters


@pytest.mark.requirement("R42")
@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("proses", ("in_progress", 1)),
        ("feedback", ("awaiting_feedback", 1)),
        ("review", ("awaiting_review", 1)),
        ("selesai", ("closed", 1)),
        ("baru", ("new", 2)),
    ],
)
def test_an_officer_filters_by_status(officer, cast, value, place):
    tickets = {
        at: ticket_at(cast, *at)
        for at in (
            ("in_progress", 1),
            ("awaiting_feedback", 1),
            ("awaiting_review", 1),
            ("closed", 1),
            ("new", 2),
        )
    }

    assert found(officer, "/tiket/daftar/", status=value) == [tickets[place]]


@pytest.mark.requirement("R42")
@pytest.mark.parametrize(
    ("value", "places"),
    [
        ("menunggu", [("new", 1)]),
        ("diproses", [("awaiting_feedback", 2, 1), ("in_progress", 1)]),
        ("feedback", [("awaiting_feedback", 1, 0)]),
        ("review", [("awaiting_review", 1)]),
        ("selesai", [("closed", 1)]),
    ],
)
def test_a_reporter_filters_by_the_statuses_they_read(reporter, cast, value, places):
    tickets = {
        at: ticket_at(cast, *at)
        for at in (
            ("new", 1),
            ("in_progress", 1),
            ("awaiting_feedback", 2, 1),  # they read 'Diproses Admin Sistem LPSE'
            ("awaiting_feedback", 1, 0),
            ("awaiting_review", 1),
            ("closed", 1),
        )
    }

    assert found(reporter, "/tiket/daftar/", status=value) == [tickets[at] for at in places]


@pytest.mark.requirement("R42")
def test_lists_filter_by_priority_category_version_and_reporter(officer, cast):
    category = Category.objects.get_or_create(code="JADWAL", defaults={"label": "Jadwal"})[0]
    version = AppVersion.objects.get_or_create(code="SIRUP", defaults={"label": "SiRUP"})[0]
    plain = ticket_at(cast, "in_progress", 1)
    urgent = ticket_at(cast, "in_progress", 1)
    schedule = ticket_at(cast, "in_progress", 1)
    planning = ticket_at(cast, "in_progress", 1)
    from_ppk = ticket_at(cast, "in_progress", 1, reporter=cast.ppk)
    Ticket.objects.filter(pk=urgent.pk).update(priority=4)
    Ticket.objects.filter(pk=schedule.pk).update(category=category)
    Ticket.objects.filter(pk=planning.pk).update(version=version)

    def rows(**query):
        return found(officer, "/tiket/proses/", urut="terlama", **query)

    assert rows() == [plain, urgent, schedule, planning, from_ppk]
    assert rows(prioritas="4") == [urgent]
    assert rows(kategori="JADWAL") == [schedule]
    assert rows(versi="SIRUP") == [planning]
    assert rows(pelapor="ppk") == [from_ppk]
    assert rows(pelapor="penyedia", versi="SIRUP", prioritas="2") == [planning]
    assert rows(kategori="JADWAL", prioritas="4") == []


@pytest.mark.requirement("R42")
@pytest.mark.parametrize(
    ("value", "ages"),
    [("hari-ini", [0]), ("7-hari", [0, 6]), ("30-hari", [0, 6, 29]), ("", [0, 6, 29, 31])],
)
def test_lists_filter_by_date_in_the_viewers_zone(officer, cast, value, ages):
    midnight = timezone.localtime(timezone=cast.lpse.tzinfo).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    tickets = {}
    for age in (0, 6, 29, 31):
        (tickets[age],) = copies(cast, 1, created_at=midnight - timedelta(days=age))

    rows = found(officer, "/tiket/baru/", dibuat=value)

    assert rows == [tickets[age] for age in ages]


@pytest.mark.requirement("R42")
def test_values_that_nobody_offered_filter_nothing(officer, cast):
    tickets = [send_ticket(cast.penyedia) for _ in range(3)]
    strange = dict.fromkeys(
        (
            "status",
            "prioritas",
            "kategori",
            "versi",
            "pelapor",
            "dibuat",
            "urut",
            "sebelum",
            "lain",
        ),
        "tidak-ada",
    )

    assert found(officer, "/tiket/baru/", **strange) == tickets


@pytest.mark.requirement("R41", "R132")
def test_a_place_in_a_list_that_nobody_signed_is_the_first_page(officer, cast):
    hidden = send_ticket(Cast().penyedia)
    tickets = [send_ticket(cast.penyedia) for _ in range(3)]
    forged = ["", hidden.number, signing.dumps({"-pk": hidden.pk}), "x" * 3000]

    pages = [found(officer, "/tiket/baru/", urut="terbaru", sebelum=place) for place in forged]

    assert pages == [tickets[::-1]] * len(forged)


@pytest.mark.requirement("R42")
def test_a_place_in_a_list_of_another_order_is_the_first_page(officer, cast):
    rows_for(cast, "/tiket/baru/", 30)
    place = officer.get("/tiket/baru/?urut=menunggu").context["next"]

    rows = found(officer, "/tiket/baru/", urut="prioritas", sebelum=place)

    assert rows == found(officer, "/tiket/baru/", urut="prioritas")


@pytest.mark.requirement("R42")
def test_a_row_that_changes_between_two_pages_hides_no_other(officer, cast):
    rows_for(cast, "/tiket/proses/", 30)
    first = officer.get("/tiket/proses/").context
    last = first["rows"][-1]
    last.perform("ask", by=cast.helpdesk, message="Versi berapa?", feedback_from=0)

    second = officer.get("/tiket/proses/", {"sebelum": first["next"]}).context["rows"]

    seen = {ticket.pk for ticket in [*first["rows"], *second]}
    assert len(seen) == 30


@pytest.mark.requirement("R42")
def test_lists_filter_by_two_dates_of_the_viewers_zone(officer, cast):
    tickets = {}
    for day in (1, 2, 3, 4):
        at = datetime(2026, 10, day, 23, 30, tzinfo=cast.lpse.tzinfo)
        (tickets[day],) = copies(cast, 1, created_at=at)

    rows = found(officer, "/tiket/baru/", dari="2026-10-02", sampai="2026-10-03", urut="terlama")

    assert rows == [tickets[2], tickets[3]]
    assert found(officer, "/tiket/baru/", dari="0001-01-01", sampai="9999-12-31", urut="terlama")


ABSURD = [
    "\0",
    "a\0b",
    "'; DROP TABLE tickets_ticket; --",
    '"',
    '"" OR -',
    ":*&|!()<->",
    "%",
    "\\",
    "-",
    "x" * 5000,
    "😀" * 100,
    "\u202etxt",
    "\ud800".encode("utf-8", "replace").decode(),
    "9" * 400,
    "-1",
    "1e999",
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
]


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("value", ABSURD)
def test_absurd_input_gives_a_page(officer, cast, value):
    send_ticket(cast.penyedia)
    fields = ("cari", "status", "prioritas", "kategori", "versi", "pelapor", "dibuat", "urut")

    for name in (*fields, "sebelum"):
        response = officer.get("/tiket/baru/", {name: value})

        assert response.status_code == 200
        assert "<script>alert" not in response.text
    assert officer.get("/tiket/cari/", {"nomor": value}).status_code == 302


@pytest.mark.parametrize(
    "query", ["cari=%FF%FE", "cari=%ED%A0%80", "cari=%00", "sebelum=%00", "%00=%00"]
)
def test_bytes_that_are_no_text_give_a_page(officer, query):
    assert officer.get(f"/tiket/baru/?{query}").status_code == 200


# Tabs and counters


def counters(client, path="/tiket/daftar/"):
    """{tab: counter} as the page shows them; a tab without one has ''."""
    tabs = re.search(r'aria-label="Tiket">(.*?)</nav>', client.get(path).text, re.DOTALL)[1]
    words = re.findall(r"<a [^>]*>([^<]+?)\s*(?:<span[^>]*>)*([0-9+]*)<", tabs)
    return dict(words)


@pytest.mark.requirement("R18", "R20", "R43", "R50")
def test_a_reporters_tabs_count_what_waits_for_them(reporter, cast):
    ticket_at(cast, "awaiting_feedback", 2, 0)
    ticket_at(cast, "awaiting_review", 1)
    ticket_at(cast, "awaiting_feedback", 2, 1)
    ticket_at(cast, "in_progress", 1)

    assert counters(reporter) == {"Buat Tiket Baru": "", "Daftar Tiket": "2"}


@pytest.mark.requirement("R19", "R20", "R74", "R83")
def test_an_officers_tabs_count_the_pool_and_what_waits_for_them(officer, cast):
    other = Cast()
    for _ in range(3):
        ticket_at(cast, "new", 1)
        ticket_at(other, "new", 1)
    ticket_at(cast, "in_progress", 1)
    ticket_at(cast, "awaiting_feedback", 2, 1)
    ticket_at(cast, "awaiting_review", 1)

    assert counters(officer) == {"Tiket Baru": "3", "Tiket Proses": "2", "Daftar Tiket": ""}


@pytest.mark.requirement("R19", "R20")
def test_a_tab_without_waiting_work_has_no_counter(officer):
    assert counters(officer) == {"Tiket Baru": "", "Tiket Proses": "", "Daftar Tiket": ""}


@pytest.mark.requirement("R20")
@pytest.mark.parametrize(("count", "told"), [(99, "99"), (100, "99+"), (130, "99+")])
def test_counters_stop_at_99(officer, cast, count, told):
    copies(cast, count)

    assert counters(officer)["Tiket Baru"] == told
    assert shown(Waiting(cast.helpdesk).total) == told


@pytest.mark.requirement("R20", "R74")
def test_after_signing_in_everybody_reads_what_waits(client, cast):
    ticket_at(cast, "new", 1)
    ticket_at(cast, "in_progress", 1)
    ticket_at(cast, "awaiting_feedback", 1)
    ticket_at(cast, "awaiting_review", 1)

    def told(user):
        client.force_login(user)
        session = client.session
        session[JUST_SIGNED_IN] = True
        session.save()
        pages = [client.get(path).text for path in ("/tiket/daftar/", "/")]
        return [re.findall(r"<p><span>(Ada .+?)</span> <a", page) for page in pages]

    of_officer = [
        "Ada 1 tiket baru yang belum diproses.",
        "Ada 1 tiket proses yang menunggu Anda.",
    ]
    of_reporter = [
        "Ada 1 tiket yang membutuhkan feedback Anda.",
        "Ada 1 tiket yang membutuhkan review Anda.",
    ]
    assert told(cast.helpdesk) == [of_officer, []]  # on the first page alone
    assert told(cast.penyedia) == [of_reporter, []]
    assert told(cast.admin_sistem) == [[], []]
    assert told(make_user("", is_staff=True)) == [[], []]


@pytest.mark.requirement("R16", "R17", "R20")
def test_tiket_leads_to_the_tab_with_work(client, cast):
    client.force_login(cast.helpdesk)
    empty = client.get("/tiket/").url
    send_ticket(cast.penyedia)
    filled = client.get("/tiket/").url
    client.force_login(cast.penyedia)

    assert (empty, filled, client.get("/tiket/").url) == (
        "/tiket/proses/",
        "/tiket/baru/",
        "/tiket/daftar/",
    )


@pytest.mark.requirement("R38", "R43", "R50", "R84", "R91")
@pytest.mark.parametrize(
    ("name", "path", "place", "link"),
    [
        ("penyedia", "/tiket/daftar/", ("awaiting_feedback", 1), "feedback"),
        ("penyedia", "/tiket/daftar/", ("awaiting_review", 1), "review"),
        ("penyedia", "/tiket/daftar/", ("closed", 1), "penilaian"),
        ("helpdesk", "/tiket/baru/", ("new", 1), "ambil"),
        ("helpdesk", "/tiket/proses/", ("in_progress", 1), "review"),
        ("helpdesk", "/tiket/proses/", ("awaiting_feedback", 2, 1), "feedback"),
        ("admin_sistem", "/tiket/proses/", ("awaiting_feedback", 3, 2), "feedback"),
        ("lkpp1", "/tiket/baru/", ("new", 3), "ambil"),
    ],
)
def test_a_row_offers_the_act_that_its_ticket_waits_for(client, cast, name, path, place, link):
    client.force_login(getattr(cast, name))
    ticket = ticket_at(cast, *place)

    text = client.get(path).text

    assert f'href="{ticket.get_absolute_url()}{link}/#form"' in text
    assert [
        SERVER[key] for key in SERVER if key.startswith("Password") and SERVER[key] in text
    ] == []


@pytest.mark.requirement("R95", "R120")
def test_a_ticket_stays_in_the_list_of_whoever_handled_it(client, cast):
    ticket = ticket_at(cast, "closed", 2)
    colleague = make_user(Role.LPSE_L1, cast.lpse)

    def listed(user):
        client.force_login(user)
        return found(client, "/tiket/daftar/")

    assert listed(cast.helpdesk) == listed(cast.admin_sistem) == [ticket]
    assert listed(colleague) == listed(cast.lkpp1) == []


# What a list says beside the tickets


def heading(page, label):
    return re.search(rf'<th scope="col"( aria-sort="\w+")?><a href="([^"]+)">{label}', page.text)


@pytest.mark.requirement("R42")
def test_a_heading_sorts_and_says_how(officer, cast):
    rows_for(cast, "/tiket/daftar/", 2)

    page = officer.get("/tiket/daftar/?status=proses")
    sort, address = heading(page, "Dibuat").groups()
    turned = officer.get("/tiket/daftar/" + unescape(address))

    assert sort == ' aria-sort="descending"'
    assert parse_qs(unescape(address)[1:]) == {"status": ["proses"], "urut": ["terlama"]}
    assert heading(turned, "Dibuat")[1] == ' aria-sort="ascending"'
    assert heading(turned, "Pembaruan")[1] is None
    assert heading(turned, "Prioritas")[1] is None


@pytest.mark.requirement("R74")
def test_new_tickets_stand_under_the_day_they_came(officer, cast):
    today, older = copies(cast, 2, category=None, priority=None)
    now = timezone.now()
    Ticket.objects.filter(pk=today.pk).update(updated_at=now)
    Ticket.objects.filter(pk=older.pk).update(updated_at=now - timedelta(days=2))

    groups = [(row.pk, row.group) for row in found(officer, "/tiket/baru/")]

    assert groups == [(older.pk, "Masuk sebelum hari ini"), (today.pk, "Masuk hari ini")]
    assert {row.group for row in found(officer, "/tiket/baru/", urut="prioritas")} == {""}


@pytest.mark.requirement("R83")
def test_a_running_ticket_says_what_last_happened(officer, cast):
    taken = ticket_at(cast, "in_progress")
    answered = ticket_at(cast, "awaiting_feedback")
    answered.perform("answer", by=cast.penyedia, message="Versi 4.5.")
    solved = ticket_at(cast, "awaiting_review")

    page = officer.get("/tiket/proses/").text
    rows = page.split("<tr>")

    def said(ticket):
        [row] = [row for row in rows if f">{ticket}</a>" in row]
        return re.search(r"<small>([A-Za-z ]+) <time", row)[1]

    assert said(taken) == "Diambil"
    assert said(answered) == "Pelapor membalas"
    assert said(solved) == "Solusi dikirim"


@pytest.mark.requirement("R74")
def test_a_new_ticket_says_how_many_files_came_with_it(officer, cast):
    key, by = uuid.uuid4(), cast.penyedia
    uploads = [SimpleUploadedFile(f"{name}.txt", b"isi") for name in "ab"]
    files = [Draft.objects.receive(upload, key=key, owner=by) for upload in uploads]
    ticket = send_ticket(by, key=key, files=files)
    send_ticket(cast.penyedia)

    rows = {row.pk: row.number_of_files for row in found(officer, "/tiket/baru/")}

    assert rows.pop(ticket.pk) == 2
    assert list(rows.values()) == [0]
