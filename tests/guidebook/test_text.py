"""From Markdown to the page that becomes a PDF (R8)."""

from html.parser import HTMLParser

import pytest

from faq.models import Guide
from guidebook import text
from guidebook.sources import STYLESHEET, Source

MARKDOWN = """# LPSE Support untuk contoh

## Pendahuluan

### Alur Diagram Aplikasi

{{ alur }}

## Daftar Tiket & Detail

![Halaman Daftar Tiket](daftar)

![Daftar Tiket di ponsel](daftar--390)

| Status | Artinya |
|---|---|
| Selesai | ditutup |
"""


class Reading(HTMLParser):
    """What the page holds, by name of its elements."""

    def __init__(self, html):
        super().__init__()
        self.found = {}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.setdefault(tag, []).append(dict(attributes))


@pytest.fixture
def html(tmp_path):
    """html(role) is the page of MARKDOWN as that role's guide."""

    def html(role=Guide.Role.PENYEDIA):
        tmp_path.joinpath(f"{role.value}.md").write_text(MARKDOWN)
        return text.as_html(Source(role, tmp_path, tmp_path / "pictures"), STYLESHEET)

    return html


def test_pictures_are_numbered_in_the_order_of_the_text_with_the_diagram_among_them(html):
    page = html()

    captions = [part.partition("<")[0] for part in page.split("<figcaption>")[1:]]
    assert captions == [
        "Gambar 1. Alur Diagram Aplikasi. Langkah Anda bergaris tebal.",
        "Gambar 2. Halaman Daftar Tiket",
        "Gambar 3. Daftar Tiket di ponsel",
    ]


def test_every_picture_has_its_caption_as_text_instead(html, tmp_path):
    images = Reading(html()).found["img"]

    folder = (tmp_path / "pictures" / "penyedia").as_uri()
    assert images == [
        {"src": f"{folder}/daftar--1440.png", "alt": "Halaman Daftar Tiket"},
        {"src": f"{folder}/daftar--390.png", "alt": "Daftar Tiket di ponsel"},
    ]


def test_the_contents_lead_to_every_heading(html):
    found = Reading(html()).found

    targets = [each["id"] for tag in ("h2", "h3") for each in found[tag]]
    assert sorted(link["href"] for link in found["a"]) == sorted(f"#{name}" for name in targets)
    assert len(targets) == 3


@pytest.mark.requirement("R8")
@pytest.mark.parametrize(
    ("role", "own"),
    [
        (Guide.Role.PENYEDIA, ["Kirim", "Balas Feedback", "OK, Selesai",
                               "Belum, Kirim Pesan Lagi", "Buka Kembali",
                               "Beri Penilaian"]),
        (Guide.Role.ADMINISTRATOR, ["Alihkan Petugas"]),
    ],
)  # fmt: skip
def test_each_guide_marks_the_steps_of_its_role_in_the_diagram(html, role, own):
    page = html(role)

    rows = [part.partition("<")[0] for part in page.split("<td><strong>")[1:]]
    assert rows == own
    assert "<svg" in page


def test_the_page_says_what_it_is_and_for_whom(html):
    page = html(Guide.Role.NON_PENYEDIA)

    assert '<html lang="id">' in page
    assert "<h1>LPSE Support untuk contoh</h1>" in page
    assert "Untuk PP, Pokja Pemilihan, PPK" in page
