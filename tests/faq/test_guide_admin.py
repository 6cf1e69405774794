"""Administrators keep the guides, and nobody else sends files as large as theirs (R134)."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.roles import Role
from faq.models import Guide
from tests.factories import make_user
from tests.films import CAPTIONS, MP4, PDF, WEBM, make_guide
from tickets import uploads

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.requirement("R134"),
]

ADD, LIST = "/admin/faq/guide/add/", "/admin/faq/guide/"
MIB = 2**20


def keeper(*names, role=Role.LKPP_L1):
    """Somebody of LKPP with these rights over guides, and no superuser."""
    user = make_user(role, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=[f"{n}_guide" for n in names]))
    return user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin():
    return signed_in(keeper("add", "change", "view", "delete"))


def form(content=PDF, captions=b"", **fields):
    defaults = {
        "kind": "guide", "role": "penyedia", "title": "User Guide LPSE Support", "version": "v1",
        "minutes": "",
    }  # fmt: skip
    files = {"file": content and SimpleUploadedFile("dari-saya.bin", content)}
    files["captions"] = captions and SimpleUploadedFile("teks.vtt", captions)
    return defaults | {name: file for name, file in files.items() if file} | fields


def video(**fields):
    return form(**{"kind": "video", "content": MP4, "captions": CAPTIONS} | fields)


def errors(answer):
    assert answer.status_code == 200
    return {name: [*texts] for name, texts in answer.context["adminform"].form.errors.items()}


# Adding and replacing


@pytest.mark.requirement("R22", "R23")
@pytest.mark.parametrize(
    ("sent", "format", "size"),
    [(form(), "pdf", len(PDF)), (video(), "mp4", len(MP4)), (video(content=WEBM), "webm", 765)],
)
def test_a_guide_is_added_and_waits_until_it_is_published(admin, sent, format, size):
    answer = admin.post(ADD, sent)

    guide = Guide.objects.get()
    assert (answer.status_code, answer.url) == (302, LIST)
    assert (guide.format, guide.size, guide.is_published) == (format, size, False)


def test_publishing_a_newer_one_says_which_one_it_replaces(admin):
    old = make_guide(title="User Guide LPSE Support")

    answer = admin.post(ADD, form(version="v2", publish="on"), follow=True)

    new = Guide.objects.exclude(pk=old.pk).get()
    told = [str(message) for message in answer.context["messages"]]
    assert "User Guide LPSE Support v1 ditarik, digantikan User Guide LPSE Support v2." in told
    assert [*Guide.objects.filter(is_published=True)] == [new]


def test_a_file_is_replaced_and_the_address_stays(admin):
    guide = make_guide(kind=Guide.Kind.VIDEO)
    before = guide.file.name, guide.captions.name
    sent = video(content=WEBM, captions=b"", version="v2", publish="on")

    admin.post(f"{LIST}{guide.pk}/change/", sent)

    guide.refresh_from_db()
    assert (guide.format, guide.size, guide.version) == ("webm", len(WEBM), "v2")
    assert guide.is_published
    assert (guide.file.name == before[0], guide.captions.name == before[1]) == (False, True)


def test_unticking_withdraws_a_guide(admin):
    guide = make_guide()

    admin.post(f"{LIST}{guide.pk}/change/", form(content=b""))

    guide.refresh_from_db()
    assert not guide.is_published


def test_what_a_guide_is_and_for_whom_does_not_change(admin):
    guide = make_guide()

    admin.post(f"{LIST}{guide.pk}/change/", form(content=b"", kind="video", role="lkpp"))

    guide.refresh_from_db()
    assert (guide.kind, guide.role) == ("guide", "penyedia")


def test_a_double_click_leaves_one_published(admin):
    for _ in range(2):
        admin.post(ADD, form(publish="on"))

    assert [guide.is_published for guide in Guide.objects.order_by("pk")] == [False, True]


def test_a_deleted_guide_is_gone_for_its_readers(admin):
    guide = make_guide()

    admin.post(f"{LIST}{guide.pk}/delete/", {"post": "yes"})

    assert not Guide.objects.exists()


# What is refused

HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("sent", "refusals"),
    [
        (form(HTML), {"file": ["Bukan file PDF. Pilih file lain."]}),
        (form(MP4), {"file": ["Bukan file PDF. Pilih file lain."]}),
        (form(PDF[:-7]), {"file": ["PDF tidak utuh. Unggah ulang file yang lengkap."]}),
        (video(content=PDF), {"file": ["Bukan video MP4 atau WebM. Pilih file lain."]}),
        (video(content=HTML), {"file": ["Bukan video MP4 atau WebM. Pilih file lain."]}),
        (
            video(content=MP4.replace(b"avc1", b"hvc1")),
            {
                "file": [
                    "Video MP4 ini tidak memakai H.264. Simpan ulang sebagai MP4 (H.264) atau WebM."
                ]
            },
        ),
        (
            video(captions=b"1\n00:00:01,000 --> 00:00:02,000\nHalo\n"),
            {
                "captions": [
                    "Bukan file teks WebVTT: baris pertamanya harus WEBVTT dan hurufnya UTF-8."
                ]
            },
        ),
        (
            form(captions=CAPTIONS),
            {"captions": ["Teks hanya untuk Video Tutorial. Kosongkan isian ini."]},
        ),
        (
            video(captions=b"", publish="on"),
            {"captions": ["Video tanpa teks tidak dapat diterbitkan. Pilih file .vtt."]},
        ),
        (form(content=b""), {"file": ["Isian ini wajib diisi."]}),
    ],
)
def test_what_is_no_guide_is_refused_at_its_field(admin, sent, refusals):
    found = errors(admin.post(ADD, sent))

    assert found == refusals
    assert not Guide.objects.exists()


def test_absurd_answers_are_refused(admin):
    sent = form(title="a\0b", version="v" * 10_000, minutes="9" * 50, kind="film", role="semua")

    assert {*errors(admin.post(ADD, sent))} == {"title", "version", "minutes", "kind", "role"}


def test_captions_stay_required_when_an_unpublished_video_is_published_later(admin):
    guide = make_guide(kind=Guide.Kind.VIDEO, captions=b"", is_published=False)
    url = f"{LIST}{guide.pk}/change/"

    refused = errors(admin.post(url, video(content=b"", captions=b"", publish="on")))
    admin.post(url, video(content=b"", publish="on"))

    guide.refresh_from_db()
    assert {*refused} == {"captions"}
    assert guide.is_published


def test_a_refused_file_leaves_the_guide_as_it_was(admin):
    guide = make_guide()

    answer = admin.post(f"{LIST}{guide.pk}/change/", form(HTML, publish="on"))

    after = Guide.objects.get()
    assert {*errors(answer)} == {"file"}
    assert (after.file.name, after.size) == (guide.file.name, guide.size)
    assert f"User Guide LPSE Support Penyedia v1.pdf</a> ({len(PDF)} byte)" in answer.text


# The pages


def test_the_list_shows_what_there_is_with_its_preview_and_speaks_indonesian(admin):
    guide = make_guide(kind=Guide.Kind.VIDEO)

    text = admin.get(LIST).text

    for word in ("Judul", "Versi", "Jenis", "Untuk", "Ukuran", "Terbit", "Diperbarui", "MP4, 1 KB"):
        assert word in text
    assert f'href="/panduan/{guide.pk}/"' in text


@pytest.mark.parametrize("count", [1, 8])
def test_no_page_needs_more_than_15_queries(admin, count, django_assert_max_num_queries):
    guides = [make_guide(is_published=False) for _ in range(count)]
    pages = [LIST, ADD, f"{LIST}{guides[0].pk}/change/", f"{LIST}{guides[0].pk}/delete/"]

    for page in pages:
        with django_assert_max_num_queries(15):
            assert admin.get(page).status_code == 200


@pytest.mark.parametrize(
    ("names", "answers"),
    [
        ((), (403, 403, 403)),
        (("view",), (200, 403, 200)),
        (("add", "view"), (200, 200, 200)),
        (("change", "view"), (200, 403, 200)),
    ],
)
def test_the_rights_of_a_person_decide(names, answers):
    client, guide = signed_in(keeper(*names)), make_guide()

    pages = (LIST, ADD, f"{LIST}{guide.pk}/change/")

    assert tuple(client.get(page).status_code for page in pages) == answers


# How much may arrive


class Unreadable:
    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def announce(user, length, path=ADD):
    """The answer to a body of that length, which nobody may read before it is refused."""
    client = as_a_browser(user)
    meta = {"CONTENT_LENGTH": str(length), "wsgi.input": Unreadable()}
    return client.generic("POST", path, CONTENT_TYPE="multipart/form-data; boundary=x", **meta)


def as_a_browser(user):
    """The check of the form's token is on, for it is what reads a body first."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    if user:
        client.force_login(user)
    return client


