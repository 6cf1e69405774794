"""No room for files: each is refused by name, what was typed stays, the rest goes on."""

import random
from io import BytesIO

import pytest
from PIL import Image

from tests.drills.person import CREATE, new_ticket
from tests.drills.portal import PAGE

NO_ROOM = "besar.txt: Penyimpanan server sedang penuh. File ini belum tersimpan; coba lagi nanti."
LARGE = ("besar.txt", b"10:41:02 berkas gagal dikirim\n" * 100_000)
LEFT = 2**20


@pytest.fixture
def full(portal):
    """A function: inside of what it gives only so many bytes can be written."""
    return lambda left=LEFT: portal.disk.full(portal.server, left)


def test_a_file_without_room_is_refused_by_name_and_the_rest_of_the_portal_goes_on(
    portal, ask_all, full
):
    reporter, fields = portal.reporter(), new_ticket("Disk penuh.")

    with full():
        before = portal.disk.sizes()
        ahead = reporter.upload(CREATE, fields, *LARGE)
        whole = reporter.send(CREATE, fields, [LARGE])
        pages = [reporter.get(path).status for path in ("/", "/tiket/daftar/", CREATE)]
        without = reporter.send(CREATE, new_ticket("Tanpa file tetap bisa."))
        assert portal.disk.sizes() == before
    again = reporter.send(CREATE, fields, [LARGE])

    assert (ahead.status, NO_ROOM in ahead.text) == (200, True)
    assert (whole.status, NO_ROOM in whole.text) == (200, True)
    assert "Disk penuh." in whole.text
    assert pages == [200, 200, 200]
    assert (without.status, again.status) == (302, 302)
    assert len(reporter.numbers()) == 2
    ask_all()


def test_a_picture_with_room_but_not_for_its_preview_is_refused_whole(portal, ask_all, full):
    if not portal.disk.is_mounted:
        return  # a limit for each file cannot tell the two apart
    reporter, fields = portal.reporter(), new_ticket("Gambar.")
    picture = noise()

    with full(-(-len(picture) // PAGE) * PAGE):
        before = portal.disk.sizes()
        refused = reporter.upload(CREATE, fields, "layar.png", picture)
        assert portal.disk.sizes() == before
    accepted = reporter.upload(CREATE, fields, "layar.png", picture)

    assert "layar.png: Penyimpanan server sedang penuh." in refused.text
    assert accepted.text.count('"name": "layar.png"') == 1
    ask_all()


def test_an_export_without_room_says_so_on_a_page(portal, ask_all, full):
    portal.reporter().send(CREATE, new_ticket("Untuk ekspor."))

    with full(0):
        refused = portal.helpdesk.get("/tiket/baru.xlsx")
    exported = portal.helpdesk.get("/tiket/baru.xlsx")

    assert refused.status == 507
    assert "Penyimpanan server sedang penuh." in refused.text
    assert exported.status == 200
    ask_all()


def noise():
    """A picture that cannot be compressed, and is still small."""
    size = (700, 700)
    pixels = random.Random(7).randbytes(size[0] * size[1] * 3)
    content = BytesIO()
    Image.frombytes("RGB", size, pixels).save(content, "png")
    return content.getvalue()
