"""A mail server that behaves as badly as a drill wants, on loopback."""

import re
import socketserver
import threading
from contextlib import contextmanager

from tests.drills.portal import wait_until

MESSAGE_ID = re.compile(rb"^Message-ID: *(<[^>]+>)", re.MULTILINE | re.IGNORECASE)
TAKES, HANGS, FALLS_SILENT = "takes", "hangs", "takes one and says no more"


class Handler(socketserver.StreamRequestHandler):
    """One conversation (RFC 5321, as much of it as Django speaks)."""

    def handle(self):
        server = self.server.mail
        server.met.set()
        if server.mood == HANGS:
            server.changed.wait(60)
            return
        self.say("220 drill")
        while line := self.rfile.readline():
            word, rest = line[:4].upper(), line.decode(errors="replace")
            if word == b"DATA":
                self.say("354 go on")
                server.received.append(self.message())
                if server.mood == FALLS_SILENT:
                    server.changed.wait(60)
                    return
                self.say("250 taken")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            elif word == b"RCPT" and any(address in rest for address in server.unknown):
                self.say("550 nobody of that name")
            else:
                self.say("250 fine")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def message(self):
        """The Message-ID of what arrives."""
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return MESSAGE_ID.search(b"".join(lines))[1].decode()


class MailServer:
    """`received` are the Message-IDs in their order; `unknown` are addresses it refuses."""

    def __init__(self):
        self.mood, self.received, self.unknown = TAKES, [], set()
        self.met, self.changed = threading.Event(), threading.Event()
        self.port, self.socket, self.thread = 0, None, None

    def start(self, mood=TAKES):
        """Listen, at the same port as before."""
        self.mood = mood
        self.met.clear()
        self.changed.clear()
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.socket = socketserver.ThreadingTCPServer(("127.0.0.1", self.port), Handler)
        self.socket.daemon_threads, self.socket.mail = True, self
        self.port = self.socket.server_address[1]
        self.thread = threading.Thread(target=self.socket.serve_forever, args=(0.05,))
        self.thread.start()

    def stop(self):
        """Nobody listens any more."""
        if self.socket:
            self.changed.set()
            self.socket.shutdown()
            self.socket.server_close()
            self.thread.join()
        self.socket = None

    def environment(self, portal):
        """What the worker has to know: that of production, which sends mails."""
        secrets = portal.secrets
        return {
            "HELPDESK_MODE": "production",
            "SECRET_KEY": secrets["SECRET_KEY"],
            "FIELD_KEYS": secrets["FIELD_KEYS"],
            "ALLOWED_HOSTS": "lpse-support.example.go.id",
            "DEFAULT_FROM_EMAIL": "lpse-support@example.go.id",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.port),
        }


@contextmanager
def working(portal, server):
    """A worker runs beside, until SIGTERM."""
    worker = portal.start("manage.py", "run_worker", **server.environment(portal))
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait()


def waiting(portal):
    """How many mails have still to go out."""
    query = "SELECT count(*) FROM tickets_notice WHERE mail = 'due' AND due_at <= now()"
    ((number,),) = portal.ask(query)
    return number


def wait_for_all(portal, seconds=120):
    wait_until(lambda: not waiting(portal), seconds, "mails still wait")
