"""Reads numbers as Vietnamese officers type them.

Owns the grammar of one number in text. Never guesses: what can be read in two ways, a thousand times
apart, is a problem, not a value. Whether a number is plausible is judgement's affair, not this module's.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal

LIMIT = Decimal("1e20")
"""Magnitudes from here on are refused: DuckDB's DECIMAL(38, 9) overflows silently at 1e29 when summed."""

LONGEST_TEXT = 64
"""No figure needs more characters; longer text is prose."""

_SPACES = "\u00a0\u2007\u2009\u202f\u3000"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_FOREIGN_DIGITS = {
    start + digit: str(digit)
    for start in (0xFF10, 0x0660, 0x06F0)  # full-width, Arabic-Indic, extended Arabic-Indic
    for digit in range(10)
}
_PLAIN = _FOREIGN_DIGITS | {0x2212: "-", 0xFF0D: "-", 0xFF0C: ",", 0xFF0E: ".", 0xFF05: "%", 0xFF0B: "+"}
_DASHES = {"-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\uff0d"}
_ELLIPSIS = re.compile(r"(?:\.{2,3}|\u2026+)")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?[eE][+-]?\d{1,6}")


@dataclass(frozen=True)
class NumberReading:
    """What a text says as a number; codes are those of ``indicator_specs.reading``.

    Exactly one of ``value``, ``status`` and ``problem`` is set. ``status`` is an SDMX
    ``CL_OBS_STATUS`` code that stands in place of a value.
    """

    value: Decimal | None = None
    status: str | None = None
    conversion: str | None = None
    problem: str | None = None


def plain_text(value: Decimal) -> str:
    """``value`` without exponent and without trailing zeros: ``1200``, ``-0.5``, ``0``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def read_float(value: float) -> NumberReading:
    """A numeric spreadsheet cell, trusted: the shortest decimal text that gives the same float."""
    if not math.isfinite(value):
        return NumberReading(problem="out_of_range")
    return _in_range(Decimal(repr(value)), None)


def read_number(text: str | None, *, count: bool = True) -> NumberReading:
    """Read one number typed as text, Vietnamese notation first.

    ``1.234,5``, ``1 234`` and ``1.234.567`` are read and the conversion is said; ``1.234`` and ``1,234``
    alone are ambiguous. ``(5)`` and ``−5`` are negative. ``…`` means not collected (status ``L``).

    Args:
        text: As typed; None and white space are blank.
        count: The measure counts things, so that a lone dash means that nothing occurred.
    """
    stripped = (text or "").translate(dict.fromkeys(map(ord, _INVISIBLE)))
    stripped = stripped.translate(dict.fromkeys(map(ord, _SPACES), " ")).strip()
    if not stripped:
        return NumberReading(problem="blank")
    if len(stripped) > LONGEST_TEXT:
        return NumberReading(problem="out_of_range" if stripped.isdecimal() else "not_a_number")
    if stripped in _DASHES:
        if count:
            return NumberReading(value=Decimal(0), conversion="dash_is_zero")
        return NumberReading(problem="not_a_number")
    if _ELLIPSIS.fullmatch(stripped):
        return NumberReading(status="L", conversion="status_not_collected")
    return _signed(stripped)


def _signed(text: str) -> NumberReading:
    """Take sign, brackets and per cent sign off, then read what is left."""
    plain = text.translate(_PLAIN)
    conversion = "unicode_digits" if plain != text else "text_to_number"
    if _NOT_FINITE.fullmatch(plain):
        return NumberReading(problem="out_of_range")
    if plain.endswith("%"):
        plain, conversion = plain[:-1].rstrip(), "percent_sign"
    negative = False
    if plain.startswith("(") and plain.endswith(")"):
        plain, negative = plain[1:-1].strip(), True
    elif plain[:1] in {"-", "+"}:
        plain, negative = plain[1:].lstrip(), plain[0] == "-"
    magnitude, notation = _magnitude(plain)
    if magnitude is None:
        return NumberReading(problem=notation)
    if notation is not None and conversion != "percent_sign":
        conversion = notation
    return _in_range(magnitude.copy_negate() if negative else magnitude, conversion)


def _magnitude(text: str) -> tuple[Decimal | None, str | None]:
    """An unsigned number with its notation, or None with the problem."""
    if not text.isascii():
        return None, "not_a_number"
    if text.isdecimal():
        return Decimal(text), None
    if _SCIENTIFIC.fullmatch(text):
        return Decimal(text), None
    if not re.fullmatch(r"\d[\d., ]*\d", text):
        return None, "not_a_number"
    marks = [mark for mark in " .," if mark in text]
    last = max(marks, key=text.rfind)
    if len(marks) == 1 and (last == " " or text.count(last) > 1):
        return _grouped(text, last)
    return _with_fraction(text, last)


def _grouped(text: str, mark: str) -> tuple[Decimal | None, str | None]:
    """``1 234`` or ``1.234.567``: one mark, that can only part thousands."""
    if not re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+", text):
        return None, "not_a_number"
    return Decimal(text.replace(mark, "")), "thousands_separator"


def _with_fraction(text: str, mark: str) -> tuple[Decimal | None, str | None]:
    """``1.234,5``, ``1,234.5``, ``12,5``, ``1 234,5``: the last mark begins the fraction, if anything does."""
    whole, _, fraction = text.rpartition(mark)
    if mark == " " or mark in whole or not fraction.isdecimal():
        return None, "not_a_number"
    parts = [other for other in " .," if other in whole]
    if len(parts) > 1:
        return None, "not_a_number"
    grouping = parts[0] if parts else ""
    digits, notation = (whole, None) if not grouping else (whole.replace(grouping, ""), "thousands_separator")
    if grouping and _grouped(whole, grouping)[0] is None:
        return None, "not_a_number"
    if len(fraction) == 3 and grouping in {"", " "} and re.fullmatch(r"[1-9]\d{0,2}(?: \d{3})*", whole):
        return None, "ambiguous_number"
    if mark == ",":
        notation = "decimal_comma"
    return Decimal(f"{digits}.{fraction}"), notation


def _in_range(value: Decimal, conversion: str | None) -> NumberReading:
    # copy_abs and copy_negate: the operators round to the context's 28 digits, and can overflow.
    if value.copy_abs() >= LIMIT:
        return NumberReading(problem="out_of_range")
    return NumberReading(value=value, conversion=conversion)
