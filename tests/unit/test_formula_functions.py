"""Every function by hand, as docs/formulas.md says: gaps, first periods, ties, single units, methods; and its unit."""

from collections.abc import Iterator
from fractions import Fraction

import duckdb
import pytest

from indicator_specs.formula import CompiledFormula, FormulaError, InputColumn, compile_formula
from indicator_specs.formula.functions import FUNCTIONS
from indicator_specs.home import PROJECT
from indicator_specs.periods import Frequency
from indicator_specs.units import UNITS
from tests import formula_sql
from tests.formula_oracle import Panel, Row

COLUMNS = {"x": InputColumn(UNITS["ratio"]), "i": InputColumn(UNITS["ratio"], is_indicator=True)}
JANUARY = 2020 * 12


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def number(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)


GAP = "no row"
SERIES = [
    # January 2020 on; a month that nobody reported has no row at all.
    ("lag(x, 1)", [1, 2, None, 4], [None, 1, 2, None]),
    ("lag(x, 1)", [1, GAP, 3, 4], [None, GAP, None, 3]),
    ("lag(x, 2)", [1, GAP, 3, 4], [None, GAP, 1, None]),
    ("change(x)", [1, 4, 2], [None, 3, -2]),
    ("change(x, 2)", [1, 4, 2], [None, None, 1]),
    ("growth(x)", [4, 5, 0, 5], [None, 25, -100, None]),
    ("growth(x)", [-4, 5, 4], [None, None, -20]),
    ("yoy(x)", [4] * 12 + [5], [None] * 12 + [25]),
    ("same_period_last_year(x)", [7, *[None] * 11, 5], [None] * 12 + [7]),
    ("ytd(x)", [1, 2, 3], [1, 3, 6]),
    ("ytd(x)", [1, GAP, 3], [1, GAP, None]),
    ("ytd(x)", [1, None, 3], [1, None, None]),
    ("ytd(x)", [1] * 13, [*range(1, 13), 1]),
    ("rolling_sum(x, 3)", [1, 2, 3, 4], [None, None, 6, 9]),
    ("rolling_sum(x, 2)", [1, GAP, 3, 4], [None, GAP, None, 7]),
    ("rolling_mean(x, 2)", [1, 2, None, 4, 5], [None, 1.5, None, None, 4.5]),
    ("at(x, '2020-02')", [1, 2, None], [2, 2, 2]),
    ("at(x, '2020-02')", [1, GAP, 3], [None, GAP, None]),
    ("index_base(x, '2020-02')", [1, 2, 3, None], [50, 100, 150, None]),
    ("index_base(x, '2020-01')", [0, 2], [None, None]),
    ("cagr(x, '2020-01')", [4, *[None] * 11, 5], [None] * 12 + [25]),
    ("cagr(x, '2020-01')", [-4, 5], [None, None]),
    ("latest(x, 1)", [1, None, None, 4], [1, 1, None, 4]),
    ("latest(x, 2)", [1, GAP, None, None], [1, GAP, 1, None]),
    ("lag(change(x), 1)", [1, 4, 2, 2], [None, None, 3, -2]),
    ("goalposts(x, 0, 10)", [-5, 0, 4, 15, None], [0, 0, 0.4, 1, None]),
    ("goalposts(x, 10, 0)", [-5, 0, 4, 15], [1, 1, 0.6, 0]),
    # Beyond what any figure can be nothing is summed.
    ("rolling_sum(x, 2)", [1, 2e20, 3], [None, None, None]),
]


@pytest.mark.parametrize(("formula", "given", "expected"), SERIES)
def test_over_time(connection: duckdb.DuckDBPyConnection, formula: str, given: list, expected: list) -> None:
    rows = {("m", "VN", JANUARY + n): Row({"x": number(v), "i": None}) for n, v in enumerate(given) if v != GAP}
    formula_sql.load(connection, Panel(rows), "monthly")
    found = formula_sql.values(connection, compile_formula(formula, COLUMNS, "monthly"), "monthly")
    got = [found.get(("m", "VN", JANUARY + n), GAP) for n in range(len(given))]
    assert got == [e if e in {None, GAP} else pytest.approx(e, rel=1e-12) for e in expected]


