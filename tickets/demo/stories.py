"""The demo's tickets as they are told in *.toml: who asks what, and what happens to it.

Each [[story]] has `by` (LPSE code and User ID), `about` (category, type, priority, version), `ago`
(how long ago it was sent: 40m, 5h, 12d, or 12w for working days), `text` and `steps`. A step is
[act, message, files …]; what the act needs besides stands behind its name: "ask 1" asks LPSE Level
1, "rate 2" gives two stars. "close_silent" brings all reminders before it along.
"""

import tomllib
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(__file__).parent
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
WORKING_DAYS = "w"
BY_TIME = {"remind", "close_silent"}  # done by the system when it is due


@dataclass(frozen=True)
class Act:
    """One step of a story."""

    name: str
    option: str = ""
    message: str = ""
    files: tuple = ()

    @classmethod
    def read(cls, words):
        head, *rest = words
        name, _, option = head.partition(" ")
        message, *files = rest or [""]
        return cls(name, option, message, tuple(files))


@dataclass(frozen=True, eq=False)
class Story:
    """One ticket from its sending on."""

    title: str
    by: str
    about: str
    ago: str
    text: str
    steps: list
    package: str = ""
    error: str = ""
    files: list = field(default_factory=list)

    @property
    def lpse_code(self):
        return self.by.split()[0]

    @property
    def user_id(self):
        return self.by.split()[1]

    @property
    def working_age(self):
        """How many working days ago it was sent; 0 when its age is told in hours or days."""
        return int(self.ago[:-1]) if self.ago.endswith(WORKING_DAYS) else 0

    @property
    def age(self):
        return timedelta(**{UNITS[self.ago[-1]]: int(self.ago[:-1])})

    @property
    def acts(self):
        acts = []
        for act in map(Act.read, self.steps):
            if act.name == "close_silent":
                acts += [Act("remind")] * len(settings.REMINDER_DAYS)
            acts.append(act)
        return acts

    @property
    def waits_for_time(self):
        return any(act.name in BY_TIME for act in self.acts)

    def key(self, act=0):
        """The key of the form that sends the ticket, or that does its n-th step."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{self.by}:{self.title}:{act}")


@cache
def stories():
    """Every Story of the demo."""
    files = sorted(FOLDER.glob("stories_*.toml"))
    return [Story(**told) for file in files for told in _read(file)["story"]]


def _read(file):
    return tomllib.loads(file.read_text(encoding="utf-8"))
