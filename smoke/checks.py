"""What is shown about the running servers. Each check returns what the table says, or fails."""

import contextlib
import json
import os
import random
import re
import subprocess
import sys
import threading
import time

from accounts import spse
from smoke.handoff import token_of
from smoke.servers import ROOT
from smoke.visitor import Visitor, timed
from tickets.models import Attachment

SIZE = 50 * 2**20
TICKET = {
    "identity_number": "01.234.567.4-441.000",
    "package_code": "8214260",
    "title": "Berkas besar tidak terbuka",
    "description": "Muncul pesan salah.",
    "error_code": "",
    "konfirmasi": "ya",
}
SLOW_PEOPLE, SLOW_EACH = 8, 10
PROBES = ("healthz", "readyz", "metrics")  # nginx does not log them


class Failed(Exception):
    """What is not as it must be, in a sentence."""


def require(is_so, sentence):
    if not is_so:
        raise Failed(sentence)


def probes(servers):
    """/healthz and /readyz say ok, /metrics wants its token, no page answers to another name."""
    visitor = Visitor(servers)
    token = {"Authorization": f"Bearer {servers.environment['METRICS_TOKEN']}"}
    answers = [visitor.ask("GET", path) for path in ("/healthz", "/readyz", "/metrics")]
    require([a[0] for a in answers] == [200, 200, 404], f"probes: {[a[0] for a in answers]}")
    status, _, figures = visitor.ask("GET", "/metrics", **token)
    require(status == 200 and b"lpse_requests_total" in figures, f"/metrics: {status}")
    status, headers, _ = visitor.ask("GET", "/akun/login/")
    require("max-age=31536000" in headers["Strict-Transport-Security"], "no HSTS")
    require(re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"]), "no request id of nginx")
    return f"{figures.count(b'lpse_')} lines of figures"


def journey(servers):
    """The longest way of a ticket, in a real browser."""
    own = servers.environment | {
        "SMOKE_ORIGIN": servers.origin,
        "SMOKE_CERTIFICATE": str(servers.certificate),
        "SMOKE_LPSE_KEY": os.environ["SMOKE_LPSE_KEY"],
        "DJANGO_SETTINGS_MODULE": "helpdesk.settings",
        "CHROMIUM": os.environ.get("CHROMIUM", ""),
    }
    command = [sys.executable, "-m", "pytest", "smoke", "-q", "-p", "no:cacheprovider"]
    command += ["--ds=helpdesk.settings", "--tb=short"]
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    require(done.returncode == 0 and "1 passed" in done.stdout, done.stdout[-6000:] + done.stderr)
    return "1 passed"


def reporter(servers, source="127.0.0.1"):
    """Somebody signed in who may send tickets."""
    visitor = Visitor(servers, source)
    visitor.enter(token_of(spse.find_account("260", "penyedia2")))
    return visitor


def large_file(servers):
    """50 MB go in and come out, the same, by nginx; a part of it, too; never by its own address."""
    visitor, sent = reporter(servers), random.Random(50).randbytes(SIZE)
    begin = time.monotonic()
    status, _, body = visitor.send_form("/tiket/buat/", TICKET, ("tawar.rar", RAR + sent))
    up = time.monotonic() - begin
    require(status == 302, f"the upload was answered {status}: {said(body)}")
    file = Attachment.objects.get(name="tawar.rar")
    address = f"{file.event.ticket.get_absolute_url()}berkas/{file.pk}/"
    begin = time.monotonic()
    status, headers, got = visitor.ask("GET", address)
    down = time.monotonic() - begin
    require((status, got == RAR + sent) == (200, True), f"{status}, {len(got)} bytes came back")
    require("ETag" in headers, "nginx did not send the file itself")
    status, _, got = visitor.ask("GET", address, Range="bytes=1000-1999")
    require((status, got) == (206, (RAR + sent)[1000:2000]), f"a part was answered {status}")
    status, *_ = visitor.ask("GET", f"/_berkas/{file.path}")
    require(status == 404, f"the file's own address was answered {status}")
    return f"up {up:.1f} s, down {down:.1f} s, part 206, own address 404"


RAR = b"Rar!\x1a\x07\x00" + bytes.fromhex("cf907300000d00000000000000")
SIZE -= len(RAR)


def limits(servers):
    """A body over the limit of its address goes no further than nginx."""
    visitor = Visitor(servers)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    status, *_ = visitor.ask("POST", "/akun/login/", b"a=" + b"b" * 200_000, **kind)
    require(status == 413, f"200 kB to the login were answered {status}")
    return "200 kB to the login: 413"


def exports(servers):
    """Lists as CSV and XLSX, whose rows PgBouncer could not keep a cursor for."""
    visitor, sizes = reporter(servers), []
    for kind in ("csv", "xlsx"):
        status, _, content = visitor.ask("GET", f"/tiket/daftar.{kind}")
        require(status == 200 and len(content) > 100, f"{kind}: {status}")
        sizes.append(f"{kind} {len(content)} bytes")
    return ", ".join(sizes)


class Trickle:
    """People who ask for pages and send files all the time, until `end`."""

    PAGES = ("/akun/login/", "/faq/", "/tiket/daftar/", "/healthz")

    def __init__(self, servers, threads=6):
        self.over, self.answers, self.lost = threading.Event(), 0, []
        self.visitors = [reporter(servers) for _ in range(threads)]
        self.threads = [threading.Thread(target=self._go, args=[v]) for v in self.visitors]
        for thread in self.threads:
            thread.start()

    def _go(self, visitor):
        turn = 0
        while not self.over.is_set():
            turn += 1
            try:
                if turn % 10 == 0:
                    file = (f"catatan{turn}.txt", b"isi " * 5000)
                    status, *_ = visitor.send_form("/tiket/buat/", TICKET | {"unggah": "ya"}, file)
                else:
                    status, *_ = visitor.ask("GET", self.PAGES[turn % len(self.PAGES)])
            except Exception as problem:
                status = repr(problem)
            self.answers += 1
            if status not in (200, 302):
                self.lost.append(status)
            time.sleep(0.05)

    def end(self):
        """(how many were answered, what was not)."""
        self.over.set()
        for thread in self.threads:
            thread.join()
        return self.answers, self.lost


def reloads(servers):
    """New workers of gunicorn and of nginx, three times each, while people go on."""
    trickle = Trickle(servers)
    try:
        for _ in range(3):
            time.sleep(1)
            servers.reload_web()
            time.sleep(1)
            servers.reload_nginx()
        time.sleep(2)
    finally:
        answers, lost = trickle.end()
    require(not lost, f"{len(lost)} of {answers} requests were lost: {lost[:3]}")
    counted = len([*(servers.folder / "metrics").glob("counter_*.db")])
    require(counted <= 4, f"{counted} files of figures after eight workers, two at a time")
    return f"{answers} requests, none lost; {counted} files of figures after 8 workers"


def slow_clients(servers):
    """Eight addresses with ten connections each that hardly move; all others are served as before.

    Half of them never end their headers, half their bodies: gunicorn has eight threads here.
    """
    visitor = reporter(servers)
    pages = ("/akun/login/", "/faq/", "/tiket/daftar/")
    before = [timed(lambda p=p: visitor.ask("GET", p)) for p in pages * 10]
    slow = [slow_one(servers, n) for n in range(SLOW_PEOPLE * SLOW_EACH)]
    during = []
    for turn in range(30):
        for connection in slow[turn % 10 :: 10]:
            drip(connection)
        during.append(timed(lambda p=pages[turn % 3]: visitor.ask("GET", p)))
        time.sleep(0.1)
    for connection in slow:
        connection.close()
    require(max(during) < 2, f"a page took {max(during):.1f} s beside slow clients")
    told = f"slowest page {max(before) * 1000:.0f} ms before, {max(during) * 1000:.0f} ms beside"
    return f"{told} {len(slow)}"


def slow_one(servers, number):
    """A connection that has begun to say something."""
    visitor = Visitor(servers, f"127.0.0.{2 + number % SLOW_PEOPLE}")
    connection = visitor.connect()
    begin = "POST /tiket/buat/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
    connection.sendall((begin + ("\r\n" if number % 2 else "")).encode())
    return connection


def drip(connection):
    """One more byte; nginx may have had enough."""
    with contextlib.suppress(OSError):
        connection.sendall(b"x")


def logs(servers):
    """Every line of the portal is JSON with the request's id; none holds an address or a name."""
    lines = (servers.folder / "web" / "log").read_text().splitlines()
    read = [json.loads(line) for line in lines]
    answered = [line for line in read if line.get("logger") == "helpdesk.request"]
    require(answered and all(line["request"] for line in answered), "no line of a request")
    hidden = ("Berkas besar", "Graha", "penyedia2", "/tiket/", "@")
    for word in hidden:
        require(not any(word in line for line in lines), f"the log says {word!r}")
    access = (servers.folder / "nginx" / "access.log").read_text().splitlines()
    known = {line["request"] for line in answered if line["view"] not in PROBES}
    shared = sum(json.loads(line)["request"] in known for line in access)
    require(shared > len(known) * 0.9, "the ids of nginx and of the portal differ")
    broken = [line for line in read if line.get("level") in ("ERROR", "CRITICAL")]
    require(not broken, f"errors in the log: {broken[:2]}")
    return f"{len(lines)} lines, {len(answered)} requests"


def said(body):
    """The words of a page, for the sentence of a failure."""
    return " ".join(re.sub(r"<[^>]+>", " ", body.decode(errors="replace")).split())[:600]


def database_away(servers):
    """/readyz names it, a page says so with its code; once it is back nobody restarts anything."""
    visitor = reporter(servers)
    servers.stop_database()
    try:
        status, _, names = Visitor(servers).ask("GET", "/readyz")
        told = b"database\nmigrations\noutbox\n"
        require((status, names) == (503, told), f"/readyz: {status} {names}")
        begin = time.monotonic()
        status, headers, body = visitor.ask("GET", "/tiket/daftar/")
        took = time.monotonic() - begin
        require(status == 503, f"a page without a database was answered {status}")
        require(f"(Kode: {headers['X-Request-ID']})" in body.decode(), f"no code: {said(body)}")
    finally:
        servers.run_database()
    begin = time.monotonic()
    servers.wait(lambda: Visitor(servers).ask("GET", "/readyz")[0] == 200, 30)
    back = time.monotonic() - begin
    visitor.page("/tiket/daftar/")
    return f"page of the error after {took:.1f} s; served again {back:.1f} s after its return"


def outage(servers):
    """Without gunicorn nginx shows a page of its own, with the code of the request."""
    servers.web.terminate()
    servers.web.wait()
    status, headers, body = Visitor(servers).ask("GET", "/akun/login/")
    require(status == 502, f"without gunicorn nginx answers {status}")
    require(f"(Kode: {headers['X-Request-ID']})" in body.decode(), f"no code: {said(body)}")
    return "502 with the code of the request"


CHECKS = (
    probes,
    journey,
    large_file,
    limits,
    exports,
    reloads,
    slow_clients,
    logs,
    database_away,
    outage,
)
