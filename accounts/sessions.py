"""When a session ends, always on the server (ADR 19).

Ten hours after the sign-in for everybody, and for officers and administrators when nothing was done
for settings.OFFICER_IDLE_MINUTES. The rest ends with the person: logout, another password,
User.end_sessions.
"""

import time

from django.conf import settings
from django.contrib.auth import logout

SIGNED_IN_AT, SEEN_AT = "signed-in-at", "seen-at"  # in the session, seconds
SEEN_EVERY = 60  # seconds: a session is not written at each click


def begin(session):
    """Both clocks of a session start at the sign-in."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())


def at_sign_in(sender, request, **kwargs):
    """For the signal user_logged_in, which every door sends."""
    begin(request.session)


def no_activity(view):
    """Marks what an open page asks by itself: it keeps nobody signed in."""
    view.is_no_activity = True
    return view


def is_over(session, user):
    """Whether the time of this session is up. One without a clock was not begun by us."""
    now = time.time()
    if now - session.get(SIGNED_IN_AT, 0) > settings.SESSION_COOKIE_AGE:
        return True
    rests_at_most = settings.OFFICER_IDLE_MINUTES * 60
    return is_guarded(user) and now - session.get(SEEN_AT, 0) > rests_at_most


def is_guarded(user):
    """Those who read what others wrote do not stay signed in at an empty desk."""
    return user.is_officer or user.is_staff


class SessionEndMiddleware:
    """Ends sessions whose time is up; whoever had one goes on as a stranger."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if self._is_signed_in(request) and is_over(request.session, request.user):
            logout(request)
        return self.get_response(request)

    def process_view(self, request, view, *args):
        if not self._is_signed_in(request) or getattr(view, "is_no_activity", False):
            return
        now = int(time.time())
        if is_guarded(request.user) and now - request.session[SEEN_AT] >= SEEN_EVERY:
            request.session[SEEN_AT] = now

    @staticmethod
    def _is_signed_in(request):
        """Without a cookie nothing is asked of the session, and the page stays everybody's."""
        has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
        return has_cookie and request.user.is_authenticated
