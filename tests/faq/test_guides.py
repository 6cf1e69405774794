"""Guides: who is offered which, how they leave, and what replaces them (R22, R23, R72, R97)."""

import threading
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.roles import Role
from faq.models import Guide
from tests.factories import make_user
from tests.films import CAPTIONS, MP4, PDF, WEBM, make_guide

pytestmark = pytest.mark.django_db

PENYEDIA, NON_PENYEDIA, L1, L2, LKPP, ADMINISTRATOR = Guide.Role
USER_GUIDE, VIDEO = Guide.Kind


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def reader():
    return signed_in(make_user(Role.PENYEDIA))


@pytest.fixture
def full_shelves():
    return [make_guide(role, kind) for role, kind in product(Guide.Role, Guide.Kind)]


# Who is offered which

OFFERED = {
    Role.PENYEDIA: [PENYEDIA],
    Role.PPK: [NON_PENYEDIA],
    Role.PP: [NON_PENYEDIA],
    Role.POKJA: [NON_PENYEDIA],
    Role.LPSE_L1: [L1],
    Role.LPSE_L2: [L2],
    Role.LKPP_L1: [LKPP, L1, L2],
    Role.LKPP_L2: [LKPP, L1, L2],
    "": [ADMINISTRATOR, PENYEDIA, NON_PENYEDIA, L1, L2, LKPP],
}


@pytest.mark.requirement("R22", "R23", "R72", "R97")
@pytest.mark.parametrize("role", OFFERED)
def test_each_role_is_offered_its_guides_with_its_own_first(full_shelves, role):
    user = make_user(role)

    page = signed_in(user).get("/panduan/")

    shelves = page.context["shelves"]
    assert [shelf.role for shelf in shelves] == OFFERED[role]
    assert [(shelf.user_guide.role, shelf.video.role) for shelf in shelves] == [
        (role, role) for role in OFFERED[role]
    ]
    assert page.text.count("Unduh User Guide") == len(shelves)
    assert page.text.count("<video") == len(shelves)
    assert "belum tersedia" not in page.text


@pytest.mark.requirement("R22", "R23", "R72", "R97")
@pytest.mark.parametrize("role", OFFERED)
@pytest.mark.parametrize("end", ["", "unduh/", "putar/", "teks/"])
def test_what_is_not_offered_is_not_found(full_shelves, role, end):
    client = signed_in(make_user(role))
    videos = [guide for guide in full_shelves if guide.is_video]

    found = {
        guide.role
        for guide in videos
        if client.get(f"/panduan/{guide.pk}/{end}").status_code == 200
    }

    assert found == {*OFFERED[role]}


@pytest.mark.requirement("R22", "R72", "R97")
def test_the_own_shelf_is_one_query_and_an_administrator_has_one_too(
    full_shelves, django_assert_num_queries
):
    officer, administrator = make_user(Role.LPSE_L1), make_user("")

    with django_assert_num_queries(1):
        shelf = Guide.objects.shelf_of(officer)

    assert (shelf.user_guide, shelf.video) == (full_shelves[4], full_shelves[5])
    assert Guide.objects.shelf_of(administrator).role == ADMINISTRATOR


@pytest.mark.requirement("R22", "R23")
def test_the_page_names_title_version_format_size_and_minutes(reader):
    make_guide(content=PDF + b" " * 2_900_000 + b"%%EOF", version="v2")
    make_guide(kind=VIDEO, minutes=12)

    text = reader.get("/panduan/").text

    assert "User Guide LPSE Support Penyedia v2, PDF, 2,8 MB" in text
    assert "Video Tutorial LPSE Support Penyedia v1, 12 menit, dengan teks" in text
    assert "MP4, 1 KB" in text


@pytest.mark.requirement("R23")
def test_the_player_has_controls_and_indonesian_captions_that_are_on(reader):
    video = make_guide(kind=VIDEO)

    text = reader.get("/panduan/").text

    assert text.count('controls preload="metadata"') == 1
    assert (
        f'<track kind="captions" src="/panduan/{video.pk}/teks/" srclang="id"'
        ' label="Bahasa Indonesia" default>' in text
    )


