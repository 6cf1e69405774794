"""The hand-off from SPSE: a JWT signed by the LPSE's Ed25519 key signs one person in, once (R12).

An LPSE vouches for its own people only: an account is known by the LPSE and its subject. Officers
of LKPP and administrators never come this way (R13).
"""

import re
from datetime import UTC, datetime, timedelta

import jwt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import identity, security_log
from accounts.models import HandoffToken, Lpse, User
from accounts.roles import LPSE_OFFICERS, REPORTERS, Role
from accounts.security_log import Kind

MAX_LIFETIME = 60  # seconds
LEEWAY = 5  # seconds that the clocks of two servers may differ
LONGEST = 8192  # characters of a token
UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")  # PostgreSQL takes neither NUL nor half a character
UNSEEN = re.compile(r"[\x01-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
UNREADABLE = (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)
REQUIRED = ["iss", "aud", "sub", "name", "role", "email", "iat", "exp", "jti"]
ROLES = {role.value for role in (*REPORTERS, *LPSE_OFFICERS)}


class Refused(Exception):
    """A hand-off that signs nobody in. `reason` is for the log and holds nothing of the token."""

    def __init__(
        self, reason, advice="Buka kembali SPSE, masuk, lalu pilih LPSE Support sekali lagi."
    ):
        super().__init__(reason)
        self.reason, self.advice = reason, advice


def sign_in(token):
    """The User whom `token` vouches for, created or refreshed. Raises Refused.

    Of several requests with the same token exactly one gets the user.
    """
    lpse, claims = read(token)
    with transaction.atomic():
        _use_once(lpse, claims)
        return _person(lpse, claims)


def read(token):
    """The issuing Lpse and the verified claims. Raises Refused."""
    lpse = _issuer(token)
    try:
        claims = jwt.decode(
            token,
            lpse.public_key,
            algorithms=["EdDSA"],
            audience=settings.HANDOFF_AUDIENCE,
            issuer=lpse.code,
            leeway=LEEWAY,
            options={"require": REQUIRED},
        )
    except jwt.ExpiredSignatureError as error:
        raise Refused("expired") from error
    except UNREADABLE as error:
        raise Refused(f"token: {type(error).__name__}") from error
    _check(claims)
    return lpse, claims


def _issuer(token):
    if len(token) > LONGEST:
        raise Refused("too long")
    try:
        code = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except UNREADABLE as error:
        raise Refused("not a token") from error
    lpse = Lpse.objects.filter(code=code).first() if _is_text(code) else None
    if lpse is None or not lpse.is_active or not lpse.public_key:
        raise Refused(
            "unknown or inactive LPSE",
            "LPSE ini belum terhubung dengan LPSE Support. Hubungi Helpdesk LPSE Anda.",
        )
    return lpse


def _check(claims):
    texts = ("sub", "name", "role", "email", "jti")
    if not all(_is_text(claims[name]) for name in texts):
        raise Refused("claim is not a text")
    if not all(type(claims[name]) in {int, float} for name in ("iat", "exp")):
        raise Refused("time is not a number")
    if claims["role"] not in ROLES:
        raise Refused("role", "Peran Anda di SPSE belum dilayani. Hubungi Helpdesk LPSE Anda.")
    if not 0 < claims["exp"] - claims["iat"] <= MAX_LIFETIME:
        raise Refused("lifetime")
    try:
        validate_email(claims["email"])
    except ValidationError as error:
        raise Refused(
            "email", "Alamat surel Anda di SPSE tidak valid. Perbaiki di SPSE."
        ) from error


def _is_text(value):
    return (
        isinstance(value, str)
        and len(value.strip()) > 0
        and len(value) <= 120
        and not UNSTORABLE.search(value)
    )


def _use_once(lpse, claims):
    expires_at = datetime.fromtimestamp(claims["exp"], tz=UTC) + timedelta(seconds=LEEWAY)
    try:
        with transaction.atomic():
            HandoffToken.objects.create(lpse=lpse, token_id=claims["jti"], expires_at=expires_at)
    except IntegrityError as error:
        raise Refused("used twice") from error
    HandoffToken.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()


def _person(lpse, claims):
    subject = claims["sub"].strip()
    User.objects.bulk_create(  # two first hand-offs at once: the second finds the first's account
        [_new_user(lpse, subject, claims)], ignore_conflicts=True
    )
    user = User.objects.select_for_update().filter(lpse=lpse, subject=subject).first()
    if user is None or user.is_staff or user.is_superuser:
        raise Refused("account is not for hand-off")
    if not user.is_active:
        raise Refused("account inactive", "Akun Anda dinonaktifkan. Hubungi Helpdesk LPSE Anda.")
    _refresh(user, claims)
    return user


def _new_user(lpse, subject, claims):
    user = User(
        username=f"{lpse.code}:{subject}"[:150], lpse=lpse, subject=subject, role=claims["role"]
    )
    user.set_unusable_password()
    return user


def _refresh(user, claims):
    """Name, e-mail and identity follow the token; a role only within its kind, and logged."""
    if user.role != claims["role"]:
        if (user.role in REPORTERS) != (claims["role"] in REPORTERS):
            raise Refused(
                "role of another kind",
                "Peran akun Anda berbeda dengan yang tercatat. Hubungi administrator LPSE Support.",
            )
        told = {"field": "role", "before": user.role, "after": claims["role"]}
        security_log.record(Kind.ROLE, account=user.pk, by="hand-off", **told)
        user.role, user.identity_number = claims["role"], ""
    user.name, user.email = one_line(claims["name"]), claims["email"].strip()
    user.identity_number = _identity_number(claims) or user.identity_number
    user.save()


def one_line(name):
    """A name without what is drawn as nothing, or turns the direction of what follows."""
    return " ".join(UNSEEN.sub(" ", name).split()) or "Tanpa nama"


def _identity_number(claims):
    """NPWP or NIP of a reporter. One that SPSE has wrong keeps nobody from asking for help."""
    is_penyedia = claims["role"] == Role.PENYEDIA
    clean, claim = (identity.clean_npwp, "npwp") if is_penyedia else (identity.clean_nip, "nip")
    try:
        return clean(str(claims.get(claim) or ""))
    except ValidationError:
        return ""
