"""The simulated SPSE of the demo: the way of Gambar 4 to 7, from an LPSE's home to the hand-off.

Its pages exist only where settings.SPSE_SIMULATOR allows. Its people are the list below; it knows
nothing of the portal's accounts, and the portal trusts its tokens only as those of a real LPSE,
because they come through POST /masuk/spse/ like any other.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Lpse
from accounts.roles import Role
from accounts.sso import MAX_LIFETIME

DEMO_LPSE_CODES = ("260", "17", "654")  # Kota Bandung WIB, Kota Denpasar WITA, Kota Ambon WIT
# every login of the demo shows it on the page
DEMO_PASSWORD = "Latihan-2026"  # noqa: S105 # nosec B105


@dataclass(frozen=True)
class DemoAccount:
    """An invented person with an account at one LPSE's SPSE."""

    lpse_code: str
    user_id: str
    role: Role
    name: str
    email: str
    npwp: str = ""
    nip: str = ""
    password: str = DEMO_PASSWORD

    @property
    def is_penyedia(self):
        return self.role == Role.PENYEDIA

    @property
    def kind(self):
        """What this person chooses on SPSE's login form."""
        return "penyedia" if self.is_penyedia else "non-penyedia"


def _people(code, office, names, companies, npwps, nips):
    """The accounts of one LPSE: two penyedia with their companies, then everybody with a NIP."""
    penyedia = [
        DemoAccount(code, f"penyedia{n}", Role.PENYEDIA, name, f"{company}.example.id", npwp=npwp)
        for n, (name, company, npwp) in enumerate(
            zip(names, companies, npwps, strict=False), start=1
        )
    ]
    officers = [
        DemoAccount(code, user_id, role, name, f"{user_id}@{office}.example.id", nip=nip)
        for (user_id, role), name, nip in zip(_WITH_NIP, names[2:], nips, strict=True)
    ]
    return penyedia + officers


_WITH_NIP = [
    ("ppk", Role.PPK),
    ("pp", Role.PP),
    ("pokja", Role.POKJA),
    ("helpdesk1", Role.LPSE_L1),
    ("helpdesk2", Role.LPSE_L1),
    ("adminsistem", Role.LPSE_L2),
]

DEMO_ACCOUNTS = [
    *_people(
        "260",
        "kota-bandung",
        [
            "Asep Wiratmaja",
            "Neneng Kartikasari",
            "Dadang Sukmajaya",
            "Euis Rahmawulan",
            "Cecep Gunadarma",
            "Rina Pujasari",
            "Ujang Permadi",
            "Tatang Wiguna",
        ],
        ["asep@graha-parahyangan", "neneng@citra-cikapundung"],
        ["0012345674441000", "024681355423000"],
        [
            "197803122005011003",
            "198511242010012007",
            "198107062006041002",
            "199204172015032004",
            "199002282014021001",
            "198609192009011005",
        ],
    ),
    *_people(
        "17",
        "kota-denpasar",
        [
            "I Wayan Suardhana",
            "Ni Luh Sekarini",
            "I Made Wirajaya",
            "Ni Ketut Ariasih",
            "I Nyoman Darmayuda",
            "Ni Putu Laksmiari",
            "I Gede Padmanaba",
            "I Komang Mahardita",
        ],
        ["wayan@bali-karya-utama", "sekarini@sanur-teknika"],
        ["0031415920908000", "027182815908000"],
        [
            "197906152006041004",
            "198802032012012003",
            "198309212008011006",
            "199310102019032005",
            "199112052016031002",
            "198704302010011008",
        ],
    ),
    *_people(
        "654",
        "kota-ambon",
        [
            "Marthen Pelamonia",
            "Welmince Sahetapy",
            "Elvis Tahalele",
            "Novita Leiwakabessy",
            "Jacob Siahaya",
            "Grace Hehanussa",
            "Ridwan Tuasalamony",
            "Semuel Pattinama",
        ],
        ["marthen@teluk-dalam-jaya", "welmince@pala-mandiri"],
        ["0016180333941000", "029979242941000"],
        [
            "198001182005011002",
            "198912072014022001",
            "198206252007011009",
            "199401302020122003",
            "199007142015031006",
            "198510082011011004",
        ],
    ),
]


def find_account(lpse_code, user_id):
    """The DemoAccount with this User ID at this LPSE, or None."""
    return next((a for a in accounts_of(lpse_code) if a.user_id == user_id), None)


def accounts_of(lpse_code):
    return [account for account in DEMO_ACCOUNTS if account.lpse_code == lpse_code]


