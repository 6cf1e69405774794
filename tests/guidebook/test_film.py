"""Films from storyboards: the right number of frames, captions that stay long enough."""

import json
import shutil

import pytest
from PIL import Image

from guidebook import film
from guidebook.problems import Problem

SHOT = {"still": "0.png", "begins": [10, 10], "ends": [10, 10], "is_press": False}


@pytest.fixture
def chapter(tmp_path):
    """chapter(place, …) writes the storyboard of one test."""

    def chapter(place, name="Masuk", shots=(2.0,), captions=()):
        folder = tmp_path / place
        folder.mkdir()
        Image.new("RGB", (film.WIDTH, film.HEIGHT_OF_PAGE), "white").save(folder / "0.png")
        storyboard = {
            "chapter": name,
            "shots": [SHOT | {"seconds": seconds} for seconds in shots],
            "captions": [{"at": at, "text": text} for at, text in captions],
        }
        folder.joinpath("storyboard.json").write_text(json.dumps(storyboard))
        return film.Chapter(folder)

    return chapter


def test_chapters_come_in_the_order_of_their_tests(chapter, tmp_path):
    chapter("0080-answers", "Menjawab", captions=[(0.0, "Jawab pertanyaan petugas.")])
    chapter("0012-enters", "Masuk", captions=[(0.0, "Pilih Login.")])

    assert [part.name for part in film.chapters(tmp_path)] == ["Masuk", "Menjawab"]


def test_a_role_without_film_stops_the_build(tmp_path):
    with pytest.raises(Problem, match=r"mark tests of the role with @pytest\.mark\.film"):
        film.chapters(tmp_path)


def test_a_chapter_that_tells_nothing_stops_the_build(chapter, tmp_path):
    chapter("0012-enters")

    with pytest.raises(Problem, match=r"Nothing is told in 0012-enters"):
        film.chapters(tmp_path)


def test_frames_make_the_seconds_of_the_storyboard(chapter):
    part = chapter("0001", shots=(0.33, 0.33, 0.34, 2.0))

    count = sum(1 for _ in film.frames([part], "Video Tutorial", "Penyedia"))

    seconds = film.FIRST_CARD_SECONDS + film.CARD_SECONDS + 3
    assert count == round(seconds * film.FRAMES_PER_SECOND)


def test_the_page_lies_above_the_strip_and_the_pointer_on_the_page(chapter):
    part = chapter("0001", name="")

    *_, last = film.frames([part], "Video Tutorial", "Penyedia")

    image = Image.frombytes("RGB", (film.WIDTH, film.HEIGHT), last)
    assert image.getpixel((600, 600)) == (255, 255, 255)
    assert image.getpixel((600, 700)) == (10, 36, 48)
    assert image.getpixel((16, 24)) == (22, 34, 44)


def test_captions_begin_where_they_are_told_and_end_with_the_next(chapter):
    first = chapter("0001", shots=(6.0,), captions=[(0.0, "Pilih Login."), (3.0, "Masuk <b>.")])
    second = chapter("0002", name="", shots=(20.0,), captions=[(1.0, "Selesai.")])

    text = film.as_webvtt(film.cues([first, second]))

    assert text == (
        "WEBVTT\n\n"
        "00:04.600 --> 00:07.600 line:-1\nPilih Login.\n\n"
        "00:07.600 --> 00:10.600 line:-1\nMasuk &lt;b&gt;.\n\n"
        "00:11.600 --> 00:20.600 line:-1\nSelesai.\n"
    )


def test_a_long_sentence_gets_more_time_than_a_short_one():
    assert film.seconds_to_read("Oke.") == 2
    assert film.seconds_to_read("a" * 90) == 6


@pytest.mark.parametrize(
    ("seconds", "size", "problem"),
    [
        ("59.9", 1000, "takes 60 s; a tutorial takes 60 to 180 s"),
        ("181", 1000, "takes 181 s"),
        ("90", film.MOST_BYTES + 1, "has 8388609 bytes; at most 8388608"),
    ],
)
def test_a_film_of_another_length_or_size_stops_the_build(
    tmp_path, monkeypatch, seconds, size, problem
):
    probe = tmp_path / "bin" / "ffprobe"
    probe.parent.mkdir()
    probe.write_text(f"#!{shutil.which('sh')}\necho {seconds}\n")
    probe.chmod(0o755)
    monkeypatch.setenv("PATH", str(probe.parent))
    path = tmp_path / "penyedia.mp4"
    path.write_bytes(bytes(size))

    with pytest.raises(Problem, match=problem):
        film.check(path)


@pytest.mark.parametrize("seconds", [54.0, 176.0])
def test_a_wrong_length_is_told_by_chapter_before_ffmpeg_begins(chapter, seconds):
    part = chapter("0012-enters", shots=(seconds,))

    with pytest.raises(
        Problem, match=rf"a tutorial takes 60 to 180 s \(0012-enters {seconds:.0f} s"
    ):
        film.check_length([part])


def test_a_film_of_two_minutes_is_right(chapter):
    assert film.check_length([chapter("0012-enters", shots=(115.0,))]) is None
