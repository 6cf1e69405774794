"""Pages of supervisors: who holds which ticket, and handing one to a colleague (R136, A19).

They show the place of a ticket and its officers, never what is said in it: a supervisor may hand
over tickets that they do not see.
"""

from itertools import groupby

from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tickets import paging, rules
from tickets.filters import HeldFilter
from tickets.forms import ReassignForm
from tickets.models import Assignment, Ticket
from tickets.steps import Refused
from tickets.views import client_ip, sent_again, sent_before, tell_done

# officers who left first; of each officer what waits longest first
ORDER = ["is_on_duty", "officer_name", "officer_id", "waiting_since", "pk"]


def _supervisors_only(user):
    if not rules.is_supervisor(user):
        raise Http404


def reassignable_ticket(request, number):
    """The ticket if this person may hand it over, else None."""
    tickets = Ticket.objects.reassignable_by(request.user).with_people()
    return tickets.filter(number=number).first()


@require_safe
def held(request):
    """'Alihkan Petugas': the running tickets, grouped by the officer who holds them."""
    _supervisors_only(request.user)
    form = HeldFilter(request.GET, user=request.user)
    found = form.apply(Assignment.objects.reassignable_by(request.user).with_places())
    page = paging.page(found, ORDER, paging.cursor(request.GET.get("sebelum"), ORDER))
    groups = groupby(page.rows, key=lambda row: (row.is_on_duty, row.officer_id))
    context = {
        "tab": "held",
        "filter": form,
        "groups": [list(rows) for _, rows in groups],
        "rows": page.rows,
        "next": paging.token(page, ORDER),
        "is_further": "sebelum" in request.GET,
        "now": timezone.now(),
    }
    return render(request, "tickets/held.html", context)


@require_http_methods(["GET", "POST"])
def reassign(request, number):
    """Who holds the ticket, and the form that hands it to somebody else."""
    _supervisors_only(request.user)
    ticket = reassignable_ticket(request, number)
    # asked second: what the other click of a double click did between the two is seen here
    if event := _reassigned_before(request, number):
        return sent_again(request, event, _done)
    if ticket is None:
        return _gone(request)
    if request.method == "GET":
        return _page(request, ticket, ReassignForm(ticket=ticket, by=request.user))
    return _submit(request, ticket)


def _reassigned_before(request, number):
    """The event of an earlier post of this very form, whatever became of the ticket since."""
    event = sent_before(request)
    is_this = event and (event.action, event.ticket.number) == ("reassign", number)
    return event if is_this else None


def _submit(request, ticket):
    form = ReassignForm(request.POST, ticket=ticket, by=request.user)
    if "batal" in request.POST:
        form = ReassignForm.unsent(request.POST, ticket=ticket, by=request.user)
        return _page(request, ticket, form)
    if "periksa" in request.POST:
        return JsonResponse(form.verdict())
    if not form.is_valid():
        return _page(request, ticket, form)
    if "konfirmasi" not in request.POST:
        return render(request, "tickets/confirm.html", {"form": form})
    try:
        event = form.perform(client_ip(request))
    except (Refused, ValidationError) as problem:
        return _moved_on(request, ticket.number, problem)
    return _done(request, event)


def _moved_on(request, number, problem):
    """Nothing was stored: show who holds the ticket now, and what was filled in."""
    ticket = reassignable_ticket(request, number)
    if ticket is None:
        return _gone(request)
    typed = request.POST.dict() | {"seen": ticket.last_event}
    form = ReassignForm(ticket=ticket, by=request.user, initial=typed)
    sentence = problem.messages[0] if isinstance(problem, ValidationError) else str(problem)
    return _page(request, ticket, form, problem=sentence, status=409)


def _gone(request):
    """404 as for a number that does not exist; of a form that comes too late the text is kept."""
    if request.method == "GET":
        raise Http404
    typed = request.POST.get("message", "")
    return render(request, "tickets/reassign_gone.html", {"typed": typed}, status=404)


def _page(request, ticket, form, *, problem="", status=200):
    holders = Assignment.objects.reassignable_by(request.user).filter(ticket=ticket)
    context = {
        "ticket": ticket,
        "holders": holders.with_places().order_by("level"),
        "form": form,
        "problem": problem,
    }
    return render(request, "tickets/reassign.html", context, status=status)


def _done(request, event):
    tell_done(request, event)
    return redirect("tickets:held")
