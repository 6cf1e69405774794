"""The people, tickets, files and articles of tests/access.txt, each with a word of its own.

A word stands in one place alone, so a page that shows it shows that very thing.
"""

import io
import uuid
from functools import cached_property

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import User
from accounts.roles import Role
from accounts.security_log import Kind, SecurityEntry
from accounts.spse import public_key_pem
from faq.models import Article, Guide, Topic
from tests.cast import SERVER, Cast, classification, send_ticket
from tests.factories import make_lpse, make_user
from tests.films import make_guide
from tickets.models import AppVersion, Category, DayRoot, Draft, Holiday, Notice, Reading, Scan

SEALED = b"\x93\x01\xfe" * 99 + b"wkapurtawaran"
NPWP = {"pasir": "0100000000001001", "batu": "0200000000002002"}


def people(here, there):
    """Everybody of the table, by the name of their column; None is nobody."""
    cast, other = Cast(here), Cast(there)
    penyedia = make_user(Role.PENYEDIA, here, name="wpasirnama", identity_number=NPWP["pasir"])
    cast.penyedia = penyedia
    return cast, other, {
        "nobody": None,
        "deactivated": make_user(Role.LPSE_L1, here),
        "reporter": penyedia,
        "penyedia": make_user(Role.PENYEDIA, here),
        "ppk": make_user(Role.PPK, here, name="wkerikilnama"),
        "pp": make_user(Role.PP, here),
        "pokja": make_user(Role.POKJA, here),
        "penyedia elsewhere": make_user(
            Role.PENYEDIA, there, name="wbatunama", identity_number=NPWP["batu"]
        ),
        "ppk elsewhere": make_user(Role.PPK, there),
        "pp elsewhere": make_user(Role.PP, there),
        "pokja elsewhere": make_user(Role.POKJA, there),
        "lpse_l1": cast.helpdesk,
        "lpse_l1 colleague": make_user(Role.LPSE_L1, here),
        "lpse_l1 elsewhere": other.helpdesk,
        "lpse_l2": cast.admin_sistem,
        "lpse_l2 colleague": make_user(Role.LPSE_L2, here),
        "lpse_l2 elsewhere": other.admin_sistem,
        "lkpp_l1": cast.lkpp1,
        "lkpp_l1 colleague": make_user(Role.LKPP_L1),
        "lkpp_l2": cast.lkpp2,
        "superuser": make_user(is_staff=True, is_superuser=True),
        "group Administrator": in_group("Administrator"),
        "group Pengelola FAQ": in_group("Pengelola FAQ"),
        "staff without group": make_user(is_staff=True),
    }  # fmt: skip


