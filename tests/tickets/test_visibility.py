"""Who sees what: rows, texts, files, names, and every address for everybody (R41, R132)."""

import io
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from PIL import Image

from accounts.roles import LPSE_OFFICERS, REPORTERS, Role
from faq.models import Article, Guide, Opinion, Topic
from tests.cast import Cast, classification, send_ticket, ticket_at
from tests.factories import make_user
from tests.films import make_guide
from tickets.models import Attachment, Draft, Event, Ticket
from tickets.wording import status_word

pytestmark = pytest.mark.django_db


def draft(owner, name="bukti.txt", content=b"isi bukti"):
    upload = SimpleUploadedFile(name, content)
    return Draft.objects.receive(upload, key=uuid.uuid4(), owner=owner)


def picture():
    output = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(output, "JPEG")
    return output.getvalue()


def signed_in(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


# Rows


@pytest.mark.requirement("R13", "R38", "R41", "R74", "R98", "R121", "R132")
def test_everybody_sees_the_tickets_of_their_rule_and_no_others(cast):
    other = Cast()
    tickets = {}
    for name, people in (("here", cast), ("there", other)):
        for level in (1, 2, 3, 4):
            tickets[ticket_at(people, "new", level).pk] = f"{name} {level}"
    by_colleague = ticket_at(cast, "closed", 1, reporter=cast.ppk)
    tickets[by_colleague.pk] = "ppk"

    def seen(user):
        visible = Ticket.objects.visible_to(user).values_list("pk", flat=True)
        return sorted(tickets[pk] for pk in visible)

    all_here = ["here 1", "here 2", "here 3", "here 4"]
    assert seen(cast.penyedia) == all_here
    assert seen(cast.ppk) == ["ppk"]
    assert seen(make_user(Role.PENYEDIA, cast.lpse)) == []
    assert seen(cast.helpdesk) == [*all_here, "ppk"]
    assert seen(cast.admin_sistem) == ["here 2", "here 3", "here 4"]
    assert seen(other.helpdesk) == ["there 1", "there 2", "there 3", "there 4"]
    assert seen(other.admin_sistem) == ["there 2", "there 3", "there 4"]
    assert seen(cast.lkpp1) == ["here 3", "here 4", "there 3", "there 4"]
    assert seen(cast.lkpp2) == ["here 4", "there 4"]
    assert seen(make_user("", is_staff=True, is_superuser=True)) == []
    assert seen(AnonymousUser()) == []


@pytest.mark.requirement("R74", "R83", "R95", "R98", "R102", "R117", "R120")
def test_each_officers_three_lists_hold_what_the_guide_says(cast):
    new = ticket_at(cast, "new", 1)
    mine = ticket_at(cast, "in_progress", 1)
    waits = ticket_at(cast, "awaiting_feedback", 1)
    review = ticket_at(cast, "awaiting_review", 1)
    closed = ticket_at(cast, "closed", 1)
    gone_up = ticket_at(cast, "new", 2)
    asked = ticket_at(cast, "awaiting_feedback", 2, 1)
    colleague = make_user(Role.LPSE_L1, cast.lpse)

    def lists(user):
        found = Ticket.objects
        return [
            set(found.in_pool_of(user)),
            set(found.in_hand_of(user)),
            set(found.handled_by(user)),
            set(found.waiting_for(user)),
        ]

    taken = {mine, waits, review, closed, gone_up, asked}
    assert lists(cast.helpdesk) == [{new}, {mine, waits, review, asked}, taken, {mine, asked}]
    assert lists(colleague) == [{new}, set(), set(), set()]
    assert lists(cast.admin_sistem) == [{gone_up}, {asked}, {asked}, set()]


@pytest.mark.requirement("R43", "R50")
def test_a_reporter_is_waited_for_when_asked_and_at_review(cast):
    asked = ticket_at(cast, "awaiting_feedback", 2, 0)
    review = ticket_at(cast, "awaiting_review", 1)
    for place in (("new", 1), ("in_progress", 1), ("awaiting_feedback", 2, 1), ("closed", 1)):
        ticket_at(cast, *place)

    assert set(Ticket.objects.waiting_for(cast.penyedia)) == {asked, review}


# Texts and files

INTERNAL = ["Alasan eskalasi rahasia", "Tanya antarpetugas", "Jawab antarpetugas", "Alasan baca"]
OPEN = ["Muncul pesan User ID salah.", "Versi berapa?", "Versi 4.5", "Sudah diperbaiki."]


@pytest.fixture
def talked_about(cast):
    """A ticket of which officers spoke with the reporter and among themselves, with files."""
    ticket = send_ticket(cast.penyedia, files=[draft(cast.penyedia, "pelapor.txt")])
    helpdesk, admin = cast.helpdesk, cast.admin_sistem
    ticket.perform("take", by=helpdesk, classification=classification())
    ticket.perform("ask", by=helpdesk, message=OPEN[1], feedback_from=0)
    ticket.perform("answer", by=cast.penyedia, message=OPEN[2])
    ticket.perform(
        "escalate", by=helpdesk, message=INTERNAL[0], files=[draft(helpdesk, "intern.txt")]
    )
    ticket.perform("take", by=admin, classification=classification(priority=4))
    ticket.perform("ask", by=admin, message=INTERNAL[1], feedback_from=1)
    ticket.perform("answer", by=helpdesk, message=INTERNAL[2], files=[draft(helpdesk, "jawab.txt")])
    ticket.perform("escalate", by=admin, message=INTERNAL[0], server_access={"IP Server": "::1"})
    ticket.perform("take", by=cast.lkpp1, classification=classification(priority=4))
    ticket.perform("read_server_access", by=cast.lkpp1, message=INTERNAL[3])
    ticket.perform("download_sealed_file", by=cast.lkpp1, name="penawaran.rhs")
    solution = [draft(cast.lkpp1, "solusi.txt")]
    ticket.perform("resolve", by=cast.lkpp1, message=OPEN[3], files=solution)
    return ticket


@pytest.mark.requirement("R130", "R132")
def test_officers_read_everything(cast, talked_about):
    for officer in cast.officers.values():
        read = list(talked_about.events.as_read_by(officer))

        assert [event.action for event in read] == [
            *("send", "take", "ask", "answer", "escalate", "take", "ask", "answer", "escalate"),
            *("take", "read_server_access", "download_sealed_file", "resolve"),
        ]
        assert [event.text for event in read] == [
            *(OPEN[0], "", OPEN[1], OPEN[2], INTERNAL[0], "", INTERNAL[1], INTERNAL[2]),
            *(INTERNAL[0], "", INTERNAL[3], "", OPEN[3]),
        ]
        assert [file.name for event in read for file in event.files] == [
            "pelapor.txt",
            "intern.txt",
            "jawab.txt",
            "solusi.txt",
        ]


@pytest.mark.requirement("R114", "R130", "R132")
def test_a_reporter_reads_every_step_but_no_text_file_or_reading_among_officers(cast, talked_about):
    read = list(talked_about.events.as_read_by(cast.penyedia))

    assert [(event.action, event.text) for event in read] == [
        ("send", OPEN[0]),
        ("take", ""),
        ("ask", OPEN[1]),
        ("answer", OPEN[2]),
        ("escalate", ""),
        ("take", ""),
        ("ask", ""),
        ("answer", ""),
        ("escalate", ""),
        ("take", ""),
        ("resolve", OPEN[3]),
    ]
    assert [file.name for event in read for file in event.files] == ["pelapor.txt", "solusi.txt"]


@pytest.mark.requirement("R132")
def test_the_database_never_hands_internal_texts_to_a_reporters_page(cast, talked_about):
    query = talked_about.events.as_read_by(cast.penyedia).query

    with connection.cursor() as cursor:
        cursor.execute(*query.sql_with_params())
        fetched = str(cursor.fetchall())

    assert [text for text in OPEN if text not in fetched] == []
    assert [text for text in INTERNAL if text in fetched] == []


@pytest.mark.requirement("R132")
def test_files_can_be_read_like_the_messages_they_hang_on(cast, talked_about):
    def names(user):
        return [file.name for file in Attachment.objects.readable_by(user)]

    assert names(cast.penyedia) == ["pelapor.txt", "solusi.txt"]
    for officer in cast.officers.values():
        assert names(officer) == ["pelapor.txt", "intern.txt", "jawab.txt", "solusi.txt"]


@pytest.mark.requirement("R40", "R132")
def test_the_reporters_page_shows_nothing_internal_and_no_officers_name(cast, talked_about):
    page = signed_in(cast.penyedia).get(talked_about.get_absolute_url()).text

    hidden = [*INTERNAL, "intern.txt", "jawab.txt", "penawaran.rhs", "Data Server", "Kritis"]
    hidden += [officer.name for officer in cast.officers.values()]
    assert [word for word in hidden if word in page] == []
    assert [word for word in [*OPEN, "pelapor.txt", "solusi.txt"] if word not in page] == []


@pytest.mark.requirement("R40", "R130")
def test_an_officers_page_shows_who_wrote_what_to_whom(cast, talked_about):
    page = signed_in(cast.lkpp1).get(talked_about.get_absolute_url()).text

    expected = [*OPEN, *INTERNAL, "intern.txt", "jawab.txt", "Ratna Wibawani", "Bagas Pramudyo"]
    assert [word for word in expected if word not in page] == []
    assert "Sedang menjadi Kritis" in page


# Names before a ticket is taken


@pytest.mark.requirement("R74", "R75")
@pytest.mark.parametrize("path", ["/tiket/baru/", "detail", "ambil/"])
def test_before_an_officer_takes_the_ticket_the_reporter_is_masked(cast, path):
    cast.penyedia.identity_number = "0123456789012345"
    ticket = send_ticket(cast.penyedia)
    url = ticket.get_absolute_url()

    page = (
        signed_in(cast.helpdesk).get({"detail": url, "ambil/": url + "ambil/"}.get(path, path)).text
    )

    assert page.count("Ratna") == page.count("Wibawani") == 0
    assert page.count("0123 4567") == page.count("0123456789012345") == 0
    assert "R**** W*******" in page
    assert ("*************345" in page) is (path != "/tiket/baru/")


@pytest.mark.requirement("R75")
def test_once_taken_the_reporter_is_named(cast):
    cast.penyedia.identity_number = "0123456789012345"
    ticket = send_ticket(cast.penyedia)

    ticket.perform("take", by=cast.helpdesk, classification=classification())

    page = signed_in(cast.helpdesk).get(ticket.get_absolute_url()).text
    assert "Ratna Wibawani" in page
    assert "0123 4567 8901 2345" in page


@pytest.mark.requirement("R40")
def test_a_reporter_reads_their_own_name_in_clear(cast):
    cast.penyedia.identity_number = "0123456789012345"
    ticket = send_ticket(cast.penyedia)

    page = signed_in(cast.penyedia).get(ticket.get_absolute_url()).text

    assert "Ratna Wibawani" in page
    assert "0123 4567 8901 2345" in page


# Words for a status

WORDS = {  # place: (reporter, helpdesk, admin_sistem, lkpp1, lkpp2); '' where it is not visible
    ("new", 1, None): ("Menunggu Helpdesk LPSE", "Tiket Baru", "", "", ""),
    ("in_progress", 1, None): ("Diproses Helpdesk LPSE", "Tiket Proses", "", "", ""),
    ("awaiting_feedback", 1, 0): (
        "Butuh Feedback Anda",
        "Menunggu Feedback Pelapor",
        "",
        "",
        "",
    ),
    ("awaiting_review", 1, None): ("Butuh Review Anda", "Menunggu Review Pelapor", "", "", ""),
    ("closed", 1, None): ("Selesai", "Selesai", "", "", ""),
    ("new", 2, None): ("Menunggu Admin Sistem LPSE", "Tiket Baru", "Tiket Baru", "", ""),
    ("in_progress", 2, None): (
        "Diproses Admin Sistem LPSE",
        "Tiket Proses",
        "Tiket Proses",
        "",
        "",
    ),
    ("awaiting_feedback", 2, 1): (
        "Diproses Admin Sistem LPSE",
        "Butuh Feedback LPSE Level 1",
        "Menunggu Feedback LPSE Level 1",
        "",
        "",
    ),
    ("new", 3, None): ("Menunggu LKPP Level 1", *["Tiket Baru"] * 3, ""),
    ("awaiting_feedback", 3, 2): (
        "Diproses LKPP Level 1",
        "Menunggu Feedback LPSE Level 2",
        "Butuh Feedback LPSE Level 2",
        "Menunggu Feedback LPSE Level 2",
        "",
    ),
    ("new", 4, None): ("Menunggu LKPP Level 2", *["Tiket Baru"] * 4),
    ("in_progress", 4, None): ("Diproses LKPP Level 2", *["Tiket Proses"] * 4),
    ("awaiting_feedback", 4, 3): (
        "Diproses LKPP Level 2",
        "Menunggu Feedback LKPP Level 1",
        "Menunggu Feedback LKPP Level 1",
        "Butuh Feedback LKPP Level 1",
        "Menunggu Feedback LKPP Level 1",
    ),
    ("awaiting_feedback", 4, 0): ("Butuh Feedback Anda", *["Menunggu Feedback Pelapor"] * 4),
    ("awaiting_review", 4, None): ("Butuh Review Anda", *["Menunggu Review Pelapor"] * 4),
    ("closed", 4, None): ("Selesai", *["Selesai"] * 4),
}


@pytest.mark.requirement("R38", "R43", "R50", "R84", "R91")
@pytest.mark.parametrize("place", WORDS, ids=lambda place: "-".join(map(str, place)))
def test_a_status_is_told_in_the_words_of_its_reader(cast, place):
    ticket = ticket_at(cast, *place)

    for user, word in zip((cast.penyedia, *cast.officers.values()), WORDS[place], strict=True):
        assert Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists() is bool(word)
        if word:
            assert status_word(ticket, user).label == word


# Every address × everybody

ROLES = (
    "nobody",
    "reporter",
    "other reporter",
    "helpdesk",
    "helpdesk elsewhere",
    "admin_sistem",
    "lkpp1",
    "administrator",
)
# The ticket is in progress at level 1: admin_sistem of its LPSE and LKPP do not see it yet.
# A row is named by its address, and by what it opens where one address opens several things.
EVERYBODY = (302, 200, 200, 200, 200, 200, 200, 200)
ONWARD = (302,) * 8
OPEN_PAGE = (200,) * 8
NO_PAGE = (404,) * 8
OFFICERS = (302, 404, 404, 200, 200, 200, 200, 404)
READERS = (302, 200, 404, 200, 404, 404, 404, 404)
SUPERVISORS = (302, 404, 404, 404, 404, 200, 404, 200)  # see no more of it than who holds it
READERS_OF_GUIDE = (302, 200, 200, 404, 404, 404, 404, 200)  # it is one for reporters
KEEPERS_OF_GUIDES = (302, 404, 404, 404, 404, 404, 404, 200)
NO_ONE = (302, 404, 404, 404, 404, 404, 404, 404)
ONLY_POSTED = (302, *(405,) * 7)
PAGES = {
    "favicon": ONWARD,
    "manifest": OPEN_PAGE,
    "healthz": OPEN_PAGE,
    "readyz": OPEN_PAGE,
    "metrics": NO_PAGE,
    "home": EVERYBODY,
    "privacy": OPEN_PAGE,
    "accessibility": OPEN_PAGE,
    "tickets:arrive": ONWARD,
    "tickets:tickets": ONWARD,
    "tickets:new": OFFICERS,
    "tickets:running": OFFICERS,
    "tickets:list": EVERYBODY,
    "tickets:counted": OFFICERS,
    "tickets:list_file baru.csv": OFFICERS,
    "tickets:list_file proses.xlsx": OFFICERS,
    "tickets:list_file daftar.csv": EVERYBODY,
    "tickets:list_file rincian.xlsx": OFFICERS,
    "tickets:create": (302, 200, 200, 404, 404, 404, 404, 404),
    "tickets:find": ONWARD,
    "tickets:lookup": OPEN_PAGE,
    "tickets:track": OPEN_PAGE,
    "tickets:detail": READERS,
    "tickets:download": READERS,
    "tickets:download rahasia.rhs": READERS,
    "tickets:download intern.txt": (302, 404, 404, 200, 404, 404, 404, 404),
    "tickets:preview": READERS,
    "tickets:preview pelapor.txt": NO_ONE,
    "tickets:act ambil": (302, 404, 404, 409, 404, 404, 404, 404),
    "tickets:act review": (302, 409, 404, 200, 404, 404, 404, 404),
    "tickets:act feedback": (302, 409, 404, 409, 404, 404, 404, 404),
    "tickets:act penilaian": (302, 409, 404, 404, 404, 404, 404, 404),
    "tickets:act data-server": NO_ONE,
    "tickets:act berkas": NO_ONE,
    "tickets:flow": EVERYBODY,
    "tickets:counters": (401, *(200,) * 7),
    "tickets:notices": EVERYBODY,
    "tickets:notices_read": ONLY_POSTED,
    "tickets:notice": ONLY_POSTED,
    "tickets:notice_settings": EVERYBODY,
    "tickets:seen": ONLY_POSTED,
    "tickets:held": SUPERVISORS,
    "tickets:reassign": SUPERVISORS,
    "faq:list": OPEN_PAGE,
    "faq:suggestions": (302, 200, 200, 404, 404, 404, 404, 404),
    "faq:detail": OPEN_PAGE,
    "faq:detail pelapor": (404, 200, 200, 200, 200, 200, 200, 200),
    "faq:detail petugas": (404, 404, 404, 200, 200, 200, 200, 200),
    "faq:detail setempat": (404, 200, 200, 200, 404, 200, 200, 200),
    "faq:detail draf": NO_PAGE,
    # a GET leads to the article
    "faq:vote": ONWARD,
    "faq:vote draf": NO_PAGE,
    "faq:answered": (302, 302, 302, 404, 404, 404, 404, 404),
    "faq:answered draf": NO_ONE,
    "faq:guides": EVERYBODY,
    "faq:guide": READERS_OF_GUIDE,
    "faq:download": READERS_OF_GUIDE,
    "faq:play": READERS_OF_GUIDE,
    "faq:captions": READERS_OF_GUIDE,
    "faq:play draft": KEEPERS_OF_GUIDES,
    "dashboard:dashboard": EVERYBODY,
    "dashboard:chart kategori": OFFICERS,
    "dashboard:chart tiket": (302, 200, 200, 404, 404, 404, 404, 404),
    "dashboard:chart provinsi": (302, 404, 404, 404, 404, 404, 200, 404),
    "dashboard:file petugas.csv": OFFICERS,
    "dashboard:file lpse.xlsx": (302, 404, 404, 404, 404, 404, 200, 404),
    "accounts:handoff": ONWARD,
    "accounts:find_lpse": OPEN_PAGE,
    "accounts:leave_everywhere": EVERYBODY,
    "accounts:demo_mails": OPEN_PAGE,
    "accounts:demo_mail": NO_PAGE,
    "accounts:demo_mail_html": NO_PAGE,
    "accounts:spse": OPEN_PAGE,
    # of an LPSE that is not simulated
    "accounts:spse_home": NO_PAGE,
    "accounts:spse_login": NO_PAGE,
    "accounts:spse_logout": (405,) * 8,
    "accounts:spse_start": NO_PAGE,
    "accounts:spse_inaproc": NO_PAGE,
    "accounts:spse_enter": (405,) * 8,
}
FORMS = [  # answer an empty form with the status of their page
    "tickets:create",
    "tickets:download",
    "tickets:download rahasia.rhs",
    "tickets:download intern.txt",
    "tickets:act ambil",
    "tickets:act review",
    "tickets:act feedback",
    "tickets:act penilaian",
    "tickets:act data-server",
    "tickets:act berkas",
    "tickets:reassign",
    "faq:vote",
    "faq:vote draf",
    "faq:answered",
    "faq:answered draf",
]
ONLY_READ = [  # addresses that a POST may not touch
    "favicon",
    "manifest",
    "home",
    "privacy",
    "accessibility",
    "tickets:arrive",
    "tickets:tickets",
    "tickets:new",
    "tickets:running",
    "tickets:list",
    "tickets:counted",
    "tickets:list_file daftar.csv",
    "tickets:find",
    "tickets:lookup",
    "tickets:track",
    "tickets:detail",
    "tickets:preview",
    "tickets:flow",
    "tickets:counters",
    "tickets:notices",
    "tickets:held",
    "faq:list",
    "faq:detail",
    "faq:guides",
    "faq:guide",
    "faq:download",
    "faq:play",
    "faq:captions",
    "dashboard:dashboard",
    "dashboard:chart kategori",
    "dashboard:file petugas.csv",
    "accounts:find_lpse",
]


@pytest.fixture
def people(cast):
    return {
        "nobody": None,
        "reporter": cast.penyedia,
        "other reporter": make_user(Role.PENYEDIA, cast.lpse),
        "helpdesk": cast.helpdesk,
        "helpdesk elsewhere": make_user(Role.LPSE_L1),
        "admin_sistem": cast.admin_sistem,
        "lkpp1": cast.lkpp1,
        "administrator": make_user("", is_staff=True, is_superuser=True),
    }


@pytest.fixture
def address(cast):
    """A function from the name of a row to its address."""
    files = [
        draft(cast.penyedia, "pelapor.txt"),
        draft(cast.penyedia, "layar.jpg", picture()),
        draft(cast.penyedia, "rahasia.rhs", b"\x93\x01\xfe" * 100),
    ]
    ticket = send_ticket(cast.penyedia, files=files)
    ticket.perform("take", by=cast.helpdesk, classification=classification())
    # what officers attach for one another while the ticket stays where it is
    internal = ticket.events.get(action="take")
    note = draft(cast.helpdesk, "intern.txt").attach_to(internal)
    note.save()
    pk_of = {file.name: file.pk for file in Attachment.objects.all()}
    topic = Topic.objects.create(name="Contoh", slug="contoh")
    for slug, about in {
        "umum": {"is_published": True},
        "pelapor": {"is_published": True, "audience": "reporters"},
        "petugas": {"is_published": True, "audience": "officers"},
        "setempat": {"is_published": True, "lpse": cast.lpse},
        "draf": {},
    }.items():
        Article.objects.create(topic=topic, slug=slug, question=slug, **about)
    guides = {
        "": make_guide(kind=Guide.Kind.VIDEO),
        "draft": make_guide(kind=Guide.Kind.VIDEO, is_published=False),
    }
    default = {"tickets:download": "pelapor.txt", "tickets:preview": "layar.jpg"}

    def find(row):
        name, _, what = row.partition(" ")
        kwargs = {}
        if name in {f"tickets:{page}" for page in ("detail", "act", "seen", "reassign")} | {
            *default
        }:
            kwargs["number"] = ticket.number
        if name == "tickets:track":
            kwargs["number"] = str(ticket)
        if name in default:
            kwargs["pk"] = pk_of[what or default[name]]
        if name == "tickets:act":
            kwargs["slug"] = what
        if name == "dashboard:chart":
            kwargs["name"] = what
        if name in {"tickets:list_file", "dashboard:file"}:
            kwargs["name"], kwargs["extension"] = what.split(".")
        if name in {"faq:detail", "faq:vote", "faq:answered"}:
            kwargs["slug"] = what or "umum"
        if name in {"faq:guide", "faq:download", "faq:play", "faq:captions"}:
            kwargs["pk"] = guides[what].pk
        if name == "tickets:notice":
            kwargs["pk"] = cast.penyedia.notices.first().pk
        if name in {"accounts:demo_mail", "accounts:demo_mail_html"}:
            kwargs["name"] = "tidak-ada"
        if name.startswith("accounts:spse_"):
            kwargs["code"] = "tidak-ada"
        return reverse(name, kwargs=kwargs)

    return find


@pytest.mark.requirement("R13", "R41", "R75", "R132")
@pytest.mark.parametrize("row", PAGES)
def test_every_address_answers_everybody_as_the_table_says(people, address, row):
    url = address(row)

    answers = tuple(signed_in(people[role]).get(url).status_code for role in ROLES)

    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, PAGES[row], strict=True))


