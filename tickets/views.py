"""Pages about tickets. Each begins by fetching what this person may see: 404 is the check."""

import uuid
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, security_log, step_up
from accounts.middleware import WANTED, WANTED_FOR
from accounts.security_log import Kind
from accounts.views import is_own_path
from tickets import flow as tickets_flow
from tickets import rules, stepper, trail
from tickets.forms import CreateForm
from tickets.models import Event, Notice, Ticket
from tickets.models.ticket_queryset import COUNT_CAP
from tickets.pages import PAGES
from tickets.steps import RUNNING, Refused, Status
from tickets.workflow import STEPS

OFFICER_TABS = {"tickets:new", "tickets:running", "tickets:counted"}
PAGE_OF_FILE = {  # a download would leave the page before standing
    "tickets:list_file": "tickets:tickets",
    "dashboard:file": "dashboard:dashboard",
    "faq:guide": "faq:guides",
    "faq:download": "faq:guides",
    "faq:play": "faq:guides",
    "faq:captions": "faq:guides",
}
ASIDES = {"periksa", "unggah"}  # what a page asks before it sends its form
SUPERVISION = {"tickets:held", "tickets:reassign"}
RECENT = 3  # tickets on the Help Center page


def visible_ticket(request, number):
    """The ticket with its people, or 404 exactly as for one that does not exist."""
    visible = Ticket.objects.visible_to(request.user).with_people()
    return get_object_or_404(visible, number=number)


def client_ip(request):
    return get_adapter(request).get_client_ip(request)


@require_safe
def arrive(request):
    """After a sign-in: on to the page that a missing session kept this person from."""
    response = redirect(_way_back(request) or "home")
    response.delete_cookie(WANTED)
    return response


def _way_back(request):
    """The wanted page, if it is one for this very person: somebody else may have asked for it."""
    wanted = request.get_signed_cookie(WANTED, default="", max_age=WANTED_FOR)
    if not wanted or not is_own_path(request, wanted):
        return ""
    try:
        page = resolve(urlsplit(wanted).path)
    except Resolver404:
        return ""
    user, number = request.user, page.kwargs.get("number")
    if page.view_name in SUPERVISION:
        return wanted if rules.is_supervisor(user) else ""
    if page.view_name in PAGE_OF_FILE:
        return reverse(PAGE_OF_FILE[page.view_name])
    if number:
        ticket = Ticket.objects.visible_to(user).filter(number=number).first()
        is_file = "pk" in page.kwargs  # would be saved beside a page that stays where it is
        return "" if ticket is None else ticket.get_absolute_url() if is_file else wanted
    is_closed = (page.view_name in OFFICER_TABS and not user.is_officer) or (
        page.view_name == "tickets:create" and not user.is_reporter
    )
    return "" if is_closed else wanted


@require_safe
def home(request):
    """Help Center (R16): the three functions and what waits for me."""
    user = request.user
    mine = Ticket.objects.in_hand_of(user) if user.is_officer else Ticket.objects.visible_to(user)
    waiting = Ticket.objects.waiting_for(user).with_people().with_last_step()
    turns = waiting.order_by("updated_at")[:RECENT]
    others = mine.with_turn_of(user).filter(is_turn=0)  # what waits for me stands above already
    context = {
        "turns": turns,
        "recent": others.with_people().order_by("-pk")[:RECENT],
        "figures": _figures(user, mine),
        "dead_letters": _dead_letters(user),
    }
    return render(request, "tickets/home.html", context)


def _dead_letters(user):
    """How many mails were given up, to COUNT_CAP, for those who can send them again."""
    if not (user.is_staff and user.has_perm("tickets.resend_notice")):
        return 0
    return Notice.objects.dead()[:COUNT_CAP].count()


def _figures(user, mine):
    """[(label, count, address)] of the Dashboard's card, in one query."""
    counts = dict(mine.order_by().values_list("status").annotate(Count("pk")))
    running = sum(n for status, n in counts.items() if status in RUNNING)
    if user.is_officer:
        own = reverse("tickets:running")
        asked = sum(counts.get(s, 0) for s in (Status.AWAITING_FEEDBACK, Status.AWAITING_REVIEW))
        return [
            ("Tiket yang Anda tangani", running, own),
            ("Menunggu jawaban atau review", asked, own),
        ]
    sent = reverse("tickets:list")
    return [
        ("Tiket Belum Dikerjakan", counts.get(Status.NEW, 0), f"{sent}?status=menunggu"),
        ("Tiket Sedang Dikerjakan", running, f"{sent}?status=dikerjakan"),
        ("Jumlah Tiket", sum(counts.values()), sent),
    ]


