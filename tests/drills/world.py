"""Run in the environment of a drill's portal: fills its fresh database, prints who can sign in.

`main` prints one JSON object. People get a session of their own; the LPSE's private key is printed
as well, so that a drill can sign hand-offs as SPSE does.
"""

import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.core.management import call_command
from django.test import Client

from accounts.models import Lpse, User
from accounts.roles import Role
from tickets.models import AppVersion, Category

REPORTERS = 40  # each may send 20 tickets an hour
NPWP = "012345674441000"


def session_of(user):
    """The cookie of somebody who has just signed in."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def person(role, lpse, name, **fields):
    """An account with its session."""
    user = User.objects.create(
        role=role,
        lpse=lpse,
        name=name,
        username=name,
        subject=name,
        email=f"{name}@contoh.example.id",
        **fields,
    )
    return {"pk": user.pk, "session": session_of(user)}


def office(key):
    """The one LPSE, which signs with `key`."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Lpse.objects.create(
        code="260", name="LPSE Contoh", kind="kota", province="Bali", public_key=public.decode()
    )


def main():
    """Everything that the drills find in the portal."""
    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    key = Ed25519PrivateKey.generate()
    lpse = office(key)
    reporters = [
        person(Role.PENYEDIA, lpse, f"pelapor{n}", identity_number=NPWP) for n in range(REPORTERS)
    ]
    world = {
        "lpse": lpse.pk,
        "key": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "reporters": reporters,
        "helpdesk": person(Role.LPSE_L1, lpse, "helpdesk"),
        "category": Category.objects.filter(is_active=True).first().pk,
        "version": AppVersion.objects.filter(is_active=True).first().pk,
    }
    sys.stdout.write(json.dumps(world))
