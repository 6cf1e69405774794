"""The questions that everybody may read."""

import pytest

from faq.models import Article, Topic


def article(topic, question, **fields):
    defaults = {"slug": question.lower(), "short_answer": f"Jawaban {question}"}
    return Article.objects.create(topic=topic, question=question, **defaults | fields)


@pytest.mark.django_db
def test_published_articles_are_public_by_topic_and_drafts_are_not(client):
    later = Topic.objects.create(name="Paket", slug="paket", position=2)
    first = Topic.objects.create(name="Akun", slug="akun", position=1)
    shown = [
        article(later, "Jadwal", is_published=True),
        article(first, "Sandi", is_published=True),
    ]
    article(first, "Rahasia")

    page = client.get("/faq/")

    assert list(page.context["articles"]) == shown[::-1]
    assert "Jawaban Sandi" in page.text
    assert "Rahasia" not in page.text


@pytest.mark.django_db
def test_without_articles_the_page_says_so(client):
    assert "Belum ada pertanyaan yang diterbitkan" in client.get("/faq/").text


@pytest.mark.django_db
def test_the_page_costs_one_query_for_strangers_whatever_the_number_of_articles(
    client, django_assert_num_queries
):
    topic = Topic.objects.create(name="Akun", slug="akun")
    for n in range(5):
        article(topic, f"Pertanyaan-{n}", is_published=True)

    with django_assert_num_queries(1):
        client.get("/faq/")
