"""Lists as files: the same tickets as on the screen, harmless, in the viewer's zone (R73)."""

import csv
import io
from datetime import datetime
from itertools import islice
from unittest.mock import patch
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, classification, send_ticket, ticket_at
from tests.factories import make_lpse
from tickets import export
from tickets.models import Category

pytestmark = pytest.mark.django_db

SENT_AT = datetime(2026, 11, 23, 16, 45, tzinfo=ZoneInfo("UTC"))


def at(moment):
    return patch.object(timezone, "now", return_value=moment)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def content(response):
    return b"".join(response.streaming_content)


def read_csv(response):
    return list(csv.reader(io.StringIO(content(response).decode("utf-8-sig"))))


def read_xlsx(response):
    book = openpyxl.load_workbook(io.BytesIO(content(response)))
    return [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]


READ = {"csv": read_csv, "xlsx": read_xlsx}


@pytest.fixture
def east():
    return Cast(make_lpse(name="LPSE Kota Timur", zone="WIT"))


@pytest.mark.requirement("R73", "R131")
def test_an_officers_file_has_what_the_list_shows_in_the_zone_of_the_viewer(east):
    with at(SENT_AT):
        ticket = send_ticket(east.penyedia, package_code="1234567", title="Gagal masuk")
        ticket.perform("take", by=east.helpdesk, classification=classification())
    category = Category.objects.get(code="AKUN")

    rows = read_csv(signed_in(east.helpdesk).get("/tiket/proses.csv"))

    assert rows == [
        [
            *("Nomor Tiket", "Judul", "Kode Tender/Kode Paket", "LPSE", "Status"),
            *("Posisi Tiket", "Kategori Tiket", "Versi Aplikasi", "Tanggal Dibuat (WIT)"),
            *("Pembaruan Terakhir (WIT)", "Ditutup (WIT)", "Penilaian", "Kategori Pelapor"),
            *("Pelapor", "Tipe Tiket", "Prioritas", "Petugas"),
        ],
        [
            *(str(ticket), "Gagal masuk", "1234567", "LPSE Kota Timur", "Tiket Proses"),
            *("LPSE Level 1", category.label, "SPSE 4.5", "2026-11-24 01:45"),
            *("2026-11-24 01:45", "", "", "Penyedia"),
            *("Ratna Wibawani", "Keluhan Pengguna", "Sedang", "Bagas Pramudyo"),
        ],
    ]


@pytest.mark.requirement("R73", "R131")
def test_times_and_stars_in_a_workbook_are_times_and_numbers(east):
    with at(SENT_AT):
        ticket = ticket_at(east, "closed", 1)
        ticket.perform("rate", by=ticket.reporter, stars=4)

    header, row = read_xlsx(signed_in(east.penyedia).get("/tiket/daftar.xlsx"))

    told = dict(zip(header, row, strict=True))
    assert told["Tanggal Dibuat (WIT)"] == datetime(2026, 11, 24, 1, 45)  # noqa: DTZ001
    assert told["Ditutup (WIT)"] == datetime(2026, 11, 24, 1, 45)  # noqa: DTZ001
    assert told["Penilaian"] == 4
    assert told["Status"] == "Selesai – Sudah Dinilai"


@pytest.mark.requirement("R73", "R132")
def test_a_reporters_file_says_nothing_that_their_page_hides(cast):
    ticket_at(cast, "in_progress", 3)

    header, row = read_csv(signed_in(cast.penyedia).get("/tiket/daftar.csv"))

    assert {"Prioritas", "Petugas", "Tipe Tiket", "Pelapor"}.isdisjoint(header)
    assert cast.lkpp1.name not in row


@pytest.mark.requirement("R73", "R74")
@pytest.mark.parametrize("extension", READ)
def test_the_reporter_of_an_untaken_ticket_is_masked_and_no_identity_number_is_written(
    cast, extension
):
    cast.penyedia.identity_number = "0123456789012345"
    send_ticket(cast.penyedia)
    ticket_at(cast, "in_progress", 1)

    rows = READ[extension](signed_in(cast.helpdesk).get(f"/tiket/rincian.{extension}"))

    assert [row[13] for row in rows[1:]] == ["Ratna Wibawani", "R**** W*******"]
    assert "0123456789012345" not in str(rows)


@pytest.mark.requirement("R42", "R73")
@pytest.mark.parametrize("extension", READ)
def test_a_file_holds_the_tickets_of_the_filtered_list_all_of_them_in_its_order(cast, extension):
    wanted = [ticket_at(cast, "in_progress", 1, title=f"Jadwal {n}") for n in range(27)]
    ticket_at(cast, "in_progress", 1, title="Sandi")
    ticket_at(Cast(), "in_progress", 1, title="Jadwal")
    client = signed_in(cast.helpdesk)

    rows = READ[extension](client.get(f"/tiket/proses.{extension}?cari=jadwal&urut=terbaru"))

    assert [row[0] for row in rows[1:]] == [str(ticket) for ticket in reversed(wanted)]


