"""Ministries that merged on today's map: sums, ratios of sums, means, coverage, and what each value is explained by."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.explain.sealed import Sealed
from pipelines.explain.shapes import Explained
from pipelines.explain.tracer import Tracer
from pipelines.release import seal
from tests.engine import QUALITY, Engine, engine, indicator
from tests.small_catalogue import EVENTS, UNITS

MEASURES = {"monthly": ("part dossier flow", "whole dossier flow"), "yearly": ("score percent non_additive",)}
STATISTICS = "STAT,agency,Cục Thống kê,Statistics,Cục Thống kê,MIC,government,,2025-02-28,x\n"
LEVELS = "{nation: {}, ministry: {}, province: {}}"
SUM = 'valid_from: "2025-01", frequency: monthly, formula: part, roll_up: sum, inputs: {part: {measure: figures.part}}'
INDICATORS = (
    ("reference/org_unit.csv", UNITS + STATISTICS),
    ("reference/org_unit_event.csv", EVENTS + "merge,STAT,G06,2025-03-01,1,NQ 176,x\n"),
    indicator("handled", SUM, levels=LEVELS),
    indicator(
        "share",
        'valid_from: "2025-01", frequency: monthly, formula: 100 * part / whole, roll_up: recompute, '
        "min_coverage: 0.6, inputs: {part: {measure: figures.part}, whole: {measure: figures.whole}}",
        unit="percent",
        levels=LEVELS,
    ),
    indicator(
        "score",
        'valid_from: "2023", frequency: yearly, formula: x, roll_up: mean, inputs: {x: {measure: figures.score}}',
        unit="percent",
        levels="{ministry: {}}",
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        found = engine(tmp_path_factory.mktemp("ministries"), patch, MEASURES, INDICATORS)
        found.give("monthly", "part G06 2025-01 3", "part MIC 2025-01 5", "part STAT 2025-01 2", "part F25 2025-01 40")
        found.give("monthly", "part F17 2025-01 60", "whole G06 2025-01 12", "whole MIC 2025-01 4")
        found.give("monthly", "part G06 2025-02 3", "part STAT 2025-02 2", "part G06 2025-04 9", "part G22 2025-01 7")
        found.give("yearly", "score G06 2024 40", "score MIC 2024 60", "score STAT 2024 99", "score G22 2024 5")
        found.built()
        seal(found.home, found.registry.spec_hash)
        yield found


def test_a_ministry_has_what_those_that_became_it_gave_and_no_department_twice(made: Engine) -> None:
    today = made.values("handled", "G06", QUALITY)
    assert today["2025-01"] == (8.0, "A", 3, 3)
    assert today["2025-02"] == (None, "O", 2, 3), "the ministry above the department is silent"
    assert today["2025-04"] == (9.0, "A", 1, 1)
    assert made.values("handled", "G06", on="reported") == {"2025-01": 3.0, "2025-02": 3.0, "2025-04": 9.0}
    assert made.values("handled", "MIC", on="reported") == {"2025-01": 5.0}
    assert made.values("handled", "MIC") == {}


def test_the_nation_is_made_of_areas_alone(made: Engine) -> None:
    assert made.values("handled", "VN", QUALITY)["2025-01"] == (100.0, "A", 2, 2)


def test_a_ratio_is_made_of_the_sums_of_the_ministries(made: Engine) -> None:
    assert made.values("share", "G06", QUALITY)["2025-01"] == (50.0, "A", 3, 3)


def test_a_value_that_is_not_summed_is_the_mean_of_the_ministries(made: Engine) -> None:
    columns = f"{QUALITY}, is_derived"
    assert made.values("score", "G06", columns) == {"2024": (50.0, "A", 2, 2, True)}
    assert made.values("score", "G22", columns) == {"2024": (5.0, "A", 1, 1, False)}
    assert made.values("score", "G06", columns, on="reported") == {"2024": (40.0, "A", 1, 1, False)}


def test_the_explanation_names_what_was_summed_and_averaged(made: Engine) -> None:
    (part,) = explained(made, "handled", "G06", "2025-01").inputs
    assert [(leaf.org_unit, leaf.obs_value) for leaf in part.leaves] == [("G06", 3), ("MIC", 5)]
    others = explained(made, "score", "G06", "2024").others
    assert {other.org_unit: other.figures for other in others} == {"G06": (("score", 40.0),), "MIC": (("score", 60.0),)}


def explained(made: Engine, name: str, unit: str, period: str) -> Explained:
    with duckdb.connect(str((made.home.published / "mart.duckdb").resolve()), read_only=True) as release:
        return Tracer(made.registry, Sealed(made.home, made.registry, release, original=lambda *_: None)).value(
            name, unit, period
        )
