"""Every address that a page may be at, for a person who has tickets in every place of theirs."""

import io
import uuid

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from PIL import Image

from accounts.roles import REPORTERS, Role
from faq.models import Article, Guide, Topic
from tests.cast import Cast, send_ticket, ticket_at
from tests.factories import make_user
from tests.films import make_guide
from tests.tickets.test_visibility import PAGES
from tickets.models import Draft

EVERYBODY = (
    "nobody",
    *REPORTERS,
    *(role for role in Role if role not in REPORTERS),
    "administrator",
)
OF_A_TICKET = {"detail", "seen", "act", "track", "download", "preview", "reassign"}


class Country:
    """The tickets, articles and guides around one person: `who` is a role, or one beside them."""

    def __init__(self, lpse, who):
        self.cast = Cast(lpse)
        self.who = who
        self.user = self._person()
        if who == Role.LKPP_L2:
            TOTP.activate(self.user, generate_totp_secret())
            RecoveryCodes.activate(self.user)
        self._publishes()
        self.tickets = [] if self.user is None else [*self._tickets()]

    def _person(self):
        cast = self.cast
        known = {Role.PENYEDIA: cast.penyedia, Role.PPK: cast.ppk}
        known |= {user.role: user for user in cast.officers.values()}
        if self.who == "nobody":
            return None
        if self.who == "administrator":
            return make_user(name="Sri Wahyuningsih", is_staff=True, is_superuser=True)
        return known.get(self.who) or make_user(self.who, cast.lpse, name="Dewi Anjani")

    def _publishes(self):
        topic = Topic.objects.create(name="Login SPSE", slug="login-spse")
        body = "## Sebab\n\n1. Huruf besar.\n\n| Tanda | Sebab |\n|---|---|\n| A | B |"
        for slug, about in {
            "umum": {}, "pelapor": {"audience": "reporters"}, "petugas": {"audience": "officers"},
            "setempat": {"lpse": self.cast.lpse}, "draf": {"is_published": False},
        }.items():  # fmt: skip
            about = {"is_published": True, "body": body, "short_answer": "Periksa.", **about}
            Article.objects.create(topic=topic, slug=slug, question=f"Mengapa {slug}?", **about)
        for role in Guide.Role:
            for kind in Guide.Kind:
                make_guide(role=role, kind=kind)
        self.guides = [Guide.objects.first(), make_guide(kind=Guide.Kind.VIDEO, is_published=False)]

    def _tickets(self):
        """One in every place that this person sees differently; of three of them every page."""
        cast, user = self.cast, self.user
        reporter = user if user.is_reporter else cast.penyedia
        files = [received(reporter, name, content) for name, content in FILES.items()]
        level = user.level or 1
        yield ticket_at(cast, "in_progress", level, reporter=reporter, files=files)
        yield ticket_at(cast, "new", level, reporter=reporter, package_code="8214260")
        yield ticket_at(cast, "awaiting_feedback", level, reporter=reporter)
        yield ticket_at(cast, "awaiting_review", min(level + 1, 4), reporter=reporter)
        yield ticket_at(cast, "closed", level, reporter=reporter)
        if level in (1, 2, 3) and user.is_officer:
            yield ticket_at(cast, "awaiting_feedback", level + 1, feedback_from=level)
        yield send_ticket(make_user(Role.PENYEDIA, cast.lpse), title="Tiket orang lain")

    def addresses(self):
        """Every row of the table of addresses with everything it can be about."""
        for row in PAGES:
            yield from self.of(row)
        yield from self.of_the_account()
        if self.who in {Role.LPSE_L2, "administrator"}:
            yield from self.of_the_administration()

    def of(self, row):
        name, _, what = row.partition(" ")
        app, _, page = name.rpartition(":")
        if app == "tickets" and page in OF_A_TICKET:
            for ticket in self.tickets[:: 1 if page == "act" else 3]:
                yield from self._of_ticket(name, page, ticket, what)
        elif page in {"guide", "download", "play", "captions"}:
            yield from (reverse(name, args=[guide.pk]) for guide in self.guides)
        elif app == "faq" and page in {"detail", "vote", "answered"}:
            yield reverse(name, args=[what or "umum"])
        elif page.startswith("spse"):
            if self.who == "nobody":  # SPSE does not know who is in at LPSE Support
                yield reverse(name, args=["260"] if page != "spse" else [])
        elif page in {"demo_mail", "demo_mail_html"}:
            yield reverse(name, args=["tidak-ada"])
        elif page == "notice":
            if self.tickets:
                yield reverse(name, args=[1])
        elif page == "chart":
            yield reverse(name, args=[what])
        elif page in {"list_file", "file"}:
            yield reverse(name, args=what.split("."))
        else:
            yield reverse(name)

    def _of_ticket(self, name, page, ticket, what):
        number = str(ticket) if page == "track" else ticket.number
        if page == "act":
            yield reverse(name, args=[number, what])
        elif page in {"download", "preview"}:
            for event in ticket.events.all():
                yield from (
                    reverse(name, args=[number, file.pk]) for file in event.attachments.all()
                )
        else:
            yield reverse(name, args=[number])

    def of_the_account(self):
        """All pages of the local login that a GET reaches; the key of a reset is a wrong one."""
        for name in names_of("akun/"):
            key = [] if name != "account_reset_password_from_key" else ["1", "salah"]
            yield reverse(name, args=key)

    def of_the_administration(self):
        """The front page, and of every model its list and its form, filled in or empty."""
        yield reverse("admin:index")
        for model in admin.site._registry:
            place = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            yield reverse(f"{place}_changelist")
            first = model._default_manager.first()
            yield reverse(f"{place}_change", args=[first.pk]) if first else reverse(f"{place}_add")
        yield reverse("admin:accounts_lpse_import")
        yield reverse("admin:app_list", args=["tickets"])
        for page in ("accounts_user_history", "accounts_user_delete", "auth_user_password_change"):
            yield reverse(f"admin:{page}", args=[self.user.pk])


def names_of(start):
    """The names of all addresses below `start`."""
    waiting = [pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == start]
    while waiting:
        pattern = waiting.pop(0)
        if isinstance(pattern, URLResolver):
            waiting = [*pattern.url_patterns, *waiting]
        elif isinstance(pattern, URLPattern):
            yield pattern.name


def received(owner, name, content):
    upload = SimpleUploadedFile(name, content)
    return Draft.objects.receive(upload, key=uuid.uuid4(), owner=owner)


def picture():
    output = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(output, "JPEG")
    return output.getvalue()


FILES = {"langkah.txt": b"isi", "layar.jpg": picture(), "tawar.rhs": b"\x93\x01\xfe" * 100}
