"""What an explanation is made of: a tree from a value down to the cells and rows that it came from."""

from dataclasses import dataclass, field
from decimal import Decimal

from indicator_specs.errors import PlainError


class ExplainError(PlainError):
    """There is nothing to explain: the text says what was looked for and what exists."""


@dataclass(frozen=True)
class Leaf:
    """One observation and where it stands in the bytes as received."""

    measure: str
    org_unit: str
    time_period: str
    obs_value: Decimal | None
    obs_status: str
    producer: str
    is_synthetic: bool
    citation: str
    batch_no: int
    source: str
    dataset: str
    file_name: str
    origin: str
    place: str
    evidence_path: str
    original_text: str | None


@dataclass(frozen=True)
class Input:
    """One input of a formula in one period: an observation, a sum over units or periods, or another indicator."""

    name: str
    subject: str
    obs_value: Decimal | float | None
    how: str
    """``reported``; ``rolled`` up from units; ``parts``: made of finer periods; ``difference`` of two running totals;
    ``indicator``."""
    n_reported: int | None = None
    n_expected: int | None = None
    leaves: tuple[Leaf, ...] = ()
    indicator: "Explained | None" = None
    time_period: str = ""
    parts: "tuple[Input, ...]" = ()


@dataclass(frozen=True)
class UnitFigures:
    """Another unit that a value looks at: a peer, a child unit, or one of which the mean was taken."""

    org_unit: str
    org_unit_name_vi: str
    figures: tuple[tuple[str, Decimal | float | None], ...]
    """Input, or the indicator itself, and its figure."""


@dataclass(frozen=True)
class Explained:
    """One indicator value with everything under it."""

    indicator: str
    name_vi: str
    unit: str
    org_unit: str
    org_unit_name_vi: str
    time_period: str
    map: str
    obs_value: float | None
    obs_status: str
    method_version: int
    formula: str
    filled_formula: str
    release_no: int
    is_catalogue_changed: bool
    """The catalogue is no longer the one of the release: words and formula may have changed since."""
    inputs: tuple[Input, ...] = field(default=())
    is_derived: bool = False
    """The value is a mean of the values of the units below, which ``others`` lists."""
    others: tuple[UnitFigures, ...] = ()
