"""What a dataset demands of its values, gathered from source and indicators as plain values.

Values only: ``knowledge`` fills them in; rules, frames and wording know nothing else of a source.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from expectations.rendering import Both
from indicator_specs.periods import Frequency


@dataclass(frozen=True)
class MeasureTerms:
    """Demands on one measure. Bounds are inclusive and in the measure's own unit."""

    name: Both
    group: str
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    ceilings: tuple[str, ...] = ()
    """Measures of the same dataset that it must not exceed, for the same unit and period."""
    parts: tuple[str, ...] = ()
    """Measures of the same dataset whose sum it is."""
    parts_tolerance: Decimal = Decimal(0)
    max_change_pct: Decimal | None = None
    has_magnitude: bool = True
    """False for ranks and the like, in which ten times as much is no slip of the unit."""
    is_count: bool = False
    """Whole numbers of things."""


@dataclass(frozen=True)
class Terms:
    """Demands on one dataset. ``kind`` is that of its source; ``levels`` are the org unit levels it speaks of."""

    dataset: str
    name: Both
    kind: str
    frequency: Frequency
    levels: tuple[str, ...]
    producer: str
    measures: Mapping[str, MeasureTerms]

    @property
    def most_ceilings(self) -> int:
        """The largest number of ceilings that one measure has."""
        return max((len(measure.ceilings) for measure in self.measures.values()), default=0)

    @property
    def has_parts(self) -> bool:
        """Whether any measure is declared as the sum of others."""
        return any(measure.parts for measure in self.measures.values())
