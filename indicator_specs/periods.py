"""Reporting periods: SDMX text, the integer that orders them, their dates, their Vietnamese names.

Pure arithmetic on the calendar; knows no dataset and no deadline but the count of days it is given.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from indicator_specs.errors import both

Frequency = Literal["yearly", "half_yearly", "quarterly", "nine_monthly", "monthly", "weekly"]
PER_YEAR: dict[Frequency, int] = {
    "yearly": 1,
    "half_yearly": 2,
    "quarterly": 4,
    "nine_monthly": 1,
    "monthly": 12,
    "weekly": 52,
}
"""Periods in a year; a year of weeks has 52 or 53, and comparisons with last year go back 52."""
DIGITS: dict[Frequency, int] = {
    "yearly": 1,
    "half_yearly": 2,
    "quarterly": 3,
    "monthly": 4,
    "weekly": 5,
    "nine_monthly": 6,
}
MONTHS: dict[Frequency, int] = {"yearly": 12, "half_yearly": 6, "quarterly": 3, "nine_monthly": 9, "monthly": 1}
"""Length in months; weeks nest in no month and are not here."""
FIRST_YEAR, LAST_YEAR = 2000, 2035

_TEXT = re.compile(
    r"(?P<year>\d{4})"
    r"(?:-(?:S(?P<half_yearly>[12])|Q(?P<quarterly>[1-4])|N(?P<nine_monthly>9)"
    r"|(?P<monthly>0[1-9]|1[0-2])|W(?P<weekly>0[1-9]|[1-4]\d|5[0-3])))?"
)
_ROMAN = ("I", "II", "III", "IV")


class PeriodError(ValueError):
    """A text that is not a period."""


@dataclass(frozen=True)
class Period:
    """One reporting period.

    ``period_no`` counts periods of that frequency, so that neighbours differ by one;
    ``period_key`` is ``frequency digit * 1_000_000 + period_no`` and tells frequencies apart.
    """

    frequency: Frequency
    period_no: int

    @property
    def year(self) -> int:
        """The year that it belongs to; of a week, the ISO year."""
        if self.frequency == "weekly":
            return self.start_date.isocalendar().year
        return self.period_no // PER_YEAR[self.frequency]

    @property
    def position(self) -> int:
        """Its place within the year, from 1."""
        if self.frequency == "weekly":
            return self.start_date.isocalendar().week
        return self.period_no % PER_YEAR[self.frequency] + 1

    @property
    def period_key(self) -> int:
        """The integer that facts carry."""
        return DIGITS[self.frequency] * 1_000_000 + self.period_no

    @property
    def time_period(self) -> str:
        """SDMX text: ``2026``, ``2026-S1``, ``2026-Q2``, ``2026-05``, ``2026-W21``; and ``2026-N9``, nine months."""
        match self.frequency:
            case "yearly":
                return f"{self.year:04d}"
            case "monthly":
                return f"{self.year:04d}-{self.position:02d}"
            case "weekly":
                return f"{self.year:04d}-W{self.position:02d}"
            case "nine_monthly":
                return f"{self.year:04d}-N9"
        return f"{self.year:04d}-{self.frequency[0].upper().replace('H', 'S')}{self.position}"

    @property
    def start_date(self) -> date:
        """Its first day."""
        if self.frequency == "weekly":
            return date.fromordinal(self.period_no * 7 + 1)
        months = 12 // PER_YEAR[self.frequency]
        return date(self.year, (self.position - 1) * months + 1, 1)

    @property
    def end_date(self) -> date:
        """Its last day."""
        if self.frequency == "weekly":
            return self.start_date + timedelta(days=6)
        if self.frequency == "nine_monthly":
            return date(self.year, 9, 30)
        after = Period(self.frequency, self.period_no + 1)
        if after.year > date.max.year:
            return date.max
        return after.start_date - timedelta(days=1)

    @property
    def label_vi(self) -> str:
        """Its name for people: ``Tháng 10/2026``, ``Quý II/2026``, ``6 tháng đầu năm 2026``, ``Năm 2026``."""
        match self.frequency:
            case "yearly":
                return f"Năm {self.year}"
            case "half_yearly":
                return f"6 tháng {'đầu' if self.position == 1 else 'cuối'} năm {self.year}"
            case "quarterly":
                return f"Quý {_ROMAN[self.position - 1]}/{self.year}"
            case "nine_monthly":
                return f"9 tháng đầu năm {self.year}"
            case "weekly":
                return f"Tuần {self.position}/{self.year}"
        return f"Tháng {self.position}/{self.year}"

    @property
    def last_year(self) -> "Period":
        """The same period of the year before; of a week, the one 52 weeks earlier."""
        return Period(self.frequency, self.period_no - PER_YEAR[self.frequency])

    def parts(self, finer: Frequency) -> tuple["Period", ...]:
        """The periods of a finer frequency that make it up, in order; empty where they do not nest."""
        if not nests(finer, self.frequency):
            return ()
        first = containing(self.start_date, finer)
        count = MONTHS[self.frequency] // MONTHS[finer]
        return tuple(Period(finer, first.period_no + number) for number in range(count))

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
        PeriodError: ``text`` is none of the forms of ``Period.time_period``, or a week that its year does not have.
    """
    match = _TEXT.fullmatch(text)
    if not match or int(match["year"]) == 0 or not text.isascii():
        raise PeriodError(
            both(
                f"{text!r} không phải kỳ báo cáo; viết 2026, 2026-S1, 2026-Q2, 2026-N9, 2026-05 hoặc 2026-W21",
                f"{text!r} is not a period; write 2026, 2026-S1, 2026-Q2, 2026-N9, 2026-05 or 2026-W21",
            )
        )
    year = int(match["year"])
    if match["weekly"]:
        return _week(year, int(match["weekly"]))
    if match["nine_monthly"]:
        return Period("nine_monthly", year)
    frequency: Frequency
    for frequency in ("monthly", "quarterly", "half_yearly"):
        if match[frequency]:
            return Period(frequency, year * PER_YEAR[frequency] + int(match[frequency]) - 1)
    return Period("yearly", year)


def _week(year: int, week: int) -> Period:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        raise PeriodError(both(f"năm {year} không có tuần {week}", f"{year} has no week {week}")) from None
    return containing(monday, "weekly")


def period_key(text: str) -> int:
    """Key of a period written as SDMX text.

    Raises:
        PeriodError: as ``parse``.
    """
    return parse(text).period_key


def containing(day: date, frequency: Frequency) -> Period:
    """The period of ``frequency`` in which ``day`` lies; of nine months, those of its year, also after September."""
    if frequency == "weekly":
        return Period(frequency, (day.toordinal() - 1) // 7)
    per_year = PER_YEAR[frequency]
    return Period(frequency, day.year * per_year + (day.month - 1) * per_year // 12)


def nests(finer: Frequency, coarser: Frequency) -> bool:
    """Whether whole periods of ``finer`` make up one of ``coarser``: months a quarter, halves no nine months."""
    if "weekly" in (finer, coarser) or MONTHS[finer] >= MONTHS[coarser] or finer == "nine_monthly":
        return False
    return MONTHS[coarser] % MONTHS[finer] == 0


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
    """Every period of every frequency that begins in those years, ordered by key."""
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    found = []
    for frequency in sorted(DIGITS, key=lambda each: DIGITS[each]):
        numbers = range(containing(first, frequency).period_no, containing(last, frequency).period_no + 1)
        found += [Period(frequency, number) for number in numbers]
    return tuple(found)


PERIODS = table()
"""Rows of ``reference.period``: years 2000 to 2035, all frequencies."""
