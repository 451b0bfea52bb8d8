"""``extract``: one pull of one dataset, whatever its kind.

Owns the choice of the reader. Reads and keeps evidence; lands nothing, judges nothing.
"""

from dataclasses import dataclass, field

import polars as pl

from connectors.durable import Kept
from connectors.errors import PermanentSourceError
from indicator_specs.home import Home


@dataclass(frozen=True)
class Extract:
    """What one pull brought.

    ``rows`` has the columns of ``connectors.landing.READING_SCHEMA``, one row per value. ``evidence`` is
    what the rows were read from, byte for byte. ``origin`` says where it came from, without any secret.
    ``cursor`` is the newest period seen.
    """

    source: str
    dataset: str
    rows: pl.DataFrame
    evidence: Kept
    origin: dict[str, str] = field(default_factory=dict)
    cursor: str | None = None
    partition: str = ""
