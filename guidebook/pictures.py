"""Pictures of pages as paper wants them: without the empty space above the foot of the page."""

from io import BytesIO

from PIL import Image, ImageChops

MOST_EMPTY = 40  # rows of nothing that stay below what a page says
FOOT = 110  # rows that the foot of a page takes at most
CONTENT = 60  # rows of nothing that belong to a page, between two of its parts


def trimmed(path):
    """The picture as PNG; the foot goes with the space above it where a page does not fill it."""
    with Image.open(path) as picture:
        picture = picture.convert("RGB")
    bottom = _bottom(picture)
    output = BytesIO()
    picture.crop((0, 0, picture.width, bottom)).save(output, "PNG")
    return output.getvalue()


def _bottom(picture):
    """Where to cut: below the last row of the page's content, or nowhere."""
    rows = _rows_with_something(picture)
    above = [row for row in rows if row < picture.height - FOOT]
    if not above:
        return picture.height
    last = above[-1]
    foot = next((row for row in rows if row > last), picture.height)
    is_empty = foot - last > CONTENT
    return min(last + MOST_EMPTY, picture.height) if is_empty else picture.height


def _rows_with_something(picture):
    """The rows in which not every pixel is like the first."""
    first_column = picture.crop((0, 0, 1, picture.height)).resize(picture.size)
    difference = ImageChops.difference(picture, first_column).convert("L")
    width, cells = picture.width, difference.tobytes()
    return [row for row in range(picture.height) if max(cells[row * width : (row + 1) * width])]
