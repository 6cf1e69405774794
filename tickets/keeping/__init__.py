"""Keeping what was entrusted to the portal: backups, restoring them, and how long things stay.

A backup is one file: a tar stream encrypted for a public key whose private half is not on the
server (age, docs/adr/0027). In it, in this order: the dump of the database in pieces, the stored
files, and a manifest with the SHA-256 of every part and what the database held.
"""


class Failed(Exception):
    """Why there is no backup, or nothing was restored. `str()` is the sentence for the operator."""