METHODS = [
    ("lag(i, 1)", [None, 1, None, 3]),
    ("growth(i)", [None, 100, None, pytest.approx(100 / 3)]),
    ("rolling_sum(i, 2)", [None, 3, None, 7]),
    ("ytd(i)", [1, 3, None, None]),
    ("index_base(i, '2020-01')", [100, 200, None, None]),
    ("at(i, '2020-03')", [None, None, 3, 3]),
    ("latest(i, 3)", [1, 2, 3, 4]),
    ("lag(i + x, 1)", [None, 2, None, 6]),
    ("lag(x, 1)", [None, 1, 2, 3]),
]


@pytest.mark.parametrize(("formula", "expected"), METHODS)
def test_no_comparison_crosses_the_methods_of_an_indicator(
    connection: duckdb.DuckDBPyConnection, formula: str, expected: list
) -> None:
    rows = {
        ("m", "VN", JANUARY + n): Row({"x": number(n + 1), "i": number(n + 1)}, {"i": 1 + (n >= 2)}) for n in range(4)
    }
    formula_sql.load(connection, Panel(rows), "monthly")
    found = formula_sql.values(connection, compile_formula(formula, COLUMNS, "monthly"), "monthly")
    assert [found["m", "VN", JANUARY + n] for n in range(4)] == expected


PEERS = [
    ("rank(x)", [5, 5, 3, None], [1, 1, 3, None]),
    ("rank(x)", [5], [1]),
    ("minmax(x)", [1, 3, 2, None], [0, 1, 0.5, None]),
    ("minmax(x)", [2, 2], [None, None]),
    ("minmax(x)", [2], [None]),
    ("zscore(x)", [1, 3], [-1, 1]),
    ("zscore(x)", [2, 2], [None, None]),
    ("zscore(x)", [2, 4, 4, 4, 5, 5, 7, 9], [-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2]),
    ("zscore(x)", [2e200, 4e200, 9e200], [-1.0190493, -0.3396831, 1.3587324]),
    ("percentile(x)", [1, 2, 2, 4], [0, 0.5, 0.5, 1]),
    ("percentile(x)", [7, 7], [0.5, 0.5]),
    ("percentile(x)", [7, None], [None, None]),
    ("share_of_total(x)", [1, 3, None], [0.25, 0.75, None]),
    ("share_of_total(x)", [1, -1], [None, None]),
    ("share_of_total(x)", [1, 2e20], [None, None]),
]


@pytest.mark.parametrize(("formula", "given", "expected"), PEERS)
def test_among_peers(connection: duckdb.DuckDBPyConnection, formula: str, given: list, expected: list) -> None:
    rows = {("m", f"P{n}", JANUARY): Row({"x": number(v), "i": None}, {}, "province", "p") for n, v in enumerate(given)}
    # Of another group, another map and another period: none of them counts.
    rows |= {
        ("m", "Q", JANUARY): Row({"x": Fraction(100), "i": None}, {}, "province", "q"),
        ("n", "P0", JANUARY): Row({"x": Fraction(100), "i": None}, {}, "province", "p"),
        ("m", "P0", JANUARY + 1): Row({"x": Fraction(100), "i": None}, {}, "province", "p"),
    }
    formula_sql.load(connection, Panel(rows), "monthly")
    found = formula_sql.values(connection, compile_formula(formula, COLUMNS, "monthly"), "monthly")
    got = [found["m", f"P{n}", JANUARY] for n in range(len(given))]
    assert got == [None if e is None else pytest.approx(e, rel=1e-6) for e in expected]


CHILDREN = [
    ("count_units(x > 2)", 2),
    ("share_units(x > 2)", 2 / 3),
    ("count_units(not x > 2)", 1),
    ("count_units(x > 2 or i = 1)", 3),
    ("count_units(x > 2 and i = 1)", 0),
    ("share_units(i = 1)", 0.5),
    ("count_units(x > 100)", 0),
    ("count_units(lag(x, 1) > 0)", None),
    ("count_units(x >= 0, 'commune')", None),
]


@pytest.mark.parametrize(("formula", "expected"), CHILDREN)
def test_over_child_units(connection: duckdb.DuckDBPyConnection, formula: str, expected: float | None) -> None:
    """Four provinces: 1, 3, 5 and one that is missing; the second input is known of two, 1 of the last."""
    given = [(1, 0), (3, None), (5, None), (None, 1)]
    rows = {("m", f"P{n + 1}", JANUARY): Row({"x": number(x), "i": number(i)}) for n, (x, i) in enumerate(given)}
    rows["m", "VN", JANUARY] = Row({"x": None, "i": None}, {}, "nation")
    formula_sql.load(connection, Panel(rows), "monthly")
    found = formula_sql.values(connection, compile_formula(formula, COLUMNS, "monthly"), "monthly")
    assert found["m", "VN", JANUARY] == (None if expected is None else pytest.approx(expected))


