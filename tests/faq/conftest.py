"""What every test of the FAQ starts from: no article but its own."""

import pytest

from faq.models import Article, Topic
from tests.cast import Cast
from tests.factories import make_user


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


@pytest.fixture
def shelf(cast, article):
    """A national article, one of this LPSE, one of another."""
    other = Cast()
    return {
        "national": article("Nasional", slug="nasional"),
        "own": article("Sini", slug="sini", lpse=cast.lpse),
        "foreign": article("Sana", slug="sana", lpse=other.lpse),
    }


@pytest.fixture
def administrator():
    return make_user("", is_staff=True, is_superuser=True)
