"""One article: who reads it, what its Markdown becomes, whether it helped (R61-R63)."""

import re
import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from faq.markdown import render
from faq.models import Article, Opinion
from tests.cast import Cast
from tests.factories import make_user
from tests.faq.people import signed_in

pytestmark = pytest.mark.django_db


# Who reads what

AUDIENCES = ("public", "reporters", "officers")
OWN = {f"{audience} {place}" for audience in AUDIENCES for place in ("nasional", "sini")}
EVERYTHING = {f"{a} {p}" for a in AUDIENCES for p in ("nasional", "sini", "sana")}
FOR_REPORTERS = {item for item in OWN if not item.startswith("officers")}


@pytest.fixture
def written(cast, article):
    """Each audience × national, here, elsewhere; of each a draft too."""
    other = Cast()
    for audience in AUDIENCES:
        for place, lpse in {"nasional": None, "sini": cast.lpse, "sana": other.lpse}.items():
            article(f"{audience} {place}", slug=f"{audience}-{place}", audience=audience, lpse=lpse)
            article(
                f"draf {audience} {place}",
                slug=f"draf-{audience}-{place}",
                audience=audience,
                lpse=lpse,
                is_published=False,
            )


@pytest.mark.requirement("R63")
def test_everybody_reads_what_is_meant_for_them_and_no_draft(cast, written):
    readers = [
        (AnonymousUser(), {"public nasional"}),
        (make_user(""), {"public nasional"}),
        (cast.penyedia, FOR_REPORTERS),
        (cast.ppk, FOR_REPORTERS),
        (cast.helpdesk, OWN),
        (cast.admin_sistem, OWN),
        (cast.lkpp1, EVERYTHING),
        (cast.lkpp2, EVERYTHING),
        (make_user("", is_staff=True), EVERYTHING),
    ]

    for user, expected in readers:
        read = Article.objects.visible_to(user).values_list("question", flat=True)

        assert set(read) == expected, user


@pytest.mark.requirement("R63")
def test_list_search_page_and_suggestions_follow_the_same_rule(cast, written):
    hidden = "officers-sini", "public-sana", "draf-public-nasional"
    client = signed_in(cast.penyedia)

    pages = [client.get("/faq/"), client.get("/faq/?q=nasional"), client.get("/faq/?q=sini")]
    pages += [client.get("/faq/saran/?judul=sana"), client.get("/faq/saran/?judul=draf")]
    pages += [client.get("/faq/public-sini/")]

    for page in pages:
        assert page.status_code == 200
        assert [slug for slug in hidden if f"/faq/{slug}/" in page.text] == []
    for slug in hidden:
        assert client.get(f"/faq/{slug}/").text == client.get("/faq/tidak-ada/").text


def test_the_list_of_lkpp_holds_the_national_ones_and_search_finds_the_others(cast, written):
    client = signed_in(cast.lkpp1)

    listed = {item.question for item in client.get("/faq/").context["articles"]}
    found = {item.question for item in client.get("/faq/?q=sana").context["found"]}

    assert listed == {f"{audience} nasional" for audience in AUDIENCES}
    assert found == {f"{audience} sana" for audience in AUDIENCES}


# The page


@pytest.mark.requirement("R61", "R62")
def test_the_page_shows_the_answer_its_keeper_and_the_way_back(client, article, topic):
    one = article("Apa itu Apendo?", body="## Guna\n\nUntuk **sandi**.", short_answer="Aplikasi.")
    article("Apa itu .rhs?")

    page = client.get(one.get_absolute_url())

    assert "<h1>Apa itu Apendo?</h1>" in page.text
    assert "oleh LKPP" in page.text
    assert "<p>Aplikasi.</p>" in page.text
    assert "<h2>Guna</h2>\n<p>Untuk <strong>sandi</strong>.</p>" in page.text
    assert '<a class="btn btn-quiet" href="/faq/">Kembali</a>' in page.text
    assert [item.question for item in page.context["related"]] == ["Apa itu .rhs?"]


def test_the_next_step_is_that_of_the_reader(cast, client, article):
    path = article("Apa itu Apendo?").get_absolute_url()

    stranger, reporter = client.get(path).text, signed_in(cast.penyedia).get(path).text
    officer = signed_in(cast.helpdesk).get(path).text

    assert 'href="/akun/login/">Masuk</a>\n<a class="btn btn-quiet"' in stranger
    assert 'btn-primary" href="/tiket/buat/">Buat Tiket Baru' in reporter
    assert "btn-primary" not in officer


def test_an_article_of_one_lpse_says_whose_it_is_and_names_no_officer(cast, article):
    one = article("Jam layanan", lpse=cast.lpse, updated_by=cast.admin_sistem)

    page = signed_in(cast.penyedia).get(one.get_absolute_url()).text

    assert f"oleh {cast.lpse}" in page
    assert cast.admin_sistem.name not in page


