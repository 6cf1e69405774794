"""Somebody who visits the portal without a browser, over TLS that they check."""

import http.client
import re
import socket
import ssl
import time
import uuid
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from smoke.servers import HOST


class Visitor:
    """One session. Every request is a connection of its own, from the address `source`."""

    def __init__(self, servers, source="127.0.0.1"):
        self.port, self.origin, self.source = servers.ports["https"], servers.origin, source
        self.context = ssl.create_default_context(cafile=servers.certificate)
        self.cookies = SimpleCookie()

    def connect(self):
        """A TLS connection to nginx."""
        plain = socket.create_connection(("127.0.0.1", self.port), 60, (self.source, 0))
        return self.context.wrap_socket(plain, server_hostname=HOST)

    def ask(self, method, path, body=None, **headers):
        """(status, headers, body) of the answer; redirects are not followed."""
        connection = http.client.HTTPConnection(HOST, self.port)
        connection.sock = self.connect()
        known = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        headers = {"Cookie": known, "Referer": f"{self.origin}/", "Connection": "close"} | headers
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        for value in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(value)
        return answer.status, answer.headers, content

    def enter(self, token):
        """Through the hand-off."""
        sent = urlencode({"token": token})
        kind = "application/x-www-form-urlencoded"
        status, headers, _ = self.ask("POST", "/masuk/spse/", sent, **{"Content-Type": kind})
        if status != 302:
            raise RuntimeError(f"the hand-off was answered {status}: {headers}")

    def page(self, path):
        """The text of a page that must be there."""
        status, _, content = self.ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}")
        return content.decode()

    def send_form(self, path, fields, file=None):
        """(status, headers, body) of a form of the page at `path`, with its token and key."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page(path))[1]
        fields = {"csrfmiddlewaretoken": token, "key": str(uuid.uuid4()), "seen": "0"} | fields
        boundary = uuid.uuid4().hex
        parts = [part(boundary, name, value.encode()) for name, value in fields.items()]
        if file:
            parts.append(part(boundary, "files", file[1], f'; filename="{file[0]}"'))
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", path, body, **{"Content-Type": kind})


def part(boundary, name, value, more=""):
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n'
    kind = "Content-Type: application/octet-stream\r\n" if more else ""
    return f"{head}{kind}\r\n".encode() + value + b"\r\n"


def timed(act):
    """Seconds that `act` takes."""
    begin = time.monotonic()
    act()
    return time.monotonic() - begin
