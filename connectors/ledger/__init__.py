"""The ledger: the truth about what was received. Its commit is the only commit point of the system."""

from connectors.ledger.book import Ledger
from connectors.ledger.lease import Lease, LeaseHeldError, LeaseLostError
from connectors.ledger.records import Batch, Committed, Cursor, NewBatch, State, Submission

__all__ = [
    "Batch",
    "Committed",
    "Cursor",
    "Lease",
    "LeaseHeldError",
    "LeaseLostError",
    "Ledger",
    "NewBatch",
    "State",
    "Submission",
]
