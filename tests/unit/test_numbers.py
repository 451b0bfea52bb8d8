"""Numbers as they are typed in Việt Nam."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.numbers import plain_text, read_float, read_number
from indicator_specs.reading import CONVERSIONS, PROBLEMS


@pytest.mark.parametrize(
    ("text", "value", "conversion"),
    [
        ("1234", "1234", "text_to_number"),
        ("1.234,5", "1234.5", "decimal_comma"),
        ("1.234.567,89", "1234567.89", "decimal_comma"),
        ("1,234.5", "1234.5", "thousands_separator"),
        ("12,5", "12.5", "decimal_comma"),
        ("12.5", "12.5", "text_to_number"),
        ("0,234", "0.234", "decimal_comma"),
        ("0.234", "0.234", "text_to_number"),
        ("1234.567", "1234.567", "text_to_number"),
        ("1 234", "1234", "thousands_separator"),
        ("1\u00a0234", "1234", "thousands_separator"),
        ("1 234,5", "1234.5", "decimal_comma"),
        ("1.234.567", "1234567", "thousands_separator"),
        ("1,234,567", "1234567", "thousands_separator"),
        ("(5)", "-5", "text_to_number"),
        ("\u22125", "-5", "unicode_digits"),
        ("１２", "12", "unicode_digits"),
        ("１２，５", "12.5", "decimal_comma"),
        ("12,5 %", "12.5", "percent_sign"),
        ("-", "0", "dash_is_zero"),
        ("–", "0", "dash_is_zero"),
        ("-1234567890123456789,0123456789012345", "-1234567890123456789.0123456789012345", "decimal_comma"),
        ("1e5", "100000", "text_to_number"),
        ("\u200b42 ", "42", "text_to_number"),
    ],
)
def test_a_number_is_read_and_the_conversion_is_said(text: str, value: str, conversion: str) -> None:
    reading = read_number(text)
    assert (reading.value, reading.conversion, reading.problem) == (Decimal(value), conversion, None)
    assert conversion in CONVERSIONS


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1.234", "ambiguous_number"),
        ("1,234", "ambiguous_number"),
        ("-12.345", "ambiguous_number"),
        ("1 234.567", "ambiguous_number"),
        ("", "blank"),
        (" \u00a0", "blank"),
        (None, "blank"),
        ("khoảng 120", "not_a_number"),
        ("5²", "not_a_number"),
        ("½", "not_a_number"),
        ("1.23.456", "not_a_number"),
        ("12 34", "not_a_number"),
        ("1,234.567.8", "not_a_number"),
        ("--5", "not_a_number"),
        ("1.234-", "not_a_number"),
        ("N/A", "not_a_number"),
        ("=1+1", "not_a_number"),
        ("NaN", "out_of_range"),
        ("-Infinity", "out_of_range"),
        ("1e400", "out_of_range"),
        ("-99e999999", "out_of_range"),
        ("100000000000000000000", "out_of_range"),
        ("9" * 400, "out_of_range"),
    ],
)
def test_what_is_not_one_number_is_a_problem(text: str | None, problem: str) -> None:
    reading = read_number(text)
    assert (reading.value, reading.status, reading.problem) == (None, None, problem)
    assert problem in PROBLEMS


@pytest.mark.parametrize("text", ["…", "...", ".."])
def test_ellipsis_is_a_status_not_a_zero(text: str) -> None:
    reading = read_number(text)
    assert (reading.value, reading.status, reading.conversion) == (None, "L", "status_not_collected")


def test_a_dash_is_zero_only_in_a_count() -> None:
    assert read_number("-", count=False).problem == "not_a_number"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=2))
def test_vietnamese_notation_comes_back_exactly(value: Decimal) -> None:
    typed = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read_number(typed).value == value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e19, max_value=1e19))
def test_a_numeric_cell_is_trusted_to_the_last_digit(value: float) -> None:
    reading = read_float(value)
    assert reading.value is not None
    assert float(plain_text(reading.value)) == value
    assert "e" not in plain_text(reading.value).lower()


@given(st.text(max_size=80))
def test_any_text_gives_exactly_one_answer(text: str) -> None:
    reading = read_number(text)
    assert [reading.value is None, reading.status is None, reading.problem is None].count(False) == 1


def test_not_finite_cells_are_out_of_range() -> None:
    assert [read_float(x).problem for x in (float("nan"), float("inf"), -1e300)] == ["out_of_range"] * 3
