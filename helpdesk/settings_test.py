"""Settings of the tests: fast hasher, memory mail and storage, a database of each run's own."""

import os

os.environ.setdefault("HELPDESK_MODE", "demo")
os.environ.setdefault("HELPDESK_CLUSTER", "postgres-test")

from helpdesk.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "quarantine": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
S3 = {}
CLAMD_SOCKET = ""
# One database: the drills have a real replica
DATABASES.pop("replica", None)  # noqa: F405
DATABASE_ROUTERS = []
# Two runs side by side on one server must not drop each other's database
DATABASES["default"]["TEST"] = {"NAME": f"test_helpdesk_{os.getpid()}"}  # noqa: F405
