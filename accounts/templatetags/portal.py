"""Small words of every template."""

from django import template
from django.core.exceptions import NON_FIELD_ERRORS
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def icon(name):
    """An icon of the sprite; it never stands alone, so it is hidden from screen readers."""
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


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
