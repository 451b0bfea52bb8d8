"""An indicator keeps the mark of the units it is computed from: what reads two asks whether they are the same."""

from collections.abc import Iterator

import pytest

from tests.engine import QUALITY, Engine, engine, indicator

MEASURES = {
    "monthly": ("part dossier flow", "whole dossier flow"),
    "yearly": ("people dossier stock", "score percent non_additive", "note percent non_additive"),
}
DUTIES = (
    "dataset,reporter_kind,reporter_code,subject,level,valid_from,valid_to,source\n"
    "figures.monthly,province,,children,commune,2025-07-01,,x\n"
)
LEVELS = "{nation: {}, province: {}, commune: {}}"


def computed(name: str, formula: str, inputs: str, floor: str = "0.25", more: str = "", **how: str) -> tuple[str, str]:
    method = (
        f'valid_from: "2026-01", frequency: monthly, formula: "{formula}", roll_up: recompute, '
        f"min_coverage: {floor}, inputs: {{{inputs}}}{more}"
    )
    return indicator(name, method, **{"levels": LEVELS, **how})


def averaged(name: str) -> tuple[str, str]:
    return indicator(
        name,
        f'valid_from: "2024", frequency: yearly, formula: x, roll_up: mean, min_coverage: 0.5, '
        f"inputs: {{x: {{measure: figures.{name}}}}}",
        unit="percent",
        levels="{nation: {}, province: {}}",
    )


PARTS = "a: {indicator: parts}, b: {indicator: wholes}"
INDICATORS = (
    ("reference/assignment.csv", DUTIES),
    computed("parts", "x", "x: {measure: figures.part}"),
    computed("wholes", "x", "x: {measure: figures.whole}"),
    computed("share", "100 * a / b", PARTS, unit="percent"),
    computed("surer_share", "100 * a / b", PARTS, floor="0.5", unit="percent"),
    computed("mixed_share", "100 * a / b", "a: {indicator: parts}, b: {measure: figures.whole}", unit="percent"),
    computed("moved", "change(a)", "a: {indicator: parts}"),
    computed("summed", "rolling_sum(a, 2)", "a: {indicator: parts}"),
    computed("beside", "a + 0 * b", PARTS),
    computed(
        "a_head",
        "a / people",
        "a: {indicator: parts}, people: {measure: figures.people, period: latest, max_age: 24 months}",
        unit="ratio",
    ),
    averaged("score"),
    averaged("note"),
    indicator(
        "of_means",
        'valid_from: "2024", frequency: yearly, formula: a - b, roll_up: none, min_coverage: 0.5, '
        "inputs: {a: {indicator: score}, b: {indicator: note}}",
        unit="percent",
        levels="{nation: {}, province: {}}",
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        found = engine(tmp_path_factory.mktemp("marks"), patch, MEASURES, INDICATORS)
        found.give("monthly", "part C00004 2026-01 1", "part C05089 2026-01 2")
        found.give("monthly", "whole C00004 2026-01 4", "whole C05089 2026-01 8")
        found.give("monthly", "part C00004 2026-02 1", "part C00008 2026-02 2")
        found.give("monthly", "whole C00008 2026-02 4", "whole C05089 2026-02 8")
        found.give("monthly", "part C00004 2026-03 3", "part C00008 2026-03 4")
        found.give("monthly", "part C00004 2026-06 5", obs_status="D")
        found.give("yearly", "people P01 2025 10", "people P25 2025 5")
        found.give("yearly", "score F17 2024 10", "score F25 2024 30", "note F17 2024 1", "note P01 2026 9")
        found.give("yearly", "score P25 2026 20", "note P25 2026 4")
        yield found.built()


def test_the_ratio_of_two_indicators_asks_whether_they_are_of_the_same_units(made: Engine) -> None:
    for name in ("share", "mixed_share"):
        found = made.values(name, "VN", f"{QUALITY}, round(coverage, 6)")
        assert found["2026-01"] == (25.0, "E", 2, 3, 0.666667)
        assert found["2026-02"] == (25.0, "E", 1, 3, 0.333333), "as many units, and others"
    surer = made.values("surer_share", "VN", QUALITY)
    assert (surer["2026-01"], surer["2026-02"]) == ((25.0, "E", 2, 3), (None, "O", 1, 3))
    assert made.values("share", "C00004", QUALITY)["2026-01"] == (25.0, "A", 1, 1)


def test_a_value_bears_the_mark_of_its_inputs_where_they_have_one(made: Engine) -> None:
    parts, wholes = made.values("parts", "VN", "unit_set"), made.values("wholes", "VN", "unit_set")
    assert parts["2026-01"] == wholes["2026-01"] != wholes["2026-02"]
    assert parts["2026-02"] == parts["2026-03"] != parts["2026-01"]
    beside = made.values("beside", "VN", "unit_set")
    assert (beside["2026-01"], beside["2026-02"], beside["2026-03"]) == (parts["2026-01"], None, None)
    assert made.values("beside", "C00004", "unit_set")["2026-01"] == 0, "its own figures"


def test_what_looks_at_several_periods_has_a_mark_if_all_are_of_one_set(made: Engine) -> None:
    parts = made.values("parts", "VN", "unit_set")
    for name in ("moved", "summed"):
        found = made.values(name, "VN", "unit_set")
        assert (found["2026-01"], found["2026-02"], found["2026-03"]) == (None, None, parts["2026-03"])


def test_the_latest_of_other_units_takes_no_mark_away_if_it_is_complete(made: Engine) -> None:
    assert made.values("a_head", "VN", "unit_set")["2026-01"] == made.values("parts", "VN", "unit_set")["2026-01"]


def test_a_mean_bears_the_mark_of_the_units_averaged(made: Engine) -> None:
    assert made.values("score", "P25", "unit_set")["2024"] != made.values("note", "P25", "unit_set")["2024"]
    columns = f"{QUALITY}, unit_set"
    assert made.values("of_means", "P25", columns) == {"2024": (19.0, "E", 1, 2, None), "2026": (16.0, "A", 1, 1, 0)}
    assert made.values("of_means", "VN", QUALITY)["2026"] == (13.5, "E", 1, 2)


def test_a_status_that_is_in_no_list_makes_a_figure_doubtful_and_stops_no_build(made: Engine) -> None:
    assert made.values("parts", "C00004", "obs_value, obs_status")["2026-06"] == (5.0, "F")
