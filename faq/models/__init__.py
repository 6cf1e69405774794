from faq.models.article import Article
from faq.models.guide import Guide, Shelf
from faq.models.opinion import Opinion
from faq.models.topic import Topic

__all__ = ["Article", "Guide", "Opinion", "Shelf", "Topic"]