@require_safe
def flow(request):
    """'Alur Diagram Aplikasi' of the person's role (R8)."""
    lines = tickets_flow.lines(request.user)
    context = {
        "boxes": tickets_flow.boxes(request.user),
        "lines": lines,
        "has_own": any(line.is_mine for line in lines),
        "role": request.user.get_role_display() or "Administrator",
        "reaches": tickets_flow.reaches(request.user),
    }
    return render(request, "tickets/flow.html", context)


@require_safe
def detail(request, number):
    """The ticket with its discussion, facts, files and history (R40, R44, R51, R75)."""
    ticket = visible_ticket(request, number)
    return _ticket_page(request, ticket)


@require_http_methods(["GET", "POST"])
def act(request, number, slug):
    """The ticket with the form of what this person can do with it now."""
    ticket = visible_ticket(request, number)
    page = PAGES.get(slug)
    form_class = page and page.form_of(request.user)
    if form_class is None:
        raise Http404
    if page.is_secret:
        if not page.is_open(ticket, request.user):
            raise Http404
        if request.POST.keys() & ASIDES and not step_up.is_confirmed(request):
            return JsonResponse({"ok": False})  # the form itself is led to the question
        step_up.require(request)
    if request.method == "GET":
        if not page.is_open(ticket, request.user):
            return _not_now(request, ticket, page)
        return _ticket_page(request, ticket, form_class(ticket=ticket, by=request.user), page)
    return _submit(request, ticket, page, form_class)


def _submit(request, ticket, page, form_class):
    if event := sent_before(request, ticket):
        return sent_again(request, event, _done)
    form = form_class(request.POST, request.FILES, ticket=ticket, by=request.user)
    if "hapus" in request.POST or "batal" in request.POST:
        form.discard(request.POST.get("hapus", ""))
        form = form_class.unsent(request.POST, ticket=ticket, by=request.user)
        return _ticket_page(request, ticket, form, page)
    if answer := form.aside(request.POST):
        return _limited(request, form, JsonResponse(answer))
    if not page.is_open(ticket, request.user):
        return _not_now(request, ticket, page, form)
    if not form.is_valid():
        return _limited(request, form, _ticket_page(request, ticket, form, page))
    if "konfirmasi" not in request.POST:
        return render(
            request, "tickets/confirm.html", {"ticket": ticket, "form": form, "page": page}
        )
    try:
        with transaction.atomic():  # the ticket stays locked until its secret is read
            event = form.perform(client_ip(request))
            values = event.ticket.server_access.open() if page.is_secret else None
    except (Refused, ValidationError) as problem:
        return _moved_on(request, number=ticket.number, page=page, form=form, problem=problem)
    if page.is_secret:
        number = event.ticket.number
        security_log.record(Kind.SERVER_ACCESS, request=request, ticket=number)
        context = {"ticket": event.ticket, "values": values, "trail": trail.onward(request)}
        return render(request, "tickets/server_access.html", context)
    return _done(request, event)


def sent_before(request, ticket=None):
    """The event of an earlier post of the same form, if there was one (R35)."""
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    sent = Event.objects.select_related("ticket").filter(actor=request.user, key=key)
    return sent.filter(ticket=ticket).first() if ticket else sent.first()


def sent_again(request, event, done):
    """The answer to a form that was sent already: `done` once, to the form and not to what its
    page asks before (`form.aside`), which learns only that the form may go its way."""
    if request.POST.keys() & ASIDES:
        return JsonResponse({"ok": False})
    return done(request, event)


def _moved_on(request, *, number, page, form, problem):
    """Nothing was stored: show the ticket as it is now, and the text that was typed."""
    ticket = visible_ticket(request, number)
    sentence = problem.messages[0] if isinstance(problem, ValidationError) else str(problem)
    if not page.is_open(ticket, request.user):
        return _not_now(request, ticket, page, form, sentence)
    form.add_error(None, sentence)
    form.see_now(ticket)
    return _ticket_page(request, ticket, form, page, status=409)


