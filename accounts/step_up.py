"""Asking once more who it is, before what must not be done from an unattended screen."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired


def is_confirmed(request):
    """Whether the password or a code was entered again within ACCOUNT_REAUTHENTICATION_TIMEOUT.

    Signing in does not count: it can be hours ago, and somebody else may sit there now.
    """
    return did_recently_reauthenticate(request)


def require(request):
    """Leads to the page that asks for password or code, and from there back to this request.

    Raises ReauthenticationRequired, which allauth answers; a POST is kept and goes on afterwards.
    """
    if not is_confirmed(request):
        raise ReauthenticationRequired
