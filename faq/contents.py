"""What the files of a guide must be inside (A4): a PDF, a video that browsers play, captions.

The signatures alone decide, not the name and not what the browser says; a few bytes of the head
and the tables of a video are read, never a whole film.
"""

import re
import struct

from django.core.exceptions import ValidationError

MIB = 2**20
MAX_SIZE = {"pdf": 50 * MIB, "mp4": 500 * MIB, "webm": 500 * MIB}
MAX_CAPTIONS = MIB

TOO_LARGE = "Ukuran file melebihi {limit} MB."
NOT_WHOLE = "PDF tidak utuh. Unggah ulang file yang lengkap."
NOT_H264 = "Video MP4 ini tidak memakai H.264. Simpan ulang sebagai MP4 (H.264) atau WebM."
NO_CAPTIONS = "Bukan file teks WebVTT: baris pertamanya harus WEBVTT dan hurufnya UTF-8."
NO_CUE = "File teks ini belum berisi satu pun kalimat dengan waktunya."
CAPTIONS_TOO_LARGE = "Ukuran file teks melebihi 1 MB."

MAX_BOXES = 10_000  # looked at in one file: a film has a few dozen, a hostile file 60 million
WAY_TO_CODEC = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
CUE = re.compile(r"^(\d{2,}:)?\d{2}:\d{2}\.\d{3}[ \t]+-->[ \t]+(\d{2,}:)?\d{2}:\d{2}\.\d{3}", re.M)


def check(upload):
    """'pdf', 'mp4', 'webm', or '' for anything else; ValidationError where it cannot be used."""
    found = _recognise(upload)
    if found and upload.size > MAX_SIZE[found]:
        raise ValidationError(TOO_LARGE.format(limit=MAX_SIZE[found] // MIB))
    if found == "pdf" and b"%%EOF" not in _tail(upload):
        raise ValidationError(NOT_WHOLE)
    if found == "mp4" and not {b"avc1", b"avc3"} & _codecs(upload):
        raise ValidationError(NOT_H264)
    upload.seek(0)
    return found


def check_captions(upload):
    """Raises ValidationError unless these are captions of a video: WebVTT with at least one cue."""
    if upload.size > MAX_CAPTIONS:
        raise ValidationError(CAPTIONS_TOO_LARGE)
    upload.seek(0)
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(NO_CAPTIONS) from error
    upload.seek(0)
    if "\0" in text or not re.match(r"WEBVTT(?=[ \t\r\n]|\Z)", text):
        raise ValidationError(NO_CAPTIONS)
    if not CUE.search(text.replace("\r\n", "\n").replace("\r", "\n")):
        raise ValidationError(NO_CUE)


def _recognise(upload):
    upload.seek(0)
    head = upload.read(64)
    if head.startswith(b"%PDF-"):
        return "pdf"
    # brand 'qt  ' is QuickTime's own, which not every browser plays
    if head[4:8] == b"ftyp" and head[8:12] != b"qt  ":
        return "mp4"
    # an EBML header that names its document type (RFC 8794): Matroska says 'matroska'
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in head:
        return "webm"
    return ""


def _tail(upload):
    """The last bytes, where a whole PDF ends; some programs write a little behind its end."""
    upload.seek(max(0, upload.size - 4096))
    return upload.read(4096)


def _codecs(upload):
    """The four-letter codecs of an MP4's tracks (ISO/IEC 14496-12)."""
    return set(_codecs_within(upload, 0, upload.size, WAY_TO_CODEC, iter(range(MAX_BOXES))))


def _codecs_within(upload, start, end, way, budget):
    if not way:
        upload.seek(start + 12)  # behind version and flags, number of entries, size of the first
        yield upload.read(4)
        return
    for kind, inner, inner_end in _boxes(upload, start, end, budget):
        if kind == way[0]:
            yield from _codecs_within(upload, inner, inner_end, way[1:], budget)


def _boxes(upload, position, end, budget):
    """(kind, start, end) of each box between two places; stops where one is broken."""
    for _ in budget:
        upload.seek(position)
        head = upload.read(16)
        if position + 8 > end or len(head) < 8:
            return
        size, kind = struct.unpack_from(">I4s", head)
        start = position + 8
        if size == 1 and len(head) == 16:  # too large for four bytes
            size, start = struct.unpack_from(">Q", head, 8)[0], position + 16
        size = size or end - position  # 0: to the end
        if size < start - position or position + size > end:
            return
        yield kind, start, position + size
        position += size
