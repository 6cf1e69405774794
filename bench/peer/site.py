"""The site of django-helpdesk: its own virtualenv, its commands, its gunicorn."""

import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HOME = Path(os.environ.get("BENCH_HOME", ROOT / "var" / "bench"))
HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
PROJECT = HERE / "project"  # `helpdesk` is theirs there, and ours in ROOT
PATIENCE = 300  # seconds for one page: a dashboard over a million tickets takes long


def venv():
    """The python of a virtualenv that has what requirements.txt lists, and nothing of ours."""
    folder = HOME / "peer-venv"
    python, made = folder / "bin" / "python", folder / "made-from.txt"
    wanted = REQUIREMENTS.read_text()
    if not made.exists() or made.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENTS]
        subprocess.run(install, check=True)
        made.write_text(wanted)
    return python


def manage(database, *arguments):
    """What a management command of theirs prints; a failed one ends the benchmark."""
    return run(database, "-m", "django", *arguments)


def run(database, *arguments):
    """What their python prints over this database."""
    done = subprocess.run(
        [venv(), *arguments],
        cwd=PROJECT,
        env=environment(database),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip()


def environment(database):
    """Of their processes; nothing leads them to our code or settings."""
    return os.environ | {
        "PYTHONPATH": "",
        "DJANGO_SETTINGS_MODULE": "desk.settings",
        "DJANGO_HELPDESK_SECRET_KEY": "only for the benchmark, on this machine alone",
        "POSTGRES_DB": database["NAME"],
        "POSTGRES_USER": database["USER"],
        "POSTGRES_HOST": str(database["HOST"]),
        "PEER_MEDIA": str(HOME / "peer-media"),
    }


def gunicorn(workers=1):
    """The command of their application server: sync workers, as in their standalone installation.

    It goes to their folder itself: gunicorn looks for `helpdesk` where it was started.
    """
    command = ["sh", "-c", 'cd "$0" && exec "$@"', PROJECT, venv().parent / "gunicorn"]
    command += ["--preload", "--no-control-socket"]
    command += ["--workers", str(workers), "--timeout", str(PATIENCE), "--log-level", "warning"]
    return [*command, "desk.wsgi"]


@contextmanager
def portal(database, workers=1):
    """The port of their gunicorn; gone at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*gunicorn(workers), "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, env=environment(database))
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port, server, seconds=60):
    end = time.monotonic() + seconds
    while True:
        try:
            return fetch(port, "/login/", "")
        except ConnectionRefusedError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.1)


def fetch(port, path, session):
    """(status, body) as the browser of somebody with this session gets it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Cookie": f"sessionid={session}; csrftoken={'a' * 32}", "Accept": "*/*"}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    answer = response.status, response.read().decode()
    connection.close()
    return answer
