"""Encryption at rest with rotating keys (Fernet: AES-128-CBC with HMAC-SHA256)."""

from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _box(keys):
    return MultiFernet([Fernet(key) for key in keys])


def box():
    """Encrypts with the first of settings.FIELD_KEYS and decrypts with any of them."""
    return _box(tuple(settings.FIELD_KEYS))
