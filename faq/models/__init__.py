from faq.models.article import Article, Topic

__all__ = ["Article", "Topic"]
