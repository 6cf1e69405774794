"""Somebody who speaks HTTP with a drill's portal, with the standard library alone."""

import http.client
import re
import uuid
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode

CREATE = "/tiket/buat/"
TOKEN = "a" * 32  # of the CSRF cookie and the form
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Answer(NamedTuple):
    """What came back; `status` 0 when the connection broke."""

    status: int
    headers: http.client.HTTPMessage
    text: str


BROKEN = Answer(0, http.client.HTTPMessage(), "")


def fetch(port, method, path, headers=None, body=None, timeout=60):
    """One request on a connection of its own. Raises OSError or HTTPException when it breaks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    return Answer(response.status, response.headers, content.decode(errors="replace"))


def multipart(fields, files):
    """(content type, bytes) of a form with files, (name, bytes) each."""
    boundary = uuid.uuid4().hex
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="%s"'
    body = b"".join(f"{part % name}\r\n\r\n{value}\r\n".encode() for name, value in fields.items())
    for name, content in files:
        head = f'{part % "files"}; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    return f"multipart/form-data; boundary={boundary}", body + f"--{boundary}--\r\n".encode()


class Person:
    """One browser with its session."""

    def __init__(self, portal, session, pk):
        self.portal, self.session, self.pk = portal, session, pk

    @property
    def headers(self):
        return {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}"}

    def get(self, path):
        """The page."""
        return fetch(self.portal.port, "GET", path, self.headers)

    def post(self, path, fields, files=()):
        """The answer to a form, or BROKEN."""
        headers, body = self.request(fields, files)
        try:
            return fetch(self.portal.port, "POST", path, headers, body)
        except (OSError, http.client.HTTPException):
            return BROKEN

    def request(self, fields, files=()):
        """(headers, bytes) of a form."""
        fields = {"csrfmiddlewaretoken": TOKEN} | fields
        if files:
            kind, body = multipart(fields, files)
        else:
            kind, body = "application/x-www-form-urlencoded", urlencode(fields).encode()
        return self.headers | {"Content-Type": kind}, body

    def send(self, path, fields, files=()):
        """Post a confirmed form; the portal's word that it has the message is kept in `told`."""
        answer = self.post(path, fields, files)
        text = fields.get("description") or fields.get("message") or fields["key"]
        told = self.portal.told
        told[text] = told.get(text, False) or answer.status == 302
        return answer

    def upload(self, path, fields, name, content):
        """A file ahead of its form, as static/js/upload.js sends it."""
        ahead = {"key": fields["key"], "seen": fields["seen"], "unggah": "ya"}
        return self.post(path, ahead, [(name, content)])

    def numbers(self):
        """The numbers of this person's tickets, the newest first."""
        query = "SELECT number FROM tickets_ticket WHERE reporter_id = %s ORDER BY id DESC"
        return [number for (number,) in self.portal.ask(query, self.pk)]


def new_ticket(text, **more):
    """The fields of 'Buat Tiket Baru', confirmed; the same fields again are the same form."""
    return {
        "key": str(uuid.uuid4()),
        "seen": "0",
        "identity_number": "01.234.567.4-441.000",
        "no_package": "on",
        "package_code": "",
        "title": "Tidak bisa mengunggah penawaran",
        "description": text,
        "error_code": "",
        "konfirmasi": "ya",
    } | more


def hidden(page):
    """{name: value} of the hidden fields of a page's form."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


def step(portal, ticket, **fields):
    """The fields of a confirmed step with the ticket as it stands now."""
    ((seen,),) = portal.ask("SELECT last_event FROM tickets_ticket WHERE number = %s", ticket)
    return {"key": str(uuid.uuid4()), "seen": str(seen), "konfirmasi": "ya"} | fields


def classified(portal, ticket, **fields):
    """The same, with the four answers that officers give."""
    return step(
        portal,
        ticket,
        category=str(portal.world["category"]),
        type="KELUHAN",
        priority="2",
        version=str(portal.world["version"]),
        **fields,
    )
