"""A code for each request, and the log: one line a request, one JSON object a line.

No line holds an address (they name tickets and carry keys of mails), a form's values, a name or a
mail. Imports nothing of ours: settings and deploy/gunicorn.py name this module.
"""

import json
import logging
import re
import time
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError

log = logging.getLogger("helpdesk.request")

# It stays until the thread's next request: a streamed body is written after the middleware
_code = ContextVar("code of the request", default="")
LOOKS_RIGHT = re.compile(r"[0-9a-f]{32}")  # nginx's $request_id
FACTS = ("method", "view", "status", "ms", "user")
# Their messages speak of code and servers; others repeat what somebody typed
TELLING = {
    *("AttributeError", "ImportError", "ModuleNotFoundError", "NameError", "ImproperlyConfigured"),
    *("TemplateDoesNotExist", "OperationalError", "InterfaceError", "AdminShutdown"),
}


class RequestLogMiddleware:
    """Gives each request its code, puts it on the answer, and writes one line when it is done."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        begin = time.monotonic()
        request.code = code_of(request)
        _code.set(request.code)
        response = self.get_response(request)
        response["X-Request-ID"] = request.code
        log.info("answered", extra=facts(request, response, time.monotonic() - begin))
        return response


def code_of(request):
    """The proxy's id where one in front is trusted and it looks like one; else one of our own."""
    sent = request.headers.get("X-Request-ID", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and LOOKS_RIGHT.fullmatch(sent):
        return sent
    return uuid.uuid4().hex


def facts(request, response, seconds):
    """What a line tells of a request. Asks nobody who it is that did not have to say so already."""
    user = getattr(request, "_cached_user", None)
    return {
        "method": request.method,
        "view": view_name(request),
        "status": response.status_code,
        "ms": round(seconds * 1000),
        "user": user.pk if user else None,
    }


def view_name(request):
    """The name of the page, 'static' for static files, '' where nothing is."""
    if request.resolver_match:
        return request.resolver_match.view_name or request.resolver_match.func.__name__
    return "static" if request.path_info.startswith(settings.STATIC_URL) else ""


class LineFormatter(logging.Formatter):
    """A readable line with the request's code, without addresses and without values."""

    def __init__(self, fmt="{asctime} {levelname} {name} {code} {message}"):
        super().__init__(fmt, style="{")

    def format(self, record):
        record.code = _code.get()
        return super().format(without_address(record))

    def formatException(self, ei):
        """As Python's, except that most exceptions do not say what they say."""
        errors = list(chain(ei[1]))
        if isinstance(errors[0], (OperationalError, InterfaceError)):  # told by each page
            return f"{type(errors[0]).__name__} {saying(errors[-1])}".strip()
        return "\n".join(told(each) for each in reversed(errors))


class JSONFormatter(LineFormatter):
    """The same as one JSON object a line."""

    def format(self, record):
        record = without_address(record)
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": _code.get(),
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def without_address(record):
    """Django's lines end in the path that was asked for: the name of the page stands there."""
    request = getattr(record, "request", None)
    if request is not None and isinstance(record.args, tuple):
        args = (view_name(request) if arg == request.path else arg for arg in record.args)
        record.args = tuple(args)
    return record


def chain(error):
    """The exception and those before it, the last first; each once."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def told(error):
    """Where an exception came from, and what of it no person has typed."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames}{type(error).__name__}{f': {saying(error)}' if saying(error) else ''}"


def saying(error):
    """Of the database its code and the rule's name, of the system its word; else little."""
    if diagnosis := getattr(error, "diag", None):
        parts = (error.pgcode, diagnosis.constraint_name, diagnosis.table_name)
        if known := " ".join(part for part in parts if part):
            return known
    if isinstance(error, OSError):
        return error.strerror or ""
    return str(error).strip() if type(error).__name__ in TELLING else ""
