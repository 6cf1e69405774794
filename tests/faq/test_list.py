"""The questions that everybody may read, by topic and by search (R60-R63)."""

import pytest
from django.test import Client

from accounts.roles import Role
from faq import search
from faq.models import Article, Topic
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def found(client, words):
    return [item.question for item in client.get("/faq/", {"q": words}).context["found"]]


@pytest.mark.requirement("R60", "R63")
def test_published_articles_are_public_by_topic_and_drafts_are_not(client, article, topic):
    first = Topic.objects.create(name="Pendaftaran", slug="pendaftaran", position=1)
    shown = [article("Jadwal"), article("Sandi", topic=first)]
    article("Rahasia", is_published=False)

    page = client.get("/faq/")

    assert list(page.context["articles"]) == shown[::-1]
    assert "Jawaban Sandi" in page.text
    assert "Rahasia" not in page.text


@pytest.mark.requirement("R61")
def test_each_question_leads_to_its_full_answer(client, article):
    one = article("Bagaimana mengganti sandi?")

    page = client.get("/faq/")

    assert f'<a href="{one.get_absolute_url()}">Selengkapnya' in page.text


def test_without_articles_the_page_says_so(client):
    assert "Belum ada pertanyaan yang diterbitkan" in client.get("/faq/").text


@pytest.mark.parametrize("path", ["/faq/", "/faq/?q=pertanyaan", "/faq/?q=tiadasama"])
@pytest.mark.parametrize("role", [None, Role.PENYEDIA, Role.LKPP_L1])
def test_the_pages_cost_the_same_whatever_the_number_of_articles(
    client, article, path, role, django_assert_num_queries
):
    if role:
        client.force_login(make_user(role))
    article("Pertanyaan pertama")
    client.get(path)
    before = 0 if role is None else 3  # session, person, waiting tickets
    expected = before + (2 if "tiadasama" in path else 1)

    with django_assert_num_queries(expected):
        client.get(path)
    for n in range(30):
        article(f"Pertanyaan {n}", slug=f"lagi-{n}")
    with django_assert_num_queries(expected):
        client.get(path)


@pytest.mark.requirement("R63")
@pytest.mark.parametrize("words", ["membatalkan", "dibatalkan", "pembatalan", "BATAL", "pemba"])
def test_search_finds_every_form_of_a_word_and_its_beginning(client, article, words):
    article("Bagaimana pembatalan paket?")
    article("Bagaimana mendaftar?")

    assert found(client, words) == ["Bagaimana pembatalan paket?"]


@pytest.mark.requirement("R63")
def test_the_best_answer_stands_first(client, article):
    article("Apa itu SIKaP?", body="Bandingkan dengan agregasi.")
    article("Mengapa data kosong?", short_answer="Karena agregasi belum aktif.")
    article("Apa itu agregasi?")

    expected = ["Apa itu agregasi?", "Mengapa data kosong?", "Apa itu SIKaP?"]
    assert found(client, "agregasi") == expected


@pytest.mark.requirement("R63")
def test_found_words_are_marked_and_counted(client, article):
    article("Bagaimana pembatalan paket?", short_answer="Batalkan di menu Paket.")

    page = client.get("/faq/?q=membatalkan")

    assert "Bagaimana <mark>pembatalan</mark> paket?" in page.text
    assert "<mark>Batalkan</mark> di menu Paket." in page.text
    assert "1 artikel untuk “membatalkan”" in page.text


def test_a_word_of_the_full_answer_is_shown_with_what_stands_around_it(client, article):
    article(
        "Mengapa gagal?", body="## Sebab\n\nSertifikat **kedaluwarsa** di [server](https://x.id)."
    )

    page = client.get("/faq/?q=kedaluwarsa")

    assert "Sertifikat <mark>kedaluwarsa</mark> di server …" in page.text


def test_marks_leave_everything_else_text(client, article):
    article('<script>alert("sandi")</script>', short_answer="<img src=x onerror=alert(1)> sandi")

    page = client.get("/faq/?q=sandi").text

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(&quot;sandi&quot;)" in page
    assert "&lt;img src=x onerror=alert(1)&gt; <mark>sandi</mark>" in page


ODD = [
    *("foo & (", "':*", "!!", '"', "-", "%", "_", "&|!():*'\\", "\0", "a\0b", "<b>", "a_b"),
    *("-" * 64 + "a", "-" * 64, "sandi " + "- -" * 30 + "a", "-a " * 60, "a" + " --b" * 40),
    *("𝔸²½", "sandi -sandi", "or or or", "x" * 10_000, "é" * 300, "١٢٣", "\x02\x03"),
]


@pytest.mark.parametrize("words", ODD)
def test_no_input_breaks_the_search(client, article, words):
    article("Bagaimana mengganti sandi?")

    page = client.get("/faq/", {"q": words})

    assert page.status_code == 200


def test_what_is_typed_comes_back_as_text(client):
    page = client.get("/faq/", {"q": '"><script>alert(1)</script>'})

    assert "<script>alert" not in page.text


@pytest.mark.requirement("R63")
def test_who_finds_nothing_is_told_the_next_step(client, article):
    article("Bagaimana mengganti sandi?")
    reporter = Client()
    reporter.force_login(make_user(Role.PPK))

    stranger_reads = client.get("/faq/?q=mengganti+kulkas").text
    reporter_reads = reporter.get("/faq/?q=mengganti+kulkas").text

    assert "Tidak ada artikel yang memuat “mengganti kulkas”" in stranger_reads
    assert "Mungkin yang Anda maksud" in stranger_reads
    assert "Bagaimana mengganti sandi?" in stranger_reads
    assert "Masuk lewat SPSE" in stranger_reads
    assert 'href="/tiket/buat/">Buat tiket' in reporter_reads


def test_more_results_than_are_shown_are_announced(client, article):
    for n in range(51):
        article(f"Sandi {n}")

    page = client.get("/faq/?q=sandi")

    assert len(page.context["found"]) == 50
    assert "Lebih dari 50 artikel" in page.text


def test_common_words_tell_nothing_of_a_title():
    assert search.telling_words("Saya tidak bisa login ke SPSE, kenapa?") == ["login"]


def test_an_article_is_never_loaded_with_what_only_the_database_reads(article):
    article("Sandi")

    assert Article.objects.get().get_deferred_fields() == {"search", "typed"}
