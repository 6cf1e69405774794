"""Files as people attach them."""

import io

from PIL import Image


def text(name="langkah.txt", content="Buka SPSE, pilih Login, muncul pesan User ID salah.\n"):
    return {"name": name, "mimeType": "text/plain", "buffer": content.encode()}


def png(name="tangkapan-layar.png", size=(320, 200)):
    output = io.BytesIO()
    Image.new("RGB", size, (13, 94, 122)).save(output, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": output.getvalue()}


def page_named_picture(name="bukti.jpg"):
    """HTML under the name of a picture."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": b"<!doctype html><html></html>"}


def program(name="perbaikan.exe"):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": b"MZ" + bytes(64)}
