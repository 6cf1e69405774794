"""The demo's people: those of three LPSE by hand-off, LKPP and administrator by a password."""

from io import StringIO

from django.core.management import call_command

from accounts import spse, sso
from accounts.models import Lpse, User
from accounts.roles import Role

LOCAL_LOGINS = [
    ("lkpp1", "Ratih Kusumaningdyah", Role.LKPP_L1),
    ("lkpp1b", "Bonar Hutasoit", Role.LKPP_L1),
    ("lkpp2", "Yusuf Lestaluhu", Role.LKPP_L2),
    ("admin", "Administrator Portal", ""),
]


def prepare_offices():
    """The demo's LPSE, loaded if they are missing, with the simulator's public key.

    Their rows stay locked until the transaction ends: two that seed at once take turns.
    """
    offices = Lpse.objects.filter(code__in=spse.DEMO_LPSE_CODES)
    if offices.count() < len(spse.DEMO_LPSE_CODES):
        call_command("load_lpse", stdout=StringIO())
    key = spse.public_key_pem()
    for lpse in offices.select_for_update():
        if lpse.public_key != key:
            lpse.public_key = key
            lpse.save(update_fields=["public_key"])


def prepare_accounts():
    """Everybody whom the simulated SPSE and the login page know; return how many were new.

    People of an LPSE enter once by a real hand-off, so that its rules alone say what an account is.
    """
    known = set(User.objects.values_list("lpse__code", "subject"))
    strangers = [a for a in spse.DEMO_ACCOUNTS if (a.lpse_code, a.user_id) not in known]
    for account in strangers:
        sso.sign_in(spse.make_token(account))
    return len(strangers) + sum(_make_local_login(*login) for login in LOCAL_LOGINS)


def _make_local_login(username, name, role):
    """Whether the login had to be made; one that exists keeps its password."""
    if User.objects.filter(username=username).exists():
        return False
    user = User(username=username, name=name, role=role, email=f"{username}@lkpp.example.id")
    user.is_staff = user.is_superuser = not role
    user.set_password(spse.DEMO_PASSWORD)
    user.save()
    return True
