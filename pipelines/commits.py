"""From verdicts to commits: each candidate completed, its accepted rows stored, and entered in the ledger by itself."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from connectors.landing import Landed, Landing
from connectors.ledger import VERIFIER, Cursor, Lease, NewBatch
from expectations import Verdict
from indicator_specs import drill
from pipelines.candidates import Admitted, Candidate, Counts, concluding_state, counted
from pipelines.installation import Installation
from pipelines.release import Release
from pipelines.submissions.attached import ATTACHED
from pipelines.submissions.completing import Completed, complete
from pipelines.submissions.standing import Standing, remember


@dataclass(frozen=True)
class _Waiting:
    """A candidate that is complete and not committed: its accepted rows are being written."""

    candidate: Candidate
    landed: Landed
    completed: Completed
    accepted: Future[Landed]


class Commits:
    """Commits in the order of candidates: while the rows of one are written, the one before it is committed.

    A report is completed beside what the one before it will have said, where that is of the same line. Where evidence
    came with it, which later reports are held against, or where it turns out to say nothing new, nothing is taken for
    granted. One that fails holds up none of those before it.
    """

    def __init__(self, installation: Installation, in_force: Release | None, lease: Lease | None) -> None:
        self.made: list[Admitted] = []
        self._installation, self._in_force, self._lease = installation, in_force, lease
        self._landing, self._aside = Landing(installation.home), ThreadPoolExecutor(1)
        self._waiting: _Waiting | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if failure is None or isinstance(failure, Exception):
                self._commit()
        finally:
            self._aside.shutdown()

    def add(self, candidate: Candidate, landed: Landed, verdict: Verdict) -> None:
        """Complete a candidate and commit the one before it."""
        before = self._waiting
        if before is not None and any(event.kind == ATTACHED for event in before.completed.events):
            self._commit()
            before = None
        is_next = before is not None and candidate.line is not None and candidate.line == before.candidate.line
        stands = before.completed.stands if before is not None and is_next else None
        waiting = self._begin(candidate, landed, verdict, stands)
        is_as_expected = self._commit()
        self._waiting = waiting if is_as_expected or not is_next else self._begin(candidate, landed, verdict, None)

    def _begin(self, candidate: Candidate, landed: Landed, verdict: Verdict, stands: Standing | None) -> _Waiting:
        completed = _complete(self._installation, candidate, verdict, stands)
        source, dataset = candidate.extract.source, candidate.extract.dataset
        accepted = self._aside.submit(self._landing.accept, source, dataset, completed.accepted)
        return _Waiting(candidate, landed, completed, accepted)

    def _commit(self) -> bool:
        """Commit what waits; whether what was expected to stand after it does."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return True
        accepted = waiting.accepted.result()
        drill.point("accepted")
        here, in_force, lease = self._installation, self._in_force, self._lease
        made = commit(here, waiting.candidate, waiting.landed, accepted, waiting.completed, in_force, lease)
        self.made.append(made)
        return made.is_new


def _complete(installation: Installation, candidate: Candidate, verdict: Verdict, stands: Standing | None) -> Completed:
    if candidate.line is None or candidate.submission is None:
        counts = Counts(candidate.extract.rows.height, verdict.accepted.height, verdict.returned.height)
        events = (counted(candidate, counts),)
        return Completed(verdict.accepted, (*candidate.notes, *verdict.findings), events)
    return complete(
        installation, candidate.line, candidate.submission, verdict, candidate.explanations, candidate.notes, stands
    )


def commit(
    installation: Installation,
    candidate: Candidate,
    landed: Landed,
    accepted: Landed,
    completed: Completed,
    in_force: Release | None,
    lease: Lease | None,
) -> Admitted:
    """Enter a candidate in the ledger, of which all rows and the accepted ones lie in the stores.

    Raises:
        LeaseLostError: somebody else holds the lease by now. Nothing was written.
    """
    extract, submission, findings = candidate.extract, candidate.submission, completed.findings
    origin = {**extract.origin, **({VERIFIER: completed.verifier} if completed.verifier else {})}
    batch = NewBatch(
        extract.source,
        extract.dataset,
        extract.evidence,
        landed,
        accepted,
        installation.registry.spec_hash,
        agency=submission.agency if submission else "",
        partition=extract.partition or candidate.time_period or "",
        origin=origin,
        history_release=in_force.number if in_force else None,
        is_provisional=bool(completed.verifier),
    )
    cursor = Cursor(extract.source, extract.dataset, batch.partition, extract.cursor) if extract.cursor else None
    committed = installation.ledger.commit(
        batch,
        submission_no=submission.submission_no if submission else None,
        state=concluding_state(batch.n_accepted, findings) if submission else None,
        time_period=candidate.time_period,
        findings=findings,
        cursor=cursor,
        events=completed.events,
        lease=lease,
    )
    assert committed.batch is not None  # noqa: S101 - a batch was given
    if candidate.line is not None and completed.stands is not None and committed.is_new_batch:
        remember(installation, candidate.line, replace(completed.stands, last=committed.batch))
    return Admitted(committed.batch, findings, committed.is_new_batch, extract.is_unchanged)
