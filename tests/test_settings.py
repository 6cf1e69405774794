"""A wrong setting stops the start with a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "HELPDESK_MODE": "production",
    "SECRET_KEY": "x" * 60,
    "FIELD_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "lpse-support.example.go.id",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "DEFAULT_FROM_EMAIL": "lpse-support@example.go.id",
}
BUCKET = {
    "S3_BUCKET": "berkas",
    "S3_ENDPOINT_URL": "https://s3.example.go.id",
    "S3_ACCESS_KEY_ID": "kunci",
    "S3_SECRET_ACCESS_KEY": "rahasia",
}


def start(tmp_path, **environment):
    """The exit of a process that loads the settings, as (status, what it said last)."""
    done = subprocess.run(
        [sys.executable, "-c", "import helpdesk.settings as s; print('started', s.DEBUG)"],
        cwd=ROOT,
        env={"HELPDESK_VAR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip().splitlines()[-1]


def test_production_starts_with_its_secrets(tmp_path):
    assert start(tmp_path, **PRODUCTION) == (0, "started False")


def test_production_starts_with_a_bucket(tmp_path):
    assert start(tmp_path, **PRODUCTION | BUCKET) == (0, "started False")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing: set it in the environment (.env.example)."),
        ({"DEFAULT_FROM_EMAIL": ""}, "LPSE Support <lpse-support@example.go.id>."),
        ({"PORTAL_URL": "bantuan"}, "must be like https://host, not 'bantuan'."),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS is missing: set it in the environment (.env.example)."),
        (
            {"ALLOWED_HOSTS": ""},
            "name the portal's host, for example lpse-support.example.go.id.",
        ),
        ({"DEBUG": "1"}, "DEBUG must be off outside the demo: it shows secrets on errors."),
        ({"OFFICER_IDLE_MINUTES": "4"}, "OFFICER_IDLE_MINUTES must be at least 5."),
        ({"BACKUP_DAILY": "0"}, "BACKUP_DAILY must be at least 1."),
        ({"RETAIN_SIGN_IN_DAYS": "365"}, "the database keeps the security log that long."),
        ({"RETAIN_ATTACHMENT_DAYS": "1828"}, "must not fall, and be at least 1."),
        (
            {"RETAIN_SERVER_ACCESS_DAYS": "0"},
            "and RETAIN_NOTICE_DAYS must be at least 1.",
        ),
        (
            {"METRICS_TOKEN": "pendek"},
            "METRICS_TOKEN is too short: at least 20 random characters.",
        ),
        (
            {"SPSE_SIMULATOR": "1"},
            "SPSE_SIMULATOR must be off outside the demo: anybody could enter as anybody.",
        ),
        (
            {"SECOND_FACTOR_REQUIRED": "0"},
            "SECOND_FACTOR_REQUIRED must be on outside the demo.",
        ),
        (
            {"REMINDER_DAYS": "5,3"},
            "REMINDER_DAYS must be ascending and begin with 1 or more.",
        ),
        ({"REMINDER_DAYS": "0,3"}, "REMINDER_DAYS must be ascending and begin with 1 or more."),
        ({"REMINDER_DAYS": ","}, "REMINDER_DAYS must be ascending and begin with 1 or more."),
        ({"REMINDER_DAYS": "3;5"}, "REMINDER_DAYS must be whole numbers separated by commas."),
        (
            {"CLOSE_AFTER_DAYS": "5"},
            "CLOSE_AFTER_DAYS must be more than the last of REMINDER_DAYS.",
        ),
        ({"REOPEN_WITHIN_DAYS": "0"}, "REOPEN_WITHIN_DAYS must be at least 1."),
        ({"DEBUG": "maybe"}, "DEBUG must be 1 or 0, not 'maybe'."),
        ({"HELPDESK_MODE": "dev"}, "HELPDESK_MODE must be one of demo, production, not 'dev'."),
        ({"TRUSTED_PROXY_COUNT": "-1"}, "TRUSTED_PROXY_COUNT must be a whole number, not '-1'."),
        (
            {"CLAMD_SOCKET": "127.0.0.1:3310"},
            "the path of clamd's socket, for example /run/clamav/clamd.ctl.",
        ),
        (
            {"REPLICA_MAX_LAG": "60"},
            "REPLICA_MAX_LAG must be 1 to 50.",
        ),
        (
            {"S3_BUCKET": "berkas", "S3_ACCESS_KEY_ID": "kunci"},
            "S3_ENDPOINT_URL, S3_SECRET_ACCESS_KEY is missing: a bucket needs all of S3_….",
        ),
        (BUCKET | {"S3_ENDPOINT_URL": "s3.example.go.id"}, "not 's3.example.go.id'."),
        (
            BUCKET | {"S3_ENDPOINT_URL": "http://s3.example.go.id"},
            "S3_ENDPOINT_URL must begin with https://: it carries the files.",
        ),
        (
            BUCKET | {"ACCEL_LOCATION": "/_berkas/"},
            "must be empty where S3_BUCKET is set: nginx has no folder to send from.",
        ),
        (
            {"DATABASE_URL": "sqlite:///x"},
            "DATABASE_URL must begin with postgres:// or postgresql://",
        ),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path, change, sentence):
    status, said = start(tmp_path, **PRODUCTION | change)

    assert status == 1
    assert said.endswith(sentence)


def test_two_first_starts_of_the_demo_agree_on_its_secrets(tmp_path):
    code = "import sys, helpdesk.environment as e; print(e.demo_secrets(sys.argv[1])['SECRET_KEY'])"
    command = [sys.executable, "-c", code, str(tmp_path / "var" / "secrets.json")]

    starts = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(6)]
    said = {process.communicate()[0] for process in starts}

    assert len(said) == 1
    assert (tmp_path / "var" / "secrets.json").stat().st_mode & 0o777 == 0o600
