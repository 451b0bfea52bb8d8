"""Dates that stand where a period belongs: read strictly, told with every reading, never taken for a period."""

from datetime import date

import pytest

from expectations.period_dates import dated
from indicator_specs.dates import of_serial, read_date


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("19/6/2026", date(2026, 6, 19), None),
        ("05/05/2026", date(2026, 5, 5), None),
        ("ngày 03 tháng 4 năm 2026", date(2026, 4, 3), None),
        ("2026-04-03", date(2026, 4, 3), None),
        ("2026-04-03 00:00:00", date(2026, 4, 3), None),
        ("03/04/2026", None, "ambiguous_date"),
        ("06/19/2026", None, "month_first"),
        ("31/02/2026", None, "no_such_date"),
        ("31 tháng 4 năm 2026", None, "no_such_date"),
        ("19/6/2569", None, "out_of_range"),
        ("19/6/1026", None, "out_of_range"),
        ("19/6/26", None, "not_a_date"),
        ("tháng này", None, "not_a_date"),
    ],
)
def test_a_date_is_read_in_one_way_or_not_at_all(text: str, value: date | None, problem: str | None) -> None:
    reading = read_date(text)
    assert (reading.value, reading.problem) == (value, problem)


def test_both_readings_of_an_ambiguous_date() -> None:
    assert read_date("03/04/2026").readings == (date(2026, 4, 3), date(2026, 3, 4))


@pytest.mark.parametrize(
    ("text", "day"), [("46296", date(2026, 10, 1)), ("12345", None), ("99999", None), ("4629", None), ("x6296", None)]
)
def test_a_number_as_excel_counts_days(text: str, day: date | None) -> None:
    assert of_serial(text) == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("03/04/2026", "03/04/2026 hoặc 04/03/2026"),
        ("10/31/2026", "31/10/2026, viết tháng trước ngày"),
        ("31/02/2026", "không có trong lịch"),
        ("25/10/2569", "không thuộc dương lịch"),
        ("46296", "01/10/2026"),
        ("tháng này", ""),
        (None, ""),
    ],
)
def test_what_an_officer_is_told(text: str | None, said: str) -> None:
    assert said in dated(text).vi
    assert bool(dated(text).en) == bool(said)