@pytest.mark.requirement("R132")
@pytest.mark.parametrize("row", FORMS)
def test_every_form_answers_everybody_as_the_table_says(people, address, row):
    url = address(row)

    answers = tuple(signed_in(people[role]).post(url).status_code for role in ROLES)

    assert dict(zip(ROLES, answers, strict=True)) == dict(zip(ROLES, PAGES[row], strict=True))


# Of a ticket that the last level holds: reporter, Level 1, 2, LKPP 1, 2; everybody else 404
AT_THE_LAST_LEVEL = {
    "": (200, 200, 200, 200, 200),
    "ambil/": (404, 409, 409, 409, 409),
    "review/": (409, 409, 409, 409, 200),
    "feedback/": (409, 409, 409, 409, 409),
    "penilaian/": (409, 404, 404, 404, 404),
    "data-server/": (404, 404, 404, 404, 302),  # asks for the password first
    "alihkan/": (404, 404, 404, 404, 404),
}


@pytest.mark.requirement("R13", "R121", "R122", "R123", "R132")
@pytest.mark.parametrize("page", AT_THE_LAST_LEVEL)
def test_a_ticket_of_the_last_level_answers_each_role_as_the_table_says(cast, page):
    url = ticket_at(cast, "in_progress", 4).get_absolute_url() + page
    insiders = (cast.penyedia, *cast.officers.values())

    answers = tuple(signed_in(user).get(url).status_code for user in insiders)

    assert answers == AT_THE_LAST_LEVEL[page]


