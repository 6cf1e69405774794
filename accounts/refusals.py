"""What the answers of pages tell the security log: what was refused, and changes of sign-in."""

from accounts import limits, security_log
from accounts.security_log import Kind

CODE_PAGES = {"mfa_reauthenticate", "mfa_authenticate"}  # wrong passwords are told elsewhere
LOOK_UP = "tickets:track"
ONCE_IN = 60  # seconds: a stranger who knocks on one door fills no log
DONE = {  # pages of allauth, by what a post to them that leads on has changed
    "mfa_activate_totp": (Kind.SECOND_FACTOR, "added"),
    "mfa_deactivate_totp": (Kind.SECOND_FACTOR, "removed"),
    "mfa_generate_recovery_codes": (Kind.SECOND_FACTOR, "recovery codes"),
    "account_change_password": (Kind.ACCOUNT, "password"),
    "account_set_password": (Kind.ACCOUNT, "password"),
    "account_reset_password_from_key": (Kind.ACCOUNT, "password"),
}


class RefusalsMiddleware:
    """Records 403, tickets that somebody signed in may not see, wrong codes, and new
    passwords and second factors."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if kind := _refusal(request, response):
            if _is_news(request, kind):
                _record(request, kind)
        elif done := _done(request, response):
            kind, field = done
            security_log.record(kind, request=request, account=request.user.pk, field=field)
        return response


def _page(request):
    """The name of the page that was asked for; '' of none."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _refusal(request, response):
    """The Kind of refusal, or None."""
    if response.status_code == 403:
        return Kind.REFUSED
    if response.status_code == 404 and _names_ticket(request) and request.user.is_authenticated:
        return Kind.REFUSED
    is_wrong = request.method == "POST" and response.status_code == 200
    return Kind.SIGN_IN_FAILED if is_wrong and _page(request) in CODE_PAGES else None


def _names_ticket(request):
    """Whether the address is about one ticket; in the public look-up any text can stand there."""
    match = request.resolver_match
    return match is not None and "number" in match.kwargs and _page(request) != LOOK_UP


def _is_news(request, kind):
    """Each refusal of a known person; of strangers, one a minute and page."""
    if kind == Kind.SIGN_IN_FAILED or request.user.is_authenticated:
        return True
    return limits.is_first(f"refused {_page(request)}", limits.source(request), ONCE_IN)


def _record(request, kind):
    security_log.record(
        kind,
        request=request,
        page=_page(request),
        method=request.method,
        ticket=request.resolver_match.kwargs["number"] if _names_ticket(request) else None,
        why=getattr(request, "why_refused", ""),
    )


def _done(request, response):
    """(Kind, field) of a page of DONE that leads on, not to asking for the password once more."""
    leads_on = request.method == "POST" and response.status_code == 302
    if not leads_on or "/reauthenticate/" in response.url:
        return None
    return DONE.get(_page(request))
