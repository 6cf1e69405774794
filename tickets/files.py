"""Files of tickets on their way out: only through the ticket's rules, only as downloads (R30)."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts import security_log
from accounts.security_log import Kind
from tickets import trail
from tickets.models import Attachment
from tickets.steps import Refused
from tickets.views import client_ip, visible_ticket
from tickets.workflow import STEPS


def _attachment(request, number, pk):
    """The ticket and one of its files that this person may read, or 404."""
    ticket = visible_ticket(request, number)
    files = Attachment.objects.readable_by(request.user).filter(event__ticket=ticket)
    return ticket, get_object_or_404(files.exclude(path="").with_scan(), pk=pk)


def _closed(request, ticket, attachment):
    """Why nobody gets the bytes now, as a page; None when the virus scan found nothing in them."""
    if not (attachment.is_waiting or attachment.is_infected):
        return None
    context = {"ticket": ticket, "file": attachment, "trail": trail.onward(request)}
    status = 410 if attachment.is_infected else 423
    return render(request, "tickets/closed_file.html", context, status=status)


@require_http_methods(["GET", "POST"])
def download(request, number, pk):
    """A file, as download only. A sealed bid needs a POST, for it is recorded (R30)."""
    ticket, attachment = _attachment(request, number, pk)
    if closed := _closed(request, ticket, attachment):
        return closed
    if not attachment.is_sealed:
        return _send(attachment.path, attachment.name)
    step = STEPS["download_sealed_file"]
    if not step.is_open(ticket, request.user):
        raise Http404
    if request.method == "GET":
        context = {"ticket": ticket, "file": attachment, "trail": trail.onward(request)}
        return render(request, "tickets/sealed.html", context)
    try:
        ticket.perform(step.name, by=request.user, name=attachment.name, ip=client_ip(request))
    except Refused as problem:  # the ticket went to somebody else meanwhile
        raise Http404 from problem
    facts = {"ticket": ticket.number, "file": attachment.pk}
    security_log.record(Kind.SEALED_FILE, request=request, **facts)
    return _send(attachment.path, attachment.name)


@require_safe
def preview(request, number, pk):
    """The small picture of a picture, made by us."""
    ticket, attachment = _attachment(request, number, pk)
    if not attachment.preview_path:
        raise Http404
    if closed := _closed(request, ticket, attachment):
        return closed
    return _send(attachment.preview_path, "pratinjau.jpg", inline="image/jpeg")


def _send(path, name, inline=""):
    """Bytes of the storage, by nginx where it is in front; nothing of them runs in our origin."""
    content_type = inline or "application/octet-stream"
    if settings.ACCEL_LOCATION:
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = settings.ACCEL_LOCATION + path
    else:
        try:
            response = FileResponse(default_storage.open(path), content_type=content_type)
        except FileNotFoundError as error:
            raise Http404 from error
    response["Content-Disposition"] = content_disposition_header(not inline, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