def test_a_video_of_500_mb_with_its_captions_fits():
    assert uploads.MAX_VIDEO_SIZE == 500 * MIB
    with pytest.raises(AssertionError, match="the body was read"):
        announce(keeper("add"), 510 * MIB)


@pytest.mark.parametrize("length", [510 * MIB + 1, 10**14, "9" * 5000])
def test_more_is_refused_unread_with_the_limits_of_guides(length):
    answer = announce(keeper("add"), length)

    assert answer.status_code == 413
    assert "50 MB untuk User Guide dan 500 MB untuk Video Tutorial" in answer.text


@pytest.mark.parametrize(
    "person",
    [
        lambda: None,
        lambda: make_user(Role.PENYEDIA),
        lambda: make_user(Role.LPSE_L2),
        lambda: make_user(""),
        lambda: keeper(),
        lambda: keeper("view", "delete"),
    ],
    ids=["nobody", "reporter", "officer", "no staff", "staff without rights", "a mere looker"],
)
def test_a_body_for_a_guide_from_anybody_else_is_refused_unread(person):
    assert announce(person(), 260 * MIB + 1).status_code == 413


@pytest.mark.parametrize("path", ["/tiket/buat/", "/admin/faq/article/add/", "/admin/faq/guidex/"])
def test_nowhere_else_may_a_keeper_of_guides_send_more(path):
    assert announce(keeper("add", "change"), 260 * MIB + 1, path).status_code == 413


