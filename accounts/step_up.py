"""Asking once more who it is, before what must not be done from an unattended screen."""

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings


def is_confirmed(request):
    """Whether the password or a code was entered again within ACCOUNT_REAUTHENTICATION_TIMEOUT.

    Signing in does not count: it can be hours ago, and somebody else may sit there now.
    """
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record.get("reauthenticated") and record["at"] > since for record in records)


def require(request):
    """Leads to the page that asks for password or code, and from there back to this request.

    Raises ReauthenticationRequired, which allauth answers; a POST is kept and goes on afterwards.
    """
    if not is_confirmed(request):
        raise ReauthenticationRequired