def in_group(name):
    user = make_user(is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return user


def draft(owner, name, content=b"isi"):
    upload = SimpleUploadedFile(name, content)
    return Draft.objects.receive(upload, key=uuid.uuid4(), owner=owner)


def picture():
    output = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(output, "JPEG")
    return output.getvalue()


class World:
    """Two LPSE and LKPP, and every address of the table in it."""

    def __init__(self):
        here, there = make_lpse(code="260", public_key=public_key_pem()), make_lpse()
        self.cast, self.other, self.people = people(here, there)
        self.other.lkpp1, self.other.lkpp2 = self.cast.lkpp1, self.cast.lkpp2
        self.tickets = {
            "one": self._at_level_1(),
            "lkpp": self._at_lkpp(),
            "pool": self._send("kerikil", self.people["ppk"]),
            "elsewhere": self._elsewhere(),
        }
        self.articles = self._articles(here, there)
        self.guides = {
            "": make_guide(kind=Guide.Kind.VIDEO),
            "draft": make_guide(kind=Guide.Kind.VIDEO, is_published=False),
        }
        self.files = {
            file.name: (ticket.number, file.pk)
            for ticket in self.tickets.values()
            for event in ticket.events.all()
            for file in event.attachments.all()
        }
        User.objects.filter(pk=self.people["deactivated"].pk).update(is_active=False)

    def _send(self, word, reporter, files=()):
        return send_ticket(
            reporter,
            title=f"Judul w{word}judul",
            message=f"Pesan w{word}pesan",
            package_code=f"W{word.upper()}-1",
            error_code=f"G{word.upper()}",
            files=[draft(reporter, f"w{word}berkas.txt"), *files],
        )

    def _at_level_1(self):
        """In progress at LPSE Level 1, with a file that officers attached for one another."""
        reporter, helpdesk = self.people["reporter"], self.cast.helpdesk
        ticket = self._send("pasir", reporter, [draft(reporter, "layar.jpg", picture())])
        ticket.perform("take", by=helpdesk, classification=classification())
        note = draft(helpdesk, "wpasirintern.txt").attach_to(ticket.events.get(action="take"))
        note.save()
        return ticket

    def _at_lkpp(self):
        """In progress at LKPP Level 1, with Data Server, a sealed bid and words among officers."""
        reporter, cast = self.people["reporter"], self.cast
        ticket = self._send("kapur", reporter, [draft(reporter, "wkapur.rhs", SEALED)])
        secret = SERVER | {"Password Server": "wkapursandi"}
        for officer, access in (
            (cast.helpdesk, {}),
            (cast.admin_sistem, {"server_access": secret}),
        ):
            ticket.perform("take", by=officer, classification=classification())
            ticket.perform("escalate", by=officer, message="wkapurintern", **access)
        ticket.perform("take", by=cast.lkpp1, classification=classification())
        ticket.perform("read_server_access", by=cast.lkpp1, message="wkapuralasan")
        return ticket

    def _elsewhere(self):
        """In progress at LPSE Level 2 of the other LPSE."""
        other, reporter = self.other, self.people["penyedia elsewhere"]
        ticket = self._send("batu", reporter)
        ticket.perform("take", by=other.helpdesk, classification=classification())
        ticket.perform("escalate", by=other.helpdesk, message="wbatuintern")
        ticket.perform("take", by=other.admin_sistem, classification=classification())
        return ticket

    @staticmethod
    def _articles(here, there):
        topic = Topic.objects.create(name="Contoh", slug="contoh-akses")
        kinds = {
            "umum": {},
            "pelapor": {"audience": "reporters"},
            "petugas": {"audience": "officers"},
            "setempat": {"lpse": here},
            "sebelah": {"lpse": there},
            "draf": {"is_published": False},
            "draf-setempat": {"is_published": False, "lpse": here},
        }
        return {
            slug: Article.objects.create(
                topic=topic, slug=slug, question=f"Tanya {slug}",
                short_answer=f"Jawab wfaq{slug}x", body=f"Isi wisi{slug}x",
                **{"is_published": True} | about,
            )
            for slug, about in kinds.items()
        }  # fmt: skip

    def address(self, row):
        """The address of a row: its name, and what it is about where it can be about several."""
        name, _, what = row.partition(" ")
        return reverse(name, kwargs=self._about(name, what))

    def _about(self, name, what):
        app, _, page = name.rpartition(":")
        if app == "admin":
            return self._about_admin(page, what)
        if app == "faq":
            known = {"detail", "vote", "answered"}
            guide = {"guide", "download", "play", "captions"}
            return {"slug": what} if page in known else (
                {"pk": self.guides[what].pk} if page in guide else {}
            )  # fmt: skip
        if page in {"list_file", "file"}:
            return dict(zip(("name", "extension"), what.split("."), strict=True))
        if page == "chart":
            return {"name": what}
        if page in {"download", "preview"}:
            return dict(zip(("number", "pk"), self.files[what], strict=True))
        if page == "notice":
            for pool in Notice.objects.unspread():
                Notice.objects.spread(pool)
            return {"pk": self.people[what].notices.last().pk}
        if page in {"demo_mail", "demo_mail_html"}:
            return {"name": what}
        if page.startswith("spse_"):
            return {"code": what}
        if page == "account_reset_password_from_key":
            return {"uidb36": "1", "key": "salah"}
        return self._about_ticket(page, *what.split())

    def _about_ticket(self, page, ticket="", slug=""):
        if not ticket:
            return {}
        found = self.tickets[ticket]
        number = str(found) if page == "track" else found.number
        return {"number": number} | ({"slug": slug} if slug else {})

    def _about_admin(self, page, what):
        if page == "app_list":
            return {"app_label": what}
        if page == "accounts_lpse_report":
            return {"token": uuid.UUID(int=1)}
        if page == "auth_user_password_change":
            return {"id": self.people["lkpp_l1"].pk}
        if page == "password_change":
            return {}
        if page.endswith(("_redact", "_history", "_delete", "_change", "_article_preview")):
            return {"object_id": self._key(page, what)}
        return {}

    @cached_property
    def _rows(self):
        """By model, the row that its pages in the administration are about."""
        ticket = self.tickets["one"]
        return {
            "guide": self.guides[""],
            "topic": Topic.objects.get(slug="contoh-akses"),
            "user": self.people["penyedia"],
            "lpse": self.cast.lpse,
            "group": Group.objects.first(),
            "category": Category.objects.first(),
            "appversion": AppVersion.objects.first(),
            "holiday": Holiday.objects.get_or_create(date="2030-01-01", name="Tahun Baru")[0],
            "ticket": ticket,
            "notice": self.people["reporter"].notices.first(),
            "event": ticket.events.first(),
            "attachment": ticket.events.get(action="send").attachments.first(),
            "reading": Reading.objects.first(),
            "dayroot": DayRoot.objects.get_or_create(
                day="2001-01-01", previous_root="0" * 64, root="1" * 64
            )[0],
            "scan": Scan.objects.get_or_create(
                path="2030/01/x",
                size=1,
                state="infected",
                signature="Uji",
                scanned_at=ticket.created_at,
            )[0],
            "securityentry": SecurityEntry.objects.get_or_create(kind=Kind.EXPORT)[0],
        }

    def _key(self, page, what):
        model = page.split("_")[1]
        row = self.articles[what] if model == "article" else self._rows.get(model)
        return row.pk if row else 1  # nobody has rated yet, nobody has a second factor
