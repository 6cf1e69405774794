"""A real clamd of the tests' own, with two signatures; and one that only pretends."""

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.test_project import ROOT
from tests.tickets.hostile_files.others import eicar

MARKER = b"penanda virus buatan untuk uji"
SIGNATURES = {"Uji.Eicar": eicar(), "Uji.Penanda": MARKER}
OF_DEBIAN = re.compile(r"^(LocalSocket\w*|User|DatabaseDirectory) .*\n", re.MULTILINE)


class Scanner:
    """Runs deploy/clamd.conf, but with a socket and signatures under `folder`; no network."""

    def __init__(self, folder, more=""):
        self.folder, self.more = folder, more
        self.socket = str(folder / "clamd.ctl")
        self.process = None
        (folder / "signatures").mkdir()
        self.learn(SIGNATURES)

    def learn(self, signatures):
        """What it knows from the next start on."""
        self.known = signatures
        lines = [f"{known}:0:*:{pattern.hex()}\n" for known, pattern in signatures.items()]
        (self.folder / "signatures" / "uji.ndb").write_text("".join(lines))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()

    def start(self):
        asked = (ROOT / "deploy" / "clamd.conf").read_text()
        own = f"LocalSocket {self.socket}\nDatabaseDirectory {self.folder / 'signatures'}\n"
        (self.folder / "clamd.conf").write_text(self.more + OF_DEBIAN.sub("", asked) + own)
        path = os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin"
        command = [shutil.which("clamd", path=path), "--foreground", "--config-file"]
        log = (self.folder / "log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [*command, self.folder / "clamd.conf"], stdout=log, stderr=log
            )
        wait_for(self.answers, said=self.folder / "log")

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None
        Path(self.socket).unlink(missing_ok=True)

    def answers(self):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.socket)
            connection.sendall(b"zPING\0")
            return connection.recv(10) == b"PONG\0"
        return False


def wait_for(is_so, said, seconds=60):
    """Raises what the process said, unless it is so in time."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(said.read_text())
        time.sleep(0.05)


@contextmanager
def pretender(folder, reply, *, takes=2**30, pause=0):
    """The socket of one who takes so many bytes, waits, replies and hangs up, whatever it was."""
    path = str(folder / "pretender.ctl")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        listener.settimeout(10)
        thread = threading.Thread(target=_pretend, args=(listener, reply, takes, pause))
        thread.start()
        yield path
        thread.join()


def _pretend(listener, reply, takes, pause):
    with suppress(OSError):
        connection, _ = listener.accept()
        with connection:
            received = b""
            while len(received) < takes and not received.endswith(b"\0\0\0\0"):
                received += connection.recv(2**16)
            time.sleep(pause)
            connection.sendall(reply)
