"""Two columns in each other's place: the ratio of their figures is that of before, turned over.

Computes one fact, ``swapped_with``; decides nothing. A single row may look so by chance or because two figures are
close; a whole column does not, so most of the case's units have to agree.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from math import log

import polars as pl

from expectations.terms import Terms

ENOUGH_UNITS = 5
"""Fewer units may agree by chance."""
MOST = 0.75
"""Share of the units whose ratio must have turned over."""
CLEARLY = 0.5
"""The ratio turned over must be nearer to that of before by this factor."""
APART = 0.08
"""Two figures whose logarithms are nearer than this fit both ways: their unit has no say."""

Figures = Mapping[str, tuple[float, float]]
"""Measure → logarithms of the value and of the one before it, for one unit."""


def with_swaps(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Add ``swapped_with``: the measure whose column a value seems to have come from, on all values of that column."""
    found: dict[tuple[str, str, str], str] = {}
    for (case_id, period), units in _cells(rows).items():
        for one, other in _swapped(units, sorted(terms.measures)):
            found[case_id, period, one], found[case_id, period, other] = other, one
    if not found:
        return rows.with_columns(swapped_with=pl.lit(None, dtype=pl.String))
    names = rows.select("case_id", "period", "declared_measure").iter_rows()
    return rows.with_columns(pl.Series("swapped_with", [found.get(name) for name in names], dtype=pl.String))


def _cells(rows: pl.DataFrame) -> Mapping[tuple[str, str], Mapping[str, Figures]]:
    """Case and period → unit → figures that have a past; zero has no magnitude."""
    cells: defaultdict[tuple[str, str], defaultdict[str, dict[str, tuple[float, float]]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    columns = ("case_id", "period", "unit_code", "declared_measure", "number", "previous")
    usable = rows.filter((pl.col("number") > 0) & (pl.col("previous") > 0) & pl.col("is_settled"))
    for case_id, period, unit, measure, value, previous in usable.select(columns).iter_rows():
        cells[case_id, period][unit][measure] = log(value), log(previous)
    return cells


def _swapped(units: Mapping[str, Figures], measures: list[str]) -> Iterator[tuple[str, str]]:
    for one, other in combinations(measures, 2):
        ratios = [
            (figures[one][0] - figures[other][0], figures[one][1] - figures[other][1])
            for figures in units.values()
            if one in figures and other in figures
        ]
        # The ratio of the two, not each by itself: what moves both of them does not blur it.
        telling = [(now, before) for now, before in ratios if abs(before) > APART]
        n_turned = sum(abs(now + before) < CLEARLY * abs(now - before) for now, before in telling)
        if len(telling) >= ENOUGH_UNITS and n_turned >= MOST * len(telling):
            yield one, other
