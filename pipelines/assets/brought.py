"""What one pull brought, before anybody judged it: told in the same words by a run and from the ledger.

A run knows the pull itself; the command line and the resident worker leave a batch and an event of the pull.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from connectors.extract import Extract
from connectors.ledger import Batch
from pipelines.candidates import PULLED
from pipelines.installation import Installation

Told = dg.MetadataValue | int | str | float


@dataclass(frozen=True)
class Brought:
    """``records`` as the source has them, ``rows_landed`` values; ``cursor`` is how far the source has been read.

    ``seconds`` is None where nobody measured: of a report, or of what an older version pulled.
    """

    period: str
    rows_landed: int
    records: int
    bytes: int
    cursor: str
    is_unchanged: bool
    seconds: float | None

    @classmethod
    def by(cls, read: Extract) -> "Brought":
        """What this pull brought."""
        return cls(
            read.partition,
            read.n_rows,
            int(read.origin.get("n_records", read.n_rows)),
            read.evidence.size,
            read.cursor or "",
            read.is_unchanged,
            read.seconds,
        )

    @classmethod
    def as_listed(cls, here: Installation, batch: Batch) -> "Brought":
        """What the ledger says of the pull that brought a batch: of its partition the last that was counted."""
        subject = f"{batch.source}/{batch.dataset}"
        pulls = [each.detail for each in here.ledger.events(kinds=[PULLED], subjects=[subject])]
        last: Mapping[str, Any] = next((each for each in reversed(pulls) if each["partition"] == batch.partition), {})
        evidence = here.home.root / batch.evidence_path
        return cls(
            batch.partition,
            batch.n_read,
            int(batch.origin.get("n_records", batch.n_read)),
            evidence.stat().st_size if evidence.is_file() else 0,
            here.ledger.cursor(batch.source, batch.dataset, batch.partition) or "",
            bool(last.get("is_unchanged", False)),
            last.get("seconds"),
        )

    @property
    def metadata(self) -> dict[str, Told]:
        """For the asset's page."""
        return {
            "period": self.period or "all",
            "rows_landed": self.rows_landed,
            "records": self.records,
            "bytes": self.bytes,
            "cursor": self.cursor or "—",
            "unchanged_at_source": self.is_unchanged,
            "seconds": "—" if self.seconds is None else round(self.seconds, 3),
        }
