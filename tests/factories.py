"""Plain functions that make what a test needs, with defaults that never collide."""

from itertools import count

from accounts.models import Lpse, User
from accounts.roles import LPSE_OFFICERS, REPORTERS

PASSWORD = "Latihan-2026"
_numbers = count(1)


def make_lpse(**kwargs):
    number = next(_numbers)
    defaults = {
        "code": str(5000 + number),
        "name": f"LPSE Kabupaten Contoh {number}",
        "kind": "kabupaten",
        "province": "Jawa Barat",
    }
    return Lpse.objects.create(**defaults | kwargs)


def make_user(role="", lpse=None, **kwargs):
    """A person with `role`; '' is an administrator's. People of an LPSE get one when none is given.

    Those who sign in locally have PASSWORD.
    """
    number = next(_numbers)
    comes_from_spse = role in REPORTERS or role in LPSE_OFFICERS
    if comes_from_spse and lpse is None:
        lpse = make_lpse()
    defaults = {
        "username": f"orang{number}",
        "name": f"Orang {number}",
        "email": f"orang{number}@contoh.example.id",
        "subject": f"orang{number}" if comes_from_spse else "",
    }
    user = User(role=role, lpse=lpse, **defaults | kwargs)
    if comes_from_spse:
        user.set_unusable_password()
    else:
        user.set_password(PASSWORD)
    user.save()
    return user
