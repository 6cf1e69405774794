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
MAX_DECODED = 64 * 2**20  # bytes: a worker has to stay under 200 MB
# One scan of a JPEG may be 50 bytes that fill millions of pixels: a file has room for a million
MAX_SCANS = 200
SCAN = re.compile(rb"\xff\xda\0(?:\x08\x01|\x0a\x02|\x0c\x03|\x0e\x04)")
# Bytes of a pixel with all that Pillow makes of it on the way to a smaller one; of what it has to
# convert first below. Pixels with transparency are multiplied in a copy.
WEIGHTS = {"L": 1, "RGB": 4, "RGBA": 8}
CONVERTED, CONVERTED_TRANSPARENT = 6, 14
PREVIEW_SIZE = (480, 480)
CLASSES = {"jpg": JpegImageFile, "png": PngImageFile}
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
    return kept + image.width * image.height * _weight(image) <= MAX_DECODED


def _weight(image):
    converted = CONVERTED_TRANSPARENT if image.has_transparency_data else CONVERTED
    return WEIGHTS.get(image.mode, converted)


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
    if image.mode not in WEIGHTS:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail(PREVIEW_SIZE)
    image = ImageOps.exif_transpose(image).convert("RGBA")
    # a new canvas: Pillow would copy the comment of the original
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image)
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=80)
    return output.getvalue()
