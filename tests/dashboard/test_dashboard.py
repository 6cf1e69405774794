"""The page around the figures: who has which, its cost, its period, tables and files."""

import csv
import io
import json
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from dashboard import tables
from dashboard.charts import Bar, Chart
from dashboard.period import months_before
from tests.cast import Cast, ticket_at
from tests.dashboard.world import NOW, at
from tests.factories import make_user

pytestmark = pytest.mark.django_db

MAIN = ["belum-dikerjakan", "belum-selesai", "pelapor", "versi", "kategori"]
CHARTS = {  # role: (main charts, extra charts, tables), as the guide and the issue name them
    "penyedia": (["tiket"], [], []),
    "ppk": (["tiket"], [], []),
    "helpdesk": (["bulan", *MAIN], [], ["Total Tiket Helpdesk LPSE"]),
    "admin_sistem": (MAIN, ["bulan"], ["Total Tiket Admin Sistem LPSE"]),
    "lkpp1": (["bulan", *MAIN, "provinsi"], [], ["Total Tiket LKPP Level 1", "Tiket per LPSE"]),
    "lkpp2": (["bulan", *MAIN, "provinsi"], [], ["Total Tiket LKPP Level 2", "Tiket per LPSE"]),
}
ACTED_HERE = ["Ayu Kedua", "Bagas Pramudyo", "Citra Pindah", "Dewi Berganti", "Eka Nonaktif"]
TITLES = {
    "bulan": "Jumlah Tiket LPSE (Overall) – Bulan",
    "belum-dikerjakan": "Tiket Pengguna Belum Dikerjakan",
    "belum-selesai": "Tiket Pengguna Belum Selesai",
    "pelapor": "Kategori Pelapor",
    "kategori": "Kategori Tiket",
    "versi": "Versi Aplikasi",
}


@pytest.fixture
def here(world):
    """The cast of the one LPSE."""
    return world[0]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def content(response):
    return b"".join(response.streaming_content)


def rows_of_csv(response):
    text = content(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def rows_of_xlsx(response):
    sheet = openpyxl.load_workbook(io.BytesIO(content(response))).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


# Who has which


@pytest.mark.requirement("R21", "R65", "R66", "R67", "R68", "R69", "R70", "R71", "R96", "R124")
@pytest.mark.parametrize("name", CHARTS)
def test_each_role_has_the_charts_and_tables_of_the_guide(cast, name):
    page = signed_in(getattr(cast, name)).get("/dashboard/")

    context = page.context
    assert (
        [chart.name for chart in context["charts"]],
        [chart.name for chart in context["extra"]],
        [table.title for table in context["tables"]],
    ) == CHARTS[name]
    for chart in [*context["charts"], *context["extra"]]:
        assert f'<h2 id="grafik-{chart.name}">{chart.title}</h2>' in page.text
        assert chart.title == TITLES.get(chart.name, chart.title)


@pytest.mark.requirement("R21")
def test_a_reporter_reads_the_three_figures_by_their_names(here):
    tiles = signed_in(here.penyedia).get("/dashboard/").context["tiles"]

    assert [(tile.label, tile.value) for tile in tiles] == [
        ("Tiket Belum Dikerjakan", "1"),
        ("Tiket Sedang Dikerjakan", "4"),
        ("Jumlah Tiket", "7"),
    ]


def test_an_administrator_is_told_why_there_are_no_figures():
    page = signed_in(make_user("", is_staff=True)).get("/dashboard/")

    assert "Administrator tidak melihat tiket" in page.text
    assert page.context["charts"] == []


# Charts


@pytest.mark.requirement("R65", "R66", "R67", "R68", "R69", "R70", "R73")
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("penyedia", ""),
        ("helpdesk", "?periode=30-hari"),
        ("admin_sistem", "?dari=2026-05-01&sampai=2026-10-20"),
        ("lkpp1", ""),
    ],
)
def test_a_chart_is_drawn_from_the_numbers_of_its_table(here, name, query):
    client = signed_in(getattr(here, name))
    page = client.get(f"/dashboard/{query}")

    for chart in [*page.context["charts"], *page.context["extra"]]:
        drawn = json.loads(client.get(f"/dashboard/grafik/{chart.name}/{query}").content)

        assert set(drawn) == {"data", "options"}
        [data] = drawn["data"]["datasets"]
        assert drawn["data"]["labels"] == [bar.short or bar.label for bar in chart.drawn]
        assert data["data"] == [bar.count for bar in chart.drawn]
        assert data["urls"] == [bar.url for bar in chart.drawn]
        assert sum(data["data"]) == sum(bar.count for bar in chart.bars)


