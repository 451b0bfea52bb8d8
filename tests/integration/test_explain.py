"""200 cells of the scoreboard, read again from the bytes as received and recomputed by another path."""

import ast
import operator
import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest

from connectors.numbers import read_number
from indicator_specs.registry import load_registry
from pipelines.explain import Explained, ExplainError, Input, explain
from tests.conftest import Played

OPERATORS: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def evaluate(formula: str, values: dict[str, Fraction]) -> Fraction:
    """An evaluator that shares nothing with the compiler: Python's own grammar and exact fractions."""

    def walk(node: ast.expr) -> Fraction:
        match node:
            case ast.BinOp():
                return OPERATORS[type(node.op)](walk(node.left), walk(node.right))
            case ast.UnaryOp(op=ast.USub()):
                return -walk(node.operand)
            case ast.Name():
                return values[node.id]
            case ast.Constant():
                return Fraction(str(node.value))
        raise AssertionError(ast.dump(node))

    return walk(ast.parse(formula, mode="eval").body)


def original(given: Input) -> Fraction:
    """An input's value from the original texts alone."""
    if given.indicator is not None:
        return recomputed(given.indicator)
    total = Fraction(0)
    assert given.leaves, given
    for leaf in given.leaves:
        assert leaf.original_text is not None, leaf
        value = read_number(leaf.original_text).value if leaf.file_name else Decimal(leaf.original_text)
        assert value is not None, leaf
        total += Fraction(value)
    return total


def recomputed(tree: Explained) -> Fraction:
    values = {given.name: original(given) for given in tree.inputs}
    return evaluate(tree.formula, values)


def test_two_hundred_random_cells_are_what_the_original_bytes_say(played: Played) -> None:
    path = (played.home.published / "mart.duckdb").resolve()
    with duckdb.connect(str(path), read_only=True) as mart:
        cells = mart.execute(
            """select indicator, org_unit_code, time_period, obs_value from marts.mart_scoreboard
            where obs_value is not null order by all"""
        ).fetchall()
    registry = load_registry()
    chosen = random.Random(57).sample(cells, 200)
    wrong = []
    for indicator, unit, period, value in chosen:
        tree = explain(played.home, registry, indicator, unit, period)
        if abs(float(recomputed(tree)) - value) > 1e-9 * max(1.0, abs(value)):
            wrong.append((indicator, unit, period, value, float(recomputed(tree))))
    assert wrong == []


def test_an_unknown_value_is_refused_with_what_exists(played: Played) -> None:
    with pytest.raises(ExplainError, match="2026-10"):
        explain(played.home, load_registry(), "online_service_usage", "P79", "1999-01")
