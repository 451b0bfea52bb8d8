"""The ledger: the truth about what was received. Its commit is the only commit point of the system."""

from connectors.ledger.book import Ledger
from connectors.ledger.chronicle import Audit, Event, NewEvent, about_submission
from connectors.ledger.lease import Lease, LeaseHeldError, LeaseLostError
from connectors.ledger.records import Batch, Committed, Cursor, NewBatch, State, Submission
from connectors.ledger.verifying import OUTCOMES, DecidedError, Decision, Outcome

__all__ = [
    "OUTCOMES",
    "Audit",
    "Batch",
    "Committed",
    "Cursor",
    "DecidedError",
    "Decision",
    "Event",
    "Lease",
    "LeaseHeldError",
    "LeaseLostError",
    "Ledger",
    "NewBatch",
    "NewEvent",
    "Outcome",
    "State",
    "Submission",
    "about_submission",
]
