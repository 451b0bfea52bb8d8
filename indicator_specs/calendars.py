"""When a reporting period begins and ends, and when its figures are due: both change by decree, so both are data.

A period keeps its name and key whatever its days: the administrative May 2026 may run from 15 April to 14 May.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from indicator_specs.org_history import within
from indicator_specs.periods import Period

CALENDAR = "calendar"
"""The basis of periods that are those of the calendar; it needs no row of its own."""


Row = TypeVar("Row")
_SATURDAY = 5


@dataclass(frozen=True)
class PeriodBasis:
    """A way of cutting periods, for a time: each ends on ``cut_off_day`` of its last month; the next follows."""

    basis: str
    cut_off_day: int
    valid_from: date | None
    valid_to: date | None
    legal_basis: str
    source: str


@dataclass(frozen=True)
class CalendarEntry:
    """How periods of a dataset are cut and when they are due, for a time: days after the period ends."""

    dataset: str
    frequency: str
    period_basis: str
    deadline_days: int
    valid_from: date | None
    valid_to: date | None
    legal_basis: str
    source: str


@dataclass(frozen=True)
class Holiday:
    """A day on which offices are closed beside Saturdays and Sundays."""

    day: date
    name_vi: str
    source: str


@dataclass(frozen=True)
class Calendars:
    """The reporting calendars of all datasets. ``dataset`` is ``source.dataset`` throughout."""

    entries: tuple[CalendarEntry, ...] = ()
    bases: tuple[PeriodBasis, ...] = ()
    holidays: frozenset[date] = frozenset()

    def next_working_day(self, day: date) -> date:
        """The first day after ``day`` on which offices are open."""
        following = day + timedelta(days=1)
        while following.weekday() >= _SATURDAY or following in self.holidays:
            following += timedelta(days=1)
        return following

    def entry(self, dataset: str, period: Period) -> CalendarEntry | None:
        """What holds for a dataset's period, by the day on which the period of the calendar ends."""
        return _last(e for e in self.entries if e.dataset == dataset and _holds(e, period))

    def span(self, dataset: str, period: Period) -> tuple[date, date]:
        """First and last day of a period as the dataset counts it."""
        entry = self.entry(dataset, period)
        basis = _last(b for b in self.bases if entry and b.basis == entry.period_basis and _holds(b, period))
        if basis is None:
            return period.start_date, period.end_date
        before = (period.start_date - timedelta(days=1)).replace(day=basis.cut_off_day)
        return before + timedelta(days=1), period.end_date.replace(day=basis.cut_off_day)

    def label_vi(self, dataset: str, period: Period) -> str:
        """A period's name, with its days where they are not those of the calendar."""
        first, last = self.span(dataset, period)
        if (first, last) == (period.start_date, period.end_date):
            return period.label_vi
        return f"{period.label_vi} (từ {first:%d/%m/%Y} đến {last:%d/%m/%Y})"

    def due(self, dataset: str, period: Period, otherwise_days: int) -> date:
        """The last day on which a report on a period is on time; ``otherwise_days`` where the calendar is silent."""
        entry = self.entry(dataset, period)
        days = entry.deadline_days if entry else otherwise_days
        return self.span(dataset, period)[1] + timedelta(days=days)

    def spells(self) -> Iterator[tuple[str, int | None, int, date | None, date | None]]:
        """What holds when, spelled out: dataset, cut-off day (none: the calendar's), days to the deadline, from, to."""
        for entry in self.entries:
            named = [basis for basis in self.bases if basis.basis == entry.period_basis]
            if not named:
                yield entry.dataset, None, entry.deadline_days, entry.valid_from, entry.valid_to
            for basis in named:
                first = max(filter(None, (entry.valid_from, basis.valid_from)), default=None)
                last = min(filter(None, (entry.valid_to, basis.valid_to)), default=None)
                yield entry.dataset, basis.cut_off_day, entry.deadline_days, first, last


def _holds(row: CalendarEntry | PeriodBasis, period: Period) -> bool:
    return within(period.end_date, row.valid_from, row.valid_to)


def _last(rows: Iterable[Row]) -> Row | None:
    found = list(rows)
    return found[-1] if found else None
