"""Entering what lies in the agencies' folders: our own copy first, then a submission in the ledger."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from connectors.intake.claim import Candidate as DroppedFile
from connectors.intake.claim import ChangedError, OwnCopy, take_copy
from connectors.ledger import Received
from indicator_specs import drill
from pipelines.clearing import Alone
from pipelines.installation import Installation
from pipelines.together import in_turns, side_by_side

AT_ONCE = 50
"""Files that are entered in one transaction: each by itself would wait for the disk."""


def receive(installation: Installation, dropped: Sequence[DroppedFile], alone: Alone) -> None:
    """Enter dropped files; one that has changed since it was seen is left to the next look.

    Raises:
        OSError: this machine itself fails (a full disk). Files that were not entered lie where they lay.
    """
    copies = side_by_side(partial(take_copy, home=installation.home), dropped)
    for turn_of_copies in in_turns(copies, AT_ONCE):
        received: list[Received] = []
        for file, take in turn_of_copies:
            with alone(file.agency, file.path), suppress(ChangedError):
                received.append(_entry(file, take))
        for _ in installation.ledger.receive_all(received):
            drill.point("received")


def _entry(file: DroppedFile, take: Callable[[], OwnCopy]) -> Received:
    copy = take()
    drill.point("copied")
    seen = file.identity
    return Received(file.agency, file.name, seen.inode, seen.mtime_ns, copy.sha256, copy.size, copy.path)
