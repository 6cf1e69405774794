"""python -m guidebook [role …]: docs/published from docs/guide and the pictures and films taken.

With roles it builds theirs alone, to look at; the manifest is written when all were built.
"""

import sys
from concurrent.futures import ProcessPoolExecutor

import django


def main(asked):
    """0, or 1 after a sentence for each thing that must be mended."""
    django.setup()
    from guidebook.problems import Problem
    from guidebook.published import PUBLISHED, write_manifest
    from guidebook.sources import sources

    PUBLISHED.mkdir(exist_ok=True)
    try:
        found = [source for source in sources() if not asked or source.role.value in asked]
        with ProcessPoolExecutor(initializer=django.setup) as workers:
            entries = dict(workers.map(build, found))
        if not asked:
            write_manifest(entries)
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def build(source):
    """(role, its entry in the manifest), with the guide and the film written."""
    from guidebook import film, pdf
    from guidebook.published import PUBLISHED, entry
    from guidebook.sources import FILMS

    role, place = source.role, PUBLISHED / source.role.value
    guide, video = place.with_suffix(".pdf"), place.with_suffix(".mp4")
    pdf.make(source, guide)
    seconds = film.cut(
        FILMS / role.value,
        title="Video Tutorial LPSE Support",
        role=role.label,
        film=video,
        captions=place.with_suffix(".vtt"),
    )
    sys.stdout.write(
        f"{role.value}: {guide.name} {guide.stat().st_size // 1024} KiB,"
        f" {video.name} {video.stat().st_size // 1024} KiB, {seconds:.0f} s\n"
    )
    return role.value, entry(source, seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
