"""``Extract``: what one pull brings, whatever the kind of source. Only the shape."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from connectors.durable import Kept
from indicator_specs.findings import Finding
from indicator_specs.source_spec import Dataset


@dataclass(frozen=True)
class EarlierBatch:
    """A batch of the same dataset and partition; ``reached`` is how far its cursor had come. Paths as in the ledger."""

    evidence_path: str
    landing_path: str
    reached: str | None = None


@dataclass(frozen=True)
class Counted:
    """What was counted of one org unit: ``counts`` by column, and ``of`` what they were counted, as plain values."""

    org_unit: str
    counts: Mapping[str, int]
    of: Sequence[Mapping[str, object]] = ()


Conduct = Callable[[Dataset, str], Sequence[Counted]]
"""Dataset and period: what the system itself did, counted by whoever holds both the catalogue and the ledger."""


@dataclass(frozen=True)
class Before:
    """What the ledger lists of a dataset and partition before it is pulled again, the newest batch last.

    ``conduct`` counts what else the ledger knows, for the source that the system itself is.
    """

    batches: tuple[EarlierBatch, ...] = ()
    cursor: str | None = None
    conduct: Conduct | None = None


FIRST = Before()
"""Nothing was pulled yet."""


@dataclass(frozen=True)
class Extract:
    """What one pull brought.

    ``rows`` has the columns of ``connectors.landing.READING_SCHEMA``, one row per value. ``evidence`` is
    what the rows were read from, byte for byte. ``origin`` says where it came from, without any secret.
    ``cursor`` is the newest period seen, or how far an incremental pull has come. ``n_emitted`` counts the records
    that the source handed over, known ones among them; None where the reader does not count. ``findings`` are what the
    reading itself has to say: columns that are new, figures that the source withdrew. ``columns`` are those of the
    source with their types in its own words, for its contract; empty where the reader does not know them.
    ``is_unchanged``: the source itself said that nothing is new since the last pull, and the rows are read from
    what was kept then. ``seconds``: how long it took, from the first word to the last row.
    """

    source: str
    dataset: str
    rows: pl.DataFrame
    evidence: Kept
    origin: dict[str, str] = field(default_factory=dict)
    cursor: str | None = None
    partition: str = ""
    is_unchanged: bool = False
    n_emitted: int | None = None
    findings: tuple[Finding, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    @classmethod
    def of(
        cls, dataset: Dataset, rows: pl.DataFrame, evidence: Kept, origin: dict[str, str], partition: str | None
    ) -> "Extract":
        """What a pull of ``dataset`` brought, its cursor the newest period among the rows."""
        newest = rows["time_period"].max()
        cursor = newest if isinstance(newest, str) else None
        return cls(dataset.source_id, dataset.id, rows, evidence, origin, cursor, partition or "")
