"""The ledger: the truth about what was received. Its commit is the only commit point of the system."""

from connectors.ledger.book import Ledger
from connectors.ledger.chronicle import Audit, Event, NewEvent, about_submission
from connectors.ledger.compacting import Compactions, Group, NewCompaction, NewPart, Part, SwapError
from connectors.ledger.engine import LedgerUnreachableError
from connectors.ledger.lease import Lease, LeaseHeldError, LeaseLostError
from connectors.ledger.receiving import Received
from connectors.ledger.records import Batch, Committed, Cursor, NewBatch, State, Submission
from connectors.ledger.verifying import OUTCOMES, VERIFIER, DecidedError, Decision, Outcome

__all__ = [
    "OUTCOMES",
    "VERIFIER",
    "Audit",
    "Batch",
    "Committed",
    "Compactions",
    "Cursor",
    "DecidedError",
    "Decision",
    "Event",
    "Group",
    "Lease",
    "LeaseHeldError",
    "LeaseLostError",
    "Ledger",
    "LedgerUnreachableError",
    "NewBatch",
    "NewCompaction",
    "NewEvent",
    "NewPart",
    "Outcome",
    "Part",
    "Received",
    "State",
    "Submission",
    "SwapError",
    "about_submission",
]
