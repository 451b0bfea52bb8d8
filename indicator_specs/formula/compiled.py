"""What a compiled formula consists of, and what its SQL may name."""

from dataclasses import dataclass
from typing import Literal

from indicator_specs.formula.quantity import Quantity
from indicator_specs.typed_text import Level
from indicator_specs.units import Unit

SPINE = frozenset(
    {"map", "org_unit_key", "level", "peer_group", "period_key", "period_year", "period_position", "obs_value"}
)
"""Columns that stand beside the inputs; no input may be called so. ``method_of_<input>`` stands beside an indicator."""


@dataclass(frozen=True)
class InputColumn:
    """An input as the compiler sees it: its unit, and whether another indicator, which has methods, gives it."""

    unit: Unit
    is_indicator: bool = False


@dataclass(frozen=True)
class Column:
    """One column of a step. ``held_to``: inputs whose method must be the same in the row looked at as in this one."""

    name: str
    sql: str
    held_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """Columns added over everything that stands before, in one pass.

    A ``window`` step keeps every row; its SQL reads inputs, earlier columns and the spine. The columns of a
    ``children`` step are aggregates over the rows of the units below, joined back to the unit; ``child_level`` None
    means the nearest level below that has values. ``frames`` are the windows over time that the columns look through,
    without the methods that they are held to: the quality of the value is the worst of the rows in them.
    ``fixed_periods`` are keys of periods whose rows count as well. ``known`` names the columns of a ``children`` step
    that count the units whose condition is known. The columns of a ``before`` step are read from the unit's row of the
    period that lies ``back`` periods before: a join, which costs a tenth of a window for each of its columns.
    """

    kind: Literal["window", "before", "children"]
    columns: tuple[Column, ...]
    frames: tuple[str, ...] = ()
    child_level: Level | None = None
    fixed_periods: tuple[int, ...] = ()
    known: tuple[str, ...] = ()
    back: int = 0


@dataclass(frozen=True)
class CompiledFormula:
    """A formula ready to stand in a model.

    ``expression_sql`` is one expression over the inputs, the columns of ``steps`` and the spine. ``inputs`` are those
    it uses, sorted. ``lookback`` counts the periods before its own that a value reads; None: any.
    """

    expression_sql: str
    unit: Quantity
    inputs: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    lookback: int | None = 0
    needs_year: bool = False
    is_of_peers: bool = False
    child_levels: tuple[Level, ...] = ()
