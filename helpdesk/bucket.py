"""Files in a bucket of an S3-compatible server, where settings name one (docs/adr/0030).

What goes wrong there is an OSError, as it is with a disk, so nobody else knows of S3. Bytes stream
both ways: neither memory nor a disk holds a file on its way out.
"""

import errno
import io
from contextlib import contextmanager
from functools import cache
from threading import Lock

import boto3
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage
from storages.utils import clean_name
from urllib3.exceptions import HTTPError

from tickets.uploads import AWAY

BLOCK = 2**16  # bytes asked of the connection at once
NO_ROOM = {"QuotaExceeded", "InsufficientCapacity", "XMinioStorageFull", "InsufficientStorage"}
CONFIG = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},  # a server of one's own has no name in DNS for each bucket
    # newer checksums in trailers are not understood by all servers
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 2},
)


_making = Lock()


def connection_to(*where):
    """One for all threads and both storages of a process; django-storages makes one for each.

    Each takes 14 MB, so threads that begin at once wait for the first.
    """
    with _making:
        return _connection_to(*where)


@cache
def _connection_to(endpoint_url, region, key, secret):
    session = boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret)
    return session.resource("s3", region_name=region, endpoint_url=endpoint_url, config=CONFIG)


@contextmanager
def heard_as_of_a_disk():
    """Raises OSError for whatever the server, or the way to it, does not do."""
    try:
        yield
    except ClientError as error:
        raise _as_os_error(error) from error
    except (BotoCoreError, Boto3Error, HTTPError) as error:
        raise OSError(AWAY, f"the bucket's server: {type(error).__name__}") from error


def _as_os_error(error):
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    said = f"the bucket's server: {status} {code}"
    if code == "NoSuchKey":
        return FileNotFoundError(errno.ENOENT, said)
    if code in NO_ROOM or status == 507:
        return OSError(errno.ENOSPC, said)
    return OSError(AWAY, said)


class Bucket(S3Storage):
    """Private objects under the paths that a folder would have; none is ever written over."""

    @property
    def connection(self):
        return connection_to(self.endpoint_url, self.region_name, self.access_key, self.secret_key)

    @property
    def client(self):
        return self.connection.meta.client

    def key_of(self, name):
        return {"Bucket": self.bucket_name, "Key": self._normalize_name(clean_name(name))}

    def _open(self, name, mode="rb"):
        """The object as a file that is read as it comes. Raises FileNotFoundError."""
        stream = Stream(self.client, self.key_of(name), self.size(name))
        return File(io.BufferedReader(stream, BLOCK), name=name)

    def size(self, name):
        return self._about(name)["ContentLength"]

    def get_modified_time(self, name):
        return self._about(name)["LastModified"]

    @heard_as_of_a_disk()
    def _about(self, name):
        try:
            return self.client.head_object(**self.key_of(name))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
        # a HEAD does not say what is missing: the object, or (this raises) the whole bucket
        self.client.head_bucket(Bucket=self.bucket_name)
        raise FileNotFoundError(errno.ENOENT, "the bucket has no such object")

    @heard_as_of_a_disk()
    def _save(self, name, content):
        """One request, so the object is there whole or not at all; no parts are left behind."""
        content.seek(0)
        self.client.put_object(
            **self.key_of(name), ContentType=self.default_content_type, Body=content
        )
        return clean_name(name)

    @heard_as_of_a_disk()
    def take(self, source, name, new_name):
        """Move an object of the same bucket here. Raises FileNotFoundError.

        Killed in between it is in both places; moving it once more mends that.
        """
        theirs = source.key_of(name)
        self.client.copy_object(**self.key_of(new_name), CopySource=theirs)
        self.client.delete_object(**theirs)

    @heard_as_of_a_disk()
    def exists(self, name):
        return super().exists(name)

    @heard_as_of_a_disk()
    def delete(self, name):
        super().delete(name)

    @heard_as_of_a_disk()
    def listdir(self, path):
        return super().listdir(path)

    def url(self, name, *args, **kwargs):
        """Leads nowhere, as that of the folder: none goes past a ticket's rules and its records."""
        return f"/{name}"


class Stream(io.RawIOBase):
    """An object read as it comes from the server, from wherever somebody seeks to."""

    def __init__(self, client, key, size):
        self.client, self.key, self.length = client, key, size
        self.position, self.body = 0, None

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self.position

    def seek(self, offset, whence=io.SEEK_SET):
        """Costs nothing: the next read asks the server for what begins there."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.length}[whence]
        if start + offset != self.position:
            self._drop()
        self.position = start + offset
        return self.position

    def readinto(self, buffer):
        if self.position >= self.length:
            return 0
        with heard_as_of_a_disk():
            self.body = self.body or self._from_here()
            data = self.body.read(len(buffer))
        if not data:
            raise OSError(AWAY, "the bucket's server stopped in the middle of an object")
        buffer[: len(data)] = data
        self.position += len(data)
        return len(data)

    def _from_here(self):
        return self.client.get_object(**self.key, Range=f"bytes={self.position}-")["Body"]

    def _drop(self):
        if self.body:
            self.body.close()
        self.body = None

    def close(self):
        self._drop()
        super().close()
