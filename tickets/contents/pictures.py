"""Pictures: whole, of a bounded size, and shown only as a small JPEG of our own."""

import io
import re
import threading
from contextlib import contextmanager

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from tickets.contents.refusal import PICTURE, kind, or_refuse, pieces, require

MAX_PIXELS = 50_000_000
MAX_DECODED = 60 * 2**20  # bytes, a 5K screen: a worker has to stay under 200 MB
# One scan of a JPEG may be 50 bytes that fill millions of pixels: a file has room for a million
MAX_SCANS = 200
SCAN = re.compile(rb"\xff\xda\0(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")
PREVIEW_SIZE = (480, 480)
CLASSES = {"jpg": JpegImageFile, "png": PngImageFile}
WEIGHTS = {"1": 1, "L": 1, "P": 1, "I;16": 2}  # bytes of a pixel as Pillow keeps it; 4 of others
STRIP = 2**20  # pixels that are made smaller at once
ORIENTATION = 0x0112
# Eight threads that decode 50 million pixels each would need gigabytes: they take turns
_decoding = threading.Lock()


@contextmanager
def opened(path, ending):
    """The picture, opened by its header only, and not if it has too many pixels.

    The format's own class instead of Image.open: no other of Pillow's parsers sees the bytes, and
    the limit is ours instead of a process-wide warning.
    """
    with or_refuse(PICTURE), _decoding, path.open("rb") as file, CLASSES[ending](file) as image:
        require(image.width * image.height <= MAX_PIXELS, PICTURE)
        yield image


def check_jpg(path):
    """A JPEG that can be decoded to its end; one that needs too much memory is taken as it is."""
    require(kind(path) == "image/jpeg")
    require(sum(len(SCAN.findall(piece)) for piece in pieces(path)) <= MAX_SCANS, PICTURE)
    with opened(path, "jpg") as image:
        if _is_light(image, (1, 1)):
            image.load()  # an eighth of the pixels, but reads to the end: finds a cut


def check_png(path):
    """A PNG whose blocks all have their right checksum."""
    require(kind(path) in {"image/png", "image/apng", "image/vnd.mozilla.apng"})
    with opened(path, "png") as image:
        image.verify()  # the checksum of every block, to the end


def _is_light(image, size):
    """Whether decoding fits into MAX_DECODED, once a JPEG is told to decode no more than `size`.

    A JPEG of several scans is kept whole in memory, two bytes for each number, until the last one.
    """
    kept = _numbers(image) * 2 if _has_several_scans(image) else 0
    image.draft("RGB", size)
    decoded = image.width * image.height * WEIGHTS.get(image.mode, 4)
    return kept + decoded + image.width * _factor(image) * 12 <= MAX_DECODED


def _factor(image):
    """How many pixels become one, before the rest is made with care."""
    return max(1, max(image.size) // (2 * max(PREVIEW_SIZE)))


def _has_several_scans(image):
    if image.format != "JPEG":
        return False
    place = image.fp.tell()  # Pillow has read up to the marker of the first scan
    in_first = image.fp.read(3)[2]
    image.fp.seek(place)
    return "progressive" in image.info or in_first < image.layers


def _numbers(image):
    """Coefficients of a JPEG: colours are often stored at half the width and height."""
    wide, high = (max(layer[axis] for layer in image.layer) for axis in (1, 2))
    share = sum(layer[1] * layer[2] for layer in image.layer) / (wide * high)
    return image.width * image.height * share


def small_jpeg(path, ending):
    """The picture as a small JPEG, upright and without metadata; refused when it is too heavy."""
    with opened(path, ending) as image:
        require(_is_light(image, PREVIEW_SIZE), PICTURE)
        return _small_jpeg(image)


def _small_jpeg(image):
    small = _reduced(image)
    small.getexif()[ORIENTATION] = image.getexif().get(ORIENTATION, 1)
    small.thumbnail(PREVIEW_SIZE)
    small = ImageOps.exif_transpose(small)
    # a new canvas: Pillow would copy the comment of the original
    canvas = Image.new("RGB", small.size, "white")
    canvas.paste(small, mask=small)
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=80)
    return output.getvalue()


def _reduced(image):
    """The picture in RGBA at about twice the wanted size; in strips, for Pillow converts copies."""
    factor, (width, height) = _factor(image), image.size
    rows = max(1, STRIP // (width * factor)) * factor
    small = Image.new("RGBA", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        strip = strip.convert("RGBA" if image.has_transparency_data else "RGB").convert("RGBA")
        small.paste(strip.reduce(factor), (0, top // factor))
    return small