def _not_now(request, ticket, page, form=None, sentence=""):
    """The step is not possible any more: say why, and hand back what was typed and uploaded."""
    context = {"problem": sentence or ticket.why_not(page.label_of(request.user), request.user)}
    if form:
        form.is_valid()  # receives the files that came along
        context |= {"typed": form.typed, "kept": form.kept}
    return _ticket_page(request, ticket, status=409, **context)


def _ticket_page(request, ticket, form=None, page=None, *, status=200, **context):
    events = list(ticket.events.as_read_by(request.user))
    for event in events:
        event.ticket = ticket  # the one at hand, not a query per event
        for file in event.files:
            may_read = not file.is_sealed or rules.can_read_sealed_file(ticket, request.user)
            file.is_open = may_read and not file.is_waiting and not file.is_infected
    context = {"problem": "", "typed": [], "kept": []} | context
    context |= _ways(request, ticket) | {
        "ticket": ticket,
        "events": events,
        "files": [file for event in events for file in event.files],
        "form": form,
        "page": page,
        "steps": stepper.steps(ticket, events, request.user),
        "messages_in_all": sum(bool(event.text or event.files) for event in events),
        "internal_messages": sum(event.is_internal and bool(event.text) for event in events),
    }
    template = "tickets/detail.html"
    if form and request.user.is_reporter:
        template = form.page_template
        context |= _what_to_answer(events)
    return render(request, template, context, status=status)


def _what_to_answer(events):
    """The officers' last message, apart from what came before it."""
    said = [event for event in events if event.level_of_actor and event.text]
    answer = said[-1] if said else None
    return {"answer": answer, "earlier": [event for event in events if event is not answer]}


def _ways(request, ticket):
    """Where the page leads: back to the list, and after a finished step to the next ticket."""
    ways = {
        "back": trail.way_back(request, ticket),
        "trail": trail.onward(request),
        "offers_next": trail.OFFER in request.GET and request.user.is_officer,
    }
    if ways["offers_next"]:
        ways["following"] = Ticket.objects.next_for(request.user, after=ticket)
    return ways


def tell_done(request, event):
    """The sentence after a step, on the next page."""
    words = {
        "level": event.get_to_level_display(),
        "number": event.ticket,
        "officer": event.successor,
    }
    messages.success(request, STEPS[event.action].done.format(**words))


def _done(request, event):
    """The sentence after a step, and the page that comes next."""
    tell_done(request, event)
    ticket = event.ticket
    following = {"accept": "penilaian", "take": "review"}.get(event.action)
    if following and PAGES[following].is_open(ticket, request.user):
        path = reverse("tickets:act", args=[ticket.number, following])
        return redirect(f"{path}{trail.onward(request)}#form")
    offer = {trail.OFFER: "ya"} if request.user.is_officer else {}
    return redirect(ticket.get_absolute_url() + trail.onward(request, **offer))


@require_http_methods(["GET", "POST"])
def create(request):
    """'Buat Tiket Baru' (R24-R37); nothing is stored before it is confirmed (R31)."""
    if not request.user.is_reporter:
        raise Http404
    if request.method == "GET":
        return _create_page(request, CreateForm(by=request.user))
    if event := sent_before(request):
        return sent_again(request, event, _created)
    form = CreateForm(request.POST, request.FILES, by=request.user)
    if "hapus" in request.POST or "batal" in request.POST:
        form.discard(request.POST.get("hapus", ""))
        return _create_page(request, CreateForm.unsent(request.POST, ticket=None, by=request.user))
    if answer := form.aside(request.POST):
        return _limited(request, form, JsonResponse(answer))
    if not form.is_valid():
        return _create_page(request, form)
    if "konfirmasi" not in request.POST:
        return render(request, "tickets/confirm.html", {"form": form, "tab": "create"})
    try:
        event = form.perform(client_ip(request))
    except ValidationError as problem:
        form.add_error(None, problem)
        return _create_page(request, form)
    return _created(request, event)


def _create_page(request, form):
    page = render(request, "tickets/create.html", {"form": form, "tab": "create"})
    return _limited(request, form, page)


def _limited(request, form, response):
    """The response, as an answer to a limit where one refused a part of the form."""
    if not form.wait:
        return response
    limits.refused(request, form.limit, form.wait)
    return limits.told(response, form.wait)


def _created(request, event):
    number = str(event.ticket)
    told = f"Tiket berhasil dikirim. Nomor tiket Anda {number}."
    messages.success(request, told, extra_tags=number)  # its note has a button to copy the number
    return redirect("tickets:list")
