"""The whole language on DuckDB against an evaluator of exact fractions: random formulas on random panels."""

import math
from collections import Counter
from fractions import Fraction
from random import Random

import duckdb

from indicator_specs.formula import CompiledFormula, FormulaError, InputColumn, compile_formula
from indicator_specs.periods import Frequency
from indicator_specs.units import UNITS
from tests import formula_sql
from tests.formula_making import INDICATORS, NAMES, Maker, Panels
from tests.formula_oracle import Panel, Place, UndecidableError

COLUMNS = {name: InputColumn(UNITS["ratio"], name in INDICATORS) for name in NAMES}
FREQUENCIES: tuple[tuple[Frequency, int, int, str], ...] = (
    ("monthly", 12, 16, "2020-01"),
    ("quarterly", 4, 9, "2020-Q1"),
    ("yearly", 1, 5, "2020"),
)
UNITS_DIFFER = ("different units", "different scales", "has a unit", "with a unit", "division by zero", "exponent")


PLACES = 50
"""Places of a panel in which one formula is compared."""


def compare(seed: int, cases: int) -> Counter[str]:
    """Compare until so many values have been decided; a difference raises."""
    random, tally = Random(seed), Counter[str]()
    with duckdb.connect() as connection:
        while tally["decided"] < cases:
            frequency, per_year, periods, base = FREQUENCIES[tally["panels"] % 3]
            panel = Panels(random, per_year, periods).panel()
            formula_sql.load(connection, panel, frequency)
            tally["panels"] += 1
            maker = Maker(random, base)
            for _ in range(20):
                places = random.sample(sorted(panel.rows), PLACES)
                _one_formula(connection, panel, maker.formula(), frequency, places, tally)
    return tally


def _one_formula(
    connection: duckdb.DuckDBPyConnection,
    panel: Panel,
    text: str,
    frequency: Frequency,
    places: list[Place],
    tally: Counter[str],
) -> None:
    compiled = _compiled_or_rightly_refused(text, frequency)
    if compiled is None:
        tally["refused"] += 1
        return
    tally["formulas"] += 1
    tree = panel.tree(text)
    found = formula_sql.values(connection, compiled, frequency)
    assert set(found) == set(panel.rows)
    assert all(value is None or math.isfinite(value) for value in found.values()), text
    for place in places:
        value = found[place]
        try:
            expected = panel.of(tree, place)
        except UndecidableError:
            tally["undecided"] += 1
            continue
        tally["decided"] += 1
        tally["missing"] += expected.value is None
        agree = (value is None) == (expected.value is None) and (
            value is None or abs(Fraction(value) - expected.exact) <= 8 * expected.error + Fraction(1, 10**300)
        )
        assert agree, _told(text, place, value, expected.value, panel)


def _compiled_or_rightly_refused(text: str, frequency: Frequency) -> CompiledFormula | None:
    try:
        return compile_formula(text, COLUMNS, frequency)
    except FormulaError as refusal:
        if any(said in refusal.found for said in UNITS_DIFFER):
            return None
        raise


def _told(text: str, place: Place, value: float | None, expected: Fraction | None, panel: Panel) -> str:
    exact = None if expected is None else float(expected)
    return f"{text} at {place}: {value}, expected {exact}; row {panel.rows[place]}"


def test_compiled_formulas_agree_with_exact_fractions() -> None:
    tally = compare(seed=20_261_125, cases=12_000)
    assert tally["decided"] >= 12_000
    assert tally["formulas"] > 200
    assert tally["undecided"] < tally["decided"] / 4
    assert 1_000 < tally["missing"] < tally["decided"] - 2_000
