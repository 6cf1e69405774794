"""A real S3-speaking server in a process of its own on 127.0.0.1; and some that only pretend."""

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.config import Config

NAME, KEY, SECRET = "berkas", "kunci-uji", "rahasia-uji"


class BucketServer:
    """moto's server, which keeps everything in memory."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        self.process = None

    def __enter__(self):
        command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1"]
        own = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "-p", str(self.port)], env=own, stdout=log, stderr=log
            )
        self._wait()
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()

    def _wait(self):
        """Raises what the process said, unless it answers within a minute."""
        end = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > end:
                raise AssertionError(self.log.read_text())
            time.sleep(0.05)

    def _answers(self):
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def client(self):
        """One that may do everything, as an administrator of the bucket."""
        return boto3.client(
            "s3",
            endpoint_url=self.address,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=Config(proxies={}),
        )


def options(address):
    """As helpdesk.environment.bucket reads them."""
    return {
        "bucket_name": NAME,
        "endpoint_url": address,
        "region_name": "us-east-1",
        "access_key": KEY,
        "secret_key": SECRET,
        "file_overwrite": False,
    }


def environment(address):
    """The same for a process of its own."""
    return {
        "S3_BUCKET": NAME,
        "S3_ENDPOINT_URL": address,
        "S3_ACCESS_KEY_ID": KEY,
        "S3_SECRET_ACCESS_KEY": SECRET,
    }


def use(settings, address):
    """What helpdesk/settings.py does where S3_BUCKET is set."""
    settings.S3 = options(address)
    backend = "helpdesk.bucket.Bucket"
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": backend, "OPTIONS": settings.S3},
        "quarantine": {"BACKEND": backend, "OPTIONS": settings.S3 | {"location": "quarantine"}},
    }


class Full(BaseHTTPRequestHandler):
    """A bucket whose quota is used up."""

    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self._answer(404, b"")

    def do_DELETE(self):
        self._answer(204, b"")

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(403, b"<Error><Code>QuotaExceeded</Code></Error>")

    def _answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args):
        """Says nothing."""


class Cut(Full):
    """One that goes away in the middle of an object."""

    def do_HEAD(self):
        self._answer(200, b"x" * 100_000)

    def do_GET(self):
        self.send_response(206)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"x" * 70_000)
        self.close_connection = True


@contextmanager
def pretender(settings, kind):
    """The portal's bucket is on a server of that kind."""
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever).start()
        use(settings, f"http://127.0.0.1:{server.server_port}")
        yield
        server.shutdown()
