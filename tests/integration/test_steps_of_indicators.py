"""What a formula looks at beside its own row: earlier periods, peers, units below, the values of units that merged."""

import pytest

from tests.engine import Engine, engine, indicator

MEASURES = {
    "monthly": ("flow dossier flow", "other dossier flow", "pct percent non_additive"),
    "yearly": ("score percent non_additive", "heads dossier stock", "past dossier flow"),
}
PROVINCES = "{nation: {}, province: {}}"


def method(formula: str, *inputs: str, frequency: str = "monthly", since: str = "2025-07", more: str = "") -> str:
    """Inputs are ``measure`` or ``@indicator``."""
    named = ", ".join(
        f"{name[1:]}: {{indicator: {name[1:]}}}" if name.startswith("@") else f"{name}: {{measure: figures.{name}}}"
        for name in inputs
    )
    return f'valid_from: "{since}", frequency: {frequency}, formula: "{formula}", inputs: {{{named}}}{more}'


def until(period: str, text: str) -> str:
    return text.replace(", frequency", f', valid_to: "{period}", frequency', 1)


INDICATORS = (
    indicator("growing", method("growth(flow)", "flow", since="2026-01"), unit="percent"),
    indicator("summed", method("rolling_sum(flow, 3)", "flow")),
    indicator("to_date", method("ytd(flow)", "flow", since="2026-01")),
    indicator("doubled", method("rolling_sum(lag(flow, 1), 2) + other", "flow", "other")),
    indicator("since_base", method("index_base(flow, '2025-12')", "flow", since="2026-01"), unit="percent"),
    indicator("newest", method("latest(flow, 2) + other", "flow", "other")),
    indicator(
        "counted",
        until("2026-03", method("flow", "flow", since="2026-01")),
        method("flow + 0 * other", "flow", "other", since="2026-04"),
    ),
    indicator("compared", method("change(counted)", "@counted", since="2026-01")),
    indicator("placed", method("rank(pct)", "pct"), unit="rank"),
    indicator(
        "spread", method("100 * minmax(pct)", "pct"), unit="percent", layer="central", rest='scoring: {weight: "3"}'
    ),
    indicator("plain", method("pct", "pct"), unit="percent", layer="central", rest='scoring: {weight: "1"}'),
    indicator("busy", method("count_units(flow > 10)", "flow"), unit="dossier", levels=PROVINCES),
    indicator(
        "busy_share",
        method("100 * share_units(flow > 10, 'commune')", "flow", more=", roll_up: recompute, min_coverage: 0.5"),
        unit="percent",
        levels=PROVINCES,
    ),
    indicator(
        "averaged",
        method("score", "score", frequency="yearly", since="2022", more=", roll_up: mean, min_coverage: 0.5"),
        unit="percent",
        levels=PROVINCES,
    ),
    indicator(
        "weighed",
        method(
            "score",
            "score",
            frequency="yearly",
            since="2022",
            more=", roll_up: weighted, weights: {measure: figures.heads}",
        ),
        unit="percent",
        levels=PROVINCES,
    ),
    indicator(
        "joined_up",
        'valid_from: "2025-07", frequency: monthly, composite: {members: [{measure: figures.pct, weight: "1"}, '
        '{indicator: spread, weight: "1"}], missing: reweight, min_weight: "0.5"}',
        unit="percent",
        kind="composite",
    ),
    indicator(
        "assigned_up",
        'valid_from: "2025-07", frequency: monthly, composite: {assigned: {layer: central}, missing: reweight, '
        'min_weight: "0.5"}',
        unit="percent",
        kind="composite",
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    with pytest.MonkeyPatch.context() as patch:
        found = engine(tmp_path_factory.mktemp("steps"), patch, MEASURES, INDICATORS)
        flow = [5, 10, 20, 0, 30, None, 50]
        months = ["2025-12", *(f"2026-{month:02d}" for month in range(1, 7))]
        known = [(month, value) for month, value in zip(months, flow, strict=True) if value is not None]
        found.give("monthly", *(f"flow P01 {month} {value}" for month, value in known))
        found.give("monthly", *(f"other P01 {month} 1" for month in months))
        found.give("monthly", "flow P25 2026-01 4")
        found.give("monthly", "flow P25 2026-02 4", is_synthetic=True)
        found.give("monthly", "pct P01 2026-01 40", "pct P25 2026-01 40", "pct P01 2026-02 40", "pct P25 2026-02 80")
        found.give("monthly", "flow C00004 2026-08 11", "flow C00008 2026-08 9", "flow C05089 2026-08 30")
        found.give("monthly", "flow C00004 2026-09 11")
        found.give("yearly", "score F17 2024 40", "score F25 2024 60", "score P01 2024 90", "score F17 2023 10")
        found.give("yearly", "heads F17 2024 1", "heads F25 2024 3", "heads P01 2024 4", "score VN 2022 7")
        return found.built()


def test_growth_sees_gaps_and_divides_by_nothing(made: Engine) -> None:
    assert made.values("growing", "P01", "obs_value, obs_status") == {
        "2026-01": (100.0, "A"),
        "2026-02": (100.0, "A"),
        "2026-03": (-100.0, "A"),
        "2026-04": (None, "O"),
        "2026-06": (None, "O"),
    }


def test_sums_over_time_are_whole_or_missing(made: Engine) -> None:
    summed = made.values("summed", "P01")
    assert (summed["2025-12"], summed["2026-02"], summed["2026-04"], summed["2026-06"]) == (None, 35.0, 50.0, None)
    assert list(made.values("to_date", "P01").values()) == [10.0, 30.0, 30.0, 60.0, None]


def test_windows_nest(made: Engine) -> None:
    doubled = made.values("doubled", "P01")
    assert (doubled["2026-02"], doubled["2026-03"], doubled["2026-06"]) == (16.0, 31.0, None)


def test_a_base_period_before_the_method_is_read(made: Engine) -> None:
    assert made.values("since_base", "P01")["2026-02"] == 400.0
    assert "2025-12" not in made.values("since_base", "P01")


def test_the_newest_value_stands_in_for_a_missing_one(made: Engine) -> None:
    newest = made.values("newest", "P01", "obs_value, obs_status")
    assert newest["2026-05"] == (31.0, "A")


def test_what_would_compare_two_methods_is_missing_and_says_so(made: Engine) -> None:
    assert made.values("compared", "P01", "obs_value, obs_status") == {
        "2026-01": (None, "O"),
        "2026-02": (10.0, "A"),
        "2026-03": (-20.0, "A"),
        "2026-04": (None, "B"),
        "2026-05": (None, "O"),
        "2026-06": (None, "O"),
    }


def test_a_value_is_as_synthetic_as_what_it_looks_at(made: Engine) -> None:
    assert made.values("growing", "P25", "obs_value, is_synthetic") == {
        "2026-01": (None, False),
        "2026-02": (0.0, True),
    }


def test_peers_stand_on_their_map(made: Engine) -> None:
    assert made.values("placed", "P01") == {"2026-01": 1.0, "2026-02": 2.0}
    assert made.values("placed", "P25", on="reported") == {"2026-01": 1.0, "2026-02": 1.0}
    assert made.values("spread", "P25") == {"2026-01": None, "2026-02": 100.0}


def test_units_below_are_counted_where_they_are_known(made: Engine) -> None:
    columns = "obs_value, n_reported, n_expected, obs_status"
    assert made.values("busy", "P01", columns)["2026-08"] == (1.0, 2, 2, "A")
    assert made.values("busy", "P01", columns)["2026-09"] == (None, 1, 2, "O")
    assert made.values("busy_share", "P01", columns)["2026-09"] == (100.0, 1, 2, "E")
    nation = made.values("busy_share", "VN", columns)["2026-08"]
    assert nation == (pytest.approx(100 * 2 / 3), 3, 3, "A")


def test_a_merged_unit_takes_the_mean_of_those_it_was_made_of(made: Engine) -> None:
    columns = "obs_value, obs_status, n_reported, n_expected, is_derived"
    assert made.values("averaged", "F17", columns, on="reported")["2024"] == (40.0, "A", 1, 1, False)
    assert made.values("averaged", "P25", columns) == {"2023": (10.0, "E", 1, 2, True), "2024": (50.0, "A", 2, 2, True)}
    assert made.values("averaged", "P01", columns)["2024"] == (90.0, "A", 1, 1, False)
    assert made.values("averaged", "VN", columns)["2024"] == (70.0, "A", 2, 2, True)
    assert made.values("averaged", "VN", columns, on="reported")["2024"] == (50.0, "A", 2, 2, True)
    assert made.values("averaged", "VN", columns)["2022"] == (7.0, "A", 1, 1, False)


def test_a_weighted_mean_weighs(made: Engine) -> None:
    assert made.values("weighed", "P25") == {"2023": None, "2024": 55.0}
    assert made.values("weighed", "VN")["2024"] == (55.0 * 4 + 90.0 * 4) / 8
    assert made.registry.dependents(["figures.heads"]) == ("weighed",), "other weights make other values"


def test_a_composite_does_without_a_member_where_it_may(made: Engine) -> None:
    joined = made.values("joined_up", "P25", "obs_value, obs_status")
    assert joined == {"2026-01": (40.0, "E"), "2026-02": (90.0, "A")}
    assigned = made.values("assigned_up", "P25", "obs_value, obs_status")
    assert assigned == {"2026-01": (None, "O"), "2026-02": (95.0, "A")}
