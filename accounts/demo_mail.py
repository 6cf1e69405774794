"""The mails that the demo would have sent, at an address of their own: /surel-latihan/.

Exists only where the SPSE simulator does: mails of the demo lie in a folder instead of going out.
"""

import email
import email.policy
from datetime import UTC
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

NEWEST = 100
SEPARATOR = b"\n" + b"-" * 79 + b"\n"  # of Django's filebased backend
# A mail brings its own style and nothing else: no script, no form, no other host
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def demo_only(view):
    """404 where mails really go out."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.SPSE_SIMULATOR:
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(never_cache(require_safe(guarded)))


def written():
    """[(name, message), …] of the newest mails, newest first; the name stays the same."""
    files = sorted(
        Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda file: file.stat().st_mtime
    )
    found = []
    for file in reversed(files):
        parts = [part for part in file.read_bytes().split(SEPARATOR) if part.strip()]
        for place, part in reversed(list(enumerate(parts))):
            message = email.message_from_bytes(part.lstrip(), policy=email.policy.default)
            found.append((f"{file.stem}-{place}", message))
        if len(found) >= NEWEST:
            break
    return found[:NEWEST]


def named(name):
    """The mail of this name, or 404."""
    for known, message in written():
        if known == name:
            return message
    raise Http404


def sent_at(message):
    """When it was written; '-0000' in a mail means UTC, and Python leaves that out."""
    moment = message["Date"].datetime
    return localtime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


@demo_only
def mails(request):
    """All of them, newest first."""
    rows = [
        {
            "name": name,
            "to": message["To"],
            "subject": message["Subject"],
            "at": sent_at(message),
        }
        for name, message in written()
    ]
    return render(request, "accounts/demo_mails.html", {"rows": rows})


@demo_only
def mail(request, name):
    """One mail as text, with what stands above it."""
    message = named(name)
    context = {
        "name": name,
        "subject": message["Subject"],
        "headers": [(key, message[key]) for key in ("From", "To", "Date", "Message-ID")],
        "text": message.get_body(["plain"]).get_content(),
        "has_html": message.get_body(["html"]) is not None,
    }
    return render(request, "accounts/demo_mail.html", context)


@demo_only
def mail_html(request, name):
    """One mail as a mail program shows it."""
    body = named(name).get_body(["html"])
    if body is None:
        raise Http404
    response = HttpResponse(body.get_content())
    response.headers["Content-Security-Policy"] = POLICY
    return response
