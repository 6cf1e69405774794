"""How the bytes of a file arrive, and what it is called (R29, R49).

No file is ever read whole into memory. Imports nothing of ours: settings name this module.
"""

import errno
import hashlib
import os
import re
import unicodedata
from contextlib import suppress

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpResponse
from django.template.loader import get_template

MAX_FILE_SIZE = 50 * 2**20
MAX_FILES = 5
TOO_MANY = f"Paling banyak {MAX_FILES} file."
MAX_UNSENT = 60  # files of one person in all their unsent forms
MAX_UNSENT_SIZE = 2**30
EXTENSIONS = (
    "jpg", "jpeg", "png", "txt", "doc", "docx", "xls", "xlsx", "pdf", "zip", "rar", "rhs",
)  # fmt: skip
ACCEPT = ",".join(f".{extension}" for extension in EXTENSIONS)

# What one request may hold before anybody reads it: the files, and room for the form's texts
MAX_BODY = MAX_FILES * MAX_FILE_SIZE + 10 * 2**20
# Files of tickets come to these addresses alone, those of the administration to the others
TICKETS_PATH, ADMIN_PATH, ADMIN_LOGIN = "/tiket/", "/admin/", "/admin/login/"
MAX_BODY_OF_ADMIN = 10 * 2**20  # a file of LPSE units has 5 MB at most
MAX_BODY_OF_STRANGERS = 2**17  # everywhere else, whoever asks: there are no large forms
# Where those who keep guides, and nobody else, send a video with its captions
GUIDES_PATH = "/admin/faq/guide/"
GUIDES_PERMISSIONS = ("faq.add_guide", "faq.change_guide")
MAX_VIDEO_SIZE = 500 * 2**20
MAX_BODY_OF_GUIDES = MAX_VIDEO_SIZE + 10 * 2**20
# The form refuses the sixth file by name; far beyond that nobody keeps the bytes
MAX_KEPT = 20
MAX_NAME = 120
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # what a system says when there is no room
NO_ROOM = "Penyimpanan server sedang penuh. File ini belum tersimpan; coba lagi nanti."
AWAY = errno.EHOSTDOWN  # what helpdesk/bucket.py says of a server that does not keep files now
NO_PLACE = "Penyimpanan server sedang terganggu. File ini belum tersimpan; coba lagi nanti."


# How bytes arrive


