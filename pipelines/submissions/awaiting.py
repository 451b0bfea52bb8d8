"""Reports that await verification, with the batches that a decision is about."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.ledger import OUTCOMES, Batch, Ledger, Submission, about_submission
from pipelines.installation import Installation
from pipelines.submissions.completing import verifier_of_line
from pipelines.submissions.standing import Line


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
    submissions = {each.submission_no: each for each in ledger.submissions()}
    decided = {event.subject for event in ledger.events(kinds=OUTCOMES)}
    lines: defaultdict[Line, list[Batch]] = defaultdict(list)
    for batch in ledger.batches():
        if batch.submission_no is not None:
            agency = submissions[batch.submission_no].agency
            lines[Line(f"{batch.source}.{batch.dataset}", batch.partition, agency)].append(batch)
    for line, batches in lines.items():
        since: list[Batch] = []
        for batch in batches:
            is_settled = not batch.is_provisional or about_submission(batch.submission_no or 0) in decided
            since = [] if is_settled else [*since, batch]
        if since:
            yield line, submissions[since[-1].submission_no or 0], tuple(since)
