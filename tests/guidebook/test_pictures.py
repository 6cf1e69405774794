"""Pictures of pages lose what is empty, and nothing else."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from guidebook import pictures


@pytest.fixture
def height_of(tmp_path):
    """height_of(height, (first row, last row), …): how high a page with these parts stays."""

    def height_of(height, *parts):
        page = Image.new("RGB", (200, height), "white")
        for first, last in parts:
            ImageDraw.Draw(page).rectangle((50, first, 150, last), fill="black")
        page.save(tmp_path / "page.png")
        with Image.open(BytesIO(pictures.trimmed(tmp_path / "page.png"))) as trimmed:
            return trimmed.height

    return height_of


def test_the_foot_goes_with_the_space_above_it(height_of):
    assert height_of(900, (0, 300), (850, 880)) == 300 + pictures.MOST_EMPTY


def test_space_at_the_end_goes_where_there_is_no_foot(height_of):
    assert height_of(900, (0, 300)) == 300 + pictures.MOST_EMPTY


def test_a_page_that_fills_its_picture_stays_whole(height_of):
    assert height_of(900, (0, 840), (860, 899)) == 900


def test_space_between_two_parts_of_a_page_stays(height_of):
    assert height_of(900, (0, 100), (500, 600), (850, 880)) == 600 + pictures.MOST_EMPTY


def test_an_empty_page_stays_whole(height_of):
    assert height_of(900) == 900
