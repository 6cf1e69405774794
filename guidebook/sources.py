"""What a guide is made from, and when that was last changed."""

import hashlib
import re
import subprocess  # nosec B404 # git, without a shell
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from django.conf import settings

from faq.models import Guide
from guidebook.problems import Problem

ROOT = settings.BASE_DIR
GUIDES = ROOT / "docs" / "guide"
JOURNEYS = ROOT / "tests" / "journeys" / "guide"
PICTURES = ROOT / "pictures" / "guide"
FILMS = ROOT / "pictures" / "film"
STYLESHEET = GUIDES / "guide.css"
DIAGRAM_STYLE = GUIDES / "flow.css"
SHARED = "bab"  # the folder of chapters that several guides have

SHARED_CHAPTER = re.compile(r"^\{\{ bab: ([a-z0-9-]+) \}\}$", re.M)
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
PHONE = "--390"


@dataclass(frozen=True)
class Source:
    """The Markdown of one role with the chapters it shares, its journey and its pictures."""

    role: Guide.Role
    guides: Path = GUIDES
    pictures: Path = PICTURES

    @property
    def path(self):
        return self.guides / f"{self.role.value}.md"

    @property
    def journeys(self):
        """The journey that takes the pictures, and what it shares with others."""
        journey = JOURNEYS / f"test_{self.role.value}.py"
        if not journey.exists():
            return []
        text = journey.read_text()
        others = (path for path in sorted(JOURNEYS.glob("*.py")) if path != journey)
        return [journey, *(path for path in others if f"guide.{path.stem} import" in text)]

    @property
    def shared(self):
        """The files of the shared chapters, in the order of the text."""
        names = SHARED_CHAPTER.findall(self.path.read_text())
        return [self.guides / SHARED / f"{name}.md" for name in names]

    @cached_property
    def text(self):
        """The whole Markdown."""
        return SHARED_CHAPTER.sub(
            lambda found: self.guides.joinpath(SHARED, f"{found[1]}.md").read_text().strip(),
            self.path.read_text(),
        )

    @property
    def used(self):
        """The names in the text, with the ending of a phone's picture where it is one."""
        return [name for _, name in PICTURE.findall(self.text)]

    @property
    def taken(self):
        """The steps that the journeys took pictures of."""
        folder = self.pictures / self.role.value
        return {path.stem.partition("--")[0] for path in folder.glob("*.png")}

    def picture(self, name):
        """The file of a name in the text: the wide picture unless the phone's is meant."""
        name = name if name.endswith(PHONE) else f"{name}--1440"
        return self.pictures / self.role.value / f"{name}.png"

    @property
    def files(self):
        """Everything that the guide is made from, apart from the product itself."""
        return [self.path, *self.shared, *self.journeys, STYLESHEET, DIAGRAM_STYLE]

    @property
    def digest(self):
        """Another one as soon as a source changes."""
        content = b"\0".join(path.read_bytes() for path in self.files)
        return hashlib.sha256(content).hexdigest()

    @property
    def changed_on(self):
        """The day of the newest source: the same input is the same guide, whenever it is built."""
        return max(_changed_on(path) for path in self.files)


def sources(guides=GUIDES, pictures=PICTURES):
    """One Source for each role, or a Problem that names all that is amiss."""
    if problems := list(_problems_of_files(guides)):
        raise Problem("\n".join(problems))
    found = [Source(role, guides, pictures) for role in Guide.Role]
    if problems := [problem for source in found for problem in _problems_of_pictures(source)]:
        raise Problem("\n".join(problems))
    return found


def _problems_of_files(guides):
    there = {path.stem for path in guides.glob("*.md")}
    roles = set(Guide.Role.values)
    for name in sorted(there - roles):
        yield f"docs/guide/{name}.md is for no role; roles are {', '.join(Guide.Role.values)}."
    for name in sorted(roles - there):
        yield f"The guide of a role is missing: docs/guide/{name}.md."
    shared = {path.stem for path in guides.joinpath(SHARED).glob("*.md")}
    named = set()
    for name in sorted(there & roles):
        asked = SHARED_CHAPTER.findall(guides.joinpath(f"{name}.md").read_text())
        named.update(asked)
        for chapter in asked:
            if chapter not in shared:
                yield f"{name}.md: there is no chapter docs/guide/bab/{chapter}.md."
    for name in sorted(shared - named):
        yield f"No guide has the chapter docs/guide/bab/{name}.md."


def _problems_of_pictures(source):
    name_of_guide = f"docs/guide/{source.path.name}"
    for alt, name in PICTURE.findall(source.text):
        if not source.picture(name).exists():
            yield f"{name_of_guide}: the journeys took no picture '{name}'."
        if not alt.strip():
            yield f"{name_of_guide}: the picture '{name}' has no caption."
    steps = {name.removesuffix(PHONE) for name in source.used}
    for name in sorted(source.taken - steps):
        yield f"{name_of_guide}: the picture '{name}' was taken, but no chapter shows it."


def _changed_on(path):
    """By its last commit; by the file itself where it is changed or there is no repository."""
    if not _git("status", "--porcelain", "--", path):
        committed = _git("log", "-1", "--format=%cs", "--", path)
        if committed:
            return date.fromisoformat(committed)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def _git(*words):
    """What git answers; '' where it cannot."""
    command = ["git", "-C", str(ROOT), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 # nosec B603 # our own words
    return done.stdout.strip()
