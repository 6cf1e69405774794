"""One User Guide as a PDF that screen readers can follow (PDF/UA-1)."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pydyf
from django.conf import settings
from PIL import Image
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from guidebook import pictures, text
from guidebook.problems import Problem
from guidebook.sources import STYLESHEET

MOST_BYTES = 2 * 2**20
COLOURS = 16  # four bits; the eye sees no difference on paper


def make(source, path):
    """Writes the guide of `source`."""
    html = text.as_html(source, STYLESHEET)
    document = HTML(string=html, base_url=str(settings.BASE_DIR), url_fetcher=Fetcher())
    document.write_pdf(
        path,
        finisher=_reduce_pictures,
        pdf_variant="pdf/ua-1",
        pdf_identifier=source.digest.encode(),
    )
    if path.stat().st_size > MOST_BYTES:
        raise Problem(f"{path.name} has {path.stat().st_size} bytes; at most {MOST_BYTES}.")


class Fetcher(URLFetcher):
    """Reads files, pictures of screens without what is empty in them."""

    def fetch(self, url, headers=None):
        if not url.startswith("file:") or not url.endswith(".png"):
            return super().fetch(url, headers)
        path = Path(url2pathname(urlsplit(url).path))
        return URLFetcherResponse(url, pictures.trimmed(path), {"Content-Type": "image/png"})


def _reduce_pictures(document, pdf):
    """Pictures of screens as palettes: a fifth of the size, at their full sharpness."""
    for each in pdf.objects:
        extra = getattr(each, "extra", {})
        if extra.get("Subtype") == "/Image" and extra.get("ColorSpace") == "/DeviceRGB":
            _reduce(each)


def _reduce(picture):
    width, height = picture.extra["Width"], picture.extra["Height"]
    packed = b"".join(getattr(part, "data", part) for part in picture.stream)
    reduced = Image.open(BytesIO(_png(width, height, packed))).quantize(
        COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    palette = bytes(reduced.getpalette()[: COLOURS * 3])
    colours = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
    picture.stream = [zlib.compress(reduced.tobytes("raw", "P;4"), 9)]
    picture.extra = pydyf.Dictionary(
        {
            "Type": "/XObject",
            "Subtype": "/Image",
            "Width": width,
            "Height": height,
            "ColorSpace": colours,
            "BitsPerComponent": 4,
            "Filter": "/FlateDecode",
        }
    )


def _png(width, height, packed):
    """WeasyPrint keeps a picture as the packed rows of a PNG; here the rest is put around them."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _number(len(content)) + kind + content + _number(zlib.crc32(kind + content))
        for kind, content in chunks
    )


def _number(value):
    return struct.pack(">I", value)
