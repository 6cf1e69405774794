"""What every test of the FAQ starts from: no article but its own."""

import pytest

from faq.models import Article, Topic
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _no_first_articles(request):
    """The migration's articles are there or not, as earlier tests left the database."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        Article.objects.all().delete()
        Topic.objects.all().delete()


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def topic(db):
    return Topic.objects.create(name="Akun", slug="akun")


@pytest.fixture
def article(topic):
    """article(question, …): one published article."""

    def article(question, **fields):
        defaults = {
            "topic": topic,
            "slug": f"a-{Article.objects.count()}",
            "short_answer": f"Jawaban {question}",
            "is_published": True,
        }
        return Article.objects.create(question=question, **defaults | fields)

    return article