def test_beyond_eight_categories_the_picture_has_one_bar_for_the_rest():
    counts = [9, 8, 7, 6, 5, 4, 3, 2, 1, 1]
    bars = [Bar(f"Kategori {n}", n, "/") for n in counts]
    bars.append(Bar("Belum diklasifikasikan", 4, "/"))
    chart = Chart("kategori", "", "Kategori Tiket", "lying", bars, Bar("tiket", 50, "/"), most=8)

    assert [bar.count for bar in chart.drawn] == [9, 8, 7, 6, 5, 4, 3, 2, 2, 4]
    assert chart.drawn[8].label == "Kategori Tiket lainnya"
    assert chart.remark == ", 8 terbanyak dari 10"
    nine = chart._replace(bars=bars[:9])
    assert (nine.drawn, nine.remark) == (nine.bars, "")


@pytest.mark.requirement("R73")
def test_a_months_bar_says_when_the_period_holds_only_a_part_of_it(here):
    chart = signed_in(here.helpdesk).get("/dashboard/?periode=3-bulan").context["charts"][0]

    assert [(bar.label, bar.is_partial) for bar in chart.bars] == [
        ("Agustus 2026", True),
        ("September 2026", False),
        ("Oktober 2026", False),
        ("November 2026", True),
    ]


@pytest.mark.requirement("R132")
@pytest.mark.parametrize(
    ("name", "missing"),
    [("penyedia", "kategori"), ("helpdesk", "provinsi"), ("helpdesk", "tiket"), ("lkpp1", "x")],
)
def test_nobody_reads_the_data_of_a_chart_of_another_role(cast, name, missing):
    client = signed_in(getattr(cast, name))

    assert client.get(f"/dashboard/grafik/{missing}/").status_code == 404
    assert client.get(f"/dashboard/{missing}.csv").status_code == 404


@pytest.mark.requirement("R132")
@pytest.mark.parametrize(
    ("name", "table"), [("penyedia", "petugas"), ("helpdesk", "lpse"), ("admin_sistem", "lpse")]
)
def test_nobody_downloads_a_table_of_another_role(cast, name, table):
    assert signed_in(getattr(cast, name)).get(f"/dashboard/{table}.xlsx").status_code == 404


# Cost


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", CHARTS)
def test_the_page_costs_at_most_eight_queries_whatever_the_number_of_tickets(cast, name):
    client = signed_in(getattr(cast, name))
    ticket_at(cast, "new", 4)
    few = queries_of(client, "/dashboard/")

    for place in (("new", 4), ("closed", 4), ("awaiting_feedback", 3), ("new", 1)):
        ticket_at(cast, *place)
    ticket_at(Cast(), "closed", 4)

    assert queries_of(client, "/dashboard/") == few <= 8


@pytest.mark.parametrize("chart", ["bulan", *MAIN])
def test_a_chart_costs_one_query_beside_those_of_the_session(cast, chart):
    client = signed_in(cast.helpdesk)
    of_session = 2

    assert queries_of(client, f"/dashboard/grafik/{chart}/") - of_session == 1

    for place in (("new", 4), ("closed", 4), ("new", 1)):
        ticket_at(cast, *place)
    assert queries_of(client, f"/dashboard/grafik/{chart}/") - of_session == 1


# Period


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 24), 3, date(2026, 8, 24)),
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
    ],
)
def test_months_before_a_day_keep_the_day_or_end_with_the_month(day, months, expected):
    assert months_before(day, months) == expected