DECLARED = [
    ("lag(money, 1)", "million_vnd", "percent"),
    ("at(money, '2020-01') - money", "million_vnd", "usd"),
    ("rolling_mean(money, 3)", "million_vnd", "ratio"),
    ("ytd(money) / people", "million_vnd_per_person", "million_vnd"),
    ("growth(money)", "percent", "ratio"),
    ("yoy(money)", "percent", "million_vnd"),
    ("cagr(money, '2020-01')", "percent", "ratio"),
    ("index_base(money, '2020-01')", "percent", "million_vnd"),
    ("change(rate)", "percent", "ratio"),
    ("rank(money)", "rank", "ratio"),
    ("minmax(money)", "ratio", "percent"),
    ("100 * minmax(money)", "percent", "ratio"),
    ("zscore(money)", "ratio", "million_vnd"),
    ("100 * percentile(money)", "score_0_100", "rank"),
    ("share_of_total(people)", "ratio", "person"),
    ("share_units(rate > 50)", "ratio", "percent"),
    ("count_units(rate > 50)", "institution", "percent"),
    ("latest(people, 12)", "person", "ratio"),
]


@pytest.mark.parametrize(("formula", "unit", "other"), DECLARED)
def test_units_go_through_every_function(formula: str, unit: str, other: str) -> None:
    named = {"money": "million_vnd", "people": "person", "rate": "percent"}
    compiled = compile_formula(formula, {name: InputColumn(UNITS[code]) for name, code in named.items()})
    assert compiled.unit.mismatch(UNITS[unit]) is None
    assert compiled.unit.mismatch(UNITS[other]) is not None


def compiled(formula: str, frequency: Frequency = "monthly") -> CompiledFormula:
    return compile_formula(formula, COLUMNS, frequency)


@pytest.mark.parametrize(
    ("formula", "frequency", "lookback"),
    [
        ("x", "monthly", 0),
        ("lag(x, 3)", "monthly", 3),
        ("lag(lag(x, 3), 2)", "monthly", 5),
        ("rolling_sum(x, 12)", "monthly", 11),
        ("yoy(x)", "monthly", 12),
        ("yoy(x)", "weekly", 52),
        ("ytd(x)", "quarterly", 3),
        ("ytd(x)", "weekly", 52),
        ("rank(change(x, 4))", "monthly", 4),
        ("count_units(change(x) > 0)", "monthly", 1),
        ("lag(at(x, '2020-01'), 1)", "monthly", None),
        ("latest(x, 6) + lag(x, 2)", "monthly", 6),
    ],
)
def test_how_far_back_a_value_looks(formula: str, frequency: Frequency, lookback: int | None) -> None:
    assert compiled(formula, frequency).lookback == lookback


def test_the_same_window_is_one_column_and_each_depth_one_step() -> None:
    formula = compiled("lag(x, 1) + lag(x, 1) * change(x) + rank(lag(x, 1)) / rank(i)")
    steps = [(step.kind, step.back, [column.name for column in step.columns]) for step in formula.steps]
    assert steps == [("window", 0, ["rank_3"]), ("before", 1, ["lag_1"]), ("window", 0, ["rank_2"])]
    assert formula.is_of_peers
    assert not formula.needs_year
    assert compiled("rolling_sum(x, 3)").steps[0].frames == (
        "partition by map, org_unit_key order by period_key range between 2 preceding and current row",
    )


def test_what_a_model_must_know() -> None:
    assert compiled("ytd(x)").needs_year
    assert compiled("count_units(x > 1, 'commune') + count_units(x > 2)").child_levels == ("commune",)
    assert compiled("at(x, '2020-01')").steps[0].fixed_periods == (4_000_000 + JANUARY,)
    (step,) = compiled("share_units(x > 1)").steps
    assert step.kind == "children"
    assert step.child_level is None
    assert step.known == ("known_1",)


def test_a_week_has_no_month() -> None:
    with pytest.raises(FormulaError, match="the indicator weekly"):
        compiled("at(x, '2020-01')", "weekly")


def test_the_documentation_defines_every_function() -> None:
    page = (PROJECT / "docs" / "formulas.md").read_text(encoding="utf-8")
    assert [name for name in FUNCTIONS if f"`{name}(" not in page] == []
