"""Hand-offs as an LPSE signs them, with a key of this smoke."""

import os
from datetime import timedelta
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.utils import timezone

KEY = "SMOKE_LPSE_KEY"  # in the environment, PEM


def make_key():
    """A new pair: the private half goes to the environment, the public one is returned."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    os.environ[KEY] = private.decode()
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def token_of(account):
    """What the SPSE of the account's LPSE hands to the browser."""
    now = timezone.now()
    identity = {"npwp": account.npwp} if account.is_penyedia else {"nip": account.nip}
    claims = {
        "iss": account.lpse_code,
        "aud": "lpse-support",
        "sub": account.user_id,
        "name": account.name,
        "role": account.role.value,
        "email": account.email,
        "iat": now,
        "exp": now + timedelta(seconds=60),
        "jti": str(uuid4()),
    }
    return jwt.encode(claims | identity, os.environ[KEY], algorithm="EdDSA")