@pytest.mark.requirement("R132")
def test_every_role_downloads_its_own_tickets_alone(cast):
    mine = ticket_at(cast, "new", 3)
    ticket_at(cast, "new", 1, reporter=cast.ppk)
    other = ticket_at(Cast(), "new", 3)

    def numbers(user, name):
        return {row[0] for row in read_csv(signed_in(user).get(f"/tiket/{name}.csv"))[1:]}

    assert numbers(cast.penyedia, "daftar") == {str(mine)}
    assert numbers(cast.admin_sistem, "rincian") == {str(mine)}
    assert numbers(cast.admin_sistem, "baru") == set()
    assert numbers(cast.lkpp1, "baru") == {str(mine), str(other)}


FORMULAS = {
    "=1+1": "'=1+1",
    "+62811": "'+62811",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t=1",
    " =cmd|' /C calc'!A0": "' =cmd|' /C calc'!A0",
    "x;=1+1": "x;'=1+1",
    "x, =1+1": "x,' =1+1",
    "x\t@A1;-2": "x\t'@A1;'-2",
    "x;\"=cmd|' /C calc'!A0;y": "x;'\"=cmd|' /C calc'!A0;y",  # where ; parts the cells
}


@pytest.mark.requirement("R73")
@pytest.mark.parametrize("extension", READ)
@pytest.mark.parametrize("title", FORMULAS)
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cast, title, extension):
    send_ticket(cast.penyedia, title=title)

    rows = READ[extension](signed_in(cast.penyedia).get(f"/tiket/daftar.{extension}"))

    assert rows[1][1] == FORMULAS[title]


@pytest.mark.requirement("R73")
def test_what_only_contains_such_a_sign_stays_as_it_is():
    values = ["SPSE 4.5 = baru", "a-b", "", None, -3, 4.5, SENT_AT]

    assert [export.harmless(value) for value in values] == values


@pytest.mark.requirement("R73")
def test_a_table_longer_than_a_sheet_goes_on_in_the_next_and_loses_no_row(monkeypatch):
    monkeypatch.setattr(export, "ROWS_PER_SHEET", 3)

    response = export.table(("Nomor",), ((n,) for n in range(8)), name="x", extension="xlsx")

    book = openpyxl.load_workbook(io.BytesIO(content(response)))
    assert [[cell for (cell,) in sheet.iter_rows(values_only=True)] for sheet in book] == [
        ["Nomor", 0, 1, 2],
        ["Nomor", 3, 4, 5],
        ["Nomor", 6, 7],
    ]


@pytest.mark.requirement("R73")
@pytest.mark.parametrize("extension", READ)
def test_an_empty_list_is_a_file_with_its_heading(cast, extension):
    rows = READ[extension](signed_in(cast.penyedia).get(f"/tiket/daftar.{extension}"))

    assert len(rows) == 1


@pytest.mark.requirement("R73")
def test_a_csv_is_sent_as_it_is_read():
    asked = []

    def rows():
        for n in range(5000):
            asked.append(n)
            yield (n,)

    response = export.table(("Nomor",), rows(), name="x", extension="csv")
    first = list(islice(response.streaming_content, 3))

    assert b"".join(first).decode("utf-8-sig").split() == ['"Nomor"', "0", "1"]
    assert len(asked) == 2


@pytest.mark.requirement("R73")
def test_a_file_costs_the_same_queries_whatever_the_number_of_its_rows(cast):
    client = signed_in(cast.helpdesk)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            content(client.get("/tiket/rincian.csv"))
        return len(queries)

    ticket_at(cast, "in_progress", 1)
    few = cost()
    for _ in range(4):
        ticket_at(cast, "closed", 2)

    assert cost() == few <= 8


@pytest.mark.requirement("R73")
@pytest.mark.parametrize(("name", "told"), [("proses", "tiket-proses"), ("daftar", "daftar-tiket")])
def test_a_file_is_named_after_its_list_and_day(cast, name, told):
    with at(SENT_AT):
        response = signed_in(cast.helpdesk).get(f"/tiket/{name}.xlsx")

    assert response["Content-Disposition"] == f'attachment; filename="{told}-2026-11-23.xlsx"'
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.requirement("R73")
def test_the_list_offers_its_file_with_the_same_filters(cast):
    ticket_at(cast, "in_progress", 1)

    page = signed_in(cast.helpdesk).get("/tiket/proses/?status=proses&urut=terbaru")

    assert 'href="/tiket/proses.xlsx?status=proses&amp;urut=terbaru"' in page.text
    assert 'href="/tiket/proses.csv?status=proses&amp;urut=terbaru"' in page.text


