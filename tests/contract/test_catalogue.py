"""The real catalogue: it loads, its units balance, its examples hold by an independent evaluator and on DuckDB."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from indicator_specs import periods
from indicator_specs.assignments import owed
from indicator_specs.lint import lint
from indicator_specs.meaning import Example
from indicator_specs.methods import Method
from indicator_specs.registry import CATALOGUE, SOURCES, Registry
from indicator_specs.spec import Indicator
from indicator_specs.units import UNITS
from tests import formula_sql
from tests.formula_composites import Expected, as_declared
from tests.formula_oracle import Panel, Row, evaluate
from tests.whole_catalogue import whole_catalogue

SPECS = sorted(CATALOGUE.glob("*/*.yml"))
SOURCE_FOLDERS = sorted(path.parent for path in SOURCES.glob("*/source.yml"))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return whole_catalogue()


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def test_the_catalogue_is_there() -> None:
    assert len(SPECS) >= 130
    assert len(SOURCE_FOLDERS) >= 5


def test_every_file_is_an_indicator(registry: Registry) -> None:
    assert sorted(registry.indicators) == sorted(path.stem for path in SPECS)
    assert sorted(registry.sources) == [folder.name for folder in SOURCE_FOLDERS]


def test_no_lint_error(registry: Registry) -> None:
    assert [finding for finding in lint(registry) if finding.severity == "error"] == []


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_units_balance(registry: Registry, path: Path) -> None:
    spec = registry.indicators[path.stem]
    for method in spec.methods:
        for level in spec.levels:
            compiled = registry.compiled(spec, method, level)
            assert compiled.unit.mismatch(UNITS[spec.meaning.unit]) is None


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_examples_hold(registry: Registry, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    spec = registry.indicators[path.stem]
    # What counts the units below it, or joins whatever is assigned, cannot be shown by a few figures of one unit.
    looks_down = registry.compiled(spec, spec.method).child_levels
    of_assigned = spec.method.composite is not None and spec.method.composite.assigned is not None
    unshown = looks_down or of_assigned or spec.type not in {"computed", "composite"}
    assert spec.examples or unshown, "computed, without an example"
    for example in spec.examples:
        method = next(m for m in spec.methods if m.version == (example.method or spec.method.version))
        exact, on_engine = _both(registry, connection, spec, method, example)
        if example.expect is None:
            assert exact is None
            assert on_engine is None
            continue
        allowed = Fraction(example.tolerance) or abs(Fraction(example.expect)) / 10**9
        assert exact is not None
        assert abs(exact - Fraction(example.expect)) <= allowed
        assert on_engine is not None
        assert abs(Fraction(on_engine) - exact) <= abs(exact) / 10**12


def _both(
    registry: Registry, connection: duckdb.DuckDBPyConnection, spec: Indicator, method: Method, example: Example
) -> tuple[Fraction | None, float | None]:
    """The last value of an example by exact fractions, and on DuckDB."""
    begins = periods.parse(method.valid_from)
    if begins.frequency != method.frequency:
        begins = periods.containing(begins.start_date, method.frequency)
    last = periods.parse(example.period).period_no if example.period else begins.period_no + example.length - 1
    rows = {}
    for number in range(example.length):
        figures = {name: series[number] for name, series in example.series.items()}
        values = {name: None if figure is None else Fraction(figure) for name, figure in figures.items()}
        rows["map", "U", last - example.length + 1 + number] = Row(values, dict.fromkeys(values, 1))
    formula = spec.formula_of(method)
    named = {text: periods.parse(text).period_no for text in re.findall(r"'(\d{4}[^']*)'", formula)}
    panel = Panel(rows, per_year=periods.PER_YEAR[method.frequency], numbers=named)
    formula_sql.load(connection, panel, method.frequency)
    found = formula_sql.values(connection, registry.compiled(spec, method), method.frequency)
    place = ("map", "U", last)
    if method.composite:
        goals = {
            name: str(goal) for name, goal in registry.goals(spec.inputs_of(method), next(iter(spec.levels))).items()
        }
        return Expected(panel, as_declared(method.composite), goals).value(place).value, found[place]
    return panel.value(formula, place).value, found[place]


def test_a_wrong_example_would_be_seen(registry: Registry) -> None:
    spec = next(s for s in registry.indicators.values() if s.type == "computed")
    example = next(each for each in spec.examples if each.expect)
    given = {name: Fraction(series[-1]) for name, series in example.series.items() if series[-1] is not None}
    exact = evaluate(spec.formula_of(spec.method), given).value
    assert exact is not None
    assert abs(exact - Fraction(example.expect or 0) * Fraction(11, 10)) > abs(exact) / 10**9


def test_what_the_first_catalogue_must_hold(registry: Registry) -> None:
    specs = list(registry.indicators.values())
    assert {spec.meaning.layer for spec in specs} == {"central", "agency", "field"}
    assert {spec.type for spec in specs} >= {"computed", "composite", "published_value", "published_rank"}
    assert len(_monthly_at(specs, "province")) >= 5
    assert len(_monthly_at(specs, "commune")) >= 2
    assert any(given.indicator for spec in specs for given in spec.inputs_of(spec.method).values())
    assert any(len(measure.producer_precedence) >= 2 for measure in registry.measures.values())


def _monthly_at(specs: list[Indicator], level: str) -> list[str]:
    return [spec.id for spec in specs if level in spec.levels and spec.method.frequency == "monthly"]


def test_a_score_joins_what_each_level_has_a_target_for(registry: Registry) -> None:
    spec = registry.indicators["dynamic_score"]
    joined = {level: set(registry.compiled(spec, spec.method, level).inputs) for level in spec.levels}
    assert joined["nation"] >= {"cashless_transaction_share", "egdi_rank"}
    assert joined["province"] >= {"full_online_provision", "electronic_health_records"}
    assert "bank_account_holders" not in joined["province"], "its target is the nation's"
    assert joined["ministry"] & joined["nation"] >= {"databases_connected"}


def test_every_official_indicator_with_a_target_in_numbers_weighs_in_the_score(registry: Registry) -> None:
    rule = registry.programmes["nq57"].scoring
    assert rule is not None
    assert rule.confidence == "assumed"
    official = [s for s in registry.indicators.values() if any(re.fullmatch(rule.codes, code) for code in s.codes)]
    without = {spec.id for spec in official if not spec.scoring.weight}
    # Assessed in words, a milestone, or counted from a year on: no value that can be divided by its target.
    assert without == {
        *("science_capability_level", "enterprise_technology_level", "fields_of_world_standing"),
        *("police_research_centre", "leading_technology_firms_attracted", "new_submarine_cables"),
    }


def test_every_commune_is_owed_by_its_own_province(registry: Registry) -> None:
    rows = [row for row in owed(registry, ["2026-10"]) if row.dataset == "commune_report.administration"]
    assert len(rows) == 3_321 * 4
    assert len({row.reporter for row in rows}) == 34
    assert all(registry.reference.unit(row.org_unit).parent_code == row.reporter for row in rows)


def test_measures_of_one_formula_return_together(registry: Registry) -> None:
    for dataset in registry.datasets.values():
        groups = registry.groups(dataset)
        assert set(groups) == {measure.id for measure in dataset.measures}
        for spec in registry.indicators.values():
            for method in spec.methods:
                mine = {given.measure for given in spec.inputs_of(method).values()} & set(groups)
                assert len({groups[measure] for measure in mine if measure}) <= 1
    commune = registry.groups(registry.dataset("commune_report", "administration"))
    assert len(set(commune.values())) == 2


def test_nothing_in_the_code_knows_the_programme() -> None:
    """A programme is data: its number stands in no module of the kernel."""
    kernel = CATALOGUE.parent
    modules = [path for path in kernel.rglob("*.py") if "57" in path.read_text(encoding="utf-8")]
    assert [path.name for path in modules if "57-NQ" in path.read_text(encoding="utf-8")] == []
    assert "nq57" not in json.dumps([path.read_text(encoding="utf-8") for path in kernel.rglob("*.py")])