@pytest.mark.parametrize("count", [0, 12])
def test_the_page_costs_the_same_whatever_there_is(count, django_assert_num_queries):
    client = signed_in(make_user("", is_superuser=True, is_staff=True))
    for role, kind in [*product(Guide.Role, Guide.Kind)][:count]:
        make_guide(role, kind)
    client.get("/panduan/")  # the second factor and the notice of the first page

    with django_assert_num_queries(3):
        client.get("/panduan/")


# What is missing


@pytest.mark.requirement("R22", "R23", "R72", "R97")
@pytest.mark.parametrize(
    ("role", "label"),
    [(Role.PENYEDIA, "Penyedia"), (Role.LPSE_L1, "LPSE Level 1"), (Role.LPSE_L2, "LPSE Level 2")],
)
def test_without_files_the_page_says_what_is_missing_and_offers_nothing_empty(role, label):
    make_guide(is_published=False)

    text = signed_in(make_user(role)).get("/panduan/").text

    assert f"User Guide untuk {label} belum tersedia." in text
    assert f"Video Tutorial untuk {label} belum tersedia." in text
    assert "Sementara itu, cari jawaban di" in text
    assert "/unduh/" not in text
    assert "<video" not in text


@pytest.mark.requirement("R22")
def test_a_reporter_without_guides_is_led_to_a_ticket_and_an_officer_is_not(reader):
    officer = signed_in(make_user(Role.LPSE_L1))

    assert 'href="/tiket/buat/">buat tiket</a>' in reader.get("/panduan/").text
    assert "buat tiket" not in officer.get("/panduan/").text


@pytest.mark.requirement("R134")
def test_who_keeps_guides_is_led_to_the_upload_of_what_is_missing():
    admin = signed_in(make_user("", is_staff=True, is_superuser=True))
    make_guide(L1)
    make_guide(L1, VIDEO)

    text = admin.get("/panduan/").text

    assert [role for role in Guide.Role if f"/admin/faq/guide/add/?role={role.value}" in text] == [
        PENYEDIA,
        NON_PENYEDIA,
        L2,
        LKPP,
        ADMINISTRATOR,
    ]


@pytest.mark.requirement("R22", "R23")
def test_signed_in_people_find_the_guides_from_the_help_center_and_every_foot(reader):
    assert reader.get("/").text.count('href="/panduan/"') == 2
    assert reader.get("/faq/").text.count('href="/panduan/"') == 1
    assert Client().get("/faq/").text.count('href="/panduan/"') == 0


def test_only_the_page_of_questions_is_marked_as_the_current_one_in_the_bar(reader):
    current = '<a href="/faq/" aria-current="page">'

    assert current in reader.get("/faq/").text
    assert current not in reader.get("/panduan/").text


# Downloads


@pytest.mark.requirement("R22", "R23")
@pytest.mark.parametrize(
    ("kind", "content", "name", "content_type"),
    [
        (USER_GUIDE, PDF, "User Guide LPSE Support Penyedia v1.pdf", "application/pdf"),
        (VIDEO, MP4, "Video Tutorial LPSE Support Penyedia v1.mp4", "video/mp4"),
        (VIDEO, WEBM, "Video Tutorial LPSE Support Penyedia v1.webm", "video/webm"),
    ],
)
def test_a_download_has_a_name_that_says_what_it_is(reader, kind, content, name, content_type):
    guide = make_guide(kind=kind, content=content)

    response = reader.get(f"/panduan/{guide.pk}/unduh/")

    assert response.getvalue() == content
    assert headers(response) == {
        "Content-Type": content_type,
        "Content-Length": str(len(content)),
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
    }


def headers(response):
    names = (
        "Content-Type", "Content-Length", "Content-Disposition", "X-Content-Type-Options",
        "Content-Security-Policy", "Cache-Control", "Accept-Ranges",
    )  # fmt: skip
    return {name: response[name] for name in names}


@pytest.mark.parametrize(
    ("title", "disposition"),
    [
        ('a"b;c', r'attachment; filename="a\"b;c v1.pdf"'),
        ("../../etc/passwd", 'attachment; filename="..-..-etc-passwd v1.pdf"'),
        ("a\r\nSet-Cookie: b", 'attachment; filename="a Set-Cookie: b v1.pdf"'),
        ("Panduan é", "attachment; filename*=utf-8''Panduan%20%C3%A9%20v1.pdf"),
    ],
)
def test_a_title_cannot_break_out_of_its_header(reader, title, disposition):
    guide = make_guide(title=title)

    assert reader.get(f"/panduan/{guide.pk}/unduh/")["Content-Disposition"] == disposition


