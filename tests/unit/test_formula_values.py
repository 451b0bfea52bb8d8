"""Compiled formulas against an evaluator of exact fractions, on DuckDB."""

import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from random import Random

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicator_specs.formula import CompiledFormula, FormulaError, InputColumn, compile_formula
from indicator_specs.units import UNITS
from tests.formula_oracle import UndecidableError, evaluate

NAMES = ("a", "b", "c")
RATIO = dict.fromkeys(NAMES, InputColumn(UNITS["ratio"]))
Row = tuple[Fraction | None, ...]


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def on_duckdb(connection: duckdb.DuckDBPyConnection, sql: str, rows: Sequence[Row]) -> list[float | None]:
    shown = ", ".join(
        f"({n}, " + ", ".join("null" if v is None else f"{float(v)!r}::double" for v in row) + ")"
        for n, row in enumerate(rows)
    )
    names = ", ".join(NAMES)
    query = f"select {sql} from (values {shown}) as t(n, {names}) order by n"
    return [row[0] for row in connection.execute(query).fetchall()]


NUMBERS = ("0", "1", "2", "3", "7", "60", "100", "1000", "0.5", "0.125", "2.75", "0.1")
EXPONENTS = ("2", "3", "0", "0.5", "(-1)", "(-0.5)", "1.5", "a", "(b / 8)")


