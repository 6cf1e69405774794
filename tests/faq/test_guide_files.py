"""What the files of a guide may be inside (A4)."""

import random
import struct
import time
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from faq import contents
from tests.films import CAPTIONS, MP4, PDF, WEBM

MIB = 2**20
HTML = b"<!doctype html><script>alert(1)</script>"
CUE = b"00:01.000 --> 00:02.000\nHalo\n"


def upload(content):
    return SimpleUploadedFile("apa-saja.pdf", content)


def box(kind, *inner, size=None):
    content = b"".join(inner)
    return struct.pack(">I4s", len(content) + 8 if size is None else size, kind) + content


def movie(codec, ftyp=b"isom"):
    entry = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(78)))
    stbl = box(b"minf", box(b"stbl", entry))
    tracks = box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", stbl))
    return box(b"ftyp", ftyp, bytes(4)), box(b"moov", box(b"mvhd", bytes(100)), tracks)


def film(codec=b"avc1", ftyp=b"isom"):
    head, tables = movie(codec, ftyp)
    return head + tables + box(b"mdat", bytes(100))


def large_boxes():
    """A film as editors write one: the pictures first, with their length in eight bytes."""
    head, tables = movie(b"avc1")
    return head + struct.pack(">I4sQ", 1, b"mdat", 116) + bytes(100) + tables


GOOD = {
    "pdf": (PDF, "pdf"),
    "pdf with a little behind its end": (PDF + bytes(2000), "pdf"),
    "mp4": (MP4, "mp4"),
    "mp4 with its tables at the end": (large_boxes(), "mp4"),
    "mp4 of Apple's shops": (film(ftyp=b"M4V "), "mp4"),
    "mp4 whose last box goes to the end": (film()[:-108] + box(b"mdat", bytes(9), size=0), "mp4"),
    "webm": (WEBM, "webm"),
}
OTHER = {
    "page": HTML,
    "page behind a blank": b" %PDF-1.4" + HTML,
    "program": b"MZ" + bytes(100),
    "QuickTime": film(ftyp=b"qt  "),
    "Matroska": WEBM.replace(b"\x42\x82\x84webm", b"\x42\x82\x84mkvx"),
    "zip": b"PK\x03\x04" + bytes(100),
    "nothing": b"",
    "one byte": b"%",
}
REFUSED = {
    "pdf that was cut": (PDF[:-7], contents.NOT_WHOLE),
    "word of a pdf and a page": (b"%PDF-1.4" + HTML, contents.NOT_WHOLE),
    "H.265": (film(b"hvc1"), contents.NOT_H264),
    "sound alone": (film(b"mp4a"), contents.NOT_H264),
    "mp4 without tables": (box(b"ftyp", b"isom", bytes(4)), contents.NOT_H264),
    "mp4 that was cut in its tables": (film()[:200], contents.NOT_H264),
    "page that begins like an mp4": (box(b"ftyp", b"isom", bytes(4)) + HTML, contents.NOT_H264),
}


@pytest.mark.parametrize("label", GOOD)
def test_a_good_file_is_recognised_by_its_bytes_alone(label):
    content, format = GOOD[label]
    file = upload(content)

    assert contents.check(file) == format
    assert file.read() == content


@pytest.mark.parametrize("label", OTHER)
def test_anything_else_is_not_recognised(label):
    assert contents.check(upload(OTHER[label])) == ""


@pytest.mark.parametrize("label", REFUSED)
def test_what_cannot_be_used_is_refused_with_a_sentence(label):
    content, sentence = REFUSED[label]

    with pytest.raises(ValidationError) as refused:
        contents.check(upload(content))

    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(("content", "limit"), [(PDF, 50), (MP4, 500), (WEBM, 500)])
def test_the_limits_are_those_that_the_form_announces(content, limit):
    fitting, too_large = upload(content), upload(content)
    fitting.size, too_large.size = len(content), limit * MIB + 1

    contents.check(fitting)
    with pytest.raises(ValidationError, match=f"Ukuran file melebihi {limit} MB."):
        contents.check(too_large)


@pytest.mark.parametrize("hostile", [box(b"free") * 200_000, box(b"moov", box(b"trak") * 200_000)])
def test_a_hostile_film_is_judged_in_no_time(hostile):
    file = upload(box(b"ftyp", b"isom", bytes(4)) + hostile)
    start = time.monotonic()

    with pytest.raises(ValidationError):
        contents.check(file)

    assert time.monotonic() - start < 2


def test_boxes_within_boxes_end_somewhere():
    inner = b""
    for _ in range(5000):
        inner = box(b"moov", inner)

    with pytest.raises(ValidationError):
        contents.check(upload(box(b"ftyp", b"isom", bytes(4)) + inner))


@pytest.mark.parametrize("good", [PDF, MP4, WEBM, CAPTIONS])
def test_damaged_bytes_are_accepted_or_refused_but_never_an_error(good):
    luck = random.Random(len(good))

    for _ in range(300):
        content = bytearray(good)
        for _ in range(luck.randint(1, 12)):
            content[luck.randrange(len(content))] = luck.randrange(256)
        file = upload(bytes(content[: luck.randint(1, len(content))]))
        for look in (contents.check, contents.check_captions):
            with suppress(ValidationError):
                look(file)


@pytest.mark.parametrize(
    "content",
    [
        CAPTIONS,
        b"\xef\xbb\xbf" + CAPTIONS,
        CAPTIONS.replace(b"\n", b"\r\n"),
        CAPTIONS.replace(b"\n", b"\r"),
        b"WEBVTT - LPSE Support\n\n1\n01:00:01.000 --> 01:00:02.000 align:start\nHalo\n",
    ],
)
def test_captions_are_accepted(content):
    file = upload(content)

    contents.check_captions(file)

    assert file.read() == content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"1\n00:00:01,000 --> 00:00:02,000\nHalo\n", contents.NO_CAPTIONS),  # SubRip
        (b"WEBVTTX\n\n" + CUE, contents.NO_CAPTIONS),
        (b" WEBVTT\n\n" + CUE, contents.NO_CAPTIONS),
        (CAPTIONS.decode().encode("utf-16"), contents.NO_CAPTIONS),
        (b"WEBVTT\n\n" + CUE + "é".encode("latin-1"), contents.NO_CAPTIONS),
        (b"WEBVTT\n\n" + CUE + b"\0", contents.NO_CAPTIONS),
        (HTML, contents.NO_CAPTIONS),
        (PDF, contents.NO_CAPTIONS),
        (b"", contents.NO_CAPTIONS),
        (b"WEBVTT", contents.NO_CUE),
        (b"WEBVTT\n\nNOTE belum ada\n", contents.NO_CUE),
        (b"WEBVTT\n\n" + CUE + b" " * MIB, contents.CAPTIONS_TOO_LARGE),
    ],
)
def test_what_are_no_captions_is_refused(content, sentence):
    with pytest.raises(ValidationError) as refused:
        contents.check_captions(upload(content))

    assert refused.value.messages == [sentence]
