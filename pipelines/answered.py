"""What the resident worker has answered of which no run has told yet: officers do not wait for Dagster's books.

A run begins by entering each of some 390 planned events, and only then takes its first step. So the worker answers
first, by the function that the step calls too, and the step of the next run tells Dagster of both. Where that run never
comes, the ledger knows.
"""

from collections import deque

from connectors.intake.claim import SettleWatch
from pipelines.installation import Installation
from pipelines.intake import take_in
from pipelines.intake_report import IntakeReport

_untold: deque[IntakeReport] = deque()


def answer_first(here: Installation, watch: SettleWatch) -> IntakeReport:
    """Answer what has settled, and keep for the next run of this process what came of it.

    What is out of reach is not kept: the run looks for itself.

    Raises:
        LeaseHeldError, OSError: as ``take_in``.
    """
    report = take_in(here, settle=watch)
    if report.answers or report.admitted:
        _untold.append(report)
    return report


def with_answered(report: IntakeReport) -> IntakeReport:
    """A step's own report after those of which no run has told yet; out of reach is what its own look did not reach."""
    whole = IntakeReport(waiting=report.waiting, unreachable=report.unreachable)
    while _untold:
        earlier = _untold.popleft()
        whole.admitted += earlier.admitted
        whole.answers += earlier.answers
    whole.admitted += report.admitted
    whole.answers += report.answers
    return whole