def test_a_stranger_is_sent_away_before_the_body_is_read():
    assert announce(None, 100 * MIB).status_code == 413
    assert announce(None, 9 * MIB).status_code == 302
    assert announce(None, 100 * MIB, "/admin/login/").status_code == 413


def test_a_single_file_of_anybody_else_is_kept_up_to_the_usual_limit(monkeypatch):
    """Measured by 1,000 bytes instead of 50 MB: the video has 1,346."""
    monkeypatch.setattr(uploads, "MAX_FILE_SIZE", 1000)
    kept = []
    receive = uploads.StreamedFile.receive

    def watched(self, chunk):
        receive(self, chunk)
        kept.append(self.file.tell())

    monkeypatch.setattr(uploads.StreamedFile, "receive", watched)

    for user in (make_user(Role.PENYEDIA), keeper("view"), keeper("add")):
        as_a_browser(user).post(ADD, video(captions=b""))

    assert kept == [1000, 1000, len(MP4)]


def test_a_video_over_the_usual_limit_is_taken_from_a_keeper(monkeypatch, admin):
    monkeypatch.setattr(uploads, "MAX_FILE_SIZE", 1000)

    admin.post(ADD, video(publish="on"))

    guide = Guide.objects.get()
    assert (guide.size, guide.file.read()) == (len(MP4), MP4)
