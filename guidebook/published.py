"""docs/published: what was built, and the manifest that says from what.

faq's `publish_guides` reads the manifest; a test compares its digests with the sources of today.
"""

import json

from guidebook import text
from guidebook.sources import ROOT

PUBLISHED = ROOT / "docs" / "published"
MANIFEST = PUBLISHED / "manifest.json"


def entry(source, seconds):
    """What the portal has to know of one role's guide and film."""
    role = source.role.value
    return {
        "version": text.version(source),
        "guide": f"{role}.pdf",
        "video": f"{role}.mp4",
        "captions": f"{role}.vtt",
        "minutes": max(1, round(seconds / 60)),
        "sources": source.digest,
    }


def write_manifest(entries):
    MANIFEST.write_text(json.dumps(entries, indent=2) + "\n")


def outdated(sources):
    """The roles whose guide was built from other sources; none before the first build."""
    if not MANIFEST.exists():
        return []
    built = json.loads(MANIFEST.read_text())
    return [
        source.role.value
        for source in sources
        if built.get(source.role.value, {}).get("sources") != source.digest
    ]
