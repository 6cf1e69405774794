"""Dashboards in a browser: drawn, readable as tables, by keyboard and without a script."""

import pytest
from playwright.sync_api import expect

from tests.cast import Cast, ticket_at

DRAWN = """figure => {
  const canvas = figure.querySelector("canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height); // Chromium warns of reading ours
  const context = copy.getContext("2d", {willReadFrequently: true});
  context.drawImage(canvas, 0, 0);
  const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
  return pixels.some((value) => value > 0);
}"""


@pytest.fixture
def cast(bandung):
    cast = Cast(bandung)
    for place in (("new", 1), ("in_progress", 1), ("awaiting_feedback", 2), ("closed", 4)):
        ticket_at(cast, *place)
    return cast


def figure(someone, title):
    return someone.page.get_by_role("region", name=title, exact=True)


@pytest.mark.requirement("R3", "R65", "R67", "R71", "R73", "R133")
def test_an_officer_reads_the_charts_opens_one_as_a_table_and_follows_a_number(cast, person):
    officer = person().is_already_in(cast.helpdesk)

    officer.goes_to("/dashboard/")

    for title in ("Jumlah Tiket LPSE (Overall) – Bulan", "Kategori Pelapor", "Kategori Tiket"):
        expect(figure(officer, title).get_by_role("table")).to_be_hidden()
        officer.page.wait_for_function(DRAWN, arg=figure(officer, title).element_handle())
    officer.pictures("01-drawn")
    chart = figure(officer, "Kategori Pelapor")
    chart.get_by_text("Lihat sebagai tabel").click()
    chart.get_by_role("link", name="4 tiket: Penyedia").click()
    officer.is_at("Tiket yang Dihitung")
    officer.sees("4 tiket")
    expect(officer.page.get_by_role("row")).to_have_count(5)
    officer.pictures("02-list-behind-a-number")
    officer.page.get_by_role("link", name="Kembali ke Dashboard").click()
    table = figure(officer, "Total Tiket Helpdesk LPSE")
    table.get_by_role("link", name="Total diambil").click()
    heading = officer.page.get_by_role("columnheader", name="Total diambil")
    expect(heading).to_have_attribute("aria-sort", "descending")


@pytest.mark.requirement("R73")
def test_a_period_of_ones_own_shows_its_two_days_and_counts_them(cast, person):
    officer = person().is_already_in(cast.helpdesk)
    officer.goes_to("/dashboard/")
    expect(officer.page.get_by_label("Dari", exact=True)).to_be_hidden()

    officer.page.get_by_role("combobox", name="Periode").select_option("khusus")
    officer.page.get_by_label("Dari", exact=True).fill("2020-01-01")
    officer.page.get_by_label("Sampai").fill("2020-01-31")
    officer.page.get_by_role("button", name="Terapkan").click()

    officer.sees("1 Januari 2020 sampai 31 Januari 2020")
    officer.sees("Belum ada tiket dalam periode ini.")


@pytest.mark.requirement("R3", "R21", "R73", "R133")
@pytest.mark.parametrize("name", ["penyedia", "lkpp1"])
def test_without_javascript_the_tables_stand_open(cast, person, name):
    someone = person(java_script_enabled=False).is_already_in(getattr(cast, name))

    someone.goes_to("/dashboard/")

    tables = someone.page.get_by_role("table")
    for place in range(tables.count()):
        expect(tables.nth(place)).to_be_visible()
    expect(someone.page.locator("canvas").first).to_be_hidden()
    someone.pictures(f"03-without-script-{name}")


@pytest.mark.requirement("R73")
def test_a_file_is_downloaded_under_its_name(cast, person):
    officer = person().is_already_in(cast.lkpp1)
    officer.goes_to("/dashboard/")

    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="Unduh XLSX Tiket per LPSE").click()

    assert download.value.suggested_filename.startswith("tiket-per-lpse-")
    assert download.value.suggested_filename.endswith(".xlsx")
