"""Answers before a ticket is needed: a visitor looks them up, a reporter meets them (R60-R64)."""

import re

import pytest
from playwright.sync_api import expect

from faq.models import Article, Opinion
from tests.cast import Cast, fill_articles
from tests.journeys.people import starting_with
from tickets.models import Ticket

APENDO = "Apendo gagal kirim"
TITLE = "Apendo berhenti saat mengirim penawaran"


@pytest.fixture
def cast(bandung):
    fill_articles()
    return Cast(bandung)


def suggested(person):
    return person.page.get_by_role("complementary", name="Bantuan mengisi tiket")


@pytest.mark.requirement("R60", "R61", "R62", "R63")
def test_a_visitor_reads_searches_and_says_whether_it_helped(cast, person):
    visitor = person().goes_to("/faq/")
    article = Article.objects.get(question=APENDO)

    # The accordion, and on to the full answer
    visitor.does_not_see("Tidak ada artikel")
    answer = visitor.page.get_by_text(article.short_answer[:40])
    expect(answer).to_be_hidden()
    visitor.page.get_by_text(APENDO, exact=True).click()
    expect(answer).to_be_visible()
    visitor.follows("Selengkapnya")
    visitor.is_at(APENDO)
    visitor.page.get_by_role("button", name="Ya", exact=True).click()
    visitor.is_told("Terima kasih. Jawaban Anda membantu kami memperbaiki artikel.")
    visitor.goes_back()

    # The search
    search = visitor.page.get_by_role("search")
    search.get_by_label("Cari pertanyaan").fill("pengiriman apendo")
    search.get_by_role("button", name="Cari").click()
    expect(visitor.page.locator("mark").first).to_be_visible()
    visitor.sees("artikel untuk “pengiriman apendo”")

    assert Opinion.objects.get().is_helpful


@pytest.mark.requirement("R64")
def test_a_reporter_is_answered_while_typing_and_sends_no_ticket(cast, person):
    reporter = person().is_already_in(cast.penyedia).goes_to("/tiket/buat/")
    title = reporter.form.get_by_label(starting_with("Judul"))
    reporter.form.get_by_label(starting_with("Deskripsi")).fill("Berhenti di 80%.")

    title.press_sequentially("Kulkas bocor")
    expect(suggested(reporter).get_by_text("Mungkin sudah terjawab")).to_have_count(0)
    title.fill("")
    title.press_sequentially(TITLE)
    suggested(reporter).get_by_text(APENDO, exact=True).click()
    with reporter.page.context.expect_page() as opened:
        suggested(reporter).get_by_role("link", name=re.compile(APENDO)).click()
    expect(opened.value.get_by_role("heading", level=1, name=APENDO)).to_be_visible()
    expect(title).to_have_value(TITLE)
    suggested(reporter).get_by_role("button", name=re.compile(APENDO)).click()

    reporter.is_told("Terima kasih, pertanyaan Anda terjawab. Tidak ada tiket yang dibuat.")
    assert Opinion.objects.get().was_answered
    assert not Ticket.objects.exists()
    reporter.goes_to("/tiket/buat/")  # who needs a ticket after all types nothing again
    expect(title).to_have_value(TITLE)


@pytest.mark.requirement("R64")
def test_without_javascript_the_answer_stands_before_the_ticket_is_sent(cast, person):
    reporter = person(java_script_enabled=False).is_already_in(cast.ppk).goes_to("/tiket/buat/")
    reporter.describes(TITLE, "Berhenti di 80%.")
    reporter.form.get_by_label("No. NIP").fill("197803122005011003")

    reporter.submits("Kirim")
    reporter.is_asked("Tiket tidak dapat diubah setelah dikirim. Kirim tiket?")
    reporter.page.get_by_text(APENDO, exact=True).click()
    reporter.page.get_by_role("button", name=re.compile(APENDO)).click()

    reporter.is_told("Terima kasih, pertanyaan Anda terjawab. Tidak ada tiket yang dibuat.")
    assert not Ticket.objects.exists()
