"""Answers on their way: receipts are written and workbooks marked while the next files are judged.

The ledger learns of an answer when it lies in the agency's folder, in the order of receipt, from the one process that
works. An answer that was not given is given by the next look.
"""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from connectors.ledger import Submission
from indicator_specs import drill
from pipelines.answering import answer
from pipelines.installation import Installation
from pipelines.intake_report import IntakeReport
from pipelines.together import HANDS


class Answers:
    """Gives every concluded submission its answer, also those that a crash left without; each once."""

    def __init__(self, installation: Installation, report: IntakeReport) -> None:
        self.given: list[Submission] = []
        self._installation, self._report = installation, report
        self._begun: set[int] = set()
        self._under_way: deque[tuple[Submission, Future[None]]] = deque()
        self._hands = ThreadPoolExecutor(HANDS)

    def begin(self) -> None:
        """Begin the answers that are due, and tell the ledger of those that were given meanwhile.

        Raises:
            OSError: this machine itself fails (a full disk).
        """
        for submission in self._installation.ledger.unanswered():
            is_reached = not self._report.has_lost(submission.agency, self._folder(submission))
            if is_reached and submission.submission_no not in self._begun:
                self._begun.add(submission.submission_no)
                self._under_way.append((submission, self._hands.submit(answer, self._installation, submission)))
        while self._under_way and self._under_way[0][1].done():
            self._end_some()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for every answer; where the work itself has failed, begin no more of them."""
        try:
            while failure is None and self._under_way:
                self._end_some()
        finally:
            self._hands.shutdown(cancel_futures=True)

    def _end_some(self) -> None:
        """Wait for the first answer; it and those that are there by then are entered together."""
        given: list[Submission] = []
        while self._under_way and (not given or self._under_way[0][1].done()):
            submission, made = self._under_way.popleft()
            with self._report.alone(submission.agency, self._folder(submission)):
                made.result()
                drill.point("answered")
                given.append(submission)
        if given:
            self._installation.ledger.mark_answered(*(each.submission_no for each in given))
        for each in given:
            drill.point("marked_answered")
            self.given.append(each)

    def _folder(self, submission: Submission) -> Path:
        return self._installation.home.intake / submission.agency
