"""A reading on its way in, and what becomes of it: counted from the source to the verdict, concluded in one state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.extract import Extract
from connectors.ledger import Batch, NewEvent, State, Submission
from connectors.workbook.rows import Explanation
from indicator_specs.findings import Finding, Severity
from pipelines.submissions.standing import Line

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


def concluding_state(n_accepted: int, findings: Sequence[Finding]) -> State:
    """How a submission ends: by what was taken, and by whether anything was returned for an error."""
    if n_accepted == 0:
        return State.RETURNED
    has_error = any(finding.severity is Severity.ERROR for finding in findings)
    return State.PARTLY_ACCEPTED if has_error else State.ACCEPTED


class CountsDifferError(RuntimeError):
    """Values were lost or doubled between the source and the verdict: a fault of ours, and nothing is committed."""


@dataclass(frozen=True)
class Counts:
    """Values of one pull on their way."""

    landed: int
    accepted: int
    returned: int


def counted(candidate: Candidate, counts: Counts) -> NewEvent:
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
