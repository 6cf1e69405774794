"""How much memory the workers need while eight people send 50 MB each at once (R29).

`python -m bench.uploads` starts the real gunicorn over a database of its own and sends real forms:
files ahead of their form, whole forms, and the heaviest pictures that get a preview. It prints the
peak of each worker and fails at LIMIT. Two workers, so that all their threads are busy. With
CLAMD_SOCKET in the environment the files are scanned as well.
"""

import atexit
import http.client
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
MIB = 2**20
SIZE = 50 * MIB
LIMIT = 200 * MIB
PEOPLE = 8
PATH = "/tiket/buat/"
TOKEN = "a" * 32
FIELDS = {
    "seen": "0",
    "identity_number": "01.234.567.4-441.000",
    "package_code": "8214757",
    "title": "Tidak bisa mengunggah penawaran",
    "description": "Muncul pesan salah.",
    "error_code": "",
}


# The files


def noise(count):
    return random.Random(count).randbytes(count)


def padded(path, size):
    """Fill the file up to `size`: what follows a document does not change its kind."""
    with path.open("ab") as file:
        file.write(noise(max(0, size - path.stat().st_size)))
    return path


def archive(path, size, parts=()):
    with zipfile.ZipFile(path, "w") as file:
        for name, content in (*parts, ("media.bin", noise(size - 2000))):
            file.writestr(name, content)
    return path


def document(path, size):
    parts = (("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<document/>"))
    return archive(path, size, parts)


def beginning_with(start):
    def make(path, size):
        path.write_bytes(start)
        return padded(path, size)

    return make


def log(path, size):
    line = b"10:41:02 ERROR apendo: berkas gagal dikirim\n"
    path.write_bytes((line * (size // len(line) + 1))[:size])
    return path


def photo(path, size):
    """As from a camera, which appends bytes of its own."""
    Image.frombytes("RGB", (3000, 2000), noise(3000 * 2000 * 3)).save(path)
    return padded(path, size)


def screenshot(path, size):
    """Of pixels that cannot be compressed."""
    rows = (size - 100_000) // (4000 * 3)
    Image.frombytes("RGB", (4000, rows), noise(rows * 4000 * 3)).save(path, compress_level=1)
    return path


def screen(path, size):
    """The heaviest that still gets a preview: a 5K screen."""
    Image.new("RGBA", (5120, 2880), "red").save(path)
    return path


def progressive(path, size):
    """Kept whole in memory while it is decoded."""
    Image.new("RGB", (4400, 4400), "red").save(path, progressive=True)
    return path


KINDS = {
    "zip": archive,
    "docx": document,
    "pdf": beginning_with(b"%PDF-1.4\n"),
    "txt": log,
    "rhs": beginning_with(b""),
    "rar": beginning_with(b"Rar!\x1a\x07\x00" + bytes.fromhex("cf907300000d00000000000000")),
    "png": screenshot,
    "jpg": photo,
}
HEAVY = [("png", screen), ("jpg", progressive)] * (PEOPLE // 2)


# The portal


@contextmanager
def portal():
    """(address, process) of gunicorn over a fresh database; gone at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", ROOT / "deploy" / "gunicorn.py"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "helpdesk.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"WEB_CONCURRENCY": "2"})
    try:
        wait_for(port)
        yield port, server
    finally:
        server.terminate()
        server.wait()


def wait_for(port, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            return fetch(port, "GET", "/", {}, "")
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def fetch(port, method, path, headers, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def prepare():
    """A fresh database, and the session of a reporter. No page is asked for: no static files."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from accounts.models import Lpse, User

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    lpse = Lpse.objects.create(code="260", name="LPSE Contoh", kind="kota", province="Bali")
    reporter = User.objects.create(username="p", name="P", role="penyedia", lpse=lpse, subject="p")
    client = Client()
    client.force_login(reporter)
    return client.cookies["sessionid"].value


# The people


def send(port, session, path, ending, fields):
    """One real form with one real file, piece by piece."""
    boundary = uuid.uuid4().hex
    fields = fields | {"key": str(uuid.uuid4()), "csrfmiddlewaretoken": TOKEN}
    texts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head = f'{texts}--{boundary}\r\nContent-Disposition: form-data; name="files"; '
    head = f'{head}filename="berkas.{ending}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    tail = f"\r\n--{boundary}--\r\n"
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(len(head) + path.stat().st_size + len(tail)),
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
    }
    return fetch(port, "POST", PATH, headers, pieces(head, path, tail))


def pieces(head, path, tail):
    yield head.encode()
    with path.open("rb") as file:
        while piece := file.read(2**16):
            yield piece
    yield tail.encode()


def all_at_once(port, session, files, fields):
    """The answers to one form of each, sent at the same moment."""
    with ThreadPoolExecutor(len(files)) as people:
        sent = [people.submit(send, port, session, path, end, fields) for end, path in files]
        return [one.result() for one in sent]


def peaks(server):
    """{worker: the most memory it has ever held}, in bytes."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return {pid: peak(pid) for pid in children}


def peak(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def made(folder, kinds):
    """[(ending, path)] of one file of each kind."""
    folder.mkdir()
    places = [(end, make, folder / f"{n}.{end}") for n, (end, make) in enumerate(kinds)]
    return [(end, make(path, SIZE)) for end, make, path in places]


def settle(var):
    """The environment of a portal that keeps all it has under `var`."""
    var.chmod(0o711)  # for PostgreSQL, which does not run as root
    os.environ |= {"HELPDESK_VAR": str(var), "HELPDESK_MODE": "demo", "DATABASE_URL": ""}
    os.environ["DJANGO_SETTINGS_MODULE"] = "helpdesk.settings"
    # begun first, and so done last: after the embedded PostgreSQL was stopped
    atexit.register(shutil.rmtree, var, ignore_errors=True)


def main():
    """Prints each round; returns the highest peak of all workers."""
    var = Path(tempfile.mkdtemp(prefix="lpse-bench-"))
    settle(var)
    session = prepare()
    files, pictures = made(var / "a", KINDS.items()), made(var / "b", HEAVY)
    rounds = [
        ("files ahead of their form", files, FIELDS | {"unggah": "ya"}, 200),
        ("whole forms", files, FIELDS | {"konfirmasi": "ya"}, 302),
        ("the heaviest pictures", pictures, FIELDS | {"konfirmasi": "ya"}, 302),
    ]
    with portal() as (port, server):
        tell("at rest", peaks(server))
        for name, sent, fields, expected in rounds:
            started = time.monotonic()
            answers = all_at_once(port, session, sent, fields)
            wrong = [a for a in answers if a[0] != expected or b'"received": []' in a[1]]
            if wrong:
                raise SystemExit(f"{name}: unexpected answer {wrong[0]}")
            tell(f"{name}, {time.monotonic() - started:.1f} s", peaks(server))
        return max(peaks(server).values())


def tell(what, workers):
    told = ", ".join(f"{held / MIB:.0f} MB" for held in workers.values())
    print(f"{what:40} peak of each worker: {told}", flush=True)


if __name__ == "__main__":
    highest = main()
    print(f"highest peak {highest / MIB:.0f} MB, limit {LIMIT // MIB} MB")
    sys.exit(highest >= LIMIT)
