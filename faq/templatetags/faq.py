"""Words of the FAQ for templates, also for those of apps that may not import it."""

from django import template

from faq import rules, search
from faq.models import Article, Guide

register = template.Library()
register.filter("marked", search.marked)
register.filter("piece", search.piece)
register.filter("keeps_articles", rules.is_keeper)


@register.inclusion_tag("faq/_suggestions.html", takes_context=True)
def suggestions(context, title):
    """What the reporter may read about `title`, where no script showed it while they typed."""
    return {"articles": Article.objects.suggestions(context["request"].user, title)}


@register.inclusion_tag("faq/_guide_links.html", takes_context=True)
def guide_links(context):
    """What there is to download for the person's own role, a line each."""
    return {"shelf": Guide.objects.shelf_of(context["user"])}


@register.inclusion_tag("faq/_questions.html", takes_context=True)
def first_questions(context):
    """Three questions whose answers helped most people, then the first of the list."""
    user = context["user"]
    articles = Article.objects.visible_to(user).of_office(user).with_counts()
    return {"articles": articles.order_by("-helpful", "topic", "position", "pk")[:3]}
