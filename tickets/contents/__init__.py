"""What a file may be inside (R30).

The name chooses what the bytes must be. libmagic names the family of the content, zipfile decides
about Office files. No file is ever read whole into memory.
"""

from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.core.exceptions import ValidationError

from tickets import uploads
from tickets.contents import archives, compound, office, pictures, plain
from tickets.contents.refusal import EMPTY, FORMAT, SIZE, TOO_MANY, Refused

CHECKS = {
    "jpg": pictures.check_jpg,
    "png": pictures.check_png,
    "txt": plain.check_txt,
    "doc": compound.check_doc,
    "docx": office.check_docx,
    "xls": compound.check_xls,
    "xlsx": office.check_xlsx,
    "pdf": plain.check_pdf,
    "zip": archives.check_zip,
    "rar": plain.check_rar,
    "rhs": plain.check_rhs,
}


def check(upload):
    """Raises a ValidationError that names the file, unless it is accepted."""
    name = uploads.clean_name(upload.name)
    try:
        _check(upload, uploads.extension(name))
    except Refused as refused:
        raise ValidationError(f"{name}: {refused}", code="upload") from refused


def _check(upload, ending):
    if ending not in CHECKS:
        raise Refused(FORMAT)
    if getattr(upload, "lacks_room", False):
        raise Refused(uploads.NO_ROOM)
    if upload.size > uploads.MAX_FILE_SIZE:
        raise Refused(SIZE)
    if not getattr(upload, "is_kept", True):
        raise Refused(TOO_MANY)
    if not upload.size:
        raise Refused(EMPTY)
    with on_disk(upload) as path:
        CHECKS[ending](path)


@contextmanager
def on_disk(upload):
    """The path of the upload's bytes: libmagic and zipfile want the whole file, by path."""
    if hasattr(upload, "temporary_file_path"):
        upload.flush()
        yield Path(upload.temporary_file_path())
        return
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        upload.seek(0)
        yield Path(copy.name)


def preview(upload):
    """A small JPEG of a checked picture, upright and without metadata; None for anything else."""
    ending = uploads.extension(upload.name)
    if ending not in pictures.CLASSES:
        return None
    try:
        with on_disk(upload) as path:
            return pictures.small_jpeg(path, ending)
    except Refused:  # its checksums are right, its pixels are not, or it is too heavy to decode
        return None
