"""What lies in the agencies' folders: found, copied for ourselves, entered in the ledger, taken out once answered."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial

from connectors.durable import ensure_folder
from connectors.intake.claim import Candidate as DroppedFile
from connectors.intake.claim import ChangedError, FileKey, OwnCopy, SettleWatch, take_copy
from connectors.intake.folders import scan
from connectors.ledger import Received, State, Submission
from indicator_specs import drill
from pipelines.clearing import Alone, clear, hold
from pipelines.installation import Installation
from pipelines.intake_report import IntakeReport
from pipelines.together import in_turns, side_by_side

TOGETHER = 50
"""Files that are entered in one transaction: each by itself would wait for the disk."""

MOST_LOOKS = 80
"""Looks of one run while they bring something; what is left then is for the next run, so that figures are computed."""


class Incoming:
    """Files on their way in: looked for again and again, while what an earlier look has found is read and judged.

    A look takes at most ``at_once`` files of one agency, agencies in turn: what comes meanwhile waits for one of them.
    """

    def __init__(self, installation: Installation, watch: SettleWatch, report: IntakeReport, *, at_once: int) -> None:
        self.looks_left = MOST_LOOKS
        self._installation, self._watch, self._report, self._at_once = installation, watch, report, at_once
        self._taken_up: dict[FileKey, DroppedFile] = {}

    def received(self) -> Iterator[Submission]:
        """What is to be judged: what lies there or was left by an earlier run, until a look brings nothing more."""
        handed_out: set[int] = set()
        while self.looks_left:
            self._look()
            waiting = self._installation.ledger.submissions(state=State.RECEIVED)
            new = [each for each in waiting if each.submission_no not in handed_out]
            if not new:
                return
            handed_out |= {each.submission_no for each in new}
            yield from new

    def clear(self) -> None:
        """Take those out of their folders that have been answered."""
        for dropped in clear(self._installation, list(self._taken_up.values()), self._report.alone):
            del self._taken_up[dropped.key]

    def leave(self) -> None:
        """Let the next look find again what has not been answered: a copy of another file, say, or one that changed."""
        self._taken_up.clear()

    def _look(self) -> None:
        """An agency that has sent before and whose folder is gone is out of reach, not silent."""
        home, ledger = self._installation.home, self._installation.ledger
        self.looks_left -= 1
        if not home.intake.is_symlink():
            ensure_folder(home.intake)
        found = scan(home, self._watch, expected=ledger.agencies(), limit=self._at_once, taken_up=self._taken_up.keys())
        self._report.waiting = found.waiting
        self._report.tell(found.unreachable)
        for entry in found.odd:
            with self._report.alone(entry.agency, entry.path):
                hold(self._installation, entry)
        self._taken_up |= {dropped.key: dropped for dropped in found.candidates}
        receive(self._installation, found.candidates, self._report.alone)


def receive(installation: Installation, dropped: Sequence[DroppedFile], alone: Alone) -> None:
    """Enter dropped files; one that has changed since it was seen is left to the next look.

    Raises:
        OSError: this machine itself fails (a full disk). Files that were not entered lie where they lay.
    """
    copies = side_by_side(partial(take_copy, home=installation.home), dropped)
    for turn_of_copies in in_turns(copies, TOGETHER):
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
