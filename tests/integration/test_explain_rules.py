"""Explaining what is read by a rule: other periods, parts, running totals, the newest figure, peers, merged units.

Each explanation is held against the value that was sealed: its own figures, joined by hand, must give it.
"""

from decimal import Decimal

import duckdb
import pytest

from pipelines.explain.sealed import Sealed
from pipelines.explain.shapes import Explained
from pipelines.explain.tracer import Tracer
from pipelines.release import seal
from tests.engine import Engine, engine, indicator

MEASURES = {
    "monthly": ("flow dossier flow", "total dossier cumulative yearly"),
    "yearly": ("people dossier stock", "score percent non_additive"),
}
INDICATORS = (
    indicator(
        "growing",
        'valid_from: "2026-01", frequency: monthly, formula: growth(x), inputs: {x: {measure: figures.flow}}',
        unit="percent",
    ),
    indicator(
        "quarterly_flow",
        'valid_from: "2026-01", frequency: quarterly, formula: x, inputs: {x: {measure: figures.flow}}',
    ),
    indicator(
        "added",
        'valid_from: "2026-01", frequency: monthly, formula: x, inputs: {x: {measure: figures.total}}',
    ),
    indicator(
        "per_head",
        'valid_from: "2026-01", frequency: monthly, formula: 100 * flow / people, inputs: '
        "{flow: {measure: figures.flow}, people: {measure: figures.people, period: latest, max_age: 24 months}}",
        unit="percent",
    ),
    indicator(
        "of_growth",
        'valid_from: "2026-01", frequency: monthly, formula: x + 0 * y, inputs: '
        "{x: {indicator: growing}, y: {indicator: growing}}",
        unit="percent",
    ),
    indicator(
        "place",
        'valid_from: "2026-01", frequency: monthly, formula: rank(x), inputs: {x: {measure: figures.flow}}',
        unit="rank",
    ),
    indicator(
        "mean_score",
        'valid_from: "2022", frequency: yearly, formula: x, roll_up: mean, inputs: {x: {measure: figures.score}}',
        unit="percent",
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    with pytest.MonkeyPatch.context() as patch:
        found = engine(tmp_path_factory.mktemp("explain"), patch, MEASURES, INDICATORS)
        found.give("monthly", "flow P01 2026-01 10", "flow P01 2026-02 20", "flow P01 2026-03 30", "flow P25 2026-02 5")
        found.give("monthly", "total P01 2026-01 3", "total P01 2026-02 8")
        found.give("yearly", "people P01 2024 50", "people P01 2025 40", "score F17 2024 40", "score F25 2024 60")
        found.built()
        seal(found.home, found.registry.spec_hash)
        return found


def explained(made: Engine, name: str, unit: str, period: str) -> Explained:
    path = made.home.published / "mart.duckdb"
    with duckdb.connect(str(path.resolve()), read_only=True) as release:
        sealed = Sealed(made.home, made.registry, release, original=lambda *_: None)
        return Tracer(made.registry, sealed).value(name, unit, period)


def test_growth_names_both_periods(made: Engine) -> None:
    tree = explained(made, "growing", "P01", "2026-02")
    assert [(each.time_period, each.obs_value) for each in tree.inputs] == [("2026-02", 20), ("2026-01", 10)]
    assert tree.obs_value == 100.0
    assert tree.filled_formula == "growth({2026-02: 20; 2026-01: 10})"
    assert [leaf.place for each in tree.inputs for leaf in each.leaves] == ["row 2", "row 1"]


def test_a_quarter_shows_its_months(made: Engine) -> None:
    (given,) = explained(made, "quarterly_flow", "P01", "2026-Q1").inputs
    assert given.how == "parts"
    assert [(part.time_period, part.obs_value) for part in given.parts] == [
        ("2026-01", 10),
        ("2026-02", 20),
        ("2026-03", 30),
    ]
    assert given.obs_value == Decimal(60)


def test_a_running_total_shows_both_its_figures(made: Engine) -> None:
    (given,) = explained(made, "added", "P01", "2026-02").inputs
    assert (given.how, given.obs_value) == ("difference", 5)
    assert [(part.time_period, part.obs_value) for part in given.parts] == [("2026-02", 8), ("2026-01", 3)]
    (first,) = explained(made, "added", "P01", "2026-01").inputs
    assert (first.how, first.obs_value, first.parts) == ("reported", 3, ())


def test_the_newest_figure_is_named_with_its_period(made: Engine) -> None:
    tree = explained(made, "per_head", "P01", "2026-02")
    assert tree.filled_formula == "100 * 20 / {2025: 40}"
    assert tree.obs_value == 50.0


def test_an_indicator_below_is_explained_too(made: Engine) -> None:
    tree = explained(made, "of_growth", "P01", "2026-02")
    below = tree.inputs[0].indicator
    assert below is not None
    assert (below.indicator, below.obs_value) == ("growing", tree.obs_value)


def test_a_rank_shows_who_it_was_ranked_among(made: Engine) -> None:
    tree = explained(made, "place", "P25", "2026-02")
    assert tree.obs_value == 2.0
    assert [(other.org_unit, other.figures) for other in tree.others] == [("P01", (("x", 20),))]


def test_a_merged_unit_shows_the_former_ones(made: Engine) -> None:
    tree = explained(made, "mean_score", "P25", "2024")
    assert tree.is_derived
    assert tree.inputs == ()
    assert [(other.org_unit, other.figures) for other in tree.others] == [
        ("F17", (("mean_score", 40.0),)),
        ("F25", (("mean_score", 60.0),)),
    ]
    assert tree.obs_value == 50.0
