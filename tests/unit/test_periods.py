"""Periods: text, key, dates, names."""

from datetime import date

import pytest

from indicator_specs.periods import PERIODS, Frequency, PeriodError, between, containing, parse, period_key

GOOD = [
    ("2026", 1_002_026, "2026-01-01", "2026-12-31", "Năm 2026"),
    ("2026-S1", 2_004_052, "2026-01-01", "2026-06-30", "6 tháng đầu năm 2026"),
    ("2026-S2", 2_004_053, "2026-07-01", "2026-12-31", "6 tháng cuối năm 2026"),
    ("2026-Q2", 3_008_105, "2026-04-01", "2026-06-30", "Quý II/2026"),
    ("2026-Q4", 3_008_107, "2026-10-01", "2026-12-31", "Quý IV/2026"),
    ("2026-05", 4_024_316, "2026-05-01", "2026-05-31", "Tháng 5/2026"),
    ("2026-12", 4_024_323, "2026-12-01", "2026-12-31", "Tháng 12/2026"),
    ("2024-02", 4_024_289, "2024-02-01", "2024-02-29", "Tháng 2/2024"),
    ("2026-W01", 5_105_659, "2025-12-29", "2026-01-04", "Tuần 1/2026"),
    ("2026-W53", 5_105_711, "2026-12-28", "2027-01-03", "Tuần 53/2026"),
    ("2026-N9", 6_002_026, "2026-01-01", "2026-09-30", "9 tháng đầu năm 2026"),
]


@pytest.mark.parametrize(("text", "key", "start", "end", "label"), GOOD)
def test_a_period_knows_its_key_dates_and_name(text: str, key: int, start: str, end: str, label: str) -> None:
    period = parse(text)
    assert period_key(text) == period.period_key == key
    assert period.time_period == text
    assert (period.start_date, period.end_date) == (date.fromisoformat(start), date.fromisoformat(end))
    assert period.label_vi == label
    assert containing(period.start_date, period.frequency) == containing(period.end_date, period.frequency) == period


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-13",
        "2026-00",
        "2026-5",
        "2026-Q5",
        "2026-S3",
        "05/2026",
        "0000",
        "2026-05-01",
        " 2026",
        "2026-q2",
        "２０２６",
        "20266",
        "2026-N6",
        "2026-W00",
        "2026-W54",
        "2025-W53x",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PeriodError, match="is not a period"):
        parse(text)


def test_neighbours_differ_by_one_across_years() -> None:
    for first, second in [("2025-12", "2026-01"), ("2025-Q4", "2026-Q1"), ("2025-S2", "2026-S1"), ("2025", "2026")]:
        assert parse(second).period_key - parse(first).period_key == 1
        assert parse(second).previous == parse(first)
        assert parse(first).following == parse(second)


def test_a_range_is_of_one_frequency() -> None:
    months = between(parse("2025-11"), parse("2026-02"))
    assert [month.time_period for month in months] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert between(parse("2026-02"), parse("2026-01")) == ()
    with pytest.raises(PeriodError, match="different frequencies"):
        between(parse("2025"), parse("2026-01"))


def test_the_table_holds_every_period_once() -> None:
    keys = [period.period_key for period in PERIODS]
    n_weeks = sum(date(year, 12, 28).isocalendar().week for year in range(2000, 2036))
    assert len(keys) == len(set(keys)) == 36 * (1 + 2 + 4 + 12 + 1) + n_weeks + 2
    assert keys == sorted(keys)
    assert {period.year for period in PERIODS if period.frequency != "weekly"} == set(range(2000, 2036))
    for period in PERIODS:
        assert parse(period.time_period) == period


def test_a_week_that_a_year_does_not_have_is_refused() -> None:
    assert parse("2020-W53").end_date == date(2021, 1, 3)
    with pytest.raises(PeriodError, match="2025 has no week 53"):
        parse("2025-W53")


def test_weeks_follow_one_another_across_years() -> None:
    assert parse("2026-W53").following == parse("2027-W01")
    assert parse("2021-W01").previous == parse("2020-W53")
    assert parse("2026-W21").last_year == parse("2025-W21")


@pytest.mark.parametrize(
    ("text", "finer", "parts"),
    [
        ("2026-Q2", "monthly", ["2026-04", "2026-05", "2026-06"]),
        ("2026-N9", "quarterly", ["2026-Q1", "2026-Q2", "2026-Q3"]),
        ("2026-S2", "quarterly", ["2026-Q3", "2026-Q4"]),
        ("2026", "half_yearly", ["2026-S1", "2026-S2"]),
        ("2026-N9", "half_yearly", []),
        ("2026", "nine_monthly", []),
        ("2026", "weekly", []),
        ("2026-W10", "monthly", []),
        ("2026-05", "quarterly", []),
    ],
)
def test_a_period_is_made_up_of_finer_ones_that_nest(text: str, finer: Frequency, parts: list[str]) -> None:
    assert [part.time_period for part in parse(text).parts(finer)] == parts
