"""Dates as Vietnamese officers and their spreadsheets write them: day before month, in figures, in words, as a number.

Never guesses: a day and a month that could change places are a problem, with both readings.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

_FIGURES = re.compile(r"(?:ngày\s+)?(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.IGNORECASE)
_WORDS = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_FIRST, _LAST = date(1945, 9, 2), date(2100, 12, 31)
"""Documents are of the State; a year such as 2569 is of another calendar."""


@dataclass(frozen=True)
class DateReading:
    """What a text says as a date: ``value``, or ``problem`` with the ``readings`` that it could have."""

    value: date | None = None
    problem: str | None = None
    readings: tuple[date, ...] = ()


def read_date(text: str) -> DateReading:
    """Read one date: ``19/6/2026``, ``ngày 19 tháng 6 năm 2026``, ``2026-06-19``.

    Returns:
        A value, or one of the problems ``not_a_date``, ``no_such_date``, ``month_first``, ``out_of_range`` (another
        calendar), ``ambiguous_date`` (``03/04/2026``, of which day and month could change places).
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if match := _ISO.fullmatch(plain):
        return _checked(int(match[1]), int(match[2]), int(match[3]))
    if match := _WORDS.fullmatch(plain):
        return _checked(int(match[3]), int(match[2]), int(match[1]))
    if not (match := _FIGURES.fullmatch(plain)):
        return DateReading(problem="not_a_date")
    first, second, year = map(int, match.groups())
    if second > 12 >= first and (turned := _day(year, first, second)):
        return DateReading(problem="month_first", readings=(turned,))
    if first <= 12 and second <= 12 and first != second:
        both = (_day(year, second, first), _day(year, first, second))
        return DateReading(problem="ambiguous_date", readings=tuple(day for day in both if day))
    return _checked(year, second, first)


def of_serial(text: str) -> date | None:
    """The day that a spreadsheet counts as this number since 1900; None where it is no day of our time.

    The 1904 system needs no reading of its own: its cells come as dates, and its bare numbers are 1,462 days lower,
    which no one can tell from the number alone.
    """
    if not (text.isascii() and text.isdecimal() and len(text) == 5):
        return None
    day = date(1899, 12, 30) + timedelta(days=int(text))
    return day if _FIRST <= day <= _LAST else None


def _checked(year: int, month: int, day: int) -> DateReading:
    value = _day(year, month, day)
    if value is None:
        return DateReading(problem="no_such_date")
    if not _FIRST <= value <= _LAST:
        return DateReading(problem="out_of_range", readings=(value,))
    return DateReading(value=value)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
