from faq.models.article import Article
from faq.models.opinion import Opinion
from faq.models.topic import Topic

__all__ = ["Article", "Opinion", "Topic"]
