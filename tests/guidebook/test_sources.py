"""What stops a build of the guides, told in one go and without a browser."""

import pytest

from faq.models import Guide
from guidebook import published, sources
from guidebook.problems import Problem
from guidebook.sources import Source


@pytest.fixture
def guides(tmp_path):
    """A guide of every role that says nothing yet, and a place for pictures."""
    folder = tmp_path / "guide"
    folder.joinpath("bab").mkdir(parents=True)
    for role in Guide.Role:
        folder.joinpath(f"{role.value}.md").write_text("# Judul\n")
    return folder


@pytest.fixture
def pictures(tmp_path):
    return tmp_path / "pictures"


def take(pictures, name, role="penyedia"):
    pictures.joinpath(role).mkdir(parents=True, exist_ok=True)
    pictures.joinpath(role, f"{name}.png").touch()


def problems(guides, pictures):
    with pytest.raises(Problem) as told:
        sources.sources(guides, pictures)
    return str(told.value).splitlines()


def test_the_guides_of_six_roles_stop_nothing(guides, pictures):
    found = sources.sources(guides, pictures)

    assert [source.role.value for source in found] == [
        *("penyedia", "non_penyedia", "lpse_l1", "lpse_l2", "lkpp", "administrator")
    ]


def test_a_role_without_guide_and_a_guide_without_role_are_named(guides, pictures):
    guides.joinpath("lkpp.md").rename(guides / "auditor.md")

    assert problems(guides, pictures) == [
        "docs/guide/auditor.md is for no role; roles are penyedia, non_penyedia, lpse_l1, lpse_l2,"
        " lkpp, administrator.",
        "The guide of a role is missing: docs/guide/lkpp.md.",
    ]


def test_a_picture_that_nobody_took_is_named(guides, pictures):
    guides.joinpath("penyedia.md").write_text(
        "# Judul\n\n![Daftar](daftar)\n\n![Di ponsel](a--390)"
    )
    take(pictures, "daftar--390")
    take(pictures, "a--1440")

    assert problems(guides, pictures) == [
        "docs/guide/penyedia.md: the journeys took no picture 'daftar'.",
        "docs/guide/penyedia.md: the journeys took no picture 'a--390'.",
    ]


def test_a_picture_that_no_chapter_shows_is_named(guides, pictures):
    guides.joinpath("lkpp.md").write_text("# Judul\n\n![Daftar](daftar)\n")
    for name in ("daftar--1440", "daftar--390", "detail--1440", "detail--390"):
        take(pictures, name, "lkpp")

    assert problems(guides, pictures) == [
        "docs/guide/lkpp.md: the picture 'detail' was taken, but no chapter shows it."
    ]


@pytest.mark.parametrize("name", ["daftar", "daftar--390"])
def test_either_width_uses_a_step(guides, pictures, name):
    guides.joinpath("lkpp.md").write_text(f"# Judul\n\n![Daftar]({name})\n")
    take(pictures, "daftar--1440", "lkpp")
    take(pictures, "daftar--390", "lkpp")

    assert len(sources.sources(guides, pictures)) == 6


def test_a_picture_without_caption_is_named(guides, pictures):
    guides.joinpath("lkpp.md").write_text("# Judul\n\n![ ](daftar)\n")
    take(pictures, "daftar--1440", "lkpp")

    assert problems(guides, pictures) == [
        "docs/guide/lkpp.md: the picture 'daftar' has no caption."
    ]


def test_a_shared_chapter_brings_its_pictures_into_each_guide(guides, pictures):
    guides.joinpath("bab", "masuk.md").write_text("## Masuk\n\n![Login](login)\n")
    for role in ("penyedia", "non_penyedia"):
        guides.joinpath(f"{role}.md").write_text("# Judul\n\n{{ bab: masuk }}\n\n## Lain\n")
        take(pictures, "login--1440", role)

    penyedia, non_penyedia, *_ = sources.sources(guides, pictures)

    assert penyedia.text == "# Judul\n\n## Masuk\n\n![Login](login)\n\n## Lain\n"
    assert non_penyedia.picture("login") == pictures / "non_penyedia" / "login--1440.png"


def test_a_shared_chapter_that_is_missing_or_that_nobody_has_is_named(guides, pictures):
    guides.joinpath("bab", "lama.md").write_text("## Lama\n")
    guides.joinpath("lkpp.md").write_text("# Judul\n\n{{ bab: baru }}\n")

    assert problems(guides, pictures) == [
        "lkpp.md: there is no chapter docs/guide/bab/baru.md.",
        "No guide has the chapter docs/guide/bab/lama.md.",
    ]


def test_a_changed_source_makes_the_published_guide_outdated(guides, tmp_path, monkeypatch):
    monkeypatch.setattr(published, "MANIFEST", tmp_path / "manifest.json")
    source = Source(Guide.Role.PENYEDIA, guides)
    assert published.outdated([source]) == []  # nothing was built yet

    published.write_manifest({"penyedia": {"sources": source.digest}})
    assert published.outdated([source]) == []

    source.path.write_text("# Judul baru\n")
    assert published.outdated([source]) == ["penyedia"]
    assert published.outdated([Source(Guide.Role.LKPP, guides)]) == ["lkpp"]