@pytest.mark.requirement("R13", "R41", "R132")
@pytest.mark.parametrize("page", AT_THE_LAST_LEVEL)
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_other_reporter_and_no_other_lpse_finds_a_ticket(cast, page, method):
    url = ticket_at(cast, "in_progress", 4).get_absolute_url() + page
    elsewhere = Cast()
    outsiders = [
        *(make_user(role, cast.lpse) for role in REPORTERS),
        *(make_user(role, elsewhere.lpse) for role in (*REPORTERS, *LPSE_OFFICERS)),
        make_user("", is_staff=True),
    ]

    answers = {getattr(signed_in(user), method)(url).status_code for user in outsiders}

    unseen = {405} if method == "post" and not page else {404}
    assert answers == unseen


def names_of(patterns, namespace=""):
    """The names of all addresses of our own apps; Django's and allauth's are theirs to test."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield namespace + pattern.name
        elif pattern.namespace != "admin" and not str(pattern.pattern).startswith("akun/"):
            prefix = f"{pattern.namespace}:" if pattern.namespace else namespace
            yield from names_of(pattern.url_patterns, prefix)


def test_no_address_of_ours_is_missing_in_the_table():
    rows = {row.partition(" ")[0] for row in PAGES}

    assert set(names_of(get_resolver().url_patterns)) == rows


@pytest.mark.requirement("R41", "R132")
def test_another_persons_ticket_looks_exactly_like_none(cast, people):
    ticket = ticket_at(cast, "in_progress", 1)
    client = signed_in(people["other reporter"])

    theirs = client.get(ticket.get_absolute_url())
    none = client.get("/tiket/LS26-384-267-376-5/")

    assert (theirs.status_code, theirs.text) == (none.status_code, none.text)


@pytest.mark.requirement("R132")
@pytest.mark.parametrize("name", ["reporter", "helpdesk elsewhere", "admin_sistem", "lkpp1"])
def test_looking_for_the_number_of_a_hidden_ticket_says_there_is_none(cast, people, name):
    hidden = ticket_at(cast, "in_progress", 1, reporter=cast.ppk)
    client = signed_in(people[name])

    answers = [
        client.get("/tiket/cari/", {"nomor": number}, follow=True)
        for number in (str(hidden), "LS26-384-267-376-5")
    ]

    told = [[str(message) for message in answer.context["messages"]] for answer in answers]
    assert told == [["Tiket tidak ditemukan. Periksa kembali nomor tiket."]] * 2


def test_a_page_that_is_only_read_takes_no_other_method(people, address):
    client = signed_in(people["helpdesk"])

    for row in ONLY_READ:
        for method in (client.post, client.put, client.patch, client.delete):
            response = method(address(row))

            assert response.status_code == 405
            assert "Halaman tidak dapat dibuka dengan cara ini" in response.text


def test_a_form_takes_get_and_post_alone(people, address):
    client = signed_in(people["reporter"])

    for row in FORMS:
        for method in (client.put, client.patch, client.delete):
            assert method(address(row)).status_code == 405


@pytest.mark.requirement("R76")
def test_reading_pages_changes_nothing(cast, people, address):
    before = (
        list(Ticket.objects.order_by("pk").values_list("pk", "status", "last_event")),
        Event.objects.count(),
        Draft.objects.count(),
        Opinion.objects.count(),
    )

    for role in ("reporter", "helpdesk"):
        client = signed_in(people[role])
        for row in PAGES:
            client.get(address(row))

    assert before == (
        list(Ticket.objects.order_by("pk").values_list("pk", "status", "last_event")),
        Event.objects.count(),
        Draft.objects.count(),
        Opinion.objects.count(),
    )


@pytest.mark.requirement("R14")
def test_a_person_who_was_deactivated_is_out_at_once(cast):
    client = signed_in(cast.helpdesk)
    cast.helpdesk.is_active = False
    cast.helpdesk.save()

    response = client.get("/tiket/baru/")

    assert response.status_code == 302
    assert response.url.startswith("/akun/")
