"""Puts the chapters that the journeys filmed together: an MP4 and its captions as WebVTT.

tests/journeys/filming.py says what a storyboard is: shots, each a still with its seconds and the
pointer's way, and captions with the moment at which each begins.
"""

import json
import subprocess  # nosec B404 # ffmpeg, without a shell
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

from PIL import Image, ImageDraw

from guidebook import drawing
from guidebook.problems import Problem

WIDTH, HEIGHT = 1280, 720
HEIGHT_OF_PAGE = 624  # below it lies the strip for the captions, so that they hide nothing
FRAMES_PER_SECOND = 15
CARD_SECONDS, FIRST_CARD_SECONDS = 2.0, 2.6
LETTERS_PER_SECOND, SHORTEST_CAPTION, LONGEST_STAY = 15, 2.0, 9.0
LEAST_SECONDS, MOST_SECONDS, MOST_BYTES = 60, 180, 8 * 2**20
ENCODING = [
    *("-c:v", "libx264", "-preset", "veryfast", "-crf", "33", "-tune", "animation"),
    *("-pix_fmt", "yuv420p", "-g", "250", "-threads", "1"),  # one thread: the same file each time
    *("-movflags", "+faststart", "-map_metadata", "-1", "-fflags", "+bitexact"),
    *("-flags:v", "+bitexact"),
]


def seconds_to_read(text):
    return max(SHORTEST_CAPTION, len(text) / LETTERS_PER_SECOND)


@dataclass(frozen=True)
class Chapter:
    """What one test filmed."""

    folder: Path

    @cached_property
    def storyboard(self):
        return json.loads(self.folder.joinpath("storyboard.json").read_text())

    @property
    def name(self):
        return self.storyboard["chapter"]

    @property
    def seconds(self):
        return sum(shot["seconds"] for shot in self.storyboard["shots"])


def chapters(folder):
    """The chapters of a role in their order."""
    found = [Chapter(path.parent) for path in sorted(folder.glob("*/storyboard.json"))]
    if not found:
        raise Problem(f"No film in {folder}: mark tests of the role with @pytest.mark.film.")
    if silent := [part.folder.name for part in found if not part.storyboard["captions"]]:
        raise Problem(
            f"Nothing is told in {', '.join(silent)}: a chapter of a film needs captions."
        )
    return found


def cut(folder, *, title, role, film, captions):
    """Writes the film and its captions; returns its length in seconds."""
    parts = chapters(folder)
    check_length(parts)
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24"]
    command += ["-s", f"{WIDTH}x{HEIGHT}", "-r", str(FRAMES_PER_SECOND), "-i", "-", *ENCODING]
    command.append(str(film))
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:  # noqa: S603 # nosec B603 # our own words
        for frame in frames(parts, title, role):
            encoder.stdin.write(frame)
    if encoder.returncode:
        raise Problem(f"ffmpeg could not make {film.name}.")
    captions.write_text(as_webvtt(cues(parts)))
    return check(film)


def frames(parts, title, role):
    """Every frame as bytes."""
    yield from _card(drawing.card(WIDTH, HEIGHT, title, role), FIRST_CARD_SECONDS)
    for number, part in enumerate(parts, start=1):
        if part.name:
            card = drawing.card(WIDTH, HEIGHT, part.name, f"{role} · bagian {number}")
            yield from _card(card, CARD_SECONDS)
        yield from _frames_of(part)


def _card(image, seconds):
    content = image.tobytes()
    for _ in range(round(seconds * FRAMES_PER_SECOND)):
        yield content


def _frames_of(part):
    """Rounds at the shots' ends, not at their lengths: captions stay with what they tell."""
    shown, until = 0, 0.0
    for shot in part.storyboard["shots"]:
        until += shot["seconds"]
        count = round(until * FRAMES_PER_SECOND) - shown
        shown += count
        yield from _frames_of_shot(part.folder / shot["still"], shot, count)


def _frames_of_shot(path, shot, count):
    ground = Image.new("RGB", (WIDTH, HEIGHT), drawing.STRIP)
    with Image.open(path) as still:
        ground.paste(still.convert("RGB"))
    before = content = None
    for number in range(1, count + 1):
        way = drawing.eased(number / count)
        place = tuple(
            round(a + (b - a) * way) for a, b in zip(shot["begins"], shot["ends"], strict=True)
        )
        look = place, number / count if shot["is_press"] else None
        if look != before:
            content, before = _with_pointer(ground, *look), look
        yield content


def _with_pointer(ground, place, press):
    frame = ground.copy()
    if press is not None:
        drawing.ring(ImageDraw.Draw(frame, "RGBA"), place, press)
    frame.paste(drawing.POINTER, place, drawing.POINTER)
    return frame.tobytes()


def cues(parts):
    """(begin, end, text) of every caption, in seconds of the whole film."""
    start = FIRST_CARD_SECONDS
    for part in parts:
        start += CARD_SECONDS if part.name else 0
        told = part.storyboard["captions"]
        ends = [*(caption["at"] for caption in told[1:]), part.seconds]
        for caption, end in zip(told, ends, strict=False):  # one end too many where none is told
            stay = max(LONGEST_STAY, seconds_to_read(caption["text"]))
            yield start + caption["at"], start + min(end, caption["at"] + stay), caption["text"]
        start += part.seconds


def as_webvtt(told):
    """The lowest line, in the strip below the page."""
    blocks = [
        f"{_clock(begin)} --> {_clock(end)} line:-1\n{escape(text, quote=False)}"
        for begin, end, text in told
    ]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _clock(seconds):
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}"


def check_length(parts):
    """The length that the film will have, in seconds; before anybody waits for ffmpeg."""
    cards = FIRST_CARD_SECONDS + CARD_SECONDS * sum(bool(part.name) for part in parts)
    seconds = cards + sum(part.seconds for part in parts)
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        lengths = ", ".join(f"{part.folder.name} {part.seconds:.0f} s" for part in parts)
        raise Problem(
            f"The film in {parts[0].folder.parent.name} takes {seconds:.0f} s; a tutorial takes"
            f" {LEAST_SECONDS} to {MOST_SECONDS} s ({lengths})."
        )


def check(film):
    """The film's length in seconds, or a Problem where it is too short, too long or too large."""
    probe = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"]
    probe.append(str(film))
    answer = subprocess.run(probe, capture_output=True, text=True, check=True)  # noqa: S603 # nosec B603 # our own words
    seconds, size = float(answer.stdout), film.stat().st_size
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise Problem(
            f"{film.name} takes {seconds:.0f} s; a tutorial takes {LEAST_SECONDS} to"
            f" {MOST_SECONDS} s."
        )
    if size > MOST_BYTES:
        raise Problem(f"{film.name} has {size} bytes; at most {MOST_BYTES} are allowed.")
    return seconds