class BodyLimitMiddleware:
    """Answers 413 to a body over the limit, or of unclear length, without reading any of it.

    It stands first, because CsrfViewMiddleware already reads the body. A request without the
    header has no body for Django. On the way back it removes a file that did not come to its end:
    Django forgets it when reading the body fails.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not self._is_fine(request, self._limit(request.path_info)):
            return self._refuse(request)
        response = self.get_response(request)
        for handler in request.upload_handlers:
            handler.upload_interrupted()
        return response

    def process_view(self, request, *view):
        """The first look after it is known who asks, and the last before the body is read."""
        if request.method == "POST" and request.path_info.startswith(GUIDES_PATH):
            if keeps_guides(request.user):
                request.max_file_size = MAX_VIDEO_SIZE
            elif not self._is_fine(request, MAX_BODY_OF_ADMIN):
                return self._refuse(request)
        return None

    @staticmethod
    def _limit(path):
        if path.startswith(GUIDES_PATH):
            return MAX_BODY_OF_GUIDES
        if path.startswith(TICKETS_PATH):
            return MAX_BODY
        is_admin = path.startswith(ADMIN_PATH) and not path.startswith(ADMIN_LOGIN)
        return MAX_BODY_OF_ADMIN if is_admin else MAX_BODY_OF_STRANGERS

    @staticmethod
    def _refuse(request):
        context = {"is_guide": request.path_info.startswith(GUIDES_PATH)}
        return HttpResponse(get_template("413.html").render(context), status=413)

    @staticmethod
    def _is_fine(request, limit):
        length = request.META.get("CONTENT_LENGTH") or "0"
        # fifteen digits: int() itself refuses a number of thousands of digits
        is_number = length.isascii() and length.isdecimal() and len(length) <= 15
        return is_number and int(length) <= limit


def keeps_guides(user):
    return user.is_staff and any(user.has_perm(name) for name in GUIDES_PERMISSIONS)


class StreamedFile(TemporaryUploadedFile):
    """An upload in a temporary file, of which at most `limit` bytes are kept.

    `size` counts all bytes received; `sha256` is '' where not all of them were kept. A full disk
    raises OSError, unless the form `can_refuse` it: then the file only says that it lacks room.
    """

    lacks_room = False

    def __init__(self, name, content_type, charset, extra, *, is_kept, limit, can_refuse=False):
        # Django would end the temporary file's name like the upload's, with any 250 characters
        super().__init__("file", content_type, 0, charset, extra)
        self.name = clean_name(name)
        self.is_kept = is_kept
        self.limit = limit
        self.can_refuse = can_refuse
        self._digest = hashlib.sha256()

    @property
    def too_large(self):
        return self.size > self.limit

    @property
    def sha256(self):
        return self._digest.hexdigest() if self.is_kept and not self.too_large else ""

    def receive(self, chunk):
        room = self.limit - self.size if self.is_kept else 0
        self.size += len(chunk)
        if room > 0:
            self._or_give_up(self.file.write, chunk[:room])
            self._digest.update(chunk[:room])

    def finish(self):
        # seek() alone can leave a small file in the buffer, where a reader by path does not see it
        self._or_give_up(self.file.flush)
        self._or_give_up(self.file.seek, 0)

    def _or_give_up(self, write, *args):
        """Write; without room for the file, what was kept of it makes room for others."""
        try:
            write(*args)
        except OSError as error:
            if error.errno not in FULL or not self.can_refuse:
                raise
            self.is_kept, self.lacks_room = False, True
            os.ftruncate(self.file.fileno(), 0)
            with suppress(OSError):  # the rest in the buffer, which now has room
                self.file.flush()


class StreamingUploadHandler(TemporaryFileUploadHandler):
    """Streams every file to disk and hashes it on the way; memory and disk stay flat.

    A file that is too large is counted to its end, so that the form can name it and keep the
    others. The parent's upload_interrupted removes `file`, the one that is still arriving.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.count = 0

    def new_file(self, *args, **kwargs):
        FileUploadHandler.new_file(self, *args, **kwargs)  # the parent's would make its own file
        self.count += 1
        self.file = StreamedFile(
            self.file_name,
            self.content_type,
            self.charset,
            self.content_type_extra,
            is_kept=self.count <= MAX_KEPT,
            limit=getattr(self.request, "max_file_size", MAX_FILE_SIZE),
            # other forms would take half a file for a whole one
            can_refuse=getattr(self.request, "path_info", "").startswith(TICKETS_PATH),
        )

    def receive_data_chunk(self, raw_data, start):
        self.file.receive(raw_data)

    def file_complete(self, file_size):
        file = self.file
        del self.file
        file.finish()
        return file


def why_not_kept(error):
    """What a form says of an OSError of the storage; '' of one that is a mistake of ours."""
    if error.errno in FULL:
        return NO_ROOM
    return NO_PLACE if error.errno == AWAY else ""


def sha256(upload):
    """The SHA-256 of an upload in hex; a streamed one has been hashed on its way in."""
    if isinstance(upload, StreamedFile):
        return upload.sha256
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


# What a file is called

# control, format (text direction, zero width), surrogate (no database stores one)
INVISIBLE = {"Cc", "Cf", "Cs"}
# a last part longer than this, or with blanks, is no extension but a sentence with a dot in it
EXTENSION = re.compile(r"(.*)\.([^\W_]{1,10})", re.DOTALL)


def _split(name):
    """Stem and extension of what is visible of a file name."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = (c for c in name if c.isspace() or unicodedata.category(c) not in INVISIBLE)
    name = " ".join("".join(visible).split()).rstrip(" .")
    match = EXTENSION.fullmatch(name)
    stem, ending = match.groups() if match else (name, "")
    return stem.strip(" ."), ending


def clean_name(name):
    """The name to show and to store: one visible line of at most 120 characters, never empty."""
    stem, ending = _split(name)
    ending = f".{ending}" if ending else ""
    stem = stem[: MAX_NAME - len(ending)].rstrip(" .")
    return (stem or "berkas") + ending


def extension(name):
    """The last extension in lower case, 'jpg' for 'jpeg', '' for none."""
    ending = _split(name)[1].lower()
    return "jpg" if ending == "jpeg" else ending
