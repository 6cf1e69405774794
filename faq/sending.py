"""The bytes of a stored file, whole or the part that a player asks for (RFC 9110, part 14)."""

import re

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

# one part; what is anything else is answered with the whole file. Eighteen digits: int() refuses
# thousands of them
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class Part:
    """A file-like of `length` bytes from `start`, that closes the file behind it."""

    def __init__(self, file, start, length):
        self.file, self.left = file, length
        file.seek(start)

    def read(self, size=-1):
        data = self.file.read(min(size, self.left) if size >= 0 else self.left)
        self.left -= len(data)
        return data

    def close(self):
        self.file.close()


class Sent(FileResponse):
    block_size = 2**16  # Django's 4 KB are slow for a film


def send(request, path, content_type, *, download_as=""):
    """The file at `path` of the storage; by nginx where it is in front."""
    if settings.ACCEL_LOCATION:
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = settings.ACCEL_LOCATION + path
    else:
        response = _ourselves(request, path, content_type)
    response["Content-Disposition"] = (
        content_disposition_header(True, download_as) if download_as else "inline"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["Cache-Control"] = "private, no-cache"
    return response


def _ourselves(request, path, content_type):
    etag = f'"{path.rpartition("/")[2]}"'  # a new file has a new name
    if known := get_conditional_response(request, etag=etag):
        return known
    try:
        file = default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    part = _wanted_part(request, file.size, etag)
    response = _part(file, *part) if part else Sent(file)
    if response.status_code != 416:
        response["Content-Type"] = content_type
        response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    return response


def _part(file, first, last):
    size = file.size
    if first > last:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = Sent(Part(file, first, last - first + 1), status=206)
    response["Content-Length"] = last - first + 1
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _wanted_part(request, size, etag):
    """(first, last) byte; None for the whole file; first after last where there is no such part."""
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if not asked or asked[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = asked.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None  # no range at all (RFC 9110, 14.1.1)
    return int(first), min(size - 1, int(last or size))