def test_the_page_costs_two_queries_for_strangers(client, article, django_assert_num_queries):
    one = article("Apa itu Apendo?")
    for n in range(8):
        article(f"Lagi {n}")

    with django_assert_num_queries(2):
        client.get(one.get_absolute_url())


@pytest.mark.parametrize("slug", ["saran"])
def test_no_article_takes_the_address_of_another_page(topic, slug):
    one = Article(topic=topic, question="Saran", slug=slug, short_answer="Saran")

    with pytest.raises(ValidationError, match="Alamat ini dipakai"):
        one.full_clean()


def test_the_database_refuses_a_text_that_could_not_be_searched(article):
    with pytest.raises(IntegrityError), transaction.atomic():
        article("Panjang", body="a" * 20_001)


# Markdown

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[klik](javascript:alert(1))",
    "[klik](JaVaScRiPt&#58;alert(1))",
    "[klik](data:text/html;base64,PHNjcmlwdD4=)",
    "[klik](vbscript:x)",
    "![gambar](https://jahat.example/pelacak.png)",
    '[klik](/x "&quot; onclick=alert(1)")',
    '<a href="https://x.id" style="position:fixed" onclick="x()">x</a>',
    "<iframe src=//x></iframe>",
    "<div style='x'>",
    "`<svg onload=alert(1)>`",
    "|a|\n|-|\n|<b onclick=x>|",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_markdown_lets_no_harm_through(text):
    tags = re.findall(r"<[^>]*>", render(text).lower())

    for tag in tags:
        assert not re.match(r"<(script|img|iframe|svg|b |div (?!class=\"scroll))", tag)
        assert not re.search(r'href="(javascript|data|vbscript)|\s(style|on\w+)=', tag)


def test_markdown_makes_what_its_help_promises():
    text = "# Satu\n#### Empat\n- butir\n\n1. langkah\n\n**tebal** [a](https://x.id) [b](/faq/)"

    assert render(text) == (
        "<h2>Satu</h2>\n<h3>Empat</h3>\n<ul>\n<li>butir</li>\n</ul>\n<ol>\n<li>langkah</li>\n</ol>"
        '\n<p><strong>tebal</strong> <a href="https://x.id" rel="noopener noreferrer">a</a> '
        '<a href="/faq/" rel="noopener noreferrer">b</a></p>\n'
    )


def test_a_table_scrolls_by_itself():
    html = render("| a | b |\n|:--|--:|\n| 1 | 2 |")

    assert html.startswith('<div class="scroll" tabindex="0"><table class="tbl">')
    assert "style" not in html


@pytest.mark.parametrize("part", ["*", "[", "> ", "- ", "`", "![", "|a", "<", "\\", "**_", "[a]("])
def test_the_longest_odd_text_takes_no_time(part):
    started = time.process_time()

    render((part * 20_000)[:20_000])

    assert time.process_time() - started < 3


# Whether it helped


def counts(article):
    counted = Article.objects.with_counts().get(pk=article.pk)
    return counted.helpful, counted.unhelpful, counted.answered


@pytest.fixture
def one(article):
    return article("Apa itu Apendo?", slug="apendo")


def test_a_visitor_counts_once_and_may_think_again(client, one):
    for answer in ("ya", "ya", "tidak"):
        page = client.post("/faq/apendo/penilaian/", {"membantu": answer}, follow=True)

    assert "Terima kasih. Jawaban Anda membantu kami memperbaiki artikel." in page.text
    assert page.redirect_chain == [("/faq/apendo/#membantu", 302)]
    assert counts(one) == (0, 1, 0)


def test_each_person_counts_for_themselves_on_every_device(cast, client, one):
    client.post("/faq/apendo/penilaian/", {"membantu": "ya"})
    for user in (cast.penyedia, cast.penyedia, cast.helpdesk):
        signed_in(user).post("/faq/apendo/penilaian/", {"membantu": "ya"})

    assert counts(one) == (3, 0, 0)


def test_an_opinion_does_not_tell_whose_it_is(cast, client, one):
    client.post("/faq/apendo/penilaian/", {"membantu": "ya"})
    signed_in(cast.penyedia).post("/faq/apendo/penilaian/", {"membantu": "ya"})

    kept = list(Opinion.objects.values_list("visitor", flat=True))
    assert all(len(visitor) == 64 for visitor in kept)
    assert client.session.session_key not in kept


@pytest.mark.parametrize("typed", [{}, {"membantu": ""}, {"membantu": "mungkin"}])
def test_an_answer_that_is_none_counts_nothing(client, one, typed):
    page = client.post("/faq/apendo/penilaian/", typed, follow=True)

    assert "Pilih Ya atau Tidak." in page.text
    assert counts(one) == (0, 0, 0)


