"""``Extract``: what one pull brings, whatever the kind of source. Only the shape."""

from dataclasses import dataclass, field

import polars as pl

from connectors.durable import Kept
from indicator_specs.source_spec import Dataset


@dataclass(frozen=True)
class Extract:
    """What one pull brought.

    ``rows`` has the columns of ``connectors.landing.READING_SCHEMA``, one row per value. ``evidence`` is
    what the rows were read from, byte for byte. ``origin`` says where it came from, without any secret.
    ``cursor`` is the newest period seen. ``is_unchanged``: the source itself said that nothing is new since the last
    pull, and the rows are read from what was kept then.
    """

    source: str
    dataset: str
    rows: pl.DataFrame
    evidence: Kept
    origin: dict[str, str] = field(default_factory=dict)
    cursor: str | None = None
    partition: str = ""
    is_unchanged: bool = False

    @classmethod
    def of(
        cls, dataset: Dataset, rows: pl.DataFrame, evidence: Kept, origin: dict[str, str], partition: str | None
    ) -> "Extract":
        """What a pull of ``dataset`` brought, its cursor the newest period among the rows."""
        newest = rows["time_period"].max()
        cursor = newest if isinstance(newest, str) else None
        return cls(dataset.source_id, dataset.id, rows, evidence, origin, cursor, partition or "")
