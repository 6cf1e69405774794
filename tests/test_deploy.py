"""The files under deploy/ say what the portal says; `make smoke` starts them."""

import re
import stat

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import get_commands

from tests.test_headers import HEADERS, OF_A_FILE
from tests.test_project import ROOT
from tickets import uploads

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
NGINX = (DEPLOY / "nginx.conf").read_text()
BYTES = {"k": 2**10, "m": 2**20}


def names_in(path):
    """The variables that a file for the environment sets."""
    return set(re.findall(r"^([A-Z_]+)=", path.read_text(), re.MULTILINE))


def timers():
    return sorted(path.stem.removeprefix("lpse-support-") for path in UNITS.glob("*.timer"))


def test_every_command_of_a_unit_exists():
    started = set(re.findall(r"manage\.py (\w+)", "".join(
        path.read_text() for path in UNITS.glob("*.service")
    )))  # fmt: skip

    assert (started | set(timers())) - get_commands().keys() == set()


@pytest.mark.parametrize("command", timers())
def test_a_timer_starts_the_command_of_its_name(command):
    unit = (UNITS / f"lpse-support-{command}.timer").read_text()

    assert f"Unit=lpse-support-command@{command}.service\n" in unit
    assert f"manage.py {command}: " in unit


def body_limits():
    """{beginning of an address: bytes} as nginx.conf has them; '/' is all others."""
    size = r"client_max_body_size (\d+)([km]);"
    own = re.findall(r"location (/\S*) \{[^}]*?" + size, NGINX)
    general = re.search(r"^        " + size, NGINX, re.MULTILINE)
    return {
        path: int(number) * BYTES[unit] for path, number, unit in [("/", *general.groups()), *own]
    }


def test_nginx_takes_bodies_as_large_as_the_portal_does():
    assert body_limits() == {
        "/": uploads.MAX_BODY_OF_STRANGERS,
        uploads.TICKETS_PATH: uploads.MAX_BODY,
        uploads.ADMIN_PATH: uploads.MAX_BODY_OF_ADMIN,
        uploads.GUIDES_PATH: uploads.MAX_BODY_OF_GUIDES,
    }
    assert f"location = {uploads.ADMIN_LOGIN} {{ proxy_pass" in NGINX


def test_nginx_says_of_a_file_what_the_portal_says_of_it():
    location = NGINX.partition("location /_berkas/ {")[2].partition("}")[0]
    said = dict(re.findall(r'add_header (\S+) "?([^";]+(?:;[^";]+)*)"? always;', location))

    assert said["Strict-Transport-Security"] == HEADERS["Strict-Transport-Security"]
    assert said["X-Content-Type-Options"] == HEADERS["X-Content-Type-Options"]
    assert said["Cross-Origin-Resource-Policy"] == HEADERS["Cross-Origin-Resource-Policy"]
    assert said["Content-Security-Policy"] == OF_A_FILE


def test_nginx_finds_the_files_and_the_socket_where_the_portal_has_them():
    environment = (DEPLOY / "env.example").read_text()
    files = re.search(r"^FILES_ROOT=(.+)$", environment, re.MULTILINE)[1]
    address = re.search(r"^ACCEL_LOCATION=(.+)$", environment, re.MULTILINE)[1]
    socket = re.search(r"ListenStream=(.+)", (UNITS / "lpse-support-web.socket").read_text())[1]

    assert f"location {address} {{" in NGINX
    assert f"alias {files}/;" in NGINX
    assert f"server unix:{socket} " in NGINX


def test_the_example_of_the_environment_sets_what_env_example_explains():
    explained = names_in(ROOT / ".env.example") | {"HELPDESK_VAR"}

    assert names_in(DEPLOY / "env.example") - explained == set()


def test_systemd_waits_longer_than_gunicorn_needs_to_end():
    unit = (UNITS / "lpse-support-web.service").read_text()
    patience = int(re.search(r"graceful_timeout = (\d+)", (DEPLOY / "gunicorn.py").read_text())[1])

    assert int(re.search(r"TimeoutStopSec=(\d+)", unit)[1]) > patience


def test_a_new_folder_of_files_hands_on_its_group_for_nginx_reads_by_it(tmp_path):
    storage = FileSystemStorage(location=tmp_path)

    path = storage.save("2026/11/berkas", ContentFile(b"isi"))

    modes = [stat.S_IMODE((tmp_path / p).stat().st_mode) for p in ("2026", "2026/11", path)]
    assert modes == [0o2750, 0o2750, 0o640]
