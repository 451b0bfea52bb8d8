"""Reports that await verification, with the batches that a decision is about."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.ledger import Batch, Ledger, Submission
from pipelines.installation import Installation
from pipelines.submissions.completing import verifier_of_line
from pipelines.submissions.standing import Line, line_batches


@dataclass(frozen=True)
class Awaiting:
    """One report that somebody has to look at. ``submission`` is the last file of it.

    ``batches`` are the provisional ones since the last decision: a report may have come in several files.
    """

    submission: Submission
    line: Line
    verifier: str
    batches: tuple[Batch, ...]


def awaiting(here: Installation, verifier: str = "") -> list[Awaiting]:
    """Reports that await verification, of one verifier or of all, in the order of their receipt."""
    if not here.registry.reference.verifications:
        return []
    found = [
        Awaiting(submission, line, who, batches)
        for line, submission, batches in _undecided(here.ledger)
        if (who := verifier_of_line(here, line)) and verifier in ("", who)
    ]
    return sorted(found, key=lambda each: each.submission.submission_no)


def _undecided(ledger: Ledger) -> Iterator[tuple[Line, Submission, tuple[Batch, ...]]]:
    pending: dict[Line, list[Batch]] = defaultdict(list)
    senders: dict[int, Submission] = {}
    for batch in ledger.reports.undecided():
        sender = ledger.submission(batch.submission_no or 0)
        senders[sender.submission_no] = sender
        pending[Line(f"{batch.source}.{batch.dataset}", batch.partition, sender.agency)].append(batch)
    for line, batches in pending.items():
        settled = [each.batch_no for each in line_batches(ledger, line) if each not in batches]
        since = tuple(each for each in batches if each.batch_no > max(settled, default=0))
        if since:
            yield line, senders[since[-1].submission_no or 0], since
