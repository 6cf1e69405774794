"""Encryption at rest with rotating keys (Fernet: AES-128-CBC with HMAC-SHA256)."""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction


@lru_cache(maxsize=4)
def _box(keys):
    return MultiFernet([Fernet(key) for key in keys])


SECRETS = ("secret", "seed")  # what allauth encrypts of an authenticator's data


def rotate_second_factors():
    """Encrypt the secret of every second factor anew with the first key; return how many."""
    from allauth.mfa.models import Authenticator

    with transaction.atomic():
        rows = list(Authenticator.objects.select_for_update())
        for row in rows:
            for name in set(SECRETS).intersection(row.data):
                row.data[name] = box().rotate(row.data[name].encode()).decode()
        Authenticator.objects.bulk_update(rows, ["data"], batch_size=500)
    return len(rows)


def unreadable_second_factors():
    """How many second factors none of FIELD_KEYS opens: their owners could not sign in."""
    from allauth.mfa.models import Authenticator

    return sum(not _opens(row.data) for row in Authenticator.objects.iterator())


def _opens(data):
    try:
        for name in set(SECRETS).intersection(data):
            box().decrypt(data[name].encode())
    except InvalidToken:
        return False
    return True


def box():
    """Encrypts with the first of settings.FIELD_KEYS and decrypts with any of them."""
    return _box(tuple(settings.FIELD_KEYS))
