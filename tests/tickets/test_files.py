"""Files leave only through the ticket's rules, as downloads (R29, R30, R49, R132)."""

import hashlib
import io
import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.roles import Role
from tests.cast import classification, send_ticket
from tests.factories import make_user
from tickets.models import Attachment, Draft, Event, Ticket

pytestmark = pytest.mark.django_db

SEALED = bytes(range(256)) * 8
CAMERA = "Kamera Rahasia 3000"


def draft(owner, name, content=b"isi bukti", key=None):
    upload = SimpleUploadedFile(name, content)
    return Draft.objects.receive(upload, key=key or uuid.uuid4(), owner=owner)


def photo(size=(1200, 800)):
    """A picture as a telephone makes it: with the camera's name and the place."""
    picture = Image.new("RGB", size, "red")
    exif = picture.getexif()
    exif[0x0110] = CAMERA
    exif.get_ifd(0x8825)[1] = "S"
    output = io.BytesIO()
    picture.save(output, "JPEG", exif=exif, comment=CAMERA.encode())
    return output.getvalue()


@pytest.fixture
def ticket(cast):
    """In progress at level 1, with a file of every kind from the reporter."""
    files = [
        draft(cast.penyedia, "bukti.txt"),
        draft(cast.penyedia, "layar.jpg", photo()),
        draft(cast.penyedia, "penawaran.rhs", SEALED),
    ]
    ticket = send_ticket(cast.penyedia, files=files)
    ticket.perform("take", by=cast.helpdesk, classification=classification())
    return Ticket.objects.with_people().get(pk=ticket.pk)


def url_of(ticket, name, end=""):
    attachment = Attachment.objects.get(name=name)
    return f"{ticket.get_absolute_url()}berkas/{attachment.pk}/{end}"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def headers(response):
    names = (
        "Content-Type",
        "Content-Disposition",
        "X-Content-Type-Options",
        "Content-Security-Policy",
        "Cache-Control",
    )
    return {name: response[name] for name in names}


SAFE = {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": 'attachment; filename="bukti.txt"',
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
}


# Downloads


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("name", ["penyedia", "helpdesk"])
def test_a_file_comes_as_a_download_that_nothing_runs_or_keeps(cast, ticket, name):
    response = signed_in(getattr(cast, name)).get(url_of(ticket, "bukti.txt"))

    assert response.status_code == 200
    assert headers(response) == SAFE
    assert response.getvalue() == b"isi bukti"


@pytest.mark.requirement("R30")
def test_behind_nginx_the_bytes_are_sent_by_nginx(cast, ticket, settings):
    settings.ACCEL_LOCATION = "/terlindung/"

    response = signed_in(cast.penyedia).get(url_of(ticket, "bukti.txt"))

    path = Attachment.objects.get(name="bukti.txt").path
    assert response["X-Accel-Redirect"] == f"/terlindung/{path}"
    assert response.content == b""
    assert headers(response) == SAFE


@pytest.mark.requirement("R30")
@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("berita acara.txt", 'attachment; filename="berita acara.txt"'),
        ('a"b;c.txt', r'attachment; filename="a\"b;c.txt"'),
        ("gambar é.txt", "attachment; filename*=utf-8''gambar%20%C3%A9.txt"),
    ],
)
def test_a_name_cannot_break_out_of_its_header(cast, name, disposition):
    ticket = send_ticket(cast.penyedia, files=[draft(cast.penyedia, name)])

    response = signed_in(cast.penyedia).get(url_of(ticket, name))

    assert response["Content-Disposition"] == disposition


@pytest.mark.requirement("R30")
def test_a_file_is_stored_under_an_unguessable_name_with_its_digest(cast, ticket):
    attachments = Attachment.objects.filter(event__ticket=ticket)

    paths = [file.path for file in attachments]

    assert len({*paths}) == 3
    assert [path for path in paths if not re.fullmatch(r"\d{4}/\d{2}/[0-9a-f]{32}", path)] == []
    assert attachments.first().sha256 == hashlib.sha256(b"isi bukti").hexdigest()
    page = signed_in(cast.penyedia).get(ticket.get_absolute_url()).text
    assert [path for path in paths if path in page] == []


@pytest.mark.requirement("R132")
def test_a_file_of_a_ticket_that_is_not_visible_is_not_there(cast, ticket):
    strangers = [
        cast.ppk,
        make_user(Role.PENYEDIA, cast.lpse),
        cast.admin_sistem,
        make_user(Role.LPSE_L1),
        cast.lkpp1,
        make_user("", is_staff=True, is_superuser=True),
    ]

    for user in strangers:
        client = signed_in(user)
        for name, end in (("bukti.txt", ""), ("layar.jpg", "pratinjau/"), ("penawaran.rhs", "")):
            assert client.get(url_of(ticket, name, end)).status_code == 404
        assert client.post(url_of(ticket, "penawaran.rhs")).status_code == 404

    assert Client().get(url_of(ticket, "bukti.txt")).status_code == 302
    assert Event.objects.filter(action="download_sealed_file").count() == 0


