"""Pictures: polyglots, bombs, what hides in a comment."""

import struct
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin

from tests.tickets.hostile_files.hostile import ACCEPTED, EMPTY, MISMATCH, PICTURE, Hostile
from tests.tickets.samples import (
    MIB,
    archive,
    noise,
    picture,
    png_header,
)

GIF = b"GIF89a/*\x01\x00\x80\x00\x00*/=1;alert(1)//"
JAVA = bytes.fromhex("CAFEBABE00000034") + bytes(100)


def png_with(**options):
    output = BytesIO()
    Image.new("RGB", (64, 48), "red").save(output, "PNG", **options)
    return output.getvalue()


def text_bomb():
    """A PNG whose compressed comment opens to 64 MB."""
    bomb = b"Comment\0\0" + zlib.compress(bytes(64 * MIB))
    block = (
        struct.pack(">I", len(bomb))
        + b"zTXt"
        + bomb
        + struct.pack(">I", zlib.crc32(b"zTXt" + bomb))
    )
    whole = png_with()
    return whole[:33] + block + whole[33:]


def animated(frames):
    output = BytesIO()
    pictures = [Image.new("RGB", (64, 48), (number % 256, 0, 0)) for number in range(frames)]
    pictures[0].save(output, "PNG", save_all=True, append_images=pictures[1:])
    return output.getvalue()


def php_comment():
    return picture(comment=b"<?php system($_GET['a']); ?>")


def chunk_text():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "<?php system($_GET['a']); ?><script>alert(1)</script>")
    return png_with(pnginfo=text)


PICTURES = [
    Hostile("GIF and script as jpg", "foto.jpg", MISMATCH, GIF),
    Hostile("GIF and archive", "data.zip", MISMATCH, GIF + archive({"a.class": JAVA}), "GIFAR"),
    Hostile(
        "picture and archive as picture",
        "foto.jpg",
        ACCEPTED,
        picture() + archive({"a": JAVA}),
        "is a picture; no ending makes it an archive",
    ),
    Hostile(
        "picture and archive as archive", "data.zip", MISMATCH, picture() + archive({"a": JAVA})
    ),
    Hostile(
        "PHP in a picture's comment",
        "foto.jpg",
        ACCEPTED,
        php_comment(),
        "is never run; the preview is ours",
    ),
    Hostile("PHP in a png's text", "layar.png", ACCEPTED, chunk_text(), "as above"),
    Hostile("picture of the other kind", "foto.jpg", MISMATCH, picture("PNG")),
    Hostile("WebP as jpg", "foto.jpg", MISMATCH, picture("WEBP")),
    Hostile("TIFF as jpg", "foto.jpg", MISMATCH, picture("TIFF")),
    Hostile("cut jpg", "foto.jpg", PICTURE, noise("JPEG")[:-5000], "nobody could see it"),
    Hostile("cut png", "layar.png", PICTURE, noise("PNG")[:-5000], "nobody could see it"),
    Hostile("jpg of two bytes", "foto.jpg", MISMATCH, b"\xff\xd8"),
    Hostile(
        "png of 2,000 million pixels", "layar.png", PICTURE, png_header(45_000, 45_000), "bomb"
    ),
    Hostile("png whose comment is a bomb", "layar.png", PICTURE, text_bomb(), "opens to 64 MB"),
    Hostile("animated png", "layar.png", ACCEPTED, animated(40), "the preview has its first frame"),
    Hostile("empty jpg", "foto.jpg", EMPTY, b"", "nothing was sent"),
]
