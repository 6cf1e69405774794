"""Ticket words for templates; the thinking is in tickets.wording."""

from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html

from accounts.templatetags.portal import icon
from tickets import numbers, pages, rules, wording
from tickets import waiting as waiting_words
from tickets.models import Ticket
from tickets.models.ticket_queryset import LONG_COUNT_CAP
from tickets.workflow import STEPS

register = template.Library()
register.filter("number", numbers.spoken)
register.filter("shown", waiting_words.shown)
register.filter("author", wording.author)
register.filter("act", wording.act)
register.filter("fact", wording.fact)
register.filter("reporter_name", wording.reporter_name)
register.filter("identity_number", wording.identity_number)
register.filter("party", wording.party)
register.filter("last_step", wording.last_step)
register.filter("call", wording.call)
register.filter("page_for", pages.page_for)
register.filter("is_supervisor", rules.is_supervisor)
register.filter("is_reassignable_by", pages.is_reassignable_by)


@register.filter
def opens(ticket, user):
    """The steps that this person may do now, by name: 'if can.rate'."""
    opened = ticket.open_steps(user)
    return {name: name in opened for name in STEPS}


@register.filter
def status(ticket, user):
    return _drawn(wording.status_word(ticket, user))


@register.filter
def duty(held):
    return _drawn(wording.duty_word(held))


@lru_cache(maxsize=256)  # words are few, and the rows that show them many
def _drawn(word):
    return format_html(
        '<span class="status status-{}">{}{}</span>', word.tone, icon(word.icon), word.label
    )


@register.filter
@lru_cache
def priority(value):
    """A priority with its icon; '–' before the ticket is classified."""
    if not value:
        return format_html('<span class="muted">{}</span>', "–")
    label, picture = Ticket.Priority(value).label, wording.PRIORITY_ICONS[value]
    return format_html('<span class="prio prio-{}">{}{}</span>', value, icon(picture), label)


@register.filter
@lru_cache
def level(value):
    label = wording.Level(value).label
    return format_html('<span class="level">{}{}</span>', icon(f"level-{value}"), label)


@register.filter
def level_icon(event):
    return icon(f"level-{event.level_of_actor}")


@register.filter
def moment(at, lpse):
    """'24 Nov 2026 10.12 WIB' in the zone of an LPSE or a person (R131)."""
    return _time(at, lpse, "j M Y")


@register.filter
def long_moment(at, lpse):
    """'24 November 2026 10.12 WIB', in a sentence."""
    return _time(at, lpse, "j F Y")


@register.filter
def short_moment(at, lpse):
    """'24 Nov 10.12 WIB', for rows and history; another year than this one is told."""
    return _time(at, lpse, _short_date(at, lpse))


@register.filter
def bare_moment(at, lpse):
    """'24 Nov 10.12', where the zone is told once for all."""
    return _time(at, lpse, _short_date(at, lpse), zone="")


@register.filter
def short_day(at, lpse):
    """'24 Nov', with the year when it is another."""
    return _unbroken_day(at.astimezone(lpse.tzinfo).date(), _short_date(at, lpse))


def _short_date(at, lpse):
    zone = lpse.tzinfo
    return "j M" if at.astimezone(zone).year == timezone.now().astimezone(zone).year else "j M Y"


def _time(at, lpse, date, zone=None):
    """A <time> that a line breaks only between its date and its hour."""
    local = at.astimezone(lpse.tzinfo)
    hour = _unbroken(f"{local:%H.%M} {lpse.zone if zone is None else zone}".strip())
    day = _unbroken_day(local.date(), date)
    moment = local.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{} {}</time>', moment, day, hour)


@lru_cache(maxsize=4096)  # the rows of a list are of a few days
def _unbroken_day(day, form):
    return _unbroken(date_format(day, form))


@register.filter
def clock(at, lpse):
    """'10.12.45 WIB', where it is plain that it was just now."""
    local = at.astimezone(lpse.tzinfo)
    moment = local.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{} {}</time>', moment, f"{local:%H.%M.%S}", lpse.zone)


@register.filter
def weekday_moment(at, lpse):
    """'Selasa, 24 November 2026 10.12 WIB', for the head of a page."""
    return _time(at, lpse, "l, j F Y")


@register.filter
def short_date(at, lpse):
    """'24 Nov 2026', with the hour on hover, for lists of many days."""
    local = at.astimezone(lpse.tzinfo)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        _exactly(local, lpse),
        _unbroken_day(local.date(), "j M Y"),
    )


def _exactly(local, lpse):
    return f"{_day(local.date())} {local:%H.%M} {lpse.zone}"


@lru_cache(maxsize=4096)
def _day(day):
    return date_format(day, "j M Y")


def _unbroken(text):
    return text.replace(" ", "\N{NO-BREAK SPACE}")


@register.filter
def day(at, lpse):
    """'24 November 2026'."""
    return date_format(timezone.localtime(at, lpse.tzinfo), "j F Y")


@register.filter
def ago(at):
    """How long since: '7 menit', '20 jam', '3 hari'."""
    minutes = int((timezone.now() - at).total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} menit"
    if minutes < 48 * 60:
        return f"{minutes // 60} jam"
    return f"{minutes // (24 * 60)} hari"


@register.filter
def since(at, lpse):
    """'3 jam', with the exact moment in the zone of `lpse` on hover and for screen readers."""
    return _how_long(at, lpse, ago(at), "sejak ")


@register.filter
def past(at, lpse):
    """'3 jam lalu', with the exact moment in the zone of `lpse` on hover and for screen readers."""
    return _how_long(at, lpse, f"{ago(at)} lalu", "")


def _how_long(at, lpse, words, since):
    local = at.astimezone(lpse.tzinfo)
    exact = _exactly(local, lpse)
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="visually-hidden">, {}{}</span></time>',
        *(local.isoformat(timespec="seconds"), exact, words, since, exact),
    )


FILE_ICONS = {
    "jpg": "image",
    "png": "image",
    "pdf": "file-earmark-pdf",
    "zip": "file-earmark-zip",
    "rar": "file-earmark-zip",
    "rhs": "file-earmark-lock",
}


@register.filter
def file_icon(stored):
    return icon(FILE_ICONS.get(stored.extension, "file-earmark-text"))


@register.filter
def long_count(value):
    """'1.234', or '10.000+' at the cap."""
    capped = value >= LONG_COUNT_CAP
    written = number_format(LONG_COUNT_CAP - 1 if capped else value, force_grouping=True)
    return f"{written}+" if capped else written


@register.inclusion_tag("tickets/_sort_heading.html", takes_context=True)
def sort_heading(context, label, falling="", rising=""):
    """A column's heading that sorts the list, by the names of orders in the address.

    `falling` is the order with the latest, longest or highest on top.
    """
    now = context["filter"].sort
    other = rising if (now == falling and rising) or not falling else falling
    sorted_as = {falling: "descending", rising: "ascending"}.get(now, "")
    return {"label": label, "sorted": sorted_as, "url": _query(context, urut=other, sebelum="")}


def _query(context, **changes):
    query = context["request"].GET.dict() | changes
    return "?" + urlencode({name: value for name, value in query.items() if value})


@register.simple_tag(takes_context=True)
def with_query(context, **changes):
    """The address of this page with other query values; empty ones are dropped."""
    return _query(context, **changes)
