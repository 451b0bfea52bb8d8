"""Rows of the ledger as frozen values, and what a commit is made of. Reads and writes nothing."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # opening the ledger must not import the table libraries
    from connectors.durable import Kept
    from connectors.landing import Landed


class State(StrEnum):
    """Where a submission stands."""

    RECEIVED = "received"
    """Our copy is kept; not judged yet."""
    ACCEPTED = "accepted"
    """Every indicator group was taken."""
    PARTLY_ACCEPTED = "partly_accepted"
    """Some indicator groups were taken, the others returned."""
    RETURNED = "returned"
    """Nothing was taken; the agency is to complete it."""
    DUPLICATE = "duplicate"
    """The same bytes were taken before; no effect."""
    QUARANTINED = "quarantined"
    """Held for inspection."""


@dataclass(frozen=True)
class Submission:
    """One file that an agency dropped."""

    submission_no: int
    agency: str
    file_name: str
    inode: int
    mtime_ns: int
    sha256: str
    size: int
    evidence_path: str
    received_at: datetime
    state: State
    reason: str
    source: str | None
    dataset: str | None
    time_period: str | None
    duplicate_of: int | None
    answered_at: datetime | None
    batch_no: int | None = None
    """The batch that holds its figures: its own, or an earlier one of the same content."""
    sent_by_other: int | None = None
    """Set by ``receive`` only: another agency's submission of the same bytes."""

    @property
    def is_concluded(self) -> bool:
        """Whether its state is final."""
        return self.state is not State.RECEIVED


@dataclass(frozen=True)
class Batch:
    """One reading of one dataset with its verdict. Paths are relative to the home."""

    batch_no: int
    batch_id: str
    source: str
    dataset: str
    submission_no: int | None
    partition: str
    origin: dict[str, str]
    evidence_sha256: str
    evidence_path: str
    landing_sha256: str
    landing_path: str
    accepted_sha256: str | None
    accepted_path: str | None
    n_read: int
    n_accepted: int
    n_returned: int
    spec_hash: str
    history_release: int | None
    accepted_at: datetime
    is_provisional: bool = False
    """Its figures await verification: they never supersede what was verified."""
    compaction_no: int | None = None
    """The compaction whose parts hold its accepted rows; None while ``accepted_path`` alone does."""
    compacted_at: datetime | None = None


@dataclass(frozen=True)
class NewBatch:
    """A batch before it is committed.

    ``agency`` is the folder that a workbook lay in, empty for a pull. ``partition`` is the period of a
    partitioned pull or of a workbook, empty where one pull brings all. ``accepted`` is None where every
    row was returned. ``is_provisional``: its figures await verification.
    """

    source: str
    dataset: str
    evidence: "Kept"
    landed: "Landed"
    accepted: "Landed | None"
    spec_hash: str
    agency: str = ""
    partition: str = ""
    origin: dict[str, str] = field(default_factory=dict)
    history_release: int | None = None
    is_provisional: bool = False

    @property
    def n_read(self) -> int:
        """Rows that were read."""
        return self.landed.n_rows

    @property
    def n_accepted(self) -> int:
        """Rows that were accepted."""
        return self.accepted.n_rows if self.accepted else 0

    @property
    def batch_id(self) -> str:
        """The same content from the same sender is the same batch."""
        return _digest(self.source, self.dataset, self.agency, self.landed.sha256)

    def batch_id_after(self, batch_id: str) -> str:
        """The identity of this content where it comes back *after* other content had replaced it."""
        return _digest(self.batch_id, "after", batch_id)


@dataclass(frozen=True)
class Cursor:
    """How far a source has been read."""

    source: str
    dataset: str
    partition: str
    value: str


@dataclass(frozen=True)
class Committed:
    """What a commit left: the batch (None for a file without readable rows) and the submission."""

    batch: Batch | None
    is_new_batch: bool
    submission: Submission | None


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
