"""The administration: every page of it, the lists that are kept, the records that are not."""

import itertools
import uuid
from datetime import date, timedelta
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import security_log
from accounts.groups import fill_groups
from accounts.models import User
from accounts.roles import Role
from accounts.security_log import Kind
from faq.models import Article, Topic
from tests.cast import SERVER, Cast, classification, send_ticket, ticket_at
from tests.factories import make_user
from tests.films import make_guide
from tickets.models import (
    AppVersion,
    Attachment,
    Category,
    DayRoot,
    Draft,
    Event,
    Holiday,
    Rating,
    Reading,
    Scan,
    Ticket,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

MOST_QUERIES = 15
_numbers = itertools.count(1)
SECRETS = {
    "title": "CV Maju Jaya tidak bisa login",
    "message": "Pesan yang tidak boleh terbaca",
    "file": "Surat kuasa Ratna.pdf",
    "number": "0123456789012345",
    "reporter": "Ratna Wibawani",
    "server": SERVER["Password Server"],
}
READING_REASON = "Memeriksa galat basis data."


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def chief():
    return make_user("", is_staff=True, is_superuser=True)


@pytest.fixture
def clerk():
    """An administrator without superuser powers."""
    user = make_user("", is_staff=True)
    user.groups.add(Group.objects.get(name="Administrator"))
    return user


def rated_ticket():
    """A ticket that holds everything nobody may read in the administration."""
    cast = Cast()
    reporter = cast.penyedia
    reporter.identity_number = SECRETS["number"]
    reporter.save()
    upload = SimpleUploadedFile(SECRETS["file"], b"%PDF-1.4 isi")
    file = Draft.objects.receive(upload, key=uuid.uuid4(), owner=reporter)
    ticket = send_ticket(reporter, title=SECRETS["title"], message=SECRETS["message"], files=[file])
    for level in (1, 2):
        ticket.perform("take", by=cast.officers[level], classification=classification())
        access = {"server_access": SERVER} if level == 2 else {}
        message = SECRETS["message"]
        ticket.perform("escalate", by=cast.officers[level], message=message, **access)
    ticket.perform("take", by=cast.lkpp1, classification=classification())
    ticket.perform("read_server_access", by=cast.lkpp1, message=READING_REASON)
    ticket.perform("resolve", by=cast.lkpp1, message=SECRETS["message"])
    ticket.perform("accept", by=reporter)
    ticket.perform("rate", by=reporter, stars=2, suggestion="Mohon lebih cepat.")
    make_root(ticket)
    Scan.objects.begin_with(Attachment.objects.filter(event__ticket=ticket))
    scan = Scan.objects.last()
    scan.ticket = ticket
    scan.hear("Uji.Virus")
    scan.save()
    return Ticket.objects.get(pk=ticket.pk)


def make_root(ticket):
    """The root of the day after the last one, with this ticket among those that moved."""
    last = DayRoot.objects.order_by("day").last()
    day = last.day + timedelta(days=1) if last else date(2001, 1, 1)
    before = last.root if last else "0" * 64
    leaf = f"{ticket.number} 1 {'1' * 64}\n"
    DayRoot.objects.create(day=day, previous_root=before, root="2" * 64, leaves=leaf)


def make_rows():
    """One more row of every model that has a page."""
    number = next(_numbers)
    rated_ticket()
    Category.objects.create(code=f"UJI{number}", label=f"Uji {number}")
    AppVersion.objects.create(code=f"UJI{number}", label=f"Uji {number}")
    day = date(2031, 1, 1) + timedelta(days=number)
    Holiday.objects.create(date=day, name=f"Libur {number}")
    security_log.record(Kind.EXPORT, user=make_user(Role.LKPP_L1), what="daftar.csv")
    Group.objects.create(name=f"Grup {number}")
    user = make_user(Role.LKPP_L1)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    topic = Topic.objects.create(name=f"Topik {number}", slug=f"topik-{number}")
    Article.objects.create(topic=topic, question=f"Apa {number}?", slug=f"apa-{number}")
    make_guide(is_published=False)


def addresses(model):
    """Every page about a model, by what it is."""
    name, row = f"admin:{model._meta.app_label}_{model._meta.model_name}", model.objects.last()
    assert row, f"make_rows makes no {model}"
    lookup = {"term": "a"} | dict(
        zip(("app_label", "model_name", "field_name"), AUTOCOMPLETE.get(model, ()), strict=False)
    )
    return {
        "changelist": (reverse(f"{name}_changelist"), {}),
        "counted": (reverse(f"{name}_changelist"), {"_facets": "True"}),
        "search": (reverse(f"{name}_changelist"), {"q": "LS26-384-267-376-5"}),
        "add": (reverse(f"{name}_add"), {}),
        "change": (reverse(f"{name}_change", args=[row.pk]), {}),
        "history": (reverse(f"{name}_history", args=[row.pk]), {}),
        "delete": (reverse(f"{name}_delete", args=[row.pk]), {}),
        "autocomplete": (reverse("admin:autocomplete"), lookup),
    }


AUTOCOMPLETE = {User: ("accounts", "user", "lpse")}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def costs(client, model):
    """{page: (status, number of queries)} with nothing remembered from another page."""
    found = {}
    for page, (url, data) in addresses(model).items():
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            status = client.get(url, data).status_code
        found[page] = (status, len(queries))
    return found


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("who", ["chief", "clerk"])
def test_no_page_of_the_administration_needs_many_queries(request, model, who):
    client = signed_in(request.getfixturevalue(who))
    make_rows()

    one = costs(client, model)
    make_rows()
    make_rows()
    several = costs(client, model)

    assert {page: cost for page, cost in several.items() if cost[1] > MOST_QUERIES} == {}
    assert {status for status, _ in several.values()} <= {200, 403}
    del one["counted"], several["counted"]  # with a second topic there is a second filter
    assert several == one


# Nobody changes a record

RECORDS = [Ticket, Event, Reading, Attachment, Scan, Rating, DayRoot]


@pytest.mark.requirement("R130", "R134")
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_records_are_looked_at_and_never_changed_not_even_by_a_superuser(chief, model):
    rated_ticket()
    client, row = signed_in(chief), model.objects.last()
    name = f"admin:tickets_{model._meta.model_name}"
    change = reverse(f"{name}_change", args=[row.pk])
    listed = reverse(f"{name}_changelist")

    assert client.get(change).status_code == 200
    assert client.post(change, {"status": "closed", "stars": 5}).status_code == 403
    assert client.post(reverse(f"{name}_add"), {}).status_code == 403
    assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    client.post(listed, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert model.objects.filter(pk=row.pk).exists()
    assert "<option" not in client.get(listed).text.split('id="changelist-filter"')[0]


@pytest.mark.requirement("R114", "R134")
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_records_show_no_message_file_name_number_or_reporter(chief, model):
    rated_ticket()
    client = signed_in(chief)
    name = f"admin:tickets_{model._meta.model_name}"
    rows = [reverse(f"{name}_{page}", args=[row.pk])
            for row in model.objects.all() for page in ("change", "history")]  # fmt: skip

    pages = "".join(client.get(url).text for url in [reverse(f"{name}_changelist"), *rows])

    assert {what for what, secret in SECRETS.items() if secret in pages} == set()


@pytest.mark.requirement("R130", "R134")
def test_the_page_of_a_root_can_be_printed_with_the_command_that_compares_it(chief):
    rated_ticket()
    root = DayRoot.objects.get()

    page = signed_in(chief).get(reverse("admin:tickets_dayroot_change", args=[root.pk])).text

    assert f"verify_history --root {root.day} {root.root}" in page
    assert "Cetak halaman ini dan simpan di luar LPSE Support." in page


@pytest.mark.requirement("R134")
def test_the_history_names_officers_and_of_reporters_the_kind(chief):
    rated_ticket()

    page = signed_in(chief).get(reverse("admin:tickets_event_changelist")).text

    for words in ("Bagas Pramudyo (LPSE Level 1)", "Pelapor (Penyedia)", "Dieskalasi ke LPSE",
                  "Tiket Proses di LPSE Level 1 → Tiket Baru di LPSE Level 2"):  # fmt: skip
        assert words in page


@pytest.mark.requirement("R114", "R134")
def test_readings_of_data_server_tell_who_when_which_ticket_and_why(chief):
    ticket = rated_ticket()

    page = signed_in(chief).get(reverse("admin:tickets_reading_changelist")).text

    assert Reading.objects.count() == 1
    for words in (str(ticket), "Ratih Kusumaningdyah (LKPP Level 1)", READING_REASON):
        assert words in page


@pytest.mark.requirement("R134")
def test_ratings_show_stars_and_suggestion_without_the_reporter(chief):
    rated_ticket()

    page = signed_in(chief).get(reverse("admin:tickets_rating_changelist")).text

    assert "Mohon lebih cepat." in page
    assert SECRETS["reporter"] not in page


@pytest.mark.requirement("R134")
@pytest.mark.parametrize(
    ("model", "guess"),
    [
        (Ticket, {"identity_number__startswith": "0"}),
        (Ticket, {"title__startswith": "C"}),
        (Ticket, {"category__ticket__title__startswith": "C"}),
        (Ticket, {"lpse__users__identity_number__startswith": "0"}),
        (Event, {"message__contains": "Pesan"}),
        (Event, {"ticket__title__startswith": "C"}),
        (Event, {"at__date__gte": "2026-01-01"}),
        (Reading, {"actor__password__startswith": "a"}),
        (Attachment, {"name__startswith": "S"}),
        (Attachment, {"sha256": "0"}),
        (Rating, {"ticket__reporter__name__startswith": "R"}),
        (User, {"identity_number__startswith": "0"}),
        (User, {"password__startswith": "argon2"}),
        (User, {"groups__user__password__startswith": "a"}),
    ],
)
def test_no_address_of_a_list_finds_out_what_the_list_hides(chief, model, guess):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"

    assert signed_in(chief).get(reverse(name), guess).status_code == 400


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("model", [*RECORDS, User], ids=lambda model: model.__name__)
def test_every_filter_of_a_list_works(chief, model):
    rated_ticket()
    client = signed_in(chief)
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    filters = client.get(url).context["cl"]
    links = [choice["query_string"] for spec in filters.filter_specs
             for choice in spec.choices(filters)]  # fmt: skip

    assert {client.get(url + link).status_code for link in links or [""]} == {200}


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_records_are_found_by_a_ticket_number_in_any_spelling(chief, model):
    ticket, _ = rated_ticket(), rated_ticket()
    url = reverse(f"admin:tickets_{model._meta.model_name}_changelist")
    typed = str(ticket).removeprefix("LS").replace("-", " ")

    found = signed_in(chief).get(url, {"q": typed}).context["cl"].queryset
    none = signed_in(chief).get(url, {"q": "384; DROP" + "9" * 3000})

    of_ticket = {row.pk for row in found}
    assert of_ticket == {row.pk for row in model.objects.all() if is_about(row, ticket)}
    assert none.context["cl"].result_count == 0
    assert "Nomor tiket tidak lengkap atau salah ketik." in none.text


def is_about(row, ticket):
    if isinstance(row, DayRoot):
        return ticket.number in row.tickets
    row = getattr(row, "event", row)
    return getattr(row, "ticket", row) == ticket


# The lists that are kept


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("kind", [Category, AppVersion], ids=lambda model: model.__name__)
def test_a_code_can_be_corrected_until_a_ticket_uses_it(cast, chief, kind):
    entry = classification()[0 if kind is Category else 3]
    url = reverse(f"admin:tickets_{kind._meta.model_name}_change", args=[entry.pk])
    form = {"code": "BARU", "label": "Baru", "position": "5", "is_active": "on"}
    client = signed_in(chief)

    client.post(url, form)
    entry.refresh_from_db()
    assert (entry.code, entry.label) == ("BARU", "Baru")

    ticket = send_ticket(cast.penyedia)
    category, version = (entry, None) if kind is Category else (None, entry)
    chosen = classification(**{k: v for k, v in
                               (("category", category), ("version", version)) if v})  # fmt: skip
    ticket.perform("take", by=cast.helpdesk, classification=chosen)
    client.post(url, form | {"code": "LAIN", "label": "Lain"})
    entry.refresh_from_db()
    assert (entry.code, entry.label) == ("BARU", "Lain")


@pytest.mark.requirement("R134")
def test_the_holidays_of_two_years_are_there():
    # again, because tests with real transactions empty the list for those after them
    import_module("tickets.migrations.0008_holidays_2026_2027").fill(apps, None)

    days = Holiday.objects.filter(date__year__in=(2026, 2027))

    assert days.count() == 51
    assert days.filter(kind=Holiday.Kind.CUTI_BERSAMA).count() == 16
    assert str(days.get(date="2026-01-01")) == "Tahun Baru 2026 Masehi"


@pytest.mark.requirement("R134")
def test_holidays_are_kept_by_year(clerk):
    client, url = signed_in(clerk), reverse("admin:tickets_holiday_changelist")
    add = reverse("admin:tickets_holiday_add")
    form = {"date": "2028-01-01", "name": "Tahun Baru 2028", "kind": "libur_nasional"}

    assert client.post(add, form).status_code == 302
    again = client.post(add, form)
    listed = client.get(url, {"tahun": "2028"})

    assert "Tanggal ini sudah ada di daftar." in again.text
    assert [str(day) for day in listed.context["cl"].queryset] == ["Tahun Baru 2028"]
    assert client.get(url, {"tahun": "9" * 30}).status_code == 200


# Officers who leave


@pytest.mark.requirement("R134")
def test_whoever_switches_an_officer_off_reads_what_the_officer_still_holds(cast, clerk):
    ticket_at(cast, "in_progress", 1)
    ticket_at(cast, "awaiting_review", 1)
    ticket_at(cast, "closed", 1)
    client, officer = signed_in(clerk), cast.helpdesk
    chosen = {"action": "deactivate", "_selected_action": [officer.pk, cast.ppk.pk]}

    page = client.get(reverse("admin:accounts_user_change", args=[officer.pk])).text
    answer = client.post(reverse("admin:accounts_user_changelist"), chosen, follow=True)

    assert "Tiket di tangan" in page
    assert [str(message) for message in answer.context["messages"]] == [
        "2 akun dinonaktifkan.",
        "Masih ada tiket yang belum selesai di tangan Bagas Pramudyo (2 tiket). "
        "Alihkan kepada petugas lain supaya tidak tertinggal.",
    ]


# The two groups

OF_GROUP = {
    "Pengelola FAQ": {"faq"},
    "Administrator": {
        *("faq", "accounts.User", "accounts.Lpse", "accounts.SecurityEntry"),
        *("tickets.Category", "tickets.AppVersion", "tickets.Holiday", "tickets.Ticket"),
        *("tickets.Event", "tickets.Attachment", "tickets.Rating", "tickets.Reading"),
        "tickets.DayRoot",
        "tickets.Scan",
        "tickets.Notice",
    },
}


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("name", OF_GROUP)
def test_each_group_sees_exactly_its_models(name):
    user = make_user("", is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    client = signed_in(user)
    mine = {m for m in MODELS if {m._meta.app_label, m._meta.label} & OF_GROUP[name]}

    listed = client.get(reverse("admin:index")).context["app_list"]
    answers = {
        model: client.get(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        ).status_code
        for model in MODELS
    }

    assert {model["model"] for app in listed for model in app["models"]} == mine
    assert answers == {model: 200 if model in mine else 403 for model in MODELS}


@pytest.mark.requirement("R134")
def test_a_group_keeps_what_administrators_added_and_gets_back_what_is_missing():
    group = Group.objects.get(name="Pengelola FAQ")
    extra = Permission.objects.get(codename="view_holiday")
    lost = group.permissions.get(codename="change_article")
    group.permissions.add(extra)
    group.permissions.remove(lost)

    fill_groups(apps.get_app_config("faq"), "default")

    assert {extra, lost} <= set(group.permissions.all())


@pytest.mark.requirement("R134")
def test_nothing_of_a_library_has_a_page_but_groups_and_second_factors():
    ours = {"accounts", "faq", "tickets"}

    assert [m._meta.label for m in MODELS if m._meta.app_label not in ours] == [
        "auth.Group",
        "mfa.Authenticator",
    ]