@pytest.mark.requirement("R132")
def test_a_file_is_found_under_its_own_ticket_alone(cast, ticket):
    theirs = send_ticket(cast.ppk, files=[draft(cast.ppk, "milik-ppk.txt")])
    pk = Attachment.objects.get(name="milik-ppk.txt").pk

    under_mine = signed_in(cast.penyedia).get(f"{ticket.get_absolute_url()}berkas/{pk}/")
    none = signed_in(cast.penyedia).get(f"{ticket.get_absolute_url()}berkas/999999/")
    own = signed_in(cast.ppk).get(url_of(theirs, "milik-ppk.txt"))

    assert (under_mine.status_code, none.status_code, own.status_code) == (404, 404, 200)


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_an_impossible_file_is_not_there(cast, ticket, pk):
    client = signed_in(cast.penyedia)

    for end in ("", "pratinjau/"):
        url = f"{ticket.get_absolute_url()}berkas/{pk}/{end}"
        assert client.get(url).status_code == 404


@pytest.mark.requirement("R132")
def test_files_among_officers_are_not_there_for_the_reporter(cast, ticket):
    files = [draft(cast.helpdesk, "intern.txt"), draft(cast.helpdesk, "intern.jpg", photo())]
    ticket.perform("escalate", by=cast.helpdesk, message="Mohon bantuan.", files=files)

    def answers(user):
        client = signed_in(user)
        return [
            client.get(url_of(ticket, name, end)).status_code
            for name, end in (("intern.txt", ""), ("intern.jpg", ""), ("intern.jpg", "pratinjau/"))
        ]

    assert answers(cast.penyedia) == [404, 404, 404]
    assert answers(cast.helpdesk) == answers(cast.admin_sistem) == [200, 200, 200]


def test_a_file_whose_bytes_are_gone_is_a_page_not_found(cast, ticket):
    default_storage.delete(Attachment.objects.get(name="bukti.txt").path)

    assert signed_in(cast.penyedia).get(url_of(ticket, "bukti.txt")).status_code == 404


# Sealed bids


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("name", ["penyedia", "helpdesk"])
def test_reading_the_page_of_a_sealed_file_gives_no_bytes_and_records_nothing(cast, ticket, name):
    page = signed_in(getattr(cast, name)).get(url_of(ticket, "penawaran.rhs"))

    assert page.status_code == 200
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert "Pengunduhan dicatat dengan nama Anda." in page.text
    assert Event.objects.filter(action="download_sealed_file").count() == 0


@pytest.mark.requirement("R30", "R130")
@pytest.mark.parametrize("name", ["penyedia", "helpdesk"])
def test_each_download_of_a_sealed_file_is_recorded(cast, ticket, name):
    user = getattr(cast, name)
    client, url = signed_in(user), url_of(ticket, "penawaran.rhs")

    first = client.post(url, REMOTE_ADDR="192.0.2.9")
    client.post(url)

    assert first.getvalue() == SEALED
    assert headers(first) == SAFE | {"Content-Disposition": 'attachment; filename="penawaran.rhs"'}
    events = Event.objects.filter(action="download_sealed_file").order_by("pk")
    assert [(e.actor, e.audience, e.detail) for e in events] == [
        (user, "officers", {"file": "penawaran.rhs"})
    ] * 2
    assert events[0].ip == "192.0.2.9"


@pytest.mark.requirement("R30")
def test_a_download_does_not_make_an_open_form_stale(cast, ticket):
    before = ticket.last_event

    signed_in(cast.helpdesk).post(url_of(ticket, "penawaran.rhs"))

    assert Ticket.objects.get(pk=ticket.pk).last_event == before


@pytest.mark.requirement("R30")
def test_a_colleague_who_is_not_in_charge_gets_no_sealed_file(cast, ticket):
    colleague = signed_in(make_user(Role.LPSE_L1, cast.lpse))
    url = url_of(ticket, "penawaran.rhs")

    answers = [colleague.get(url).status_code, colleague.post(url).status_code]

    assert answers == [404, 404]
    assert Event.objects.filter(action="download_sealed_file").count() == 0


@pytest.mark.requirement("R30")
def test_a_sealed_file_follows_the_ticket_to_the_next_officer(cast, ticket):
    ticket.perform("escalate", by=cast.helpdesk, message="Mohon bantuan.")
    in_pool = signed_in(cast.admin_sistem).post(url_of(ticket, "penawaran.rhs")).status_code
    ticket.perform("take", by=cast.admin_sistem, classification=classification())

    answers = {
        name: signed_in(getattr(cast, name)).post(url_of(ticket, "penawaran.rhs")).status_code
        for name in ("penyedia", "helpdesk", "admin_sistem")
    }

    assert in_pool == 404
    assert answers == {"penyedia": 200, "helpdesk": 404, "admin_sistem": 200}


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("name", ["rahasia.rhs", "RAHASIA.RHS", "jpg.rhs"])
def test_a_sealed_file_has_no_preview_under_any_name(cast, name):
    ticket = send_ticket(cast.penyedia, files=[draft(cast.penyedia, name, photo())])

    response = signed_in(cast.penyedia).get(url_of(ticket, name, "pratinjau/"))

    assert response.status_code == 404
    assert Attachment.objects.get().preview_path == ""


