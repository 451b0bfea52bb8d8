"""Land, judge, accept, commit: the one way by which figures enter, whether a machine or an officer brought them.

A crash anywhere before the ledger's commit leaves files that nothing lists; the next run makes the same files again.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from connectors.extract import Extract
from connectors.landing import Landed, Landing
from connectors.ledger import VERIFIER, Batch, Cursor, Lease, NewBatch, NewEvent, State, Submission
from connectors.workbook.rows import Explanation
from expectations import Case, Verdict, judge
from indicator_specs import drill
from indicator_specs.findings import Finding, Severity
from pipelines.history import Wanted, published_observations
from pipelines.installation import Installation
from pipelines.release import Release, current
from pipelines.slices import judged_in_slices
from pipelines.submissions.completing import Completed, complete
from pipelines.submissions.standing import Line, remember
from pipelines.together import HANDS

PULLED = "pulled"
"""Kind of the event that counts one pull, from the source to the verdict."""


@dataclass(frozen=True)
class Candidate:
    """One reading on its way in: an extract, and the submission that it came with, if a person sent it."""

    extract: Extract
    submission: Submission | None = None
    time_period: str | None = None
    key_columns: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Finding, ...] = ()
    """What the reader had to say of the file as a whole."""
    explanations: tuple[Explanation, ...] = ()
    """What the officer wrote beside the figures."""
    made_from: str = ""
    """Hash of all that a count was made from, where somebody counted."""

    @property
    def line(self) -> Line | None:
        """Whose report on what it is; None for a pull."""
        if self.submission is None or self.time_period is None:
            return None
        return Line(f"{self.extract.source}.{self.extract.dataset}", self.time_period, self.submission.agency)


@dataclass(frozen=True)
class Admitted:
    """What became of one candidate. Its rows lie in the stores: whoever admits thousands holds none of them."""

    batch: Batch
    findings: tuple[Finding, ...]
    is_new: bool
    is_unchanged: bool
    """The source said so itself."""


def admit(installation: Installation, candidates: Sequence[Candidate], lease: Lease | None = None) -> list[Admitted]:
    """Admit candidates in one judgement, in their order; each is committed by itself.

    Content that is the newest batch already is judged again and found to be that batch: the same twice is one effect.

    Raises:
        OSError: a store cannot be written; what was committed before stays.
    """
    if any(candidate.extract.sliced for candidate in candidates):
        return [one for candidate in candidates for one in _admit_one(installation, candidate, lease)]
    landing, in_force = Landing(installation.home), current(installation.home)
    with ThreadPoolExecutor(HANDS) as hands:
        # Landing is waiting for the disk: judgement goes on meanwhile.
        landing_now = hands.map(landing.land, [candidate.extract for candidate in candidates])
        wanted = _wanted(installation, candidates)
        verdicts = judge(
            [_case(installation, number, candidate) for number, candidate in enumerate(candidates)],
            installation.registry,
            published_observations(installation.home, in_force, wanted) if in_force else None,
        )
        drill.point("judged")
        landed = list(landing_now)
    admitted = []
    for candidate, at, verdict in zip(candidates, landed, verdicts, strict=True):
        completed = _complete(installation, candidate, verdict)
        accepted = landing.accept(candidate.extract.source, candidate.extract.dataset, completed.accepted)
        drill.point("accepted")
        batch = _batch(installation, candidate, at, accepted, in_force, completed.verifier)
        admitted.append(_commit(installation, candidate, batch, completed, lease))
    return admitted


def _admit_one(installation: Installation, candidate: Candidate, lease: Lease | None) -> list[Admitted]:
    if candidate.extract.sliced is None:
        return admit(installation, [candidate], lease)
    in_force = current(installation.home)
    judged = judged_in_slices(installation, candidate.extract, in_force)
    counts = Counts(judged.landed.n_rows, judged.accepted.n_rows, judged.n_returned)
    completed = Completed(candidate.extract.rows, (*candidate.notes, *judged.findings), (_counted(candidate, counts),))
    batch = _batch(installation, candidate, judged.landed, judged.accepted, in_force, completed.verifier)
    return [_commit(installation, candidate, batch, completed, lease)]


def concluding_state(n_accepted: int, findings: Sequence[Finding]) -> State:
    """How a submission ends: by what was taken, and by whether anything was returned for an error."""
    if n_accepted == 0:
        return State.RETURNED
    has_error = any(finding.severity is Severity.ERROR for finding in findings)
    return State.PARTLY_ACCEPTED if has_error else State.ACCEPTED


def _complete(installation: Installation, candidate: Candidate, verdict: Verdict) -> Completed:
    if candidate.line is None or candidate.submission is None:
        counts = Counts(candidate.extract.rows.height, verdict.accepted.height, verdict.returned.height)
        events = (_counted(candidate, counts),)
        return Completed(verdict.accepted, (*candidate.notes, *verdict.findings), events)
    return complete(
        installation, candidate.line, candidate.submission, verdict, candidate.explanations, candidate.notes
    )


class CountsDifferError(RuntimeError):
    """Values were lost or doubled between the source and the verdict: a fault of ours, and nothing is committed."""


@dataclass(frozen=True)
class Counts:
    """Values of one pull on their way."""

    landed: int
    accepted: int
    returned: int


def _counted(candidate: Candidate, counts: Counts) -> NewEvent:
    """The counts of one pull, from the source to the verdict, for the chronicle.

    Raises:
        CountsDifferError: what was landed is not what was accepted and returned.
    """
    extract = candidate.extract
    if counts.landed != counts.accepted + counts.returned or counts.landed != extract.n_rows:
        raise CountsDifferError(
            f"{extract.source}.{extract.dataset}: {extract.n_rows} read, {counts.landed} landed, "
            f"{counts.accepted} accepted, {counts.returned} returned"
        )
    told = {
        "partition": extract.partition,
        "records_emitted": extract.n_emitted,
        "records_kept": int(extract.origin.get("n_records", 0)),
        "values_landed": counts.landed,
        "values_accepted": counts.accepted,
        "values_returned": counts.returned,
        "seconds": round(extract.seconds, 3),
        "is_unchanged": extract.is_unchanged,
        **({"made_from": candidate.made_from} if candidate.made_from else {}),
    }
    return NewEvent(PULLED, f"{extract.source}/{extract.dataset}", told)


def _wanted(installation: Installation, candidates: Sequence[Candidate]) -> Wanted:
    """The published figures that these candidates are held against."""
    extracts = [candidate.extract for candidate in candidates]
    datasets = {(extract.source, extract.dataset): None for extract in extracts}
    measures = [measure.id for named in datasets for measure in installation.registry.dataset(*named).measures]
    return Wanted.beside(measures, [extract.rows for extract in extracts])


def _case(installation: Installation, number: int, candidate: Candidate) -> Case:
    extract = candidate.extract
    return Case(
        case_id=str(number),
        dataset=installation.registry.dataset(extract.source, extract.dataset),
        rows=extract.rows,
        agency=candidate.submission.agency if candidate.submission else None,
        time_period=candidate.time_period,
        key_columns=candidate.key_columns,
    )


def _batch(
    installation: Installation,
    candidate: Candidate,
    landed: Landed,
    accepted: Landed,
    history: Release | None,
    verifier: str,
) -> NewBatch:
    extract, submission = candidate.extract, candidate.submission
    return NewBatch(
        extract.source,
        extract.dataset,
        extract.evidence,
        landed,
        accepted,
        installation.registry.spec_hash,
        agency=submission.agency if submission else "",
        partition=extract.partition or candidate.time_period or "",
        origin={**extract.origin, **({VERIFIER: verifier} if verifier else {})},
        history_release=history.number if history else None,
        is_provisional=bool(verifier),
    )


def _commit(
    installation: Installation, candidate: Candidate, batch: NewBatch, completed: Completed, lease: Lease | None
) -> Admitted:
    extract, submission = candidate.extract, candidate.submission
    findings = completed.findings
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