@pytest.mark.requirement("R23")
def test_captions_come_as_text_of_a_video(reader):
    guide = make_guide(kind=VIDEO)

    response = reader.get(f"/panduan/{guide.pk}/teks/")

    assert response.getvalue() == CAPTIONS
    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert response["Content-Disposition"] == "inline"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_not_played_and_has_no_captions(reader):
    guide = make_guide()

    assert reader.get(f"/panduan/{guide.pk}/putar/").status_code == 404
    assert reader.get(f"/panduan/{guide.pk}/teks/").status_code == 404


@pytest.mark.parametrize("end", ["unduh/", "putar/", "teks/"])
def test_a_file_that_the_storage_lost_is_a_page_not_found(reader, end):
    guide = make_guide(kind=VIDEO)
    default_storage.delete(guide.file.name)
    default_storage.delete(guide.captions.name)

    response = reader.get(f"/panduan/{guide.pk}/{end}")

    assert response.status_code == 404
    assert "Halaman tidak ditemukan" in response.text


@pytest.mark.parametrize("pk", ["0", "9" * 30, "9" * 5000])
def test_an_absurd_number_is_a_page_not_found(reader, pk):
    assert reader.get(f"/panduan/{pk}/unduh/").status_code == 404


@pytest.mark.requirement("R22", "R23")
@pytest.mark.parametrize("end", ["unduh/", "putar/", "teks/"])
def test_behind_nginx_the_bytes_are_sent_by_nginx(reader, settings, end):
    settings.ACCEL_LOCATION = "/terlindung/"
    guide = make_guide(kind=VIDEO)
    file = guide.captions if end == "teks/" else guide.file

    response = reader.get(f"/panduan/{guide.pk}/{end}", headers={"range": "bytes=0-1"})

    assert response["X-Accel-Redirect"] == f"/terlindung/{file.name}"
    assert (response.status_code, response.content) == (200, b"")


def test_a_stranger_who_wanted_a_guide_comes_to_the_page_after_signing_in(client):
    guide = make_guide(L1)
    client.get(f"/panduan/{guide.pk}/unduh/")
    client.force_login(make_user(Role.PENYEDIA))

    assert client.get("/masuk/lanjut/").url == "/panduan/"


# Parts, as a player asks for them

