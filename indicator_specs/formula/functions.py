"""The functions a formula may call: their groups and what each argument must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Group = Literal["arithmetic", "time", "peers", "child_units"]
Argument = Literal["value", "count", "period", "constant", "condition", "level"]
"""``count``: a whole number from 1; ``period``: ``'2020'``; ``level``: ``'commune'``; ``constant``: reads no input."""
MOST_VALUES = 20
MOST_PERIODS = 400


@dataclass(frozen=True)
class Function:
    """One function; ``required`` of its arguments must be written, the others have a default."""

    group: Group
    arguments: tuple[Argument, ...]
    required: int

    @property
    def most(self) -> int:
        """How many arguments it may have."""
        return len(self.arguments)


def _function(group: Group, *arguments: Argument, required: int | None = None) -> Function:
    return Function(group, arguments, len(arguments) if required is None else required)


_VALUE: Argument = "value"
_SEVERAL = (_VALUE,) * MOST_VALUES

FUNCTIONS: Mapping[str, Function] = {
    "abs": _function("arithmetic", "value"),
    "ln": _function("arithmetic", "value"),
    "exp": _function("arithmetic", "value"),
    "sqrt": _function("arithmetic", "value"),
    "power": _function("arithmetic", "value", "value"),
    "least": _function("arithmetic", *_SEVERAL, required=2),
    "greatest": _function("arithmetic", *_SEVERAL, required=2),
    "lag": _function("time", "value", "count"),
    "same_period_last_year": _function("time", "value"),
    "change": _function("time", "value", "count", required=1),
    "growth": _function("time", "value", "count", required=1),
    "yoy": _function("time", "value"),
    "ytd": _function("time", "value"),
    "rolling_sum": _function("time", "value", "count"),
    "rolling_mean": _function("time", "value", "count"),
    "at": _function("time", "value", "period"),
    "cagr": _function("time", "value", "period"),
    "index_base": _function("time", "value", "period"),
    "latest": _function("time", "value", "count"),
    "minmax": _function("peers", "value"),
    "goalposts": _function("peers", "value", "constant", "constant"),
    "zscore": _function("peers", "value"),
    "rank": _function("peers", "value"),
    "percentile": _function("peers", "value"),
    "share_of_total": _function("peers", "value"),
    "count_units": _function("child_units", "condition", "level", required=1),
    "share_units": _function("child_units", "condition", "level", required=1),
}
"""Every function by name. ``docs/formulas.md`` defines each."""
