"""A guide's way from the administrator's computer to the reader's screen (R22, R23, R134)."""

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from faq.models import Guide
from tests.factories import make_user
from tests.films import CAPTIONS, MP4, PDF, WEBM, make_guide

WATCH = """async (video) => {
  const captions = video.textTracks[0], said = new Set();
  captions.addEventListener("cuechange", () => {
    for (const cue of captions.activeCues) said.add(cue.text);
  });
  video.muted = true;
  await video.play();
  await new Promise((ended) => video.addEventListener("ended", ended, {once: true}));
  return {error: video.error, mode: captions.mode, said: [...said], at: video.currentTime};
}"""


def file(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def uploads(admin, kind, content, *, captions=b"", publish=True):
    """Fills the form of the administration for reporters and saves it."""
    page = admin.goes_to("/admin/faq/guide/add/?role=penyedia").page
    page.get_by_label("Jenis").select_option(label=kind)
    page.get_by_label("Judul").fill(f"{kind} LPSE Support Penyedia")
    page.get_by_label("Versi").fill("v1")
    page.get_by_label("File:").set_input_files(file("dari komputer saya", content))
    if captions:
        page.get_by_label("Teks video").set_input_files(file("teks.vtt", captions))
        page.get_by_label("Lama video").fill("12")
    page.get_by_label("Terbit").set_checked(publish)
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.wait_for_load_state()


@pytest.mark.ignore_template_errors
@pytest.mark.requirement("R22", "R23", "R134")
def test_a_guide_is_uploaded_watched_and_downloaded(bandung, person):
    keeper = make_user("", name="Sri Wahyuningsih", is_staff=True, is_superuser=True)
    admin = person().is_already_in(keeper)
    reporter = person().is_already_in(make_user(Role.PENYEDIA, bandung))

    # Nothing there: the reporter reads what to do instead, the administrator where to begin
    reporter.goes_to("/")
    reporter.follows("Panduan")
    reporter.is_at("Panduan")
    reporter.sees("User Guide untuk Penyedia belum tersedia.")
    reporter.sees("Video Tutorial untuk Penyedia belum tersedia.")
    reporter.pictures("01-missing")
    admin.goes_to("/panduan/")
    admin.follows("Unggah panduan untuk Penyedia")

    # A video without captions is not published; a draft is seen by the administrator alone
    uploads(admin, "Video Tutorial", MP4)
    admin.sees("Video tanpa teks tidak dapat diterbitkan. Pilih file .vtt.")
    uploads(admin, "Video Tutorial", MP4, captions=CAPTIONS, publish=False)
    admin.page.get_by_role("link", name="Lihat Video Tutorial LPSE Support Penyedia v1").click()
    admin.sees("Belum terbit")
    admin.pictures("02-preview")
    reporter.goes_to("/panduan/")
    reporter.sees("Video Tutorial untuk Penyedia belum tersedia.")

    # Published: watched with its captions, and downloaded
    uploads(admin, "Video Tutorial", MP4, captions=CAPTIONS)
    uploads(admin, "User Guide", PDF)
    reporter.goes_to("/panduan/")
    reporter.sees("Video Tutorial LPSE Support Penyedia v1, 12 menit, dengan teks")
    plays_with_its_captions(reporter)
    reporter.pictures("03-watched")
    for link, name in (
        ("Unduh User Guide", "User Guide LPSE Support Penyedia v1.pdf"),
        ("Unduh Video Tutorial", "Video Tutorial LPSE Support Penyedia v1.mp4"),
    ):
        downloads(reporter, link, name)


@pytest.mark.requirement("R22", "R23")
def test_a_film_in_the_other_format_is_watched_and_downloaded_too(bandung, person):
    make_guide(kind=Guide.Kind.VIDEO, content=WEBM)
    reporter = person().is_already_in(make_user(Role.PENYEDIA, bandung)).goes_to("/panduan/")

    plays_with_its_captions(reporter)
    downloads(reporter, "Unduh Video Tutorial", "Video Tutorial LPSE Support Penyedia v1.webm")


def plays_with_its_captions(reporter):
    player = reporter.page.locator("video")
    expect(player).to_have_accessible_name("Video Tutorial LPSE Support Penyedia v1")
    seen = player.evaluate(WATCH)
    assert seen.pop("at") > 0.9
    assert seen == {
        "error": None,
        "mode": "showing",
        "said": ["Buka LPSE Support dari beranda SPSE – mudah."],
    }


def downloads(reporter, link, name):
    with reporter.page.expect_download() as download:
        reporter.page.get_by_role("link", name=link).click()
    assert download.value.suggested_filename == name
    assert download.value.failure() is None
