"""What the security log learns from answers and from allauth: refusals, changes of sign-in."""

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.account.utils import url_str_to_user_pk
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset

from accounts import limits, security_log
from accounts.security_log import Kind

CODE_PAGES = {"mfa_reauthenticate", "mfa_authenticate"}  # wrong passwords are told elsewhere
LOOK_UP = "tickets:track"
ONCE_IN = 60  # seconds: a stranger who knocks on one door fills no log
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
    """Records 403, tickets that somebody signed in may not see, and wrong codes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        kind = _refusal(request, response)
        if kind and _is_news(request, kind):
            _record(request, kind)
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


def _pending(request):
    """The key of who has entered a password and not yet a code, in allauth's session; else None."""
    pending = request.session.get(LOGIN_SESSION_KEY) or {}
    if _page(request) != "mfa_authenticate" or "user_pk" not in pending:
        return None
    return url_str_to_user_pk(pending["user_pk"])


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
        account=_pending(request),
        why=getattr(request, "why_refused", ""),
    )


def watch():
    """What allauth does with passwords and second factors goes to the log, with whose it is."""
    told = {
        password_set: (Kind.ACCOUNT, "password"),
        password_changed: (Kind.ACCOUNT, "password"),
        password_reset: (Kind.ACCOUNT, "password by mail"),
        authenticator_added: (Kind.SECOND_FACTOR, "added"),
        authenticator_removed: (Kind.SECOND_FACTOR, "removed"),
        authenticator_reset: (Kind.SECOND_FACTOR, "recovery codes"),
    }
    for signal, (kind, field) in told.items():

        def enter(sender, request, user, kind=kind, field=field, **rest):
            security_log.record(kind, request=request, user=user, account=user.pk, field=field)

        signal.connect(enter, weak=False, dispatch_uid=f"accounts.refusals {field} {kind}")
