"""Verification: a body that did not make a report takes it, and its figures become official, or sends it back.

The figures of a report that needs it are provisional until then. A decision is about one file and exactly its bytes;
what it makes of the figures is committed with it, and told to both sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from connectors.accepted import accepted_rows
from connectors.durable import Kept
from connectors.landing import Landed, Landing
from connectors.ledger import Batch, DecidedError, Decision, Lease, NewBatch, Outcome, Submission
from indicator_specs.errors import PlainError, both
from pipelines.installation import Installation
from pipelines.submissions.attached import attached_to
from pipelines.submissions.awaiting import Awaiting, awaiting
from pipelines.submissions.standing import WITHDRAWN, Key, rows_of


class VerificationError(PlainError):
    """A decision that cannot be taken: nothing waits for it, or somebody else has to take it."""


@dataclass(frozen=True)
class Given:
    """A decision as a verifier gives it."""

    submission_no: int
    outcome: Outcome
    verifier: str
    who: str = ""
    reason: str = ""
    by_submission: int | None = None


def verify(
    here: Installation, given: Given, lease: Lease | None = None, among: Sequence[Awaiting] | None = None
) -> list[int]:
    """Take a decision; the numbers of the batches that it makes of the figures.

    Args:
        here: whose ledger.
        given: the decision.
        lease: if given, its fence is checked with the commit.
        among: what awaits, where it is at hand and nothing else has come since.

    Raises:
        VerificationError: the report does not await verification, not by this verifier, or needs a reason.
        LeaseLostError: somebody else works at the intake by now.
    """
    submission = _submission(here, given)
    reports = awaiting(here) if among is None else among
    report = next((each for each in reports if each.submission.submission_no == given.submission_no), None)
    _check_authority(here, given, submission, report)
    assert report is not None  # noqa: S101 - checked just now
    batches = tuple(_decided_batches(here, report, given))
    decision = Decision(
        given.submission_no,
        given.outcome,
        given.verifier,
        given.who,
        given.reason,
        batches,
        report.line.subject,
        given.by_submission,
        tuple(str(file["sha256"]) for batch in report.batches for file in attached_to(here, batch.submission_no or 0)),
    )
    try:
        return here.ledger.decide(decision, lease)
    except DecidedError as error:
        raise _refusal(_number(given), f"đã được quyết định ({error.event.kind})", "was decided before") from error


def _submission(here: Installation, given: Given) -> Submission:
    try:
        return here.ledger.submission(given.submission_no)
    except LookupError as error:
        raise _refusal(_number(given), "không có trong sổ tiếp nhận", "is not in the ledger") from error


def _check_authority(here: Installation, given: Given, submission: Submission, report: Awaiting | None) -> None:
    """Who may decide is asked when the decision is taken, not when the report came."""
    if given.verifier == submission.agency:
        raise _refusal(_number(given), "do chính đơn vị này gửi, không được tự thẩm định", "was sent by the same body")
    if report is None:
        raise _refusal(_number(given), "không chờ thẩm định", "does not await verification")
    if report.verifier != given.verifier:
        raise _refusal(_number(given), f"do {report.verifier} thẩm định", f"is verified by {report.verifier}")
    if given.outcome is Outcome.RETURNED and not given.reason.strip():
        raise _refusal(_number(given), "trả lại thì phải nêu lý do", "needs a reason to be returned")


def _decided_batches(here: Installation, report: Awaiting, given: Given) -> list[tuple[int, NewBatch]]:
    """Each file's part of the report, of which later files of it have said nothing else."""
    landing, frames = Landing(here.home), [accepted_rows(here.home, here.ledger, batch) for batch in report.batches]
    last: Mapping[Key, int] = {
        key: index
        for index, (batch, rows) in enumerate(zip(report.batches, frames, strict=True))
        for key, _ in rows_of(rows, batch.submission_no or 0)
    }
    made = []
    for index, (batch, rows) in enumerate(zip(report.batches, frames, strict=True)):
        is_last = [last[key] == index for key, _ in rows_of(rows, batch.submission_no or 0)]
        kept = rows.filter(pl.Series(is_last, dtype=pl.Boolean))
        if given.outcome is Outcome.RETURNED:
            kept = kept.with_columns(obs_value=pl.lit(None, dtype=pl.String), obs_status=pl.lit(WITHDRAWN))
        if kept.height:
            accepted = landing.accept(batch.source, batch.dataset, kept)
            made.append((batch.submission_no or 0, _batch(here, batch, accepted, given)))
    return made


def _batch(here: Installation, batch: Batch, accepted: Landed, given: Given) -> NewBatch:
    size = (here.home.root / batch.evidence_path).stat().st_size
    agency = here.ledger.submission(batch.submission_no or 0).agency
    origin: dict[str, Any] = {**batch.origin, given.outcome.value: given.verifier}
    return NewBatch(
        batch.source,
        batch.dataset,
        Kept(batch.evidence_sha256, batch.evidence_path, size),
        Landed(batch.landing_path, batch.landing_sha256, batch.n_read),
        accepted,
        batch.spec_hash,
        agency=agency,
        partition=batch.partition,
        origin=origin,
        history_release=batch.history_release,
        is_provisional=given.outcome is Outcome.RETURNED,
    )


def _number(given: Given) -> str:
    return f"PTN-{given.submission_no:06d}"


def _refusal(number: str, vi: str, en: str) -> VerificationError:
    return VerificationError(both(f"Phiếu {number} {vi}", f"Receipt {number} {en}"))
