"""What a page says when the server cannot keep anything: no database, no room, no bucket (ADR 25).

Nothing here asks the database. Who asks is not known either, so a text goes back only to a browser
that shows the token of our own form, and nobody makes the server read more than strangers may send.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import get_template
from django.utils.cache import add_never_cache_headers

from tickets.uploads import AWAY, FULL, MAX_BODY_OF_STRANGERS, TICKETS_PATH

RETRY_AFTER = 30  # seconds: PostgreSQL restarts in less
SECRET = "password"  # noqa: S105 # nosec B105 # a part of the names of fields
TEXTS = {
    "title": "Judul",
    "description": "Deskripsi",
    "message": "Pesan",
    "suggestion": "Saran dan Masukan",
}


def failed(request):
    """The page after an error that nobody caught: what failed decides what it says.

    With the code by which the log knows more. Asks no database, which may be what is broken.
    """
    for error in _errors(sys.exception()):
        if isinstance(error, (OperationalError, InterfaceError)):
            return _sorry(request, 503)
        if isinstance(error, OSError) and error.errno in FULL:
            return _sorry(request, 507)
        if isinstance(error, OSError) and error.errno == AWAY:
            return _sorry(request, 503)
    return HttpResponseServerError(get_template("500.html").render({"code": request.code}))


def _errors(error):
    """The error and those that led to it: a library may say it in words of its own."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _sorry(request, status):
    """The page that needs no database, with what was typed."""
    posted = _posted(request)
    context = {
        "code": request.code,
        "is_full": status == 507,
        "is_post": request.method == "POST",
        "path": request.get_full_path(),
        "fields": posted,
        "typed": [(label, posted[name]) for name, label in TEXTS.items() if posted.get(name)],
        "lost_files": "batal" in posted,
        "csrf_token": get_token(request) if posted else "",
    }
    response = HttpResponse(get_template("503.html").render(context), status=status)
    response["Retry-After"] = str(RETRY_AFTER)
    add_never_cache_headers(response)
    return response


def _posted(request):
    """What may be posted once more, by name; {} when it is not the form of a ticket, or not ours.

    Files cannot be shown again: their form goes back to the page where they are chosen.
    """
    if request.method != "POST" or not request.path_info.startswith(TICKETS_PATH):
        return {}
    if not (_is_small(request) and _is_own_form(request)):
        return {}
    left_out = {"csrfmiddlewaretoken", "konfirmasi"} if request.FILES else {"csrfmiddlewaretoken"}
    posted = {
        name: value
        for name, value in request.POST.items()
        if SECRET not in name and name not in left_out
    }
    return posted | ({"batal": "ya"} if request.FILES else {})


def _is_small(request):
    """Whether it has been read already, or is no more than anybody may make us read."""
    is_read = hasattr(request, "_post")
    return is_read or int(request.META.get("CONTENT_LENGTH") or 0) <= MAX_BODY_OF_STRANGERS


def _is_own_form(request):
    """Whether a page of ours posted it: Django's own check, which needs no database."""
    check = CsrfViewMiddleware(lambda request: None)
    check.process_request(request)
    return check.process_view(request, None, (), {}) is None