# Previews


@pytest.mark.requirement("R30")
def test_a_picture_has_a_small_preview_without_metadata(cast, ticket):
    response = signed_in(cast.helpdesk).get(url_of(ticket, "layar.jpg", "pratinjau/"))
    content = response.getvalue()
    small = Image.open(io.BytesIO(content))

    assert headers(response) == SAFE | {
        "Content-Type": "image/jpeg",
        "Content-Disposition": 'inline; filename="pratinjau.jpg"',
    }
    assert (small.format, small.size, dict(small.getexif())) == ("JPEG", (480, 320), {})
    assert CAMERA.encode() not in content
    assert CAMERA.encode() in photo()


@pytest.mark.requirement("R30")
def test_the_picture_itself_arrives_unchanged(cast, ticket):
    response = signed_in(cast.helpdesk).get(url_of(ticket, "layar.jpg"))

    assert response.getvalue() == photo()


@pytest.mark.requirement("R30")
@pytest.mark.parametrize("name", ["bukti.txt", "penawaran.rhs"])
def test_nothing_but_pictures_has_a_preview(cast, ticket, name):
    response = signed_in(cast.penyedia).get(url_of(ticket, name, "pratinjau/"))

    assert response.status_code == 404


@pytest.mark.requirement("R40")
def test_the_page_of_a_ticket_lists_its_files_and_shows_its_pictures(cast, ticket):
    page = signed_in(cast.penyedia).get(ticket.get_absolute_url()).text

    shown = re.findall(r'<img class="preview" src="(.*?)"', page)
    assert shown == [url_of(ticket, "layar.jpg", "pratinjau/")]
    for name in ("bukti.txt", "layar.jpg", "penawaran.rhs"):
        assert f'href="{url_of(ticket, name)}"' in page


# Drafts that nobody sent


def aged(kept, **age):
    Draft.objects.filter(pk=kept.pk).update(created_at=timezone.now() - timedelta(**age))
    return kept


@pytest.mark.requirement("R29")
def test_forgotten_drafts_go_with_their_files_and_others_stay(cast):
    old = aged(draft(cast.penyedia, "lama.jpg", photo()), hours=25)
    young = aged(draft(cast.penyedia, "baru.txt"), hours=23)

    Draft.objects.forgotten().discard()

    assert list(Draft.objects.all()) == [young]
    assert default_storage.exists(young.path)
    assert not default_storage.exists(old.path)
    assert not default_storage.exists(old.preview_path)


@pytest.mark.requirement("R29")
def test_a_file_that_was_sent_outlives_the_tidying(cast):
    kept = aged(draft(cast.penyedia, "bukti.txt"), days=2)
    send_ticket(cast.penyedia, files=[kept])

    Draft.objects.forgotten().discard()

    assert default_storage.open(Attachment.objects.get().path).read() == b"isi bukti"


@pytest.mark.requirement("R29")
def test_a_command_removes_forgotten_drafts(cast):
    old = aged(draft(cast.penyedia, "lama.txt"), days=2)
    said = io.StringIO()

    call_command("tidy_files", dry_run=True, stdout=said)
    still_there = default_storage.exists(old.path)
    call_command("tidy_files", stdout=said)

    assert still_there
    assert Draft.objects.count() == 0
    assert not default_storage.exists(old.path)
    assert [line.split(" and ")[0] for line in said.getvalue().splitlines()] == [
        "Would remove 1 forgotten drafts",
        "Removed 1 forgotten drafts",
    ]


def test_the_same_file_sent_twice_in_one_form_is_kept_once(cast):
    key = uuid.uuid4()

    first = draft(cast.penyedia, "bukti.txt", key=key)
    second = draft(cast.penyedia, "bukti.txt", key=key)
    other_name = draft(cast.penyedia, "lain.txt", key=key)
    other_bytes = draft(cast.penyedia, "bukti.txt", b"lain", key=key)

    assert first == second
    assert set(Draft.objects.of_form(key, cast.penyedia)) == {first, other_name, other_bytes}
    assert list(Draft.objects.of_form(key, cast.ppk)) == []


@pytest.mark.requirement("R132")
def test_drafts_of_another_person_are_never_attached(cast):
    theirs = draft(cast.ppk, "milik-ppk.txt")

    send_ticket(cast.penyedia, files=list(Draft.objects.of_form(theirs.key, cast.penyedia)))

    assert Attachment.objects.count() == 0
    assert list(Draft.objects.all()) == [theirs]
