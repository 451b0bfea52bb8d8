"""Periods that do not follow the calendar, and decrees that change how they are cut."""

from datetime import date

import pytest

from indicator_specs.calendars import CalendarEntry, Calendars, PeriodBasis
from indicator_specs.periods import parse

DECREE, LATER = date(2026, 1, 1), date(2026, 7, 1)
CALENDARS = Calendars(
    entries=(
        CalendarEntry("form.monthly", "monthly", "administrative", 3, DECREE, None, "", ""),
        CalendarEntry("form.yearly", "yearly", "administrative", 10, DECREE, None, "", ""),
        CalendarEntry("form.plain", "monthly", "calendar", 12, None, None, "", ""),
    ),
    bases=(
        PeriodBasis("administrative", 14, None, date(2026, 6, 30), "", ""),
        PeriodBasis("administrative", 20, LATER, None, "", ""),
    ),
)


@pytest.mark.parametrize(
    ("dataset", "period", "first", "last", "due"),
    [
        ("form.monthly", "2026-05", date(2026, 4, 15), date(2026, 5, 14), date(2026, 5, 17)),
        ("form.monthly", "2026-03", date(2026, 2, 15), date(2026, 3, 14), date(2026, 3, 17)),
        ("form.monthly", "2026-01", date(2025, 12, 15), date(2026, 1, 14), date(2026, 1, 17)),
        # A new decree holds for the periods that end under it.
        ("form.monthly", "2026-08", date(2026, 7, 21), date(2026, 8, 20), date(2026, 8, 23)),
        # Before the entry begins, the period is that of the calendar and due when the source says.
        ("form.monthly", "2025-12", date(2025, 12, 1), date(2025, 12, 31), date(2026, 1, 7)),
        ("form.yearly", "2026", date(2025, 12, 21), date(2026, 12, 20), date(2026, 12, 30)),
        ("form.plain", "2026-05", date(2026, 5, 1), date(2026, 5, 31), date(2026, 6, 12)),
        ("unknown", "2026-Q1", date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 7)),
    ],
)
def test_a_period_has_the_days_of_its_decree(dataset: str, period: str, first: date, last: date, due: date) -> None:
    assert CALENDARS.span(dataset, parse(period)) == (first, last)
    assert CALENDARS.due(dataset, parse(period), 7) == due


def test_the_days_are_told_where_they_are_not_those_of_the_calendar() -> None:
    assert CALENDARS.label_vi("form.monthly", parse("2026-05")) == "Tháng 5/2026 (từ 15/04/2026 đến 14/05/2026)"
    assert CALENDARS.label_vi("form.plain", parse("2026-05")) == "Tháng 5/2026"


def test_what_holds_when_is_spelled_out() -> None:
    assert [spell[1:] for spell in CALENDARS.spells() if spell[0] == "form.monthly"] == [
        (14, 3, DECREE, date(2026, 6, 30)),
        (20, 3, LATER, None),
    ]
