"""Where the sentences for the next page wait: in a cookie, else in the session."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NoteCookie(CookieStorage):
    """Django's, under a name with the prefix of our cookies."""

    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class NoteStorage(FallbackStorage):
    storage_classes = (NoteCookie, SessionStorage)
