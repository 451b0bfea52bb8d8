"""What a formula reads: figures of its period, made of their parts, the latest, what a running total has grown by."""

import pytest

from tests.engine import Engine, engine, indicator

MEASURES = {
    "monthly": (
        "flow dossier flow",
        "stock dossier stock",
        "total dossier cumulative yearly",
        "quarter_total dossier cumulative quarterly",
    ),
    "quarterly": ("quarter dossier flow",),
    "yearly": ("people dossier stock", "rated percent non_additive"),
}
SINCE = 'valid_from: "2025-01"'


def reads(frequency: str, measure: str, more: str = "") -> str:
    return f"{SINCE}, frequency: {frequency}, formula: x, inputs: {{x: {{measure: figures.{measure}{more}}}}}"


LATEST = "period: latest, max_age: 24 months"
INDICATORS = (
    indicator("flow_quarter", reads("quarterly", "flow")),
    indicator("flow_year", reads("yearly", "flow")),
    indicator("flow_nine", reads("nine_monthly", "flow")),
    indicator("quarter_half", reads("half_yearly", "quarter")),
    indicator("stock_quarter", reads("quarterly", "stock")),
    indicator("stock_nine", reads("nine_monthly", "stock")),
    indicator("total_month", reads("monthly", "total")),
    indicator("total_quarter", reads("quarterly", "total")),
    indicator("total_nine", reads("nine_monthly", "total", ", reading: as_reported")),
    indicator("total_said", reads("monthly", "total", ", reading: as_reported")),
    indicator("quarter_total_year", reads("yearly", "quarter_total")),
    indicator(
        "per_head",
        f"{SINCE}, frequency: monthly, formula: 100 * flow / people, inputs: "
        f"{{flow: {{measure: figures.flow}}, people: {{measure: figures.people, {LATEST}}}}}",
        unit="percent",
    ),
    indicator("people_by_month", reads("monthly", "people", f", {LATEST}")),
    indicator(
        "nation_flow",
        f"{SINCE}, frequency: quarterly, formula: x, roll_up: sum, min_coverage: 0.5, "
        "inputs: {x: {measure: figures.flow}}",
        levels="{nation: {}, province: {}}",
    ),
)


def months(measure: str, unit: str, year: int, *values: object, first: int = 1) -> list[str]:
    return [
        f"{measure} {unit} {year}-{month:02d} {value}"
        for month, value in enumerate(values, start=first)
        if value is not None
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    with pytest.MonkeyPatch.context() as patch:
        found = engine(tmp_path_factory.mktemp("inputs"), patch, MEASURES, INDICATORS)
        found.give("monthly", *months("flow", "P01", 2025, *range(1, 13)), *months("stock", "P01", 2025, *range(1, 13)))
        found.give("monthly", *months("flow", "P01", 2026, 1, 2, 3, None, 5, 6, 7, 8, 9))
        found.give("monthly", *months("flow", "P25", 2026, 10, 20, 30))
        found.give("monthly", *months("stock", "P01", 2026, 1, 2, None, 4, 5, 6, 7, 8, 9))
        found.give("monthly", *months("total", "P01", 2026, 3, 5, 5, 9, None, 12, 11, 15, 20))
        found.give("monthly", *months("quarter_total", "P01", 2025, *(1, 2, 4) * 4), is_synthetic=True)
        found.give("quarterly", "quarter P01 2026-Q1 5", "quarter P01 2026-Q2 6", "quarter P01 2026-Q3 7")
        found.give("yearly", "people P01 2023 100", "people P01 2024 50", "people P25 2023 10", "people C00004 2026 7")
        return found.built()


def test_a_flow_is_the_sum_of_all_its_parts_or_missing(made: Engine) -> None:
    assert made.values("flow_quarter", "P01") == {
        "2025-Q1": 6.0,
        "2025-Q2": 15.0,
        "2025-Q3": 24.0,
        "2025-Q4": 33.0,
        "2026-Q1": 6.0,
        "2026-Q2": None,
        "2026-Q3": 24.0,
    }
    assert made.values("flow_year", "P01", "obs_value, obs_status, n_reported, n_expected") == {
        "2025": (78.0, "A", 12, 12),
        "2026": (None, "O", 8, 12),
    }
    assert made.values("flow_nine", "P01") == {"2025-N9": 45.0, "2026-N9": None}
    assert made.values("quarter_half", "P01") == {"2026-S1": 11.0, "2026-S2": None}


def test_a_stock_is_its_last_part(made: Engine) -> None:
    assert made.values("stock_quarter", "P01") == {
        "2025-Q1": 3.0,
        "2025-Q2": 6.0,
        "2025-Q3": 9.0,
        "2025-Q4": 12.0,
        "2026-Q2": 6.0,
        "2026-Q3": 9.0,
    }
    assert made.values("stock_nine", "P01") == {"2025-N9": 9.0, "2026-N9": 9.0}


def test_a_running_total_is_read_as_what_the_period_brought(made: Engine) -> None:
    assert made.values("total_month", "P01") == {
        # The first of the year is the total itself; May is missing, and June then too; in July the total has fallen.
        "2026-01": 3.0,
        "2026-02": 2.0,
        "2026-03": 0.0,
        "2026-04": 4.0,
        "2026-06": None,
        "2026-07": None,
        "2026-08": 4.0,
        "2026-09": 5.0,
    }
    assert made.values("total_quarter", "P01") == {"2026-Q1": 5.0, "2026-Q2": None, "2026-Q3": None}
    assert made.values("total_nine", "P01") == {"2026-N9": 20.0}
    assert made.values("total_said", "P01")["2026-07"] == 11.0


def test_a_running_total_begins_anew_with_its_span(made: Engine) -> None:
    assert made.values("quarter_total_year", "P01", "obs_value, is_synthetic") == {"2025": (16.0, True)}


def test_the_latest_figure_stands_until_the_next_or_until_it_is_too_old(made: Engine) -> None:
    people = made.values("people_by_month", "P01")
    assert people["2025-01"] == 50.0
    # Up to the period of the newest figure of anybody.
    assert (min(people), max(people)) == ("2025-01", "2026-12")
    # What ended with 2023 is 24 months old at the end of 2025, and too old a month later.
    assert list(made.values("people_by_month", "P25"))[-1] == "2025-12"
    assert set(made.values("people_by_month", "P25").values()) == {10.0}


def test_the_latest_figure_makes_no_row_of_its_own(made: Engine) -> None:
    heads = made.values("per_head", "P01")
    assert heads["2025-01"] == 2.0
    assert "2026-04" not in heads
    assert made.values("per_head", "P25", "obs_value, obs_status") == dict.fromkeys(
        ("2026-01", "2026-02", "2026-03"), (None, "O")
    )


def test_parts_of_sums_count_the_units_that_reported(made: Engine) -> None:
    assert made.values("nation_flow", "VN", "obs_value, n_reported, n_expected")["2026-Q1"] == (
        66.0,
        6,
        6,
    )
