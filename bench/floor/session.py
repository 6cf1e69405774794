"""Prints the cookie of a session of a person: `python -m bench.floor.session <primary key>`."""

import sys

import django

django.setup()

from importlib import import_module  # noqa: E402 - sessions need a set-up Django

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402

from bench.floor.models import Person  # noqa: E402

person = Person.objects.get(pk=sys.argv[1])
store = import_module(settings.SESSION_ENGINE).SessionStore()
store[SESSION_KEY] = str(person.pk)
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
store[HASH_SESSION_KEY] = person.get_session_auth_hash()
store.create()
print(f"sessionid={store.session_key}")
