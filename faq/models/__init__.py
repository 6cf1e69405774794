from faq.models.article import Article, Topic
from faq.models.guide import Guide, Shelf

__all__ = ["Article", "Guide", "Shelf", "Topic"]
