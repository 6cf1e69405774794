"""Lists page by key: the next page begins after a row, whatever came in or changed meanwhile."""

from datetime import datetime
from typing import NamedTuple

from django.core import signing
from django.db.models import Q

PAGE_SIZE = 25
SALT = "tickets.cursor"


class Page(NamedTuple):
    rows: list
    has_more: bool


def page(queryset, order, cursor=None, size=PAGE_SIZE):
    """At most `size` rows of `queryset` in `order`, after the row with the values `cursor`.

    `order` are names of fields or annotations as order_by takes them, the last of them unique;
    `cursor` maps those terms to the values of the last row seen.
    """
    if cursor is not None:
        queryset = queryset.filter(_after(order, cursor))
    rows = list(queryset.order_by(*order)[: size + 1])
    return Page(rows[:size], len(rows) > size)


def _after(order, cursor):
    """(a, b) after (x, y) as: a after x, or a is x and b after y."""
    condition, same = Q(), Q()
    for term in order:
        name = term.removeprefix("-")
        comparison = "lt" if term.startswith("-") else "gt"
        condition |= same & Q(**{f"{name}__{comparison}": cursor[term]})
        same &= Q(**{name: cursor[term]})
    return condition


def token(page, order):
    """The address part of the next page: the values that the last row is sorted by, signed.

    They are carried instead of looked up, because the row may change before the next page is asked
    for; signed, because they end in a query.
    """
    if not page.has_more:
        return ""
    last = page.rows[-1]
    values = {term: getattr(last, term.removeprefix("-")) for term in order}
    return signing.dumps(
        {term: v.isoformat() if isinstance(v, datetime) else v for term, v in values.items()},
        salt=SALT,
    )


def cursor(token, order):
    """What `token` wrote; None at the first page, which is where another order begins."""
    try:
        values = signing.loads(token or "", salt=SALT)
    except signing.BadSignature:
        return None
    return values if list(values) == order else None