@pytest.mark.requirement("R73")
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "25 November 2025 sampai 24 November 2026"),
        ("?periode=12-bulan", "25 November 2025 sampai 24 November 2026"),
        ("?periode=3-bulan", "25 Agustus 2026 sampai 24 November 2026"),
        ("?periode=30-hari", "26 Oktober 2026 sampai 24 November 2026"),
        ("?dari=2026-01-05&sampai=2026-02-03", "5 Januari 2026 sampai 3 Februari 2026"),
        ("?periode=khusus&dari=2026-11-01", "1 November 2026 sampai 24 November 2026"),
        ("?periode=khusus&dari=2026-11-01&sampai=2030-01-01", "1 November 2026 sampai 24"),
        ("?periode=selamanya", "25 November 2025 sampai 24 November 2026"),
        ("?dari=kapan&sampai=2026-02-03", "25 November 2025 sampai 24 November 2026"),
        ("?dari=0001-01-01&sampai=0001-01-02", "sampai 1 Januari 2000"),
        ("?periode=30-hari&dari=2026-01-01", "26 Oktober 2026 sampai 24 November 2026"),
    ],
)
def test_the_period_is_told_in_days_and_nonsense_is_the_last_twelve_months(cast, query, told):
    with at(NOW):
        page = signed_in(cast.helpdesk).get(f"/dashboard/{query}")

    assert page.status_code == 200
    assert told in page.text


def test_days_in_the_wrong_order_are_told_at_the_field(cast):
    page = signed_in(cast.helpdesk).get("/dashboard/?dari=2026-03-02&sampai=2026-03-01")

    assert (
        "Tanggal ‘Sampai’ tidak boleh lebih awal daripada ‘Dari’. Yang ditampilkan: 12 bulan"
        in page.text
    )


# Tables


@pytest.mark.requirement("R71", "R96")
def test_the_table_of_officers_can_be_sorted_by_every_column_both_ways(here):
    client = signed_in(here.helpdesk)
    table = client.get("/dashboard/").context["tables"][0]
    assert [row.name for row in table.rows] == ACTED_HERE

    for column, heading in zip(table.columns, table.headings, strict=True):
        for term, is_backwards in ((column.name, False), (f"-{column.name}", True)):
            sorted_by = client.get(f"/dashboard/?urut_petugas={term}").context["tables"][0]
            values = [column.value(row) for row in sorted_by.rows if column.value(row) is not None]

            assert values == sorted(values, reverse=is_backwards)
        assert column.name in heading["url"]


@pytest.mark.requirement("R71")
def test_the_heading_that_sorts_says_so_and_turns_round(here):
    page = signed_in(here.helpdesk).get("/dashboard/?periode=3-bulan&urut_petugas=-total")

    heading = [h for h in page.context["tables"][0].headings if h["sorted"]]
    assert heading == [
        {
            "label": "Total diambil",
            "is_number": True,
            "url": "?periode=3-bulan&urut_petugas=total#tabel-petugas",
            "sorted": "descending",
        }
    ]
    assert page.text.count("aria-sort=") == 1


@pytest.mark.requirement("R71")
@pytest.mark.parametrize("term", ["kata-sandi", "-", "", "user__password", "--total"])
def test_an_order_that_nobody_offers_leaves_the_tables_own(here, term):
    page = signed_in(here.helpdesk).get(f"/dashboard/?urut_petugas={term}")

    assert page.context["tables"][0].order == "petugas"


@pytest.mark.requirement("R71")
def test_officers_who_left_are_named_as_such_while_their_acts_count(here):
    here.second.is_active = False
    here.second.save()

    page = signed_in(here.helpdesk).get("/dashboard/")

    assert "Ayu Kedua (nonaktif)" in page.text
    assert "Bagas Pramudyo (nonaktif)" not in page.text


@pytest.mark.requirement("R71", "R132")
def test_officers_of_other_lpse_and_levels_are_not_in_the_table(here):
    make_user(Role.LPSE_L1, name="Orang Lain")
    make_user(Role.LPSE_L2, here.lpse, name="Admin Lain")

    names = [row.name for row in
             signed_in(here.helpdesk).get("/dashboard/").context["tables"][0].rows]  # fmt: skip

    assert names == ACTED_HERE


