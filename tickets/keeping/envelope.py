"""Encrypted streams of the age format, which Debian's `age -d -i KEY` opens as well.

The library takes and gives files, so each direction has a thread at the other end of a pipe: a
backup of any size passes through a few megabytes of memory.
"""

import os
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pyrage
from pyrage import x25519

from tickets.keeping import Failed

WRONG_KEY = "This key does not open the backup: it was encrypted for another key, or is no backup."
DAMAGED = "The backup is damaged: a part of it was changed, or its end is missing."


def recipients(texts):
    """Public keys that a backup is encrypted for. Raises Failed for what is none."""
    try:
        return [x25519.Recipient.from_str(text) for text in texts]
    except pyrage.RecipientError as error:
        raise Failed(
            "BACKUP_RECIPIENTS must be public keys (age1…). The private half (AGE-SECRET-KEY-…) "
            "has no place on this server."
        ) from error


def identity(path):
    """The private key in a file that age-keygen wrote. Raises Failed when there is none in it."""
    try:
        lines = Path(path).read_text().split()
        return x25519.Identity.from_str(next(s for s in lines if s.startswith("AGE-SECRET-KEY-")))
    except (OSError, UnicodeDecodeError, StopIteration, pyrage.IdentityError) as error:
        raise Failed(f"{path} holds no private key (AGE-SECRET-KEY-…).") from error


def demo_keys(path):
    """The public key of the pair in the file `path`, made at its first use with mode 0600."""
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(f"{x25519.Identity.generate()}\n")
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(draft, path)
        draft.unlink()
    return str(identity(path).to_public())


@contextmanager
def sealed(target, keys):
    """A stream; what is written into it stands encrypted in the open file `target` at the end."""
    reader, writer = os.pipe()
    with _thread(_seal, reader, target, keys), os.fdopen(writer, "wb") as stream:
        yield stream


def _seal(reader, target, keys):
    with os.fdopen(reader, "rb") as plain:
        pyrage.encrypt_io(plain, target, keys)


@contextmanager
def unsealed(path, key):
    """A stream with the plain content of the backup. Raises Failed for a wrong key or damage.

    Whether all of it is genuine is sure when the context was left without an error.
    """
    reader, writer = os.pipe()
    with _thread(_unseal, path, writer, key), os.fdopen(reader, "rb") as stream:
        yield stream
        while stream.read(2**20):  # up to the end: only then is the last piece proven
            pass


def _unseal(path, writer, key):
    with os.fdopen(writer, "wb") as plain:
        try:
            with Path(path).open("rb") as source:
                pyrage.decrypt_io(source, plain, [key])
        except BrokenPipeError:
            pass  # whoever reads has stopped, and says why
        except pyrage.DecryptError as error:
            raise Failed(WRONG_KEY) from error
        except OSError as error:
            raise Failed(DAMAGED if not error.errno else f"{path}: {error.strerror}.") from error


@contextmanager
def _thread(act, *arguments):
    """Runs `act` beside the body; what goes wrong there is what went wrong."""
    problems = []

    def run():
        try:
            act(*arguments)
        except Exception as problem:
            problems.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    except BaseException as problem:
        thread.join()
        raise (problems[0] if problems and isinstance(problem, Exception) else problem) from None
    thread.join()
    if problems:
        raise problems[0]
