"""Composites on DuckDB against their declarations worked out by exact fractions."""

import math
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from random import Random

import duckdb

from indicator_specs.formula import InputColumn, Node, compile_tree
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


Making = Callable[[Random], tuple[Declared, Node]]
"""A random composite: as it is declared member by member, and the tree that is compiled."""


def of_members(random: Random) -> tuple[Declared, Node]:
    declared = Composites(random).composite()
    spec = composite(declared)
    return declared, composite_tree(spec, spec.method, "province", MEMBERS, lambda code: "nation")


def of_assigned(random: Random) -> tuple[Declared, Node]:
    """Indicators of all sorts, of which those that apply to provinces make the score, as their own scoring says."""
    members: list[Declared] = []
    all_of_them: dict[str, Indicator] = {}
    for name in NAMES:
        scoring: Declared = {"weight": random.choice(("1", "2", "1.5", "0.1"))}
        scoring["normalise"] = random.choice(("none", "goalposts", "distance_to_target"))
        if scoring["normalise"] == "goalposts":
            scoring["goalposts"] = random.choice((["0", "10"], ["-2.5", "5"]))
        direction = random.choice(("higher_is_better", "lower_is_better"))
        levels = random.choice(({"province": {}}, {"province": {}, "nation": {}}, {"nation": {}}))
        where: Declared = random.choice(({}, {"level": "province"}, {"level": "nation"}, {"scope": "VN"}))
        parts: Declared = {"levels": levels, "targets": [target(GOALS[name], **where)], "scoring": scoring}
        all_of_them[name] = indicator(name, meaning={"direction": direction}, **parts)
        needs_target = scoring["normalise"] == "distance_to_target"
        if "province" in levels and not (needs_target and where not in ({}, {"level": "province"})):
            scale = {"method": scoring["normalise"], "direction": direction}
            scale |= dict(zip(("low", "high"), scoring.get("goalposts", ()), strict=False))
            members.append({"name": name, "weight": scoring["weight"], "normalise": scale})
    policy = {"aggregation": Composites(random).kind()} | Composites(random).policy()
    if not members:
        return of_assigned(random)
    spec = composite({"assigned": {"programme": "plan"}} | policy).joining(tuple(NAMES))
    tree = composite_tree(spec, spec.method, "province", all_of_them, lambda code: "nation")
    return {"members": members} | policy, tree


def compare(seed: int, cases: int, making: Making = of_members) -> Counter[str]:
    """Compare until so many values have been decided; a difference raises."""
    random, tally = Random(seed), Counter[str]()
    with duckdb.connect() as connection:
        while tally["decided"] < cases:
            panel = Panels(random, 1, 4).panel()
            formula_sql.load(connection, panel, "yearly")
            for _ in range(12):
                declared, tree = making(random)
                compiled = compile_tree(tree, COLUMNS, "yearly")
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


def test_scores_of_assigned_indicators_agree_with_what_each_indicator_says() -> None:
    tally = compare(seed=71, cases=2_000, making=of_assigned)
    assert tally["composites"] > 40
    assert tally["missing"] < tally["decided"] / 2
    assert tally["undecided"] < tally["decided"] / 4
