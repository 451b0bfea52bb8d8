"""``Extract``: what one pull brings, whatever the kind of source. Only the shape."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
class Sliced:
    """Rows that are too many to be held. ``slices`` makes them from the evidence, one by one, at every call."""

    n_rows: int
    slices: Callable[[], Iterator[pl.DataFrame]]


@dataclass(frozen=True)
class Extract:
    """What one pull brought.

    ``rows`` has the columns of ``content_address.READING_SCHEMA``, one row per value; of a large pull it is empty, and
    ``sliced`` has the rows. ``evidence`` is
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
    sliced: Sliced | None = None

    @property
    def n_rows(self) -> int:
        """How many values were read."""
        return self.rows.height if self.sliced is None else self.sliced.n_rows

    def parts(self) -> Iterator[pl.DataFrame]:
        """The rows in their order: all at once, or slice by slice."""
        return iter((self.rows,)) if self.sliced is None else self.sliced.slices()

    def whole(self) -> "Extract":
        """The same with all its rows in memory, however many."""
        return self if self.sliced is None else replace(self, rows=pl.concat(self.parts()), sliced=None)

    @classmethod
    def of(
        cls, dataset: Dataset, rows: pl.DataFrame, evidence: Kept, origin: dict[str, str], partition: str | None
    ) -> "Extract":
        """What a pull of ``dataset`` brought, its cursor the newest period among the rows."""
        newest = rows["time_period"].max()
        cursor = newest if isinstance(newest, str) else None
        return cls(dataset.source_id, dataset.id, rows, evidence, origin, cursor, partition or "")
