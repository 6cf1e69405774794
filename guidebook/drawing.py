"""What a film shows besides the pages: cards, the pointer, and the ring of a press.

Colours are those of static/css/lpse.css, light scheme.
"""

import math

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

BAR, STRIP, KUNYIT, INK, PALE = "#0b3a50", "#0a2430", "#ffc845", "#16222c", "#c6dbe5"
FONT = settings.BASE_DIR / "static" / "fonts" / "source-sans-3-latin-wght-normal.woff2"
OVERSIZE = 4  # drawn larger, then reduced: Pillow draws edges hard
ARROW = [(0, 0), (0, 25), (6, 19.5), (10, 28), (14, 26.2), (10.2, 18), (18, 18)]


def font(size, weight):
    made = ImageFont.truetype(FONT, size)
    made.set_variation_by_axes([weight])
    return made


def eased(part):
    """Slow, fast, slow: how a hand moves."""
    return (1 - math.cos(math.pi * part)) / 2


def card(width, height, heading, line):
    """A chapter's name on the dark of the bar."""
    image = Image.new("RGB", (width, height), BAR)
    draw = ImageDraw.Draw(image)
    left, middle = 120, height // 2
    draw.rectangle((left, middle - 92, left + 72, middle - 86), fill=KUNYIT)
    draw.text((left, middle - 20), heading, font=font(64, 700), fill="white", anchor="ls")
    draw.text((left, middle + 48), line, font=font(32, 400), fill=PALE, anchor="ls")
    draw.text((left, height - 72), "LPSE Support", font=font(26, 600), fill=PALE, anchor="ls")
    return image


def ring(draw, place, part):
    """Grows and fades around the pointer's tip."""
    radius, strength = 10 + 18 * part, round(230 * (1 - part * 0.7))
    box = [place[0] - radius, place[1] - radius, place[0] + radius, place[1] + radius]
    draw.ellipse(box, outline=(11, 74, 102, strength), width=5, fill=(255, 200, 69, strength // 3))


def _pointer():
    scale = 1.35 * OVERSIZE
    corners = [((x + 1.5) * scale, (y + 1.5) * scale) for x, y in ARROW]
    size = round(22 * scale), round(32 * scale)
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.line([*corners, *corners[:2]], fill="white", width=3 * OVERSIZE, joint="curve")
    draw.polygon(corners, fill=INK)
    draw.line([*corners, *corners[:2]], fill="white", width=round(1.6 * OVERSIZE), joint="curve")
    return image.resize((size[0] // OVERSIZE, size[1] // OVERSIZE), Image.Resampling.LANCZOS)


POINTER = _pointer()
