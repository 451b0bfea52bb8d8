"""What lies in the agencies' folders: found, copied for ourselves, entered in the ledger, taken out once answered."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self

from connectors.durable import ensure_folder
from connectors.intake.claim import Candidate as DroppedFile
from connectors.intake.claim import ChangedError, FileKey, OwnCopy, SettleWatch, take_copy
from connectors.intake.folders import scan
from connectors.ledger import Received, State, Submission
from indicator_specs import drill
from pipelines.clearing import clear, hold
from pipelines.installation import Installation
from pipelines.intake_report import IntakeReport
from pipelines.together import HANDS

TOGETHER = 50
"""Files that are entered in one transaction: each by itself would wait for the disk."""

MOST_LOOKS = 40
"""Looks of one run while they bring something; what is left then is for the next run, so that figures are computed."""


Copying = tuple[DroppedFile, Future[OwnCopy]]
"""A dropped file of which our own copy is being made."""


class Incoming:
    """Files on their way in: looked for again and again, while what an earlier look has found is read and judged.

    A look takes at most ``at_once`` files of one agency, agencies in turn: what comes meanwhile waits for one of them.
    """

    def __init__(self, installation: Installation, watch: SettleWatch, report: IntakeReport, *, at_once: int) -> None:
        self.looks_left = MOST_LOOKS
        self._installation, self._watch, self._report, self._at_once = installation, watch, report, at_once
        self._taken_up: dict[FileKey, DroppedFile] = {}
        self._hands = ThreadPoolExecutor(HANDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hands.shutdown(cancel_futures=True)

    def received(self) -> Iterator[Submission]:
        """What is to be judged: what lies there or was left by an earlier run, until a look brings nothing more.

        Raises:
            OSError: this machine itself fails (a full disk). Files that were not entered lie where they lay.
        """
        handed_out: set[int] = set()
        copying = deque(self._look())
        while True:
            self._enter([copying.popleft() for _ in range(min(TOGETHER, len(copying)))])
            waiting = self._installation.ledger.submissions(state=State.RECEIVED)
            new = [each for each in waiting if each.submission_no not in handed_out]
            if new and not copying and self.looks_left:
                # Copies of what the next look finds are made while these are read.
                copying.extend(self._look())
            if not new and not copying:
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

    def _look(self) -> list[Copying]:
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
        return [(dropped, self._hands.submit(take_copy, dropped, home)) for dropped in found.candidates]

    def _enter(self, copying: Sequence[Copying]) -> None:
        """Enter dropped files; one that has changed since it was seen is left to a later look."""
        received: list[Received] = []
        for dropped, copy in copying:
            with self._report.alone(dropped.agency, dropped.path), suppress(ChangedError):
                received.append(_entry(dropped, copy.result()))
        for _ in self._installation.ledger.receive_all(received) if received else ():
            drill.point("received")


def _entry(dropped: DroppedFile, copy: OwnCopy) -> Received:
    drill.point("copied")
    seen = dropped.identity
    return Received(dropped.agency, dropped.name, seen.inode, seen.mtime_ns, copy.sha256, copy.size, copy.path)
