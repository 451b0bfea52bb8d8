"""Worked examples of composites: members on their scales, joined by their weights, in exact fractions.

From the declaration and independent of the SQL compiler on purpose, as ``examples`` is. What looks at peers cannot be
shown by one unit's figures.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from dbt_project.examples import Figures, UnreadableFormulaError
from indicator_specs.composites import Aggregation, Composite, Member, Normalise

Number = Fraction | float
Goals = Mapping[str, Decimal]
"""Of each member that is measured by its target, that target."""
Part = tuple[Fraction, Number | None]
"""A member's weight and what it is on the composite's scale."""


def composed(composite: Composite, given: Figures, goals: Goals) -> list[float | None]:
    """The values of a composite in every period of its figures; None where there is none.

    Args:
        composite: its declaration.
        given: the figures of its members, oldest first.
        goals: targets by member.

    Raises:
        UnreadableFormulaError: a scale that looks at peers.
    """
    least = Fraction(composite.min_weight) if composite.missing == "reweight" else Fraction(1)
    length = max(map(len, given.values()), default=0)
    values = []
    for at in range(length):
        figures = {name: _exact(series[at]) for name, series in given.items()}
        parts = [_weighted(member, figures, goals, least) for member in composite.members]
        values.append(_joined(composite.aggregation, parts, least))
    return [None if value is None else float(value) for value in values]


def _exact(figure: Decimal | None) -> Fraction | None:
    return None if figure is None else Fraction(figure)


def _weighted(member: Member, figures: Mapping[str, Fraction | None], goals: Goals, least: Fraction) -> Part:
    if member.members:
        inner = [_weighted(each, figures, goals, least) for each in member.members]
        value: Number | None = _joined(member.aggregation, inner, least)
    else:
        value = figures[member.input_name]
    if value is not None:
        value = _scaled(value, member.normalise, goals.get(member.input_name))
    return Fraction(member.weight), value


def _joined(aggregation: Aggregation, parts: Sequence[Part], least: Fraction) -> Number | None:
    """Missing where too little of the weight is there; a member of 0 makes means of logarithms and inverses 0."""
    there = [(weight, value) for weight, value in parts if value is not None]
    whole, present = sum(weight for weight, _ in parts), sum((weight for weight, _ in there), Fraction(0))
    if not there or present < least * whole:
        return None
    if aggregation in {"geometric", "harmonic"}:
        smallest = min(value for _, value in there)
        if smallest <= 0:
            return Fraction(0) if smallest == 0 else None
        if aggregation == "geometric":
            return math.exp(sum(float(weight) * math.log(value) for weight, value in there) / float(present))
        return present / sum(weight / value for weight, value in there)
    total = sum((weight * value for weight, value in there), Fraction(0))
    return total / present if aggregation == "arithmetic" else total * whole / present


def _scaled(value: Number, scale: Normalise, goal: Decimal | None) -> Number:
    """A member's value on the composite's scale, where more is better."""
    lower = scale.direction == "lower_is_better"
    if scale.method == "none":
        return value
    if scale.method == "goalposts" and scale.low is not None and scale.high is not None:
        low, high = Fraction(scale.low), Fraction(scale.high)
        if lower:
            low, high = max(low, high), min(low, high)
        return _between((value - low) / (high - low))
    if scale.method == "bands":
        points = [band.points for band in scale.bands if band.floor <= value]
        return Fraction(points[-1]) if points else Fraction(0)
    if scale.method == "distance_to_target" and goal is not None:
        if not lower:
            return _between(value / Fraction(goal))
        return Fraction(1) if value <= goal else Fraction(goal) / value
    raise UnreadableFormulaError(f"{scale.method} looks at more than one unit's figures")


def _between(part: Number) -> Number:
    return max(Fraction(0), min(Fraction(1), part))
