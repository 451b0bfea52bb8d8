"""Decisions on submissions: a second pair of eyes takes what was sent, or gives it back.

What a decision makes of the figures is a batch of the submission that it decides; batch and event commit together, so
that nothing is verified without saying by whom.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from connectors.ledger import committing, receiving
from connectors.ledger.chronicle import Event, NewEvent, about_submission, events, record
from connectors.ledger.records import NewBatch


class Outcome(StrEnum):
    """How a verification ends; the value is the kind of its event."""

    VERIFIED = "verified"
    """The figures are official."""
    RETURNED = "verification_returned"
    """The agency is to complete its report; its figures no longer count."""


VERIFIER = "verifier"
"""What the origin of a provisional batch calls the body that was asked to verify it."""

OUTCOMES = tuple(outcome.value for outcome in Outcome)


@dataclass(frozen=True)
class Decision:
    """One decision on one submission.

    ``batches`` are what becomes of the figures, each with the submission that brought them: a report may have come in
    several files.
    """

    submission_no: int
    outcome: Outcome
    verifier: str
    """Org unit code of the body that decides."""
    who: str
    """The person, as given; empty where only the body is known."""
    reason: str
    batches: tuple[tuple[int, NewBatch], ...]
    line: str
    """Subject of the events about this form, period and agency."""
    by_submission: int | None = None
    """The file in which the decision came."""
    evidence: tuple[str, ...] = ()
    """Hashes of the evidence that was there to see."""


class DecidedError(Exception):
    """Somebody has decided already; ``event`` says what."""

    def __init__(self, event: Event) -> None:
        super().__init__(f"{event.subject} was decided in event {event.event_no}: {event.kind}")
        self.event = event


def decide(connection: Connection, decision: Decision) -> list[int]:
    """Write a decision; returns the numbers of its batches.

    Raises:
        DecidedError: the submission was decided before.
        LookupError: there is no such submission.
    """
    about = about_submission(decision.submission_no)
    held = receiving.one(connection, decision.submission_no)
    made = events(connection, kinds=OUTCOMES, subjects=[about])
    if made:
        raise DecidedError(made[-1])
    numbers = [
        committing.enter_batch(connection, batch, submission_no, held.time_period).batch_no
        for submission_no, batch in decision.batches
    ]
    detail = {
        "verifier": decision.verifier,
        "who": decision.who,
        "reason": decision.reason,
        "batches": numbers,
        "sha256": held.sha256,
        "by_submission": decision.by_submission,
        "evidence": list(decision.evidence),
    }
    record(connection, NewEvent(decision.outcome.value, about, detail))
    if decision.outcome is Outcome.VERIFIED:
        approved = {"submission_no": decision.submission_no, "who": decision.verifier, "why": decision.reason}
        record(connection, NewEvent("period_approved", decision.line, approved))
    return numbers