# The list behind the numbers of a dashboard


@pytest.mark.requirement("R2", "R132")
def test_the_list_behind_numbers_ignores_what_nobody_offered(cast):
    ticket_at(cast, "in_progress", 1)
    client = signed_in(cast.helpdesk)
    nonsense = [
        "status=apa",
        "kategori=tidak-ada",
        "dari=kapan",
        "dari=9999-12-31&sampai=9999-12-31&tindakan=",
        "sampai=9999-12-31",
    ]

    answers = {query: client.get(f"/tiket/rincian/?{query}") for query in nonsense}

    assert {query: page.status_code for query, page in answers.items()} == dict.fromkeys(
        nonsense, 200
    )
    assert {q: len(page.context["rows"]) for q, page in answers.items() if "9999" not in q} == {
        query: 1 for query in nonsense if "9999" not in query
    }


@pytest.mark.requirement("R2", "R132")
@pytest.mark.parametrize(
    "query",
    [
        "petugas=99999999999999999999999",
        "petugas=abc",
        "petugas={stranger}",
        "petugas={stranger}&tindakan=diambil",
        "petugas={stranger}&dipegang=ya",
        "lpse=tidak-ada",
        "provinsi=%00",
        "tindakan=hapus",
        "klasifikasi=x",
        "giliran=y",
        "dipegang=z",
    ],
)
def test_a_condition_that_cannot_be_read_lists_nothing_rather_than_too_much(cast, query):
    ticket_at(cast, "in_progress", 1)
    client = signed_in(cast.helpdesk)

    page = client.get(f"/tiket/rincian/?{query.format(stranger=Cast().helpdesk.pk)}")

    assert page.status_code == 200
    assert page.context["rows"] == []


@pytest.mark.requirement("R2")
def test_a_list_of_acts_says_that_its_days_are_those_of_the_act(cast):
    client = signed_in(cast.helpdesk)

    assert ">Tindakan dari</label>" in client.get("/tiket/rincian/?tindakan=diambil").text
    assert ">Dibuat dari</label>" in client.get("/tiket/rincian/").text


@pytest.mark.requirement("R132")
def test_an_officer_of_another_office_is_not_named_by_their_number(cast):
    stranger = Cast().helpdesk
    stranger.name = "Nama Rahasia"
    stranger.save()

    page = signed_in(cast.helpdesk).get(f"/tiket/rincian/?petugas={stranger.pk}&tindakan=diambil")

    assert "Nama Rahasia" not in page.text


@pytest.mark.requirement("R2")
def test_the_list_behind_a_number_says_how_many_and_which_and_keeps_it_while_filtering(cast):
    ticket_at(cast, "in_progress", 1)
    ticket_at(cast, "new", 1)
    url = f"/tiket/rincian/?tindakan=diambil&petugas={cast.helpdesk.pk}"

    page = signed_in(cast.helpdesk).get(url)

    assert "<b data-count>1</b> tiket: diambil, Bagas Pramudyo" in page.text
    assert '<input type="hidden" name="tindakan" value="diambil"' in page.text


@pytest.mark.requirement("R2", "R21")
@pytest.mark.parametrize(("name", "path"), [("helpdesk", "rincian"), ("penyedia", "daftar")])
def test_the_list_behind_a_number_leads_back_to_the_dashboard_of_the_same_days(cast, name, path):
    page = signed_in(getattr(cast, name)).get(f"/tiket/{path}/?dari=2026-03-01&sampai=2026-04-02")

    assert 'class="back" href="/dashboard/?dari=2026-03-01&amp;sampai=2026-04-02"' in page.text


@pytest.mark.requirement("R14")
@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/dashboard/petugas.xlsx?periode=30-hari", "/dashboard/"),
        ("/tiket/baru.csv", "/tiket/"),
        ("/tiket/rincian/?status=baru", "/tiket/rincian/?status=baru"),
    ],
)
def test_who_wanted_a_file_arrives_after_signing_in_at_its_page(client, cast, wanted, led_to):
    client.get(wanted)

    client.force_login(cast.helpdesk)

    assert client.get("/masuk/lanjut/").url == led_to


@pytest.mark.requirement("R14")
def test_what_a_script_asked_for_is_not_where_a_person_wants_to_go(client, cast):
    client.get("/tiket/rincian/")
    client.get("/dashboard/grafik/kategori/", headers={"Sec-Fetch-Dest": "empty"})

    client.force_login(cast.helpdesk)

    assert client.get("/masuk/lanjut/").url == "/tiket/rincian/"
