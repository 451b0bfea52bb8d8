"""Sums over as many units are not sums over the same units: a ratio of them says so and claims to cover no more."""

from collections.abc import Iterator

import pytest

from tests.engine import QUALITY, Engine, engine, indicator

MEASURES = {
    "monthly": ("part dossier flow", "whole dossier flow", "total dossier cumulative yearly"),
    "quarterly": ("unasked_part dossier flow", "unasked_whole dossier flow"),
}
DUTIES = (
    "dataset,reporter_kind,reporter_code,subject,level,valid_from,valid_to,source\n"
    "figures.monthly,province,,children,commune,2025-07-01,,x\n"
)
EVENTS = (
    "event,from_code,to_code,effective_date,share,legal_basis,source\n"
    "split,F17,P25,2025-07-01,,NQ 202,x\nsplit,F17,P01,2025-07-01,,NQ 202,x\nmerge,F25,P25,2025-07-01,1,NQ 202,x\n"
    "merge,MIC,G06,2025-03-01,1,NQ 176,x\n"
)
LEVELS = "{nation: {}, province: {}}"


def ratio(name: str, part: str, whole: str, frequency: str, floor: str) -> tuple[str, str]:
    method = (
        f'valid_from: "2026-01", frequency: {frequency}, formula: 100 * part / whole, roll_up: recompute, '
        f"min_coverage: {floor}, inputs: {{part: {{measure: figures.{part}}}, whole: {{measure: figures.{whole}}}}}"
    )
    return indicator(name, method, unit="percent", levels=LEVELS)


INDICATORS = (
    ("reference/assignment.csv", DUTIES),
    ("reference/org_unit_event.csv", EVENTS),
    ratio("share", "part", "whole", "monthly", "0.25"),
    ratio("half_share", "part", "whole", "monthly", "0.5"),
    ratio("unasked_share", "unasked_part", "unasked_whole", "quarterly", "0"),
    ratio("quarter_share", "part", "unasked_whole", "quarterly", "0.5"),
    indicator(
        "brought",
        'valid_from: "2026-01", frequency: monthly, formula: x, roll_up: sum, min_coverage: 0.25, '
        "inputs: {x: {measure: figures.total}}",
        levels=LEVELS,
    ),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        found = engine(tmp_path_factory.mktemp("units"), patch, MEASURES, INDICATORS)
        found.give("monthly", "part C00004 2026-01 1", "part C05089 2026-01 2")
        found.give("monthly", "whole C00004 2026-01 4", "whole C05089 2026-01 8")
        found.give("monthly", "part C00004 2026-02 1", "part C00008 2026-02 2")
        found.give("monthly", "whole C00008 2026-02 4", "whole C05089 2026-02 8")
        found.give("monthly", "total C00004 2026-01 5", "total C00008 2026-02 9", "total C00008 2026-03 11")
        found.give("quarterly", "unasked_part C00004 2026-Q1 1", "unasked_whole C00008 2026-Q1 4")
        found.give("quarterly", "unasked_part C00004 2026-Q2 1", "unasked_whole C00004 2026-Q2 4")
        found.give("quarterly", "unasked_part C05089 2026-Q4 1", "unasked_whole P25 2026-Q4 4")
        months = ("2026-07", "2026-08", "2026-09")
        found.give("monthly", *(f"part {unit} {month} 1" for unit in ("C00004", "C05089") for month in months))
        found.give("quarterly", "unasked_whole C00004 2026-Q3 8", "unasked_whole C05089 2026-Q3 4")
        found.give("monthly", "whole F17 2025-06 9", "whole F25 2025-06 4")
        yield found.built()


def test_a_ratio_over_the_same_units_covers_those_that_gave_its_inputs(made: Engine) -> None:
    assert made.values("share", "VN", QUALITY)["2026-01"] == (25.0, "E", 2, 3)


def test_where_as_many_other_units_gave_the_denominator_only_those_that_surely_gave_both_count(made: Engine) -> None:
    assert made.values("share", "VN", f"{QUALITY}, round(coverage, 6)")["2026-02"] == (25.0, "E", 1, 3, 0.333333)
    halves = made.values("half_share", "VN", QUALITY)
    assert (halves["2026-01"], halves["2026-02"]) == ((25.0, "E", 2, 3), (None, "O", 1, 3))


def test_where_no_unit_surely_gave_both_an_author_may_still_have_an_estimate(made: Engine) -> None:
    found = made.values("unasked_share", "P01", QUALITY)
    assert (found["2026-Q1"], found["2026-Q2"]) == ((25.0, "E", 0, 2), (25.0, "E", 1, 2))


def test_a_figure_of_its_own_is_of_the_same_units_as_that_of_its_only_unit(made: Engine) -> None:
    assert made.values("unasked_share", "P25", QUALITY)["2026-Q4"] == (25.0, "A", 1, 1)


def test_what_a_running_total_brought_is_unknown_where_another_unit_gave_the_one_before(made: Engine) -> None:
    found = made.values("brought", "P01", "obs_value, obs_status")
    assert (found["2026-01"], found["2026-02"], found["2026-03"]) == ((5.0, "E"), (None, "O"), (2.0, "E"))


def test_a_quarter_of_monthly_figures_is_of_the_same_units_as_a_quarterly_figure_of_theirs(made: Engine) -> None:
    assert made.values("quarter_share", "VN", QUALITY)["2026-Q3"] == (50.0, "E", 2, 9)
    assert made.values("quarter_share", "P25", QUALITY)["2026-Q3"] == (75.0, "A", 1, 3)


def test_what_cannot_be_moved_to_todays_units_is_told_with_who_holds_it(made: Engine) -> None:
    columns = "measure, org_unit_code, time_period, reported_value, residual_value, unit_vi, held_by_code, note_vi"
    assert made.rows(f"select {columns} from marts.mart_residual") == [
        (
            *("figures.whole", "F17", "2025-06", 9.0, 9.0, "hồ sơ", "VN"),
            "Tỉnh Hòa Bình đã chia tách, chưa có tỉ lệ chia: phần chưa phân bổ được về đơn vị hành chính hiện hành "
            "được giữ ở Việt Nam.",
        )
    ]