def public_key_pem():
    """The public half of the simulator's key: a demo LPSE with it can hand people over."""
    key = load_pem_private_key(settings.SPSE_SIMULATOR_KEY.encode(), password=None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def make_token(account):
    """The signed hand-off for `account`, as its LPSE would make it."""
    now = timezone.now()
    identity = {"npwp": account.npwp} if account.is_penyedia else {"nip": account.nip}
    claims = {
        "iss": account.lpse_code,
        "aud": settings.HANDOFF_AUDIENCE,
        "sub": account.user_id,
        "name": account.name,
        "role": account.role.value,
        "email": account.email,
        "iat": now,
        "exp": now + timedelta(seconds=MAX_LIFETIME),
        "jti": str(uuid4()),
    }
    return jwt.encode(claims | identity, settings.SPSE_SIMULATOR_KEY, algorithm="EdDSA")


def simulated_offices():
    """The LPSE that this simulator may sign for."""
    if not settings.SPSE_SIMULATOR:
        return Lpse.objects.none()
    return Lpse.objects.filter(is_active=True, public_key=public_key_pem())


class LoginForm(forms.Form):
    """SPSE's own login (R10): User ID, password and the kind of user."""

    user_id = forms.CharField(label="User ID", max_length=50)
    password = forms.CharField(label="Kata Sandi", strip=False, widget=forms.PasswordInput)
    kind = forms.ChoiceField(
        label="Masuk sebagai",
        choices=[("penyedia", "Penyedia"), ("non-penyedia", "Non-Penyedia")],
        error_messages={"required": "Pilih Penyedia atau Non-Penyedia."},
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, lpse, **kwargs):
        super().__init__(*args, **kwargs)
        self.lpse = lpse
        self.fields["user_id"].error_messages["required"] = "User ID wajib diisi."
        self.fields["password"].error_messages["required"] = "Kata sandi wajib diisi."
        self.fields["user_id"].widget.attrs["autocomplete"] = "off"
        self.fields["password"].widget.attrs["autocomplete"] = "off"

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        account = find_account(self.lpse.code, data["user_id"])
        if account is None or not constant_time_compare(data["password"], account.password):
            raise forms.ValidationError("User ID atau kata sandi salah.")
        if data["kind"] != account.kind:
            right = "Penyedia" if account.is_penyedia else "Non-Penyedia"
            raise forms.ValidationError(
                f"Akun ini terdaftar sebagai {right}. Pilih {right}, lalu masuk sekali lagi."
            )
        self.account = account
        return data


def simulated(view):
    """A page of the simulated SPSE: open to everybody where a setting allows it, else 404."""

    @login_not_required
    @never_cache
    @wraps(view)
    def page(request, *args, **kwargs):
        if not settings.SPSE_SIMULATOR:
            raise Http404
        return view(request, *args, **kwargs)

    return page


@simulated
@require_safe
def offices(request):
    """Where to begin: the demo's LPSE."""
    return render(request, "spse/offices.html", {"offices": simulated_offices()})


@simulated
@require_safe
def home(request, code):
    """An LPSE's own page with Login at the top right (R9, Gambar 4)."""
    return _page(request, "home", _office(code))


@simulated
@require_http_methods(["GET", "POST"])
def login(request, code):
    """Login of SPSE (R10, Gambar 5), with the demo's accounts beside it."""
    lpse = _office(code)
    form = LoginForm(request.POST or None, lpse=lpse)
    if request.method == "POST" and form.is_valid():
        request.session[_session_key(lpse)] = form.account.user_id
        return redirect("accounts:spse_start", code)
    return _page(request, "login", lpse, form=form, accounts=accounts_of(lpse.code))


@simulated
@require_POST
def logout(request, code):
    lpse = _office(code)
    request.session.pop(_session_key(lpse), None)
    return redirect("accounts:spse_home", code)


@simulated
@require_safe
def start(request, code):
    """Beranda SPSE, which leads to the other applications (R11, Gambar 6)."""
    return _signed_in_page(request, "start", _office(code))


@simulated
@require_safe
def inaproc(request, code):
    """Inaproc's list of applications with LPSE Support (R12, Gambar 7)."""
    return _signed_in_page(request, "inaproc", _office(code))


@simulated
@require_POST
def enter(request, code):
    """'LPSE Support – Masuk Production': hand the visitor over to the portal."""
    account = _visitor(request, _office(code))
    if account is None:
        return redirect("accounts:spse_login", code)
    return render(request, "accounts/hand_on.html", {"token": make_token(account), "next": ""})


def _office(code):
    return get_object_or_404(simulated_offices(), code=code)


def _session_key(lpse):
    return f"spse-{lpse.code}"


def _visitor(request, lpse):
    return find_account(lpse.code, request.session.get(_session_key(lpse)))


def _page(request, name, lpse, **context):
    context |= {"lpse": lpse, "visitor": _visitor(request, lpse)}
    return render(request, f"spse/{name}.html", context)


def _signed_in_page(request, name, lpse):
    if _visitor(request, lpse) is None:
        return redirect("accounts:spse_login", lpse.code)
    return _page(request, name, lpse)
