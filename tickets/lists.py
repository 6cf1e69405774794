"""Lists of tickets: the tabs, what a dashboard counted, the field at the top, and downloads."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import security_log
from accounts.middleware import tell_lost_session
from accounts.replica import reads_replica
from accounts.roles import Level
from accounts.security_log import Kind
from accounts.sessions import no_activity
from tickets import export, numbers, paging
from tickets.counted import CountedFilter
from tickets.filters import FIRST_FIELDS, PoolFilter, TicketFilter
from tickets.models import Ticket
from tickets.models.ticket_queryset import LONG_COUNT_CAP, TicketQuerySet
from tickets.waiting import Waiting, shown


class List(NamedTuple):
    """One list: `rows(user)` are its tickets before anything is searched for."""

    address: str
    tab: str
    title: str
    rows: Callable
    sort: str = "terbaru"
    turns: tuple = ()  # headings of what waits for the viewer, on top, and of the others
    filter: type = TicketFilter
    first: tuple = FIRST_FIELDS
    more: Callable = lambda rows: rows  # what its rows say besides


IN_TIME = {"menunggu", "pembaruan"}  # orders that keep the days together
_tickets = Ticket.objects
NEW = List(
    *("baru", "new", "Tiket Baru", _tickets.in_pool_of),
    sort="menunggu",
    filter=PoolFilter,
    first=("pelapor", "dibuat"),
    more=TicketQuerySet.with_number_of_files,
)
RUNNING = List(
    *("proses", "running", "Tiket Proses", _tickets.in_hand_of),
    sort="menunggu",
    turns=("Menunggu Anda", "Menunggu pihak lain"),
    first=("status", "kategori", "prioritas"),
    more=TicketQuerySet.with_last_step,
)
HANDLED = List(
    *("daftar", "list", "Daftar Tiket", _tickets.handled_by),
    first=("status", "kategori", "dibuat"),
)
SENT = List(
    *("daftar", "list", "Daftar Tiket", _tickets.visible_to),
    turns=("Menunggu Anda", "Tiket lainnya"),
)
COUNTED = List(
    "rincian", "counted", "Tiket yang Dihitung", _tickets.visible_to, filter=CountedFilter
)
OF_OFFICER = {wanted.address: wanted for wanted in (NEW, RUNNING, HANDLED, COUNTED)}


@require_safe
def tickets(request):
    """'Tiket' leads to the tab where this person's work is."""
    if request.user.is_officer:
        return redirect("tickets:new" if Waiting(request.user).pool else "tickets:running")
    return redirect("tickets:list")


@require_safe
def new(request):
    """'Tiket Baru' (R74, R98): the pool of the officer's level."""
    return _list(request, _of("baru", request.user))


@require_safe
def running(request):
    """'Tiket Proses' (R83, R102): my turn first, then what waits for others."""
    return _list(request, _of("proses", request.user))


@require_safe
def handled(request):
    """'Daftar Tiket': of a reporter what they sent (R38), of an officer what they took (R95)."""
    return _list(request, _of("daftar", request.user))


@require_safe
def counted(request):
    """The tickets that a number of the dashboard counts: all that the officer may see, filtered."""
    return _list(request, _of("rincian", request.user))


@require_safe
@reads_replica
def download(request, name, extension):
    """A list as it is searched and filtered, whole, as CSV or XLSX (R73)."""
    wanted = _of(name, request.user)
    form, order = _asked(request, wanted)
    rows = form.apply(wanted.rows(request.user).with_names())
    rows = rows.with_turn_of(request.user) if wanted.turns else rows
    security_log.record(Kind.EXPORT, request=request, what=f"{name}.{extension}")
    return export.tickets(
        rows.order_by(*order), by=request.user, title=wanted.title, extension=extension
    )


@login_not_required  # a lost session is told, not led to the login page
@no_activity
@require_safe
def counters(request):
    """What the counters of tabs, menu and notice say now (R20), for pages that stay open.

    It leaves the session as it is: an open page keeps nobody signed in.
    """
    if not request.user.is_authenticated:
        tell_lost_session(request)
        return HttpResponse(status=401)
    waiting = Waiting(request.user)
    counts = {name: getattr(waiting, name) for name in ("pool", "turn", "total", "unread")}
    told = {name: {"count": count, "shown": shown(count)} for name, count in counts.items()}
    return JsonResponse(told | {"notice": waiting.sentences})


def _of(name, user):
    """The List of this address for this person, or 404."""
    if user.is_officer:
        return OF_OFFICER[name]
    if name != SENT.address:
        raise Http404
    return SENT


def _asked(request, wanted):
    """(filter form, order) of a list as its address asks for it."""
    form = wanted.filter(
        request.GET, user=request.user, default_sort=wanted.sort, first=wanted.first
    )
    return form, ["-is_turn", *form.order] if wanted.turns else form.order


def _list(request, wanted):
    """One list: searched, filtered, sorted, and paged by the key `?sebelum=<number>`."""
    form, order = _asked(request, wanted)
    found = form.apply(wanted.rows(request.user))
    if wanted.turns:
        found = found.with_turn_of(request.user)
    shown = wanted.more(found.narrow())
    if request.user.is_lkpp:
        shown = shown.with_server_access()
    page = paging.page(shown, order, paging.cursor(request.GET.get("sebelum"), order))
    TicketQuerySet.name_people(page.rows, form.listed)
    for row in page.rows:
        row.is_turn = row.is_turn_of(request.user)
        row.group = _group(row, wanted, form)
    context = {
        "tab": wanted.tab,
        "list": wanted,
        "filter": form,
        "rows": page.rows,
        "next": paging.token(page, order),
        "is_further": "sebelum" in request.GET,
        "has_priority": wanted is not NEW or request.user.level > Level.LPSE_1,
        "now": timezone.now(),
        "count": None,
    }
    if wanted is COUNTED or _comes_from_dashboard(form):
        if not form.cleaned_data.get("cari"):  # no number of the dashboard; counting finds all
            context["count"] = found.order_by()[:LONG_COUNT_CAP].count()
        context["dashboard_url"] = _dashboard_url(form)
    is_sent = wanted is SENT
    template = "tickets/list_reporter.html" if is_sent else "tickets/list_officer.html"
    return render(request, template, context)


def _group(row, wanted, form):
    """The heading that a row stands under; '' where a list has no groups."""
    if wanted.turns:
        mine, others = wanted.turns
        return mine if row.is_turn else others
    if wanted is NEW and form.sort in IN_TIME:
        today = timezone.localdate(timezone=form.user.tzinfo)
        came = timezone.localdate(row.updated_at, timezone=form.user.tzinfo)
        return "Masuk hari ini" if came == today else "Masuk sebelum hari ini"
    return ""


def _comes_from_dashboard(form):
    """A reporter's number leads to their one list; its days are in the address."""
    return form.user.is_reporter and bool(form.cleaned_data.get("sampai"))


def _dashboard_url(form):
    """Back to the dashboard of the same days."""
    days = {name: form.cleaned_data.get(name) for name in ("dari", "sampai")}
    query = urlencode({name: day for name, day in days.items() if day})
    return reverse("dashboard:dashboard") + (f"?{query}" if query else "")


@require_safe
def find(request):
    """The field at the top: straight to the ticket with this number."""
    try:
        number = numbers.parse(request.GET.get("nomor", ""))
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("tickets:tickets")
    if not Ticket.objects.visible_to(request.user).filter(number=number).exists():
        messages.error(request, "Tiket tidak ditemukan. Periksa kembali nomor tiket.")
        return redirect("tickets:tickets")
    return redirect("tickets:detail", number=number)
