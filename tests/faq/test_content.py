"""The first articles, which every installation has (domain.md 1.4)."""

import re

import pytest

from faq.markdown import render
from faq.models import Article, Topic
from tests.cast import fill_articles

pytestmark = pytest.mark.django_db

TOPICS = {
    "Akun dan pendaftaran": 9,
    "Agregasi dan SIKaP": 5,
    "Apendo dan penawaran": 6,
    "Paket dan kontrak": 6,
    "Tentang tiket": 11,
}


@pytest.fixture
def first(db):
    fill_articles()
    return list(Article.objects.with_names())


@pytest.mark.requirement("R60", "R61", "R63")
def test_all_37_questions_of_the_five_topics_are_published_with_full_answers(first):
    counted = {topic.name: topic.articles.count() for topic in Topic.objects.all()}

    assert counted == TOPICS
    for one in first:
        one.full_clean()
        assert one.is_published
        assert one.lpse is None
        assert len(one.body) > 400, one.slug


def test_full_answers_become_clean_html(first):
    for one in first:
        html = render(one.body)

        assert "&lt;" not in html, one.slug
        assert not re.search(r"^\s*[#|]|\*\*|\]\(", html, re.MULTILINE), one.slug
        assert "<h2>" in html or "<ol>" in html or "<ul>" in html, one.slug


def test_links_between_articles_lead_somewhere(first):
    addresses = {one.get_absolute_url() for one in first}

    linked = {path for one in first for path in re.findall(r'href="(/faq/[^"#]+)', one.body_html)}

    assert linked
    assert linked - addresses == set()


def test_filling_again_changes_nothing_that_somebody_edited(first):
    one = first[0]
    Article.objects.filter(pk=one.pk).update(question="Diubah", body="Diubah", is_published=False)
    Topic.objects.filter(pk=one.topic_id).update(name="Topik diubah")
    before = list(Article.objects.order_by("pk").values()), list(Topic.objects.values())

    fill_articles()

    assert before == (list(Article.objects.order_by("pk").values()), list(Topic.objects.values()))


def test_an_earlier_demo_gets_what_is_missing_under_the_topic_that_it_has():
    old = Topic.objects.create(name="Tentang tiket", slug="alamat-lama", position=40)

    fill_articles()

    assert (Topic.objects.count(), old.articles.count()) == (5, 11)


@pytest.mark.requirement("R64")
@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Lupa password akun penyedia", "sandi penyedia"),
        ("Apendo berhenti di 80% saat kirim penawaran", "Apendo"),
        ("Ganti ponsel kode TOTP hilang", "ponsel"),
    ],
)
def test_titles_of_tickets_find_their_articles(first, title, question):
    found = [one.question for one in Article.objects.all().suggested_for(title)[:5]]

    assert any(question in one for one in found), found
