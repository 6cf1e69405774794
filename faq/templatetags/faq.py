"""Words of the FAQ for templates, also for those of apps that may not import it."""

from django import template

from faq import rules, search
from faq.models import Article

register = template.Library()
register.filter("marked", search.marked)
register.filter("piece", search.piece)
register.filter("keeps_articles", rules.is_keeper)


@register.inclusion_tag("faq/_suggestions.html", takes_context=True)
def suggestions(context, title):
    """What the reporter may read about `title`, where no script showed it while they typed."""
    return {"articles": Article.objects.suggestions(context["request"].user, title)}
