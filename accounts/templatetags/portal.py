"""Small words of every template."""

from functools import lru_cache

from django import template
from django.core.exceptions import NON_FIELD_ERRORS
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)  # a list draws a hundred of them; sprite and names come with the release
def icon(name):
    """An icon of the sprite; it never stands alone, so it is hidden from screen readers."""
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


BESIDE_THE_MENU = {  # pages that belong to no function of the menu
    *("tickets:lookup", "tickets:track", "tickets:held", "tickets:reassign", "tickets:flow"),
    *("tickets:notices", "tickets:notice_settings", "faq:guides", "faq:guide"),
}


@register.simple_tag(takes_context=True)
def current(context, function):
    """The mark of the menu's entry that the page belongs to, by the name of its app."""
    page = context["request"].resolver_match
    is_here = page and page.namespace == function and page.view_name not in BESIDE_THE_MENU
    return mark_safe(' aria-current="page"') if is_here else ""  # nosec B308 # our own words


@register.filter
def wrong_fields(form):
    """How many fields of a form need mending, errors of the whole form left out."""
    return sum(name != NON_FIELD_ERRORS for name in form.errors)


@register.filter
def size(value):
    """'412 KB', '2,4 MB'."""
    if value < 1024:
        return f"{value} byte"
    if value < 1024 * 1024:
        return f"{round(value / 1024)} KB"
    return f"{value / 1024**2:.1f} MB".replace(".", ",")
