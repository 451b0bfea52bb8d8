"""200 cells of the scoreboard, read again from the bytes as received and recomputed by another path."""

import random
import re
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest

from connectors.numbers import read_number
from indicator_specs.periods import PER_YEAR, parse
from pipelines.explain import Explained, ExplainError, Input, explain
from tests.conftest import Played
from tests.formula_oracle import Panel, Row
from tests.whole_catalogue import whole_catalogue

MAP = "one"


def original(given: Input) -> Fraction | None:
    """An input's value from the original texts alone; None where nothing was reported."""
    if given.indicator is not None:
        return recomputed(given.indicator)
    if given.parts:
        parts = [original(part) for part in given.parts]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return known[0] - known[1] if given.how == "difference" else sum(known, Fraction(0))
    if given.obs_value is None:
        return None
    total = Fraction(0)
    assert given.leaves, given
    for leaf in given.leaves:
        assert leaf.original_text is not None, leaf
        value = read_number(leaf.original_text).value if leaf.file_name else Decimal(leaf.original_text)
        assert value is not None, leaf
        total += Fraction(value)
    return total


def recomputed(tree: Explained) -> Fraction | None:
    """A value by the evaluator that shares nothing with the compiler, from the figures of its explanation alone."""
    if tree.is_derived:
        values = [Fraction(str(figure)) for other in tree.others for _, figure in other.figures]
        return sum(values, Fraction(0)) / len(values)
    own = parse(tree.time_period)
    rows: dict[int, dict[str, Fraction | None]] = defaultdict(dict)
    for given in tree.inputs:
        read = parse(given.time_period)
        # The newest figure of another frequency stands in for the value's own period.
        number = read.period_no if read.frequency == own.frequency else own.period_no
        rows[number][given.name] = original(given)
    panel = Panel(
        {(MAP, tree.org_unit, number): Row(values) for number, values in rows.items()},
        per_year=PER_YEAR[own.frequency],
        numbers={parse(text).time_period: parse(text).period_no for text in re.findall(r"'([^']+)'", tree.formula)},
    )
    return panel.value(tree.formula, (MAP, tree.org_unit, own.period_no)).value


def test_two_hundred_random_cells_are_what_the_original_bytes_say(played: Played) -> None:
    path = (played.home.published / "mart.duckdb").resolve()
    with duckdb.connect(str(path), read_only=True) as mart:
        cells = mart.execute(
            """select indicator, org_unit_code, time_period, obs_value from marts.mart_scoreboard
            where obs_value is not null order by all"""
        ).fetchall()
    registry = whole_catalogue()
    # A score over the indicators that are assigned to a unit has no formula to be read: its members are explained.
    joined = {name for name, spec in registry.indicators.items() if "assigned()" in spec.formula_of(spec.method)}
    chosen = random.Random(57).sample([cell for cell in cells if cell[0] not in joined], 200)
    wrong = []
    for indicator, unit, period, value in chosen:
        again = recomputed(explain(played.home, registry, indicator, unit, period))
        if again is None or abs(float(again) - value) > 1e-9 * max(1.0, abs(value)):
            wrong.append((indicator, unit, period, value, again))
    assert wrong == []


def test_an_unknown_value_is_refused_with_what_exists(played: Played) -> None:
    with pytest.raises(ExplainError, match="2026-10"):
        explain(played.home, whole_catalogue(), "online_service_usage", "P79", "1999-01")
