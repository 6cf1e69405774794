"""The doors into the portal."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, security_log, spse, sso
from accounts.models import Lpse, User
from accounts.security_log import Kind

FOUND_AT_MOST = 20
LONGEST_PATH = 500  # Django refuses to redirect to far longer ones


def is_own_path(request, target):
    """Whether `target` leads to a page of this portal and nowhere else."""
    return (
        target.startswith("/")
        and len(target) <= LONGEST_PATH
        and url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    )


@login_not_required
@csrf_exempt  # posted from another site: the signature and the one-time id stand in for the token
@never_cache
@require_http_methods(["GET", "POST"])
def handoff(request):
    """POST /masuk/spse/ signs in; a GET only shows a page that posts its token on."""
    if request.method == "GET":
        return _hand_on(request)
    if wait := limits.hit("handoff", limits.source(request)):
        return limits.closed(request, "handoff", wait)
    wanted = request.POST.get("next", "")
    try:
        if wanted and not is_own_path(request, wanted):
            raise sso.Refused("next leads elsewhere")
        user = sso.sign_in(request.POST.get("token", ""))
    except sso.Refused as refusal:
        request.why_refused = refusal.reason  # for the security log
        return render(request, "accounts/refused.html", {"advice": refusal.advice}, status=403)
    record_authentication(request, user, method="sso")
    return perform_login(
        request,
        user,
        email_verification="none",
        redirect_url=wanted or resolve_url(settings.LOGIN_REDIRECT_URL),
    )


def _hand_on(request):
    token = request.GET.get("token", "")
    if not token:
        return redirect(settings.LOGIN_URL)
    context = {"token": token, "next": request.GET.get("next", "")}
    response = render(request, "accounts/hand_on.html", context)
    response["Referrer-Policy"] = "no-referrer"  # the token stands in this page's address
    return response


@require_http_methods(["GET", "POST"])
def leave_everywhere(request):
    """'Keluar dari semua perangkat': all sessions of this person end, after a question."""
    if request.method == "GET":
        return render(request, "accounts/leave_everywhere.html")
    User.objects.filter(pk=request.user.pk).end_sessions()
    security_log.record(Kind.SIGN_OUT, request=request, where="all devices")
    logout(request)
    messages.success(request, "Anda sudah keluar dari semua perangkat.")
    return redirect(settings.LOGIN_URL)


@login_not_required
@require_safe
def find_lpse(request):
    """Where a reporter finds the SPSE of their LPSE; the sign-in page shows the result."""
    wanted = request.GET.get("lpse", "").replace("\0", "").strip()[:80]
    found = list(_lpse_with(wanted.split())[: FOUND_AT_MOST + 1]) if wanted else []
    context = {
        "wanted": wanted,
        "found": found[:FOUND_AT_MOST],
        "is_cut": len(found) > FOUND_AT_MOST,
        "simulated": set(spse.simulated_offices()),
    }
    return render(request, "accounts/find_lpse.html", context)


def _lpse_with(words):
    """The active LPSE with each of `words` in their name or province."""
    each = [Q(name__icontains=word) | Q(province__icontains=word) for word in words]
    return Lpse.objects.filter(*each, is_active=True)