class Maker:
    """Formulas and rows of every shape, with as few brackets as each needs."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def formula(self) -> str:
        text = self.expression(self.random.choice((1, 2, 2, 3)))
        return text if re.search(r"\b[abc]\b", text) else f"{text} + a"

    def atom(self) -> str:
        return self.random.choice((*NAMES, *NAMES, *NAMES, *NUMBERS))

    def tight(self, depth: int) -> str:
        return self.atom() if self.random.random() < 0.4 else f"({self.expression(depth)})"

    def expression(self, depth: int) -> str:
        if depth == 0:
            return self.atom()
        pick, below = self.random.choice, depth - 1
        kind = pick(("sum", "sum", "product", "product", "chain", "minus", "power", "call", "extreme", "power_call"))
        if kind == "sum":
            return f"{self.expression(below)} {pick('+-')} {self.expression(below)}"
        if kind == "product":
            return f"{self.tight(below)} {pick('*//')} {self.tight(below)}"
        if kind == "chain":
            return f"{self.tight(below)} {pick('+-*/')} {self.tight(below)} {pick('+-*/')} {self.tight(below)}"
        if kind == "minus":
            return f"- {self.tight(below)}"
        if kind == "power":
            return f"{self.tight(below)} ^ {pick(EXPONENTS)}"
        if kind == "call":
            return f"{pick(('abs', 'ln', 'sqrt', 'exp'))}({self.expression(below)})"
        if kind == "extreme":
            return f"{pick(('least', 'greatest'))}({self.expression(below)}, {self.tight(below)}, {self.atom()})"
        return f"power(({self.expression(below)}), {self.tight(below)})"

    def row(self) -> Row:
        return tuple(self.value() for _ in NAMES)

    def value(self) -> Fraction | None:
        """Missing, zero, or exact in binary, so that what the fractions see is what the doubles see."""
        kind = self.random.random()
        if kind < 0.1:
            return None
        if kind < 0.25:
            return Fraction(0)
        if kind < 0.9:
            return Fraction(self.random.randint(-80, 80), 8)
        return Fraction(self.random.randint(-(10**15), 10**15))


class Tally:
    """How many cells were compared, and how many doubles could not decide."""

    compared = undecided = missing = refused = 0


def compiled_or_rightly_refused(formula: str) -> CompiledFormula | None:
    try:
        return compile_formula(formula, RATIO)
    except FormulaError as refusal:
        Tally.refused += 1
        if "division by zero" in refusal.found or ("^" in formula and "order of ^" in refusal.found):
            return None
        raise


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def one_round(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    maker = Maker(seed)
    formula, table = maker.formula(), [maker.row() for _ in range(12)]
    compiled = compiled_or_rightly_refused(formula)
    if compiled is None:
        return
    for row, got in zip(table, on_duckdb(connection, compiled.expression_sql, table), strict=True):
        assert got is None or math.isfinite(got), (formula, row, got)
        try:
            expected = evaluate(formula, dict(zip(NAMES, row, strict=True)))
        except UndecidableError:
            Tally.undecided += 1
            continue
        Tally.compared += 1
        if expected.value is None:
            Tally.missing += 1
            assert got is None, (formula, row, got)
            continue
        assert got is not None, (formula, row, float(expected.value))
        assert abs(Fraction(got) - expected.value) <= 8 * expected.error + Fraction(1, 10**300), (
            formula,
            row,
            got,
            float(expected.value),
        )


def test_compiled_formulas_agree_with_exact_fractions(connection: duckdb.DuckDBPyConnection) -> None:
    one_round(connection)
    total = Tally.compared + Tally.undecided
    assert Tally.compared > 2_000
    assert Tally.undecided < total / 3, f"{Tally.undecided} of {total} undecided"
    assert Tally.missing > 300
    assert Tally.compared - Tally.missing > 600
    assert Tally.refused < 60


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("formula", "row", "expected"),
    [
        ("100 * a / b", (80, 100, 0), 80.0),
        ("100 * a / b", (80, 0, 0), None),
        ("100 * a / b", (0, 0, 0), None),
        ("100 * a / b", (None, 5, 0), None),
        ("0 * a + b", (None, 5, 0), None),
        ("least(a, b)", (None, 5, 0), None),
        ("greatest(0, least(1, a))", (None, 0, 0), None),
        ("greatest(a + b, c)", (None, 0, 7), None),
        ("ln(a)", (0, 0, 0), None),
        ("ln(a)", (-1, 0, 0), None),
        ("sqrt(a)", (-0.25, 0, 0), None),
        ("sqrt(a)", (0, 0, 0), 0.0),
        ("a ^ b", (-8, 1 / 3, 0), None),
        ("a ^ b", (-2, 3, 0), -8.0),
        ("a ^ b", (0, -1, 0), None),
        ("a ^ 0", (0, 0, 0), 1.0),
        ("a ^ 0", (None, 0, 0), None),
        ("a ^ (0 - 0.5)", (0, 0, 0), None),
        ("a ^ 0.5", (0, 0, 0), 0.0),
        ("a ^ 0.5", (-1, 0, 0), None),
        ("1 / a ^ (-1)", (0, 0, 0), None),
        ("1 / a ^ (-0.5)", (0, 0, 0), None),
        ("1 / a ^ b", (0, -1, 0), None),
        ("a ^ b", (0, 0.5, 0), 0.0),
        ("exp(a)", (1000, 0, 0), None),
        ("a * a", (1e200, 0, 0), None),
        ("a ^ 400", (10, 0, 0), None),
        ("exp(a) - exp(a)", (1000, 0, 0), None),
        ("least(exp(a), 5)", (1000, 0, 0), None),
        ("least(exp(a) - exp(a), 5)", (1000, 0, 0), None),
        ("a / b", (1e308, 1e-10, 0), None),
        ("a", (NAN, 0, 0), None),
        ("a", (INF, 0, 0), None),
        ("1 / 3 * a", (3, 0, 0), 1.0),
        ("7 / 2 * a", (1, 0, 0), 3.5),
        ("a - b - c", (10, 3, 2), 5.0),
        ("a / b / c", (12, 3, 2), 2.0),
        ("a - (b - c)", (10, 3, 2), 9.0),
        ("- a + b", (10, 3, 0), -7.0),
        ("2 * a ^ 2", (3, 0, 0), 18.0),
        ("a ** 2", (3, 0, 0), 9.0),
        ("abs(- a)", (3, 0, 0), 3.0),
    ],
)
def test_edges(
    connection: duckdb.DuckDBPyConnection, formula: str, row: tuple[float | None, ...], expected: float | None
) -> None:
    sql = compile_formula(formula, RATIO).expression_sql
    shown = ", ".join("null::double" if value is None else f"'{value}'::double" for value in row)
    (got,) = connection.execute(f"select {sql} from (values ({shown})) as t(a, b, c)").fetchone() or (NAN,)
    assert got == (None if expected is None else pytest.approx(expected, rel=1e-12))


def test_literals_are_doubles_so_that_no_engine_computes_in_short_decimals() -> None:
    sql = compile_formula("a * 1 / 3", RATIO).expression_sql
    assert "1e0" in sql
    assert "3e0" in sql


def test_the_inputs_that_are_used_are_told() -> None:
    assert compile_formula("c / a", RATIO).inputs == ("a", "c")