SIZE = len(MP4)
PARTS = {
    "bytes=0-": (0, SIZE - 1),
    "bytes=0-0": (0, 0),
    "bytes=10-19": (10, 19),
    "bytes=1000-99999": (1000, SIZE - 1),
    f"bytes={SIZE - 1}-": (SIZE - 1, SIZE - 1),
    "bytes=-100": (SIZE - 100, SIZE - 1),
    "bytes=-99999": (0, SIZE - 1),
}
NO_PARTS = [f"bytes={SIZE}-", "bytes=99999-100000", "bytes=-0"]
NO_RANGES = [
    "", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=0-1,5-6", "items=0-1", "bytes 0-1",
    "bytes=0-" + "9" * 5000, "bytes=" + "9" * 5000 + "-", "bytes=1e3-", "bytes=--5", "bytes=²-",
]  # fmt: skip


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("end", ["putar/", "unduh/"])
@pytest.mark.parametrize("asked", PARTS)
def test_a_part_of_a_video_comes_alone(reader, asked, end):
    guide, (first, last) = make_guide(kind=VIDEO), PARTS[asked]

    response = reader.get(f"/panduan/{guide.pk}/{end}", headers={"range": asked})

    assert response.status_code == 206
    assert response.getvalue() == MP4[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["Content-Type"] == "video/mp4"


@pytest.mark.requirement("R23")
@pytest.mark.parametrize("asked", NO_PARTS)
def test_a_part_that_does_not_exist_is_refused_with_the_size(reader, asked):
    guide = make_guide(kind=VIDEO)

    response = reader.get(f"/panduan/{guide.pk}/putar/", headers={"range": asked})

    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert response.content == b""


@pytest.mark.parametrize("asked", NO_RANGES)
def test_what_is_no_range_gets_the_whole_video(reader, asked):
    guide = make_guide(kind=VIDEO)

    response = reader.get(f"/panduan/{guide.pk}/putar/", headers={"range": asked})

    assert (response.status_code, response.getvalue()) == (200, MP4)


def test_a_part_of_a_video_that_was_replaced_meanwhile_is_the_whole_new_one(reader):
    guide = make_guide(kind=VIDEO)
    url = f"/panduan/{guide.pk}/putar/"
    old = reader.get(url)["ETag"]
    guide.file = SimpleUploadedFile("baru.webm", WEBM)
    guide.full_clean()
    guide.save()

    stale = reader.get(url, headers={"range": "bytes=5-9", "if-range": old})
    assert (stale.status_code, stale.getvalue()) == (200, WEBM)

    fresh = reader.get(url, headers={"range": "bytes=5-9", "if-range": stale["ETag"]})
    assert (fresh.status_code, fresh.getvalue()) == (206, WEBM[5:10])


def test_a_browser_that_has_the_file_gets_no_second_copy(reader):
    url = f"/panduan/{make_guide().pk}/unduh/"
    etag = reader.get(url)["ETag"]

    assert reader.get(url, headers={"if-none-match": etag}).status_code == 304


# Drafts


@pytest.mark.requirement("R134")
@pytest.mark.parametrize("end", ["", "unduh/", "putar/", "teks/"])
def test_a_draft_is_found_by_those_alone_who_keep_guides(reader, end):
    draft = make_guide(kind=VIDEO, is_published=False)
    keeper = make_user("", is_staff=True, is_superuser=True)
    people = [reader, signed_in(make_user("", is_staff=True)), signed_in(keeper)]

    answers = [client.get(f"/panduan/{draft.pk}/{end}").status_code for client in people]

    assert answers == [404, 404, 200]


@pytest.mark.requirement("R134")
def test_the_preview_says_that_a_draft_is_one_and_what_it_lacks():
    keeper = signed_in(make_user("", is_staff=True, is_superuser=True))
    draft = make_guide(kind=VIDEO, is_published=False, captions=b"")
    published = make_guide()

    assert "Belum terbit" in (text := keeper.get(draft.get_absolute_url()).text)
    assert "Teks video belum ada." in text
    assert "<track" not in text
    assert "Belum terbit" not in keeper.get(published.get_absolute_url()).text


# Publishing and replacing


@pytest.mark.requirement("R134")
def test_publishing_a_newer_guide_withdraws_the_one_before_and_no_other(reader):
    old, other = make_guide(), make_guide(L1)
    new = make_guide(version="v2", is_published=False)

    withdrawn = new.publish()

    assert withdrawn == [old]
    assert {*Guide.objects.filter(is_published=True)} == {new, other}
    assert reader.get(f"/panduan/{old.pk}/unduh/").status_code == 404
    assert reader.get("/panduan/").context["shelves"][0].user_guide == new


def test_the_database_holds_one_published_guide_of_a_kind_and_readers():
    make_guide()
    second = make_guide(is_published=False)

    with pytest.raises(IntegrityError, match="guide_published_once"), transaction.atomic():
        Guide.objects.filter(pk=second.pk).update(is_published=True)


def test_the_database_publishes_no_video_without_captions():
    video = make_guide(kind=VIDEO, captions=b"", is_published=False)

    with pytest.raises(IntegrityError, match="guide_video_with_captions"), transaction.atomic():
        video.publish()


def test_the_database_holds_no_video_called_a_user_guide():
    guide = make_guide()

    with pytest.raises(IntegrityError, match="guide_format_fits_kind"), transaction.atomic():
        Guide.objects.filter(pk=guide.pk).update(format="mp4")


def test_files_are_stored_under_unguessable_names():
    first, second = make_guide(kind=VIDEO), make_guide(kind=VIDEO)

    names = [file.name for guide in (first, second) for file in (guide.file, guide.captions)]

    assert len({*names}) == 4
    assert {name.partition("/")[0] for name in names} == {"panduan"}
    assert {len(name) for name in names} == {len("panduan/") + 32}


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_leave_one_published():
    together = threading.Barrier(2)
    problems = []

    def publish():
        try:
            with transaction.atomic():
                guide = make_guide(is_published=False)
                together.wait(5)
                guide.publish()
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert Guide.objects.count() == 2
    assert Guide.objects.filter(is_published=True).count() == 1


def test_a_guide_that_does_not_pass_is_not_made():
    with pytest.raises(ValidationError, match=r"Bukan file PDF."):
        make_guide(content=MP4)
