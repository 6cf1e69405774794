"""Pictures: whole, of a bounded size, and shown only as a small JPEG of our own."""

import io
import threading
from contextlib import contextmanager

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from tickets.contents.refusal import PICTURE, kind, or_refuse, require

MAX_PIXELS = 50_000_000
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
    """A JPEG that can be decoded to its end."""
    require(kind(path) == "image/jpeg")
    with opened(path, "jpg") as image:
        image.draft("RGB", PREVIEW_SIZE)  # decodes an eighth, but reads to the end: finds a cut
        image.load()


def check_png(path):
    """A PNG whose blocks all have their right checksum."""
    require(kind(path) in {"image/png", "image/apng", "image/vnd.mozilla.apng"})
    with opened(path, "png") as image:
        image.verify()  # the checksum of every block, to the end


def small_jpeg(path, ending):
    """The picture as a small JPEG, upright and without metadata."""
    with opened(path, ending) as image:
        return _small_jpeg(image)


def _small_jpeg(image):
    image.draft("RGB", PREVIEW_SIZE)
    if image.mode not in {"L", "RGB", "RGBA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail(PREVIEW_SIZE)
    image = ImageOps.exif_transpose(image).convert("RGBA")
    # a new canvas: Pillow would copy the comment of the original
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image)
    output = io.BytesIO()
    canvas.save(output, "JPEG", quality=80)
    return output.getvalue()
