"""Composites on DuckDB against their declarations worked out by exact fractions."""

import math
from collections import Counter
from fractions import Fraction
from random import Random

import duckdb

from indicator_specs.formula import InputColumn, compile_tree
from indicator_specs.formula_trees import composite_tree
from indicator_specs.spec import Indicator
from indicator_specs.units import UNITS
from tests import formula_sql
from tests.exact_numbers import UndecidableError
from tests.formula_composites import GOALS, Composites, Declared, Expected
from tests.formula_making import INDICATORS, NAMES, Panels

COLUMNS = {name: InputColumn(UNITS["ratio"], name in INDICATORS) for name in NAMES}
PLACES = 40


def indicator(name: str, **parts: object) -> Indicator:
    """An indicator with as little as a declaration needs."""
    figure = {"version": 1, "valid_from": "2020", "frequency": "yearly", "inputs": {"x": {"measure": "theme.x"}}}
    told = {"vi": name}
    meaning: Declared = {"name": told, "concept": told, "layer": "field", "field": "theme", "unit": "ratio"}
    meaning |= {"direction": "higher_is_better", "confidence": {"definition": "draft", "formula": "draft"}}
    meaning |= parts.pop("meaning", {})  # type: ignore[arg-type]
    return Indicator.model_validate(
        {
            "id": name,
            "type": "published_value",
            "meaning": meaning,
            "levels": {"province": {}},
            "responsibility": {"lead": "G06"},
            "methods": [figure],
        }
        | parts
    )


def composite(declared: Declared) -> Indicator:
    """A composite indicator of members."""
    method = {"version": 1, "valid_from": "2020", "frequency": "yearly", "composite": declared}
    return indicator("whole", type="composite", methods=[method])


def target(value: str, **where: str) -> Declared:
    return {
        "id": f"t{len(where)}",
        "operator": ">=",
        "value": value,
        "by": "2030",
        "source": "x",
        "governs": True,
    } | where


MEMBERS = {f"of_{name}": indicator(f"of_{name}", targets=[target(goal)]) for name, goal in GOALS.items()}


def compare(seed: int, cases: int) -> Counter[str]:
    """Compare until so many values have been decided; a difference raises."""
    random, tally = Random(seed), Counter[str]()
    with duckdb.connect() as connection:
        while tally["decided"] < cases:
            panel = Panels(random, 1, 4).panel()
            formula_sql.load(connection, panel, "yearly")
            for _ in range(12):
                declared = Composites(random).composite()
                spec = composite(declared)
                compiled = compile_tree(
                    composite_tree(spec, spec.method, "province", MEMBERS, lambda code: "nation"), COLUMNS, "yearly"
                )
                tally["composites"] += 1
                found = formula_sql.values(connection, compiled, "yearly")
                expected = Expected(panel, declared)
                for place in random.sample(sorted(panel.rows), PLACES):
                    value = found[place]
                    assert value is None or math.isfinite(value)
                    try:
                        exact = expected.value(place)
                    except UndecidableError:
                        tally["undecided"] += 1
                        continue
                    tally["decided"] += 1
                    tally["missing"] += exact.value is None
                    agree = (value is None) == (exact.value is None) and (
                        value is None or abs(Fraction(value) - exact.exact) <= 8 * exact.error + Fraction(1, 10**300)
                    )
                    assert agree, (declared, place, value, exact.value and float(exact.value), panel.rows[place])
    return tally


def test_composites_agree_with_their_declarations() -> None:
    tally = compare(seed=57, cases=3_000)
    assert tally["composites"] > 60
    assert tally["missing"] < tally["decided"] / 2
    assert tally["undecided"] < tally["decided"] / 4
