"""A clock that jumps, for a drill's portal and its PostgreSQL (clock.c, loaded before libc)."""

import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest


class Clock:
    """The wall clock of the portal; as with a real correction, the monotonic one goes on."""

    def __init__(self, folder):
        self.file, self.library, self.offset = folder / "clock", folder / "clock.so", 0
        source = Path(__file__).with_name("clock.c")
        compiler = ["cc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", self.library, source]
        subprocess.run([*compiler, "-ldl"], check=True)
        self.set(0)

    @property
    def environment(self):
        return {"LD_PRELOAD": str(self.library), "CLOCK_OFFSET": str(self.file)}

    def set(self, seconds):
        """So many seconds from the true time, in every process at once."""
        self.offset = seconds
        whole = self.file.with_suffix(".new")  # never half of a number
        whole.write_text(f"{seconds:+d}")
        whole.chmod(0o644)
        whole.replace(self.file)

    @property
    def now(self):
        """What the portal takes for now, in seconds."""
        return time.time() + self.offset


@contextmanager
def wrong_clock(portal):
    """The portal and its PostgreSQL go by the Clock that this gives, until the end."""
    clock = Clock(portal.folder)
    portal.kill()
    with pytest.MonkeyPatch.context() as outside:
        for name, value in clock.environment.items():
            outside.setenv(name, value)
        portal.restart_database()
    portal.serve(**clock.environment)
    try:
        yield clock
    finally:
        portal.kill()
        portal.restart_database()
        portal.serve()
