"""What stands between every request and its view."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils.cache import add_never_cache_headers

from accounts import limits

PATHS_OF_EVERYBODY = ("/akun/login/", "/akun/logout/")
PATHS_BEFORE_SECOND_FACTOR = ("/akun/", "/static/")
CHECKED, ENROLLED = "has-second-factor", "enrolled"  # in the session
# cookie: the page that a missing session kept somebody from
WANTED = f"{settings.COOKIE_PREFIX}halaman-dituju"
NEVER_WANTED = ("/masuk/", "/akun/", "/keluar/")
WANTED_FOR = 30 * 60  # seconds


def tell_lost_session(request):
    """Said once: the answer also takes the cookie of the lost session away."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty():
        messages.info(request, "Sesi Anda telah berakhir. Silakan masuk kembali.")


class ClosedByDefaultMiddleware(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless it says otherwise.

    The wanted page is remembered in a cookie of its own, because the way back may lead through
    SPSE, from where the browser does not send our session along.
    """

    def handle_no_permission(self, request, view_func):
        response = super().handle_no_permission(request, view_func)
        tell_lost_session(request)
        is_page = request.headers.get("Sec-Fetch-Dest", "document") == "document"  # no script asks
        if is_page and not request.path_info.startswith(NEVER_WANTED):
            response.set_signed_cookie(
                WANTED,
                # the address of a form also shows it
                request.get_full_path() if request.method == "GET" else request.path,
                max_age=WANTED_FOR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


class LocalLoginMiddleware:
    """Who may use the pages of the local login, and who must enrol a second factor there first."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # path_info: a proxy's SCRIPT_NAME in front of it says nothing about the page
        user, path = request.user, request.path_info
        if not user.is_authenticated:
            return self.get_response(request)
        if user.comes_from_spse:
            if path.startswith("/akun/") and not path.startswith(PATHS_OF_EVERYBODY):
                raise PermissionDenied
        elif settings.SECOND_FACTOR_REQUIRED and not path.startswith(PATHS_BEFORE_SECOND_FACTOR):
            if not self._has_second_factor(request):
                return redirect("mfa_activate_totp")
        elif path.startswith("/akun/2fa/"):
            request.session.pop(CHECKED, None)
            response = self.get_response(request)
            self._remember_enrolment(request, response)
            return response
        return self.get_response(request)

    @staticmethod
    def _remember_enrolment(request, response):
        """Whoever has just made their second factor has shown a code of it."""
        is_sent = request.method == "POST" and request.path_info == "/akun/2fa/totp/activate/"
        if is_sent and response.status_code == 302 and request.user.is_authenticated:
            request.session[ENROLLED] = request.user.pk

    @staticmethod
    def _has_second_factor(request):
        """Whether this session has shown a code, not only whether the person could.

        Asked of the database once a session, and again after a visit to the pages about it.
        """
        session, user = request.session, request.user
        if not session.get(CHECKED) and is_mfa_enabled(user):
            ways = {record["method"] for record in get_authentication_records(request, user)}
            session[CHECKED] = "mfa" in ways or session.get(ENROLLED) == user.pk
        return session.get(CHECKED, False)


class FailedLoginsMiddleware:
    """A form that was refused after too many failures says so by its status, too."""

    WAIT = 300  # seconds, as settings.ACCOUNT_RATE_LIMITS counts the failures of one account

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if hasattr(request, "has_failed_too_often"):
            limits.refused(request, "login", self.WAIT)
            return limits.told(response, self.WAIT)
        return response


class PrivatePagesMiddleware:
    """Pages of signed-in people stay out of every cache, also of 'back' after signing out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


class MethodNotAllowedMiddleware:
    """Django's answer to a wrong method has no body; give it our page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = get_template("405.html").render()
            response["Content-Type"] = "text/html; charset=utf-8"
        return response
