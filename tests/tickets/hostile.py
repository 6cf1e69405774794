"""Hostile and odd files, each with the answer that it must get and why.

Made when they are needed, so that no malware lies in the repository. To have them on disk, with a
table of the answers: python -m tests.tickets.hostile DIRECTORY
"""

import csv
import hashlib
import re
import sys
from pathlib import Path

from tests.tickets.hostile_files import acting, archives, documents, others, pictures

EVERYTHING = [
    *(*others.NAMES, *others.PAGES, *others.PROGRAMS, *others.SEALED),
    *(*pictures.PICTURES, *documents.DOCUMENTS, *acting.DOCUMENTS, *archives.ARCHIVES),
]


def write(folder):
    """Every file, numbered, and answers.csv: number, name as sent, answer, reason, SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "answers.csv").open("w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["number", "label", "name", "answer", "why", "sha256"])
        for number, sample in enumerate(EVERYTHING, 1):
            plain = re.sub(r"[^A-Za-z0-9. _-]", "_", sample.name)[-60:]
            digest = hashlib.sha256()
            with (folder / f"{number:03} {plain}").open("wb") as file:
                for piece in sample.pieces():
                    file.write(piece)
                    digest.update(piece)
            told = [number, sample.label, ascii(sample.name), sample.answer, sample.why]
            rows.writerow([*told, digest.hexdigest()])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
