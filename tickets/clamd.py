"""The virus scanner clamd, asked over its socket (docs/adr/0017).

Its answer is believed only when it is whole: anything else is no verdict, never a good one.
"""

import re
import socket
import struct
import time

from django.conf import settings

# Seconds for one file: while somebody waits for a page, and when nobody does
AT_ONCE = 10
PATIENT = 180

CLEAN = b"stream: OK\0"
FOUND = re.compile(rb"stream: ([\x21-\x7e]{1,200}) FOUND\0")
LONGEST_REPLY = 300
# clamd's names for what it could not look through to the end, when AlertExceedsMax is on
TOO_DEEP = "Heuristics.Limits.Exceeded"


class Unavailable(Exception):
    """There is no verdict on this file; says why."""


class Away(Unavailable):
    """Nobody answers at the socket: it is no use to ask about another file now."""


def is_on():
    """Whether files are scanned at all."""
    return bool(settings.CLAMD_SOCKET)


def signature_in(pieces, *, seconds):
    """What clamd finds in the bytes: '' for nothing, else the signature's name.

    Streams piece by piece and ends after `seconds`, whatever happens. Raises Unavailable.
    """
    deadline = time.monotonic() + seconds
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            _await(connection, deadline)
            connection.connect(settings.CLAMD_SOCKET)
        except OSError as error:
            raise Away(f"clamd does not answer: {error}") from error
        try:
            is_whole = _send(connection, pieces, deadline)
            return _verdict(_reply(connection, deadline), is_whole)
        except OSError as error:
            raise Unavailable(f"clamd broke off: {error}") from error


def _await(connection, deadline):
    """Let the next act on the connection take what is left of the time, and no more."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("no verdict in time")
    connection.settimeout(left)


def _send(connection, pieces, deadline):
    """Whether clamd took all of it; it hangs up early on a file over its StreamMaxLength."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for piece in filter(None, pieces):  # a length of 0 would end the stream
            _await(connection, deadline)
            connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))
    except ConnectionError:
        return False
    return True


def _reply(connection, deadline):
    """The answer up to its NUL, or what there is of it."""
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < LONGEST_REPLY:
        _await(connection, deadline)
        piece = connection.recv(LONGEST_REPLY)
        if not piece:
            break
        reply += piece
    return reply


def _verdict(reply, is_whole):
    found = FOUND.fullmatch(reply)
    if found:
        return found[1].decode()
    if is_whole and reply == CLEAN:
        return ""
    said = reply.decode("ascii", "replace").rstrip("\0")
    raise Unavailable(f"clamd gave no verdict: {said or 'it hung up'}")
