"""What is asked after every fault, always the same."""

import os
import time

OLDER = 2 * 24 * 60 * 60  # seconds: `tidy_files` leaves alone what is younger than a day
NAMED = """
    SELECT path FROM tickets_draft UNION SELECT preview_path FROM tickets_draft
    UNION SELECT path FROM tickets_attachment UNION SELECT preview_path FROM tickets_attachment
"""


def ask_all(portal):
    """After a fault: nothing lost, nothing double, no file that nobody finds, history clean."""
    numbers = {text: times_stored(portal, text) for text in portal.told}
    lost = [text for text, is_told in portal.told.items() if is_told and not numbers[text]]
    double = [text for text, number in numbers.items() if number > 1]
    assert lost == []
    assert double == []
    ask_about_files(portal)
    assert "are as written" in portal.manage("verify_history", "--files")


def times_stored(portal, text):
    """How many events have this message, or this key where a step has none."""
    ((number,),) = portal.ask(
        "SELECT count(*) FROM tickets_event WHERE message = %s OR key::text = %s", text, text
    )
    return number


def ask_about_files(portal):
    """`tidy_files` finds every file that no row names; every row has its file."""
    incoming = portal.files / "incoming"
    for _ in range(2):  # nights: a folder that was emptied in one goes in the next
        grow_old(portal)
        portal.manage("tidy_files")
        if not any(incoming.iterdir()):
            break
    named = {path for (path,) in portal.ask(NAMED)} - {""}
    assert stored(portal) == named
    assert [path.name for path in portal.temp.rglob("*")] == []
    assert [path.name for path in incoming.iterdir()] == []


def stored(portal):
    """The paths of all files in the storage."""
    files = (path for path in portal.files.rglob("*") if path.is_file())
    return {str(path.relative_to(portal.files)) for path in files}


def grow_old(portal):
    """Two days pass for the files, not for their rows."""
    then = time.time() - OLDER
    for path in portal.files.rglob("*"):
        os.utime(path, (then, then))