def test_a_vote_needs_the_token_of_our_page(one):
    client = Client(enforce_csrf_checks=True)

    assert client.post("/faq/apendo/penilaian/", {"membantu": "ya"}).status_code == 403


def test_a_flood_of_votes_is_stopped(one):
    for _ in range(31):
        page = Client().post("/faq/apendo/penilaian/", {"membantu": "ya"}, follow=True)

    assert page.status_code == 429
    assert "Terlalu banyak penilaian dari jaringan Anda" in page.text
    assert counts(one) == (30, 0, 0)


def test_nobody_votes_on_what_they_may_not_read(cast, client, article):
    article("Rahasia", slug="rahasia", audience="officers")

    for visitor in (client, signed_in(cast.penyedia)):
        answer = visitor.post("/faq/rahasia/penilaian/", {"membantu": "ya"})

        assert answer.status_code == 404
    assert not Opinion.objects.exists()


# Suggestions (R64)


@pytest.mark.requirement("R64")
def test_a_title_finds_articles_stemmed_or_half_typed_and_the_best_first(cast, article):
    article("Saya lupa kata sandi penyedia")
    article("Saya lupa kata sandi non-penyedia", short_answer="Pilih Non-Penyedia.")
    article("Jadwal tidak dapat diubah")
    client = signed_in(cast.penyedia)

    def suggested(title):
        page = client.get("/faq/saran/", {"judul": title})
        return [item.question for item in page.context["articles"]]

    assert suggested("mengubah jadwal") == ["Jadwal tidak dapat diubah"]
    assert suggested("jadw") == ["Jadwal tidak dapat diubah"]
    assert len(suggested("Lupa kata sandi, tidak bisa login")) == 2
    assert suggested("Saya tidak bisa") == suggested("") == suggested("(") == []
    assert suggested("Kulkas dapur bocor dan jadwal") == []


@pytest.mark.requirement("R64")
def test_at_most_five_are_suggested(cast, article):
    for n in range(7):
        article(f"Lupa sandi {n}")

    page = signed_in(cast.ppk).get("/faq/saran/?judul=lupa sandi").text

    assert page.count("Ini menjawab pertanyaan saya") == 5


def test_suggestions_cost_one_query_however_long_the_title(
    cast, article, django_assert_num_queries
):
    article("Lupa sandi")
    client = signed_in(cast.ppk)
    client.get("/faq/saran/")

    for title in ("sandi", "lupa sandi " + " ".join(f"kata{n}" for n in range(500))):
        with django_assert_num_queries(3):  # with session and person
            client.get("/faq/saran/", {"judul": title})


@pytest.mark.requirement("R64")
def test_this_answers_my_question_is_counted_once_and_ends_without_a_ticket(cast, one):
    client = signed_in(cast.penyedia)

    for _ in range(2):
        page = client.post("/faq/apendo/menjawab/", follow=True)

    assert page.redirect_chain == [("/", 302)]
    assert "Terima kasih, pertanyaan Anda terjawab. Tidak ada tiket yang dibuat." in page.text
    assert counts(one) == (0, 0, 1)


def test_an_answered_question_and_a_vote_are_kept_beside_each_other(cast, one):
    client = signed_in(cast.penyedia)

    client.post("/faq/apendo/menjawab/")
    client.post("/faq/apendo/penilaian/", {"membantu": "ya"})

    assert counts(one) == (1, 0, 1)


@pytest.mark.requirement("R64")
def test_without_javascript_the_confirm_page_shows_what_may_answer(cast, one):
    typed = {
        "key": "5f0c6f0e-6d2b-4b1f-8f39-1c59a1c5e0aa", "seen": 0, "no_package": "on",
        "identity_number": "012345678901234", "title": "Apendo macet", "description": "Berhenti.",
    }  # fmt: skip

    page = signed_in(cast.penyedia).post("/tiket/buat/", typed)

    assert "Mungkin sudah terjawab" in page.text
    assert 'action="/faq/apendo/menjawab/"' in page.text
    assert page.text.index("/faq/apendo/menjawab/") < page.text.index('name="konfirmasi"')


def test_the_form_of_a_new_ticket_asks_nothing_of_the_faq_itself(
    cast, article, django_assert_num_queries
):
    client = signed_in(cast.penyedia)
    client.get("/tiket/buat/")
    for n in range(9):
        article(f"Lupa sandi {n}")

    with django_assert_num_queries(3):  # session, person, waiting tickets
        client.get("/tiket/buat/")


def test_only_reporters_are_suggested_answers(cast, one):
    for user in (cast.helpdesk, cast.lkpp1):
        assert signed_in(user).get("/faq/saran/?judul=apendo").status_code == 404
        assert signed_in(user).post("/faq/apendo/menjawab/").status_code == 404
