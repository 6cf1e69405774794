"""The pages of django-helpdesk that are measured, as an agent who is signed in opens them.

A list is two answers: the page, and the rows that its script asks for as JSON. A person sees the
list only after both, so both are measured, one after the other.
"""

import html
import json
import re
from urllib.parse import urlencode

from bench.country import LAST_WAYS, LONG, WORD
from bench.peer import filling, site

ROWS = 25
COLUMNS = ["id", "ticket", "priority", "queue", "status", "created", "due_date", "assigned_to",
           "submitter", "last_followup", "time_spent", "kbitem"]  # fmt: skip
NEWEST = "sort=created&sortreverse=on"
LISTS = {
    # 'All Tickets' of its menu: open and reopened ones of all queues, the oldest first
    "queue": "/tickets/",
    # the form 'Filters': every status, the newest first; of all queues, of one, with a word
    "all": f"/tickets/?{NEWEST}",
    "office": f"/tickets/?{NEWEST}&queue=%s",
    "search": f"/tickets/?{NEWEST}&q={WORD}",
    # the field on top of every page, which leaves closed tickets out
    "search_open": f"/tickets/?q={WORD}&status=1&status=2&status=3&search_type=header",
}
AGENT = """
    SELECT u.id, username FROM auth_user u JOIN helpdesk_ticket ON assigned_to_id = u.id
    GROUP BY u.id ORDER BY count(*) FILTER (WHERE status = 1) DESC, u.id LIMIT 1
"""
SIGN_IN = """
import sys, django
django.setup()
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.get(username=sys.argv[1]))
print(client.cookies["sessionid"].value)
"""


def cookie(database):
    """A session of an agent: staff but no superuser, with more open tickets than any other."""
    [(_, username)] = filling.query(database, AGENT)
    return site.run(database, "-c", SIGN_IN, username)


def operations(database, port, session):
    """{name: [paths to fetch one after the other]}; exits when a page is not what it should be."""
    [[busiest]] = filling.query(
        database, "SELECT queue_id FROM helpdesk_ticket GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    lists = {name: path.replace("%s", str(busiest)) for name, path in LISTS.items()}
    found = {name: _list(database, port, session, name, path) for name, path in lists.items()}
    [[last]] = filling.query(database, "SELECT max(id) FROM helpdesk_ticket")
    for place, name in enumerate(("ticket", "ticket_long")):
        pk = last + 1 - len(LAST_WAYS) + place  # the last ways begin with those of LONG
        found[name] = _ticket(database, port, session, pk, LONG[place])
    return found | {"dashboard": _dashboard(database, port, session)}


def fetch(port, path, session):
    """The body of a page that has to be there."""
    status, body = site.fetch(port, path, session)
    _must(status == 200, f"{path} answers {status}: {body[:300]}")
    return body


def _list(database, port, session, name, path):
    page = fetch(port, path, session)
    _must(f"data-page-length='{ROWS}'" in page, f"{path} is no list of {ROWS}: {page[:300]}")
    source = re.search(r'"url": "(/datatables_ticket_list/[^"]+)"', page)
    _must(source, f"{path} names no source of its rows")
    rows = f"{html.unescape(source[1])}?{_datatables()}"
    answer = json.loads(fetch(port, rows, session))
    _check_rows(database, name, answer)
    return [path, rows]


def _check_rows(database, name, answer):
    """A page of them, or all there are, each with its ticket's title; a search has the word."""
    titles = [row["title"] for row in answer["data"]]
    total = answer["recordsTotal"]
    _must(len(titles) == min(ROWS, total) > 0, f"{name}: {len(titles)} rows of {total}")
    for row in answer["data"]:
        known = filling.query(
            database, "SELECT title FROM helpdesk_ticket WHERE id = %s", row["id"]
        )
        _must(known == [(row["title"],)], f"{name}: ticket {row['id']} is not {row['title']}")
    if name.startswith("search"):
        _must(all(WORD in title for title in titles), f"{name}: rows without the word")
    else:
        _must(len(titles) == ROWS, f"{name}: {len(titles)} rows; fill in more tickets")


def _datatables():
    """What its script sends with the first page of a list."""
    asked = {"draw": 1}
    for place, column in enumerate(COLUMNS):
        asked |= {
            f"columns[{place}][data]": column,
            f"columns[{place}][name]": "",
            f"columns[{place}][searchable]": "true",
            f"columns[{place}][orderable]": "false" if place == 0 else "true",
            f"columns[{place}][search][value]": "",
            f"columns[{place}][search][regex]": "false",
        }
    return urlencode(
        asked | {"start": 0, "length": ROWS, "search[value]": "", "search[regex]": "false"}
    )


def _ticket(database, port, session, pk, follow_ups):
    path = f"/tickets/{pk}/"
    page = fetch(port, path, session)
    [[title]] = filling.query(database, "SELECT title FROM helpdesk_ticket WHERE id = %s", pk)
    _must(html.escape(title) in page, f"{path} does not show {title}")
    shown = page.count("<time datetime=")  # one of each follow-up
    _must(shown == follow_ups, f"{path}: {shown} of {follow_ups} follow-ups")
    return [path]


def _dashboard(database, port, session):
    """It shows the open tickets of the agent, and counts of all queues."""
    page = fetch(port, "/dashboard/", session)
    [(agent, _)] = filling.query(database, AGENT)
    mine = filling.query(
        database,
        "SELECT title FROM helpdesk_ticket WHERE assigned_to_id = %s AND status IN (1, 2)"
        " ORDER BY created DESC LIMIT 1",
        agent,
    )
    _must(mine and html.escape(mine[0][0]) in page, f"/dashboard/ does not show {mine}")
    [[not_closed]] = filling.query(
        database, "SELECT count(*) FROM helpdesk_ticket WHERE status <> 4"
    )
    counted = sum(int(n) for n in re.findall(r'<div class="me-5">(\d+) Tickets', page))
    # a ticket of exactly 30 or 60 days ago would count twice
    _must(0 <= counted - not_closed < 100, f"/dashboard/ counts {counted} of {not_closed}")
    return ["/dashboard/"]


def _must(right, otherwise):
    if not right:
        raise SystemExit(f"The peer is not measured: {otherwise}")