@pytest.mark.requirement("R124")
def test_the_table_by_lpse_shows_the_first_and_then_all(here, monkeypatch):
    monkeypatch.setattr("dashboard.views.OFFICES_AT_FIRST", 1)
    client = signed_in(here.lkpp1)

    first, everything = (
        client.get(f"/dashboard/{query}").context["tables"][1] for query in ("", "?semua=ya")
    )

    assert [len(first.lines), first.is_cut] == [1, True]
    assert [len(everything.lines), everything.is_cut] == [2, False]


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(0, "0 m"), (48, "48 m"), (82, "1 j 22 m"), (1440, "1 hari 0 j"), (3130, "2 hari 4 j")],
)
def test_durations_are_told_in_days_hours_and_minutes(minutes, told):
    assert tables.duration(timedelta(minutes=minutes)) == told


# Files


@pytest.mark.requirement("R73")
@pytest.mark.parametrize("name", ["penyedia", "helpdesk", "admin_sistem", "lkpp1", "lkpp2"])
def test_every_table_of_the_page_can_be_downloaded_with_the_same_figures(here, name):
    client = signed_in(getattr(here, name))
    page = client.get("/dashboard/?periode=3-bulan")

    for chart in [*page.context["charts"], *page.context["extra"]]:
        expected = [[chart.heading, "Jumlah tiket"], *([b.label, b.count] for b in chart.bars)]
        as_xlsx = rows_of_xlsx(client.get(f"/dashboard/{chart.name}.xlsx?periode=3-bulan"))
        as_csv = rows_of_csv(client.get(f"/dashboard/{chart.name}.csv?periode=3-bulan"))
        assert as_xlsx == expected
        assert as_csv == [[str(value) for value in row] for row in expected]
    for table in page.context["tables"]:
        as_xlsx = rows_of_xlsx(client.get(f"/dashboard/{table.name}.xlsx?periode=3-bulan"))
        assert as_xlsx[0] == table.file_header
        assert len(as_xlsx) == len(table.rows) + 1


@pytest.mark.requirement("R73", "R131")
def test_the_file_of_officers_says_its_units_and_that_of_lpse_its_zone(here):
    client = signed_in(here.lkpp1)

    officers = rows_of_csv(client.get("/dashboard/petugas.csv"))
    offices = rows_of_xlsx(client.get("/dashboard/lpse.xlsx"))

    assert officers == [
        [
            *("Petugas", "Total diambil", "Dipegang sekarang", "Diselesaikan"),
            *("Dikembalikan (Belum)", "Dieskalasi", "Waktu ambil (median, menit)"),
            *("Waktu selesai (median, menit)", "Penilaian (rata-rata, 1–5)", "Jumlah penilaian"),
        ],
        ["Ratih Kusumaningdyah", "4", "2", "2", "2", "2", "930", "780", "", "0"],
    ]
    assert offices[0][2] == "Menunggu sejak (WIB)"
    assert [row[0] for row in offices[1:]] == ["LPSE Kota Sana", "LPSE Kota Sini"]
    assert all(isinstance(row[2], datetime) for row in offices[1:])


@pytest.mark.requirement("R73")
def test_a_file_is_named_after_its_table_and_days_and_is_not_kept_by_the_browser(here):
    response = signed_in(here.helpdesk).get("/dashboard/petugas.csv?periode=30-hari")

    assert response["Content-Disposition"] == (
        'attachment; filename="total-tiket-helpdesk-lpse-2026-10-26-sampai-2026-11-24.csv"'
    )
    assert "no-store" in response["Cache-Control"]


@pytest.mark.requirement("R73")
@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_name_that_looks_like_a_formula_is_written_as_harmless_text(here, extension):
    here.helpdesk.name = '=HYPERLINK("http://jahat.example","klik")'
    here.helpdesk.save()
    read = {"csv": rows_of_csv, "xlsx": rows_of_xlsx}[extension]

    rows = read(signed_in(here.helpdesk).get(f"/dashboard/petugas.{extension}"))

    assert '\'=HYPERLINK("http://jahat.example","klik")' in [row[0] for row in rows]
