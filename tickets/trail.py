"""Where 'Kembali' of a ticket leads: the very list, page and filter that one came from.

The first page of a ticket learns it from the Referer, which our own pages send to one another; from
there on its links and forms carry it in the address. It works without script and without a session.
"""

from urllib.parse import parse_qs, urlencode, urlsplit

from django.urls import Resolver404, resolve, reverse

from accounts.views import is_own_path

NAME = "kembali"  # in the address of a ticket's pages
OFFER = "berikutnya"  # likewise: the work is done, say what is next
PAGES_OF_TICKET = {"tickets:detail", "tickets:act"}
LISTS_OF_ALL = {"home", "tickets:list"}
LISTS_OF_OFFICERS = LISTS_OF_ALL | {"tickets:new", "tickets:running", "tickets:counted"}


def list_behind(request):
    """The address of the list that led to this page of a ticket; '' when none did."""
    said = request.GET.get(NAME) or _list_of_referer(request)
    return said if _page_of(request, said) in _lists_of(request.user) else ""


def onward(request, **more):
    """What links, forms and redirects between the pages of a ticket carry: '' or '?kembali=…'."""
    query = {NAME: list_behind(request)} | more
    query = urlencode({name: value for name, value in query.items() if value}, safe="/")
    return f"?{query}" if query else ""


def way_back(request, ticket):
    """The list, at the row of this ticket."""
    path = list_behind(request) or reverse(_usual_list(ticket, request.user))
    return f"{path}#tiket-{ticket.number}"


def _usual_list(ticket, user):
    if not user.is_officer or ticket.closed_at:
        return "tickets:list"
    return "tickets:running" if ticket.officer else "tickets:new"


def _lists_of(user):
    return LISTS_OF_OFFICERS if user.is_officer else LISTS_OF_ALL


def _list_of_referer(request):
    """The page before this one, or the list that it names itself, being one of a ticket."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if parts.netloc != request.get_host():
        return ""
    if _page_of(request, parts.path) in PAGES_OF_TICKET:
        return parse_qs(parts.query).get(NAME, [""])[0]
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _page_of(request, path):
    """The name of our own page at this address; '' for every other address."""
    if not is_own_path(request, path):
        return ""
    try:
        return resolve(urlsplit(path).path).view_name
    except (Resolver404, ValueError):
        return ""
