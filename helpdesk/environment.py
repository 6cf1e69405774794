"""Reads settings from the environment; a wrong value stops the start with a sentence."""

import json
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured


def text(name, default=""):
    return os.environ.get(name, default).strip()


def listed(name, default=""):
    """A comma-separated value as a list without empty items."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def flag(name, *, default):
    """A yes/no value. Raises ImproperlyConfigured for anything but 1/0, true/false, yes/no."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name, default):
    """A whole number of at least 0. Raises ImproperlyConfigured otherwise."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def numbers(name, default):
    """Whole numbers of at least 0, separated by commas. Raises ImproperlyConfigured otherwise."""
    values = listed(name, default)
    if not all(value.isdecimal() for value in values):
        raise ImproperlyConfigured(f"{name} must be whole numbers separated by commas.")
    return [int(value) for value in values]


def choice(name, default, allowed):
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def address(name, default):
    """The beginning of an address, without a slash at its end. Raises ImproperlyConfigured."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
        raise ImproperlyConfigured(f"{name} must be like https://host, not {value!r}.")
    return value


def fernet_keys(value):
    """A comma-separated list of Fernet keys. Raises ImproperlyConfigured when one is none."""
    keys = [key.strip() for key in value.split(",") if key.strip()]
    try:
        for key in keys:
            Fernet(key)
    except ValueError as error:
        raise ImproperlyConfigured(
            "FIELD_KEYS must be Fernet keys separated by commas (.env.example)."
        ) from error
    return keys


def database(from_url, name="DATABASE_URL"):
    """Django's settings for the URL in `name`."""
    try:
        return from_url(text(name))
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from error


def bucket(*, plain_http):
    """Django's options for the bucket that S3_… name; {} where there is none.

    Raises ImproperlyConfigured for half of them, and for a server without TLS beyond this machine
    unless `plain_http` is fine.
    """
    names = ("S3_BUCKET", "S3_ENDPOINT_URL", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
    if not any(text(name) for name in names):
        return {}
    if missing := [name for name in names if not text(name)]:
        raise ImproperlyConfigured(f"{', '.join(missing)} is missing: a bucket needs all of S3_….")
    endpoint = address("S3_ENDPOINT_URL", "")
    parts = urlsplit(endpoint)
    if parts.scheme == "http" and not plain_http and parts.hostname not in {"127.0.0.1", "::1"}:
        raise ImproperlyConfigured(
            "S3_ENDPOINT_URL must begin with https://: it carries the files."
        )
    return {
        "bucket_name": text("S3_BUCKET"),
        "endpoint_url": endpoint,
        "region_name": text("S3_REGION", "us-east-1"),
        "access_key": text("S3_ACCESS_KEY_ID"),
        "secret_key": text("S3_SECRET_ACCESS_KEY"),
        "file_overwrite": False,
    }


def demo_secrets(path):
    """The demo's own secrets, made at the first start and kept in the file `path` (mode 0600).

    Keys: SECRET_KEY, FIELD_KEYS, SPSE_SIMULATOR_KEY (Ed25519, PEM). Two first starts at once agree,
    because only one of them can give the file its name.
    """
    path = Path(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        signing_key = Ed25519PrivateKey.generate()
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": Fernet.generate_key().decode(),
            "SPSE_SIMULATOR_KEY": signing_key.private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
            ).decode(),
        }
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its file counts
        finally:
            draft.unlink()
    return json.loads(path.read_text())
