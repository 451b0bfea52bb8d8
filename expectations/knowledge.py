"""What judgement needs to know of one dataset, drawn from the registry once per run.

The one module of this room that reads the registry; rules, frames and wording know only plain values.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from expectations.cases import Case
from expectations.guesses import Guesser
from expectations.lookups import OwedKey, Unit
from expectations.rendering import Both
from expectations.terms import MeasureTerms, Terms
from indicator_specs.assignments import owed
from indicator_specs.periods import parse

if TYPE_CHECKING:
    from indicator_specs.registry import Registry
    from indicator_specs.source_spec import Dataset, Measure
    from indicator_specs.typed_text import Bilingual


@dataclass(frozen=True)
class Knowledge:
    """Terms, org units and duties that the cases of one dataset are held against."""

    registry: "Registry"
    dataset: "Dataset"
    terms: Terms

    @classmethod
    def of(cls, cases: Sequence[Case], registry: "Registry") -> "Knowledge":
        """For cases that share one dataset; at least one."""
        dataset = cases[0].dataset
        return cls(registry, dataset, terms_of(registry, dataset))
