"""Reporting periods: SDMX text, the integer that orders them, their dates, their Vietnamese names.

Pure arithmetic on the calendar; knows no dataset and no deadline but the count of days it is given.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from indicator_specs.errors import both

Frequency = Literal["yearly", "half_yearly", "quarterly", "monthly"]
LETTERS: dict[Frequency, str] = {"yearly": "A", "half_yearly": "S", "quarterly": "Q", "monthly": "M"}
PER_YEAR: dict[Frequency, int] = {"yearly": 1, "half_yearly": 2, "quarterly": 4, "monthly": 12}
DIGITS: dict[Frequency, int] = {"yearly": 1, "half_yearly": 2, "quarterly": 3, "monthly": 4}
FIRST_YEAR, LAST_YEAR = 2000, 2035

_TEXT = re.compile(r"(?P<year>\d{4})(?:-(?:S(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")
_ROMAN = ("I", "II", "III", "IV")


class PeriodError(ValueError):
    """A text that is not a period."""


@dataclass(frozen=True)
class Period:
    """One reporting period.

    ``period_no`` counts periods of that frequency from year 0, so that neighbours differ by one;
    ``period_key`` is ``frequency digit * 1_000_000 + period_no`` and tells frequencies apart.
    """

    frequency: Frequency
    period_no: int

    @property
    def year(self) -> int:
        """The calendar year that it lies in."""
        return self.period_no // PER_YEAR[self.frequency]

    @property
    def position(self) -> int:
        """Its place within the year, from 1."""
        return self.period_no % PER_YEAR[self.frequency] + 1

    @property
    def period_key(self) -> int:
        """The integer that facts carry."""
        return DIGITS[self.frequency] * 1_000_000 + self.period_no

    @property
    def time_period(self) -> str:
        """SDMX text: ``2026``, ``2026-S1``, ``2026-Q2``, ``2026-05``."""
        if self.frequency == "yearly":
            return f"{self.year:04d}"
        if self.frequency == "monthly":
            return f"{self.year:04d}-{self.position:02d}"
        return f"{self.year:04d}-{LETTERS[self.frequency]}{self.position}"

    @property
    def start_date(self) -> date:
        """Its first day."""
        months = 12 // PER_YEAR[self.frequency]
        return date(self.year, (self.position - 1) * months + 1, 1)

    @property
    def end_date(self) -> date:
        """Its last day."""
        after = Period(self.frequency, self.period_no + 1)
        if after.year > date.max.year:
            return date.max
        return after.start_date - timedelta(days=1)

    @property
    def label_vi(self) -> str:
        """Its name for people: ``Tháng 10/2026``, ``Quý II/2026``, ``6 tháng đầu năm 2026``, ``Năm 2026``."""
        if self.frequency == "yearly":
            return f"Năm {self.year}"
        if self.frequency == "half_yearly":
            return f"6 tháng {'đầu' if self.position == 1 else 'cuối'} năm {self.year}"
        if self.frequency == "quarterly":
            return f"Quý {_ROMAN[self.position - 1]}/{self.year}"
        return f"Tháng {self.position}/{self.year}"

    @property
    def previous(self) -> "Period":
        """The period before it, of the same frequency."""
        return Period(self.frequency, self.period_no - 1)

    @property
    def following(self) -> "Period":
        """The period after it, of the same frequency."""
        return Period(self.frequency, self.period_no + 1)


def parse(text: str) -> Period:
    """Read SDMX text.

    Raises:
        PeriodError: ``text`` is none of ``2026``, ``2026-S1``, ``2026-Q2``, ``2026-05``.
    """
    match = _TEXT.fullmatch(text)
    if not match or int(match["year"]) == 0 or not text.isascii():
        raise PeriodError(
            both(
                f"{text!r} không phải kỳ báo cáo; viết 2026, 2026-S1, 2026-Q2 hoặc 2026-05",
                f"{text!r} is not a period; write 2026, 2026-S1, 2026-Q2 or 2026-05",
            )
        )
    year = int(match["year"])
    if match["month"]:
        return Period("monthly", year * 12 + int(match["month"]) - 1)
    if match["quarter"]:
        return Period("quarterly", year * 4 + int(match["quarter"]) - 1)
    if match["half"]:
        return Period("half_yearly", year * 2 + int(match["half"]) - 1)
    return Period("yearly", year)


def period_key(text: str) -> int:
    """Key of a period written as SDMX text.

    Raises:
        PeriodError: as ``parse``.
    """
    return parse(text).period_key


def containing(day: date, frequency: Frequency) -> Period:
    """The period of ``frequency`` in which ``day`` lies."""
    per_year = PER_YEAR[frequency]
    return Period(frequency, day.year * per_year + (day.month - 1) * per_year // 12)


def deadline(period: Period, days: int) -> date:
    """The last day on which a report on ``period`` is on time, ``days`` days after its end."""
    return period.end_date + timedelta(days=days)


def between(first: Period, last: Period) -> tuple[Period, ...]:
    """All periods from ``first`` to ``last``, both included, in order; empty if ``last`` is earlier.

    Raises:
        PeriodError: the two have different frequencies.
    """
    if first.frequency != last.frequency:
        raise PeriodError(
            both(
                f"{first.time_period} và {last.time_period} không cùng loại kỳ",
                f"{first.time_period} and {last.time_period} are of different frequencies",
            )
        )
    return tuple(Period(first.frequency, number) for number in range(first.period_no, last.period_no + 1))


def table(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> tuple[Period, ...]:
    """Every period of every frequency in those years, ordered by key."""
    frequencies: Iterable[Frequency] = LETTERS
    return tuple(
        Period(frequency, number)
        for frequency in frequencies
        for number in range(first_year * PER_YEAR[frequency], (last_year + 1) * PER_YEAR[frequency])
    )


PERIODS = table()
"""Rows of ``reference.period``: years 2000 to 2035, all frequencies."""
