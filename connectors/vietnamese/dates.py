"""Dates as Vietnamese officers write them: day before month, in figures or in words.

Never guesses: a day and a month that could change places are a problem unless something else decides.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

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


def read_date(text: str, *, strict: bool = False) -> DateReading:
    """Read one date: ``19/6/2026``, ``ngày 19 tháng 6 năm 2026``, ``2026-06-19``.

    Args:
        text: As typed.
        strict: A day and a month that could change places (``03/04/2026``) are refused with both readings; else
            the day comes first, as the law writes it.

    Returns:
        A value, or one of the problems ``not_a_date``, ``no_such_date``, ``month_first``, ``ambiguous_date``,
        ``out_of_range``.
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
    if strict and first <= 12 and first != second:
        both = (_day(year, second, first), _day(year, first, second))
        return DateReading(problem="ambiguous_date", readings=tuple(day for day in both if day))
    return _checked(year, second, first)


def find_date(text: str) -> date | None:
    """The first date that stands in a sentence: ``(Kèm theo Quyết định số … ngày 29/12/2016)``."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    found = [match.group() for pattern in (_WORDS, _FIGURES) for match in [pattern.search(plain)] if match]
    return next((day for day in (read_date(each).value for each in found) if day), None)


def of_serial(number: float, *, is_1904: bool = False) -> date | None:
    """The day that a spreadsheet counts as ``number``; None where it counts none.

    Serial 60 of the 1900 system is a day that never was (29/02/1900).
    """
    if number != int(number) or not 0 < number < 100_000 or (number == 60 and not is_1904):
        return None
    if is_1904:
        return (datetime(1904, 1, 1) + timedelta(days=int(number))).date()  # noqa: DTZ001 - a day, not an instant
    start = date(1899, 12, 31) if number < 60 else date(1899, 12, 30)
    return start + timedelta(days=int(number))


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
