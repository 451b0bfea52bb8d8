"""Out of the agencies' folders: answered originals into the archive or quarantine, links and devices held unopened."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from connectors.durable import fsync_folder
from connectors.intake.claim import Candidate as DroppedFile
from connectors.intake.folders import OddEntry
from connectors.intake.settle import archive, quarantine, quarantine_odd
from connectors.ledger import State
from pipelines.installation import Installation

Alone = Callable[[str, Path], AbstractContextManager[None]]
"""Keeps the failure of one agency's folder or file to itself."""


def hold(installation: Installation, entry: OddEntry) -> None:
    """A link or a device in a folder is moved away unopened."""
    held = quarantine_odd(installation.home, entry)
    installation.ledger.event(
        "odd_entry_held", entry.agency, {"name": entry.path.name, "kind": entry.oddity, "at": held.name}
    )


def clear(installation: Installation, candidates: Sequence[DroppedFile], alone: Alone) -> list[DroppedFile]:
    """Take answered originals out of their folders; those that were answered."""
    answered = {
        (submission.agency, submission.inode, submission.mtime_ns): submission
        for submission in installation.ledger.submissions(inodes=[dropped.identity.inode for dropped in candidates])
        if submission.answered_at is not None
    }
    done = [dropped for dropped in candidates if dropped.key in answered]
    touched: dict[Path, str] = {}
    for dropped in done:
        submission = answered[dropped.key]
        move = quarantine if submission.state is State.QUARANTINED else archive
        with alone(dropped.agency, dropped.path):
            held = move(installation.home, dropped.agency, submission.submission_no, dropped.path, dropped.identity)
            if held.exists():
                touched |= dict.fromkeys((held.parent, dropped.path.parent), dropped.agency)
    for folder, agency in touched.items():
        with alone(agency, folder):
            fsync_folder(folder)
    return done
