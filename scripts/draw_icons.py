"""Draws the icons that are pictures from the geometry of static/img/favicon.svg.

    python scripts/draw_icons.py

A leaf of the mark is where two quarter circles overlap: corners 9 apart, the radius 9. The ground
reaches to the edges and the mark stays within the middle 80 %, so an icon may be cut to any shape.
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "static" / "img"
GROUND, WHITE, KUNYIT = "#0b3a50", "#ffffff", "#ffc845"
# (corner of the picture, corner beside the middle) of each leaf, in 24 units
LEAVES = [((2, 2), (11, 11)), ((22, 2), (13, 11)), ((2, 22), (11, 13)), ((22, 22), (13, 13))]
COLOURS = [WHITE, KUNYIT, WHITE, WHITE]
FINE = 4  # drawn larger, then reduced, for smooth edges


def leaf(size, scale, ends):
    """A mask of the leaf between its two ends."""
    (x1, y1), (x2, y2) = ends
    mask = Image.new("L", (size, size))
    halves = []
    for x, y in ((x1, y2), (x2, y1)):  # centres of the two circles: the other corners
        half = Image.new("L", (size, size))
        box = [size / 2 + (value - 12) * scale for value in (x - 9, y - 9, x + 9, y + 9)]
        ImageDraw.Draw(half).ellipse(box, fill=255)
        halves.append(half)
    mask.paste(halves[0], mask=halves[1])
    return mask


def icon(size, mark=0.75):
    """The mark on its ground; `mark` is its part of the 24 units."""
    large = size * FINE
    picture = Image.new("RGB", (large, large), GROUND)
    for ends, colour in zip(LEAVES, COLOURS, strict=True):
        picture.paste(colour, mask=leaf(large, large / 24 * mark, ends))
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main():
    for name, size in (("apple-touch-icon", 180), ("icon-192", 192), ("icon-512", 512)):
        path = FOLDER / f"{name}.png"
        icon(size).quantize(32).save(path, optimize=True)
    icon(48, mark=0.9).save(FOLDER / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])


if __name__ == "__main__":
    main()
