"""What people do, as requests: sending, taking, asking, replying, signing in, moving files."""

import itertools
import random
import re
import uuid
from urllib.parse import urlencode

from bench.measuring import Operation

MIB = 2**20
TOKEN = "a" * 32
FORM = "application/x-www-form-urlencoded"
_addresses = itertools.count(1)


def stranger():
    """The header of a network address that nobody had before: limits are counted by it."""
    number = next(_addresses)
    return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


def multipart(fields, file=None):
    """(body, content type) of a form, with one file of those bytes."""
    boundary = uuid.uuid4().hex
    texts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ).encode()
    if file is not None:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; '
        head += 'filename="berkas.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        texts += head.encode() + file + b"\r\n"
    return texts + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def pdf(size):
    """Bytes that are taken for a PDF, other ones each time."""
    start = b"%PDF-1.4\n" + uuid.uuid4().bytes
    return start + random.Random(size).randbytes(size - len(start))


class Desk:
    """A busy LPSE of one portal: `told` is what bench.pages said of its database."""

    def __init__(self, portal, told, numbers):
        self.portal, self.told, self.newest = portal, told, numbers
        self.senders = itertools.cycle(told["senders"])
        self.key = self.number = None

    def post(self, path, cookie, fields, file=None):
        """(seconds, status, headers) of a form with its key, confirmed."""
        fields = {
            "csrfmiddlewaretoken": TOKEN,
            "key": str(uuid.uuid4()),
            "konfirmasi": "ya",
        } | fields
        body, kind = multipart(fields, file)
        cookie = f"{cookie}; csrftoken={TOKEN}"
        seconds, status, content, headers = self.portal.ask(
            "POST", path, cookie=cookie, body=body, **{"Content-Type": kind}
        )
        if status not in {200, 302, 409}:
            raise AssertionError(f"{path} was answered {status}: {content[-2000:]}")
        return seconds, status, headers

    def must(self, answer, path):
        seconds, status, _ = answer
        if status != 302:
            raise AssertionError(f"{path} was not taken: {status}")
        return seconds

    def create(self, file=None, sender=None):
        sender = sender or next(self.senders)
        self.sender = sender
        fields = {
            "seen": "0",
            "identity_number": "01.234.567.4-441.000",
            "package_code": "8214757",
            "title": "Tidak bisa mengunggah penawaran",
            "description": "Muncul pesan salah setelah tombol kirim ditekan.",
            "error_code": "",
        }
        return self.must(self.post("/tiket/buat/", sender["cookie"], fields, file), "create")

    def own(self):
        """The number and last event of the ticket that was sent last by the last sender."""
        return self.newest(self.sender["pk"])

    def _classified(self, seen):
        answers = {name: self.told[name] for name in ("category", "version")}
        return {"seen": seen, "type": "KELUHAN", "priority": 2} | answers

    def take(self, number, seen, cookie=None):
        fields = self._classified(seen)
        return self.post(f"/tiket/{number}/ambil/", cookie or self.told["helpdesk"], fields)

    def ask(self, number, seen):
        fields = {
            **self._classified(seen),
            "outcome": "ask",
            "feedback_from": 0,
            "message": "Versi Apendo berapa yang dipakai?",
        }
        return self.must(
            self.post(f"/tiket/{number}/review/", self.told["helpdesk"], fields), "ask"
        )

    def reply(self, number, seen):
        fields = {"seen": seen, "message": "Versi terbaru, pesan muncul setiap kali dicoba."}
        path = f"/tiket/{number}/feedback/"
        return self.must(self.post(path, self.sender["cookie"], fields), "reply")

    def operations(self):
        """Creating, taking, asking and replying: each prepared by those before it."""
        file = MIB

        def taken():
            self.create()
            return self.own()

        def asked():
            number, seen = taken()
            self.must(self.take(number, seen), "take")
            return self.own()

        def replied():
            self.ask(*asked())
            return self.own()

        def take(number, seen):
            return self.must(self.take(number, seen), "take")

        return [
            Operation("create, 1 MB file", self.portal, self.create, lambda: [pdf(file)], 4),
            Operation("take", self.portal, take, taken, 4),
            Operation("ask", self.portal, self.ask, asked, 4),
            Operation("reply", self.portal, self.reply, replied, 4),
            Operation("look-up, miss", self.portal, self.miss, None, 8),
        ]

    def miss(self):
        seconds, status, _, _ = self.portal.ask(
            "GET", "/lacak-tiket/LS26-000-000-000-0/", **stranger()
        )
        if status != 404:
            raise AssertionError(f"a miss was answered {status}")
        return seconds

    def sign_in(self, token):
        """Seconds until the hand-off has signed somebody in."""
        body = urlencode({"token": token})
        seconds, status, _, headers = self.portal.ask(
            "POST", "/masuk/spse/", body=body, **{"Content-Type": FORM}, **stranger()
        )
        if status != 302 or "sessionid" not in str(headers):
            raise AssertionError(f"the hand-off was answered {status}")
        return seconds


def pool(page):
    """The numbers of the tickets of a list."""
    return re.findall(rb'id="tiket-(LS[0-9]{12})"', page)
