"""How often somebody may do something, counted in the database for all processes (ADR 18).

A limit of settings.RATE_LIMITS allows so many hits of one subject within a window that begins with
the first. A subject is a person or a network address; the table names neither.
"""

from datetime import timedelta
from ipaddress import ip_address, ip_network
from math import ceil

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import security_log
from accounts.models import RateCount
from accounts.security_log import Kind

LONGEST = 3600  # seconds: no refusal of a limit is for longer


def hit(action, subject):
    """Count one; returns the seconds to wait, 0 when this one may still pass.

    Of many at once exactly as many pass as the limit allows: it is one statement. Inside a
    transaction the hits of a subject come one after another until it ends.
    """
    if wait := seconds_to_wait(action, subject):  # a flood ends here, without writing
        return wait
    at_most, seconds = settings.RATE_LIMITS[action]
    count, ends_at = RateCount.objects.add(_key(action, subject), timedelta(seconds=seconds))
    return _until(ends_at) if count > at_most else 0


def seconds_to_wait(action, subject):
    """As `hit` would answer now, without counting."""
    at_most, seconds = settings.RATE_LIMITS[action]
    running = RateCount.objects.running(timedelta(seconds=seconds))
    full = running.filter(key=_key(action, subject), count__gte=at_most)
    ends_at = full.values_list("ends_at", flat=True).first()
    return _until(ends_at) if ends_at else 0


def minutes(seconds):
    """Whole minutes to wait, as people are told; never too few."""
    return ceil(seconds / 60)


def network_of(ip):
    """The address to count by: whoever has IPv6 has at least a /64 of it."""
    address = ip_address(ip)
    address = getattr(address, "ipv4_mapped", None) or address
    return str(ip_network((int(address), 64), strict=False) if address.version == 6 else address)


def source(request):
    """The network address that a request comes from, as a subject."""
    return network_of(get_adapter(request).get_client_ip(request))


def closed(request, action, seconds, **context):
    """The page that says what there was too much of, and when to come again."""
    refused(request, action, seconds)
    context |= {"minutes": minutes(seconds), "action": action}
    return told(render(request, "429.html", context), seconds)


def told(response, seconds):
    """The same response as an answer to a limit: 429, and when to come again."""
    response.status_code = 429
    response["Retry-After"] = str(seconds)
    return response


def refused(request, action, seconds):
    """Enter it in the security log, once until the `seconds` are over."""
    if is_first(f"told {action}", request.user.pk or source(request), seconds):
        about = {"user": request.user if request.user.is_authenticated else None}
        if action != "lookup":  # who looks a number up was promised that no address is kept
            about["request"] = request
        security_log.record(Kind.LIMITED, action=action, **about)


def is_first(what, subject, seconds):
    """Whether `what` happens to this subject for the first time within so many seconds."""
    key = _key(what, subject)
    longest = timedelta(seconds=max(seconds, LONGEST))  # the wait of another time may be longer
    if RateCount.objects.running(longest).filter(key=key).exists():  # a flood only reads
        return False
    return RateCount.objects.add(key, timedelta(seconds=seconds))[0] == 1


def _key(action, subject):
    text = f"{action}\0{subject}"
    return salted_hmac("accounts.limits", text, algorithm="sha256").hexdigest()


def _until(moment):
    return max(1, ceil((moment - timezone.now()).total_seconds()))
