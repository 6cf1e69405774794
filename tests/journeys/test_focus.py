"""Where the focus goes, what is read out, and what is told without colours or motion (R133)."""

import re

import pytest
from playwright.sync_api import expect

from faq.models import Article, Topic
from tests.cast import Cast, ticket_at

pytestmark = pytest.mark.requirement("R3", "R133")


@pytest.fixture
def cast(bandung):
    return Cast(bandung)


def test_the_focus_goes_into_a_pop_up_and_back_to_what_opened_it(cast, person):
    ticket = ticket_at(cast)
    officer = person().is_already_in(cast.helpdesk).goes_to("/tiket/baru/")
    page, opener = officer.page, officer.row(str(ticket)).get_by_role("link", name="Ambil Tiket")
    take = page.get_by_role("dialog", name="Ambil Tiket")
    question = page.get_by_role("dialog", name="Konfirmasi")

    # The form of a row, in a pop-up: its title first, back to the row by Escape
    opener.press("Enter")
    expect(take.get_by_role("heading", name="Ambil Tiket")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()

    # The question over it: its title, never 'Oke'; back to the button by 'Batal' and by Escape
    opener.press("Enter")
    officer.classifies()
    button = take.get_by_role("button", name="Ambil Tiket", exact=True)
    for leave in (officer.says_batal, lambda: page.keyboard.press("Escape")):
        button.press("Enter")
        expect(question.get_by_role("heading", name="Konfirmasi")).to_be_focused()
        leave()
        expect(button).to_be_focused()
    take.get_by_role("link", name="Kembali").press("Enter")
    expect(opener).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_summary_of_errors_leads_to_each_field(cast, person, scripts):
    ticket = ticket_at(cast, "in_progress")
    officer = person(java_script_enabled=scripts).is_already_in(cast.helpdesk)
    officer.goes_to(f"{ticket.get_absolute_url()}review/")
    summary = officer.page.get_by_role("alert").filter(has_text="perlu diperbaiki")
    outcomes = officer.form.get_by_role("group", name="Hasil Review")

    officer.submits("Kirim Review")

    expect(summary).to_have_accessible_name(re.compile(r"^Ada \d isian yang perlu diperbaiki$"))
    if scripts:
        expect(summary).to_be_focused()
    expect(outcomes).to_have_accessible_description(re.compile("Pilih hasil review."))
    summary.get_by_role("link", name="Pilih hasil review.").click()
    if scripts:
        expect(outcomes.get_by_role("radio").first).to_be_focused()
    else:
        officer.page.keyboard.press("Tab")
        expect(outcomes.get_by_role("radio").first).to_be_focused()


def test_what_a_filter_or_a_search_found_is_read_out(cast, person):
    ticket_at(cast, "in_progress", title="Tidak bisa login")
    topic = Topic.objects.create(name="Dokumen", slug="dokumen")
    Article.objects.create(
        topic=topic, question="Mengapa unggah dokumen gagal?", slug="unggah",
        short_answer="Perkecil berkas.", is_published=True,
    )  # fmt: skip
    officer = person().is_already_in(cast.helpdesk).goes_to("/tiket/proses/")
    page = officer.page

    officer.searches("login")
    expect(page.get_by_role("status").filter(has_text="1 tiket sesuai saringan")).to_be_focused()
    officer.searches("kulkas")
    expect(page.get_by_role("status", name="Tidak ada tiket yang sesuai")).to_be_focused()
    page.go_back()
    page.wait_for_url(re.compile("cari=login"))
    found = page.get_by_role("status").filter(has_text="1 tiket sesuai")
    expect(found).to_be_visible()
    expect(found).not_to_be_focused()

    page.goto("/faq/?q=dokumen")
    expect(page.get_by_role("heading", name="1 artikel untuk “dokumen”")).to_be_focused()
    page.goto("/masuk/lpse/?lpse=bandung")
    expect(page.get_by_role("heading", name="Hasil pencarian: 1 LPSE")).to_be_focused()

    reporter = person().is_already_in(cast.penyedia).goes_to("/tiket/buat/")
    reporter.form.get_by_label("Judul").fill("Unggah dokumen gagal terus")
    told = reporter.page.get_by_role("status").filter(has_text="1 jawaban FAQ")
    expect(told).to_have_count(1)


def test_arrows_pass_by_the_choices_of_a_filter_until_enter(cast, person):
    ticket_at(cast, "in_progress")
    page = person().is_already_in(cast.helpdesk).goes_to("/tiket/proses/").page
    priority = page.get_by_role("combobox", name="Prioritas")

    priority.press("ArrowDown")
    priority.press("ArrowDown")
    chosen = priority.input_value()
    expect(priority).to_be_focused()
    assert "prioritas" not in page.url
    priority.press("Enter")

    page.wait_for_url(re.compile(rf"prioritas={chosen}"))


def test_what_is_chosen_shows_where_the_system_takes_all_colours(cast, person):
    """Forced colours: backgrounds and shadows are gone, so borders and outlines must tell."""
    ticket = ticket_at(cast, "closed")
    reporter = person(forced_colors="active").is_already_in(cast.penyedia)
    page = reporter.goes_to(f"{ticket.get_absolute_url()}penilaian/").page
    border = "(radio) => getComputedStyle(radio.closest('label')).borderTopWidth"
    two, three = (page.get_by_role("radio", name=re.compile(f"^{n} bintang")) for n in (2, 3))
    two.check()
    page.keyboard.press("ArrowRight")

    expect(three).to_be_checked()
    assert (two.evaluate(border), three.evaluate(border)) == ("1px", "3px")
    outline = "(radio) => getComputedStyle(radio.closest('label')).outlineStyle"
    assert (two.evaluate(outline), three.evaluate(outline)) == ("none", "solid")
    tabs = page.get_by_role("navigation", name="Utama").get_by_role("link")
    lines = {
        tab.get_attribute("aria-current"): tab.evaluate(
            "(tab) => getComputedStyle(tab).borderBottomColor"
        )
        for tab in tabs.all()
    }
    assert len(lines) == len(set(lines.values())) == 2


def test_nothing_moves_for_those_who_asked_for_rest(bandung, person):
    page = person().goes_to("/faq/").page

    moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return parseFloat(style.transitionDuration) || style.animationName !== "none"
        || style.scrollBehavior === "smooth";
    }).map((element) => element.outerHTML.slice(0, 80))""")

    assert moving == []
