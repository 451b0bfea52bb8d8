"""The resident worker's attempts at what waits: at once where something has come, after a rest where nothing helps.

A file that its sender's program has locked, or a folder of answers that may only be read, stays for hours: it is tried
again and again, but not at every look, and Dagster is told of it once, not by a run for every attempt.
"""

import logging
import time
from collections.abc import Callable, Hashable
from math import inf

from connectors.intake.claim import SettleWatch
from connectors.ledger import LeaseHeldError
from pipelines.answered import answer_first
from pipelines.installation import Installation
from pipelines.intake_report import IntakeReport
from pipelines.waiting import Waiting

BREATH = 30.0
"""Seconds of rest after an attempt in vain, and after a run that failed."""


class Attempts:
    """After one in vain a rest, which ends at once where anything comes or changes.

    Args:
        watch: what the looks at the folders have seen.
        clock: seconds that only grow.
    """

    def __init__(self, watch: SettleWatch, clock: Callable[[], float] = time.monotonic) -> None:
        self.watch, self._clock = watch, clock
        self._rests_until = -inf
        self._in_vain: frozenset[Hashable] = frozenset()
        self._told: frozenset[Hashable] = frozenset()

    def is_due(self, waiting: Waiting) -> bool:
        """Whether to try now."""
        return bool(waiting) and (waiting.things != self._in_vain or self._clock() >= self._rests_until)

    def make(self, here: Installation, waiting: Waiting) -> bool:
        """Answer; whether a run is called for: there is something to compute, or to tell Dagster why there is not."""
        report = _answer(here, self.watch)
        if report is not None and (report.answers or report.admitted):
            self._told = waiting.things  # The step of the run that is called for looks for itself, and tells.
            return True
        self._in_vain, self._rests_until = waiting.things, self._clock() + BREATH
        if report is not None and not report.unreachable:
            return False
        is_news = not waiting.things <= self._told
        self._told = waiting.things
        return is_news


def _answer(here: Installation, watch: SettleWatch) -> IntakeReport | None:
    """Answer what waits; None where this machine or another process kept us from it."""
    try:
        return answer_first(here, watch)
    except (LeaseHeldError, OSError) as reason:
        logging.getLogger(__name__).warning("Not answered before the run: %s", reason)
        return None
