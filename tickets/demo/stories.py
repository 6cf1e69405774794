"""The demo's tickets as they are told in *.toml: who asks what, and what happens to it.

Each [[story]] has `by` (LPSE code and User ID), `about` (category, type, priority, version), `ago`
(how long ago it was sent), `text` and `steps`. A step is [act, message, files …]; what the act
needs besides stands behind its name: "ask 1" asks LPSE Level 1, "rate 2" gives two stars.
"""

import tomllib
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


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
    def age(self):
        return timedelta(**{UNITS[self.ago[-1]]: int(self.ago[:-1])})

    @property
    def acts(self):
        return [Act.read(words) for words in self.steps]

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
