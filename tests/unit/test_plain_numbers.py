"""Numbers as machines print them, compared with an independent reading by ``decimal``."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import plain_numbers


def read(*texts: str | None) -> list[tuple[str | None, str | None]]:
    return plain_numbers.read(pl.Series(texts, dtype=pl.String)).rows()


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("12", "12", None),
        ("-0.50", "-0.50", None),
        ("+7", "7", None),
        ("007.5", "7.5", None),
        ("0", "0", None),
        (" 3 ", "3", None),
        ("1e3", "1000", None),
        ("2.50E-3", "0.00250", None),
        ("99999999999999999999.99", "99999999999999999999.99", None),
        ("100000000000000000000", None, "out_of_range"),
        ("-1e20", None, "out_of_range"),
        ("1e999999", None, "out_of_range"),
        ("1e-999999", None, "out_of_range"),
        ("1" * 500, None, "out_of_range"),
        ("0." + "1" * 500, None, "out_of_range"),
        ("NaN", None, "out_of_range"),
        ("-Infinity", None, "out_of_range"),
        ("inf", None, "out_of_range"),
        ("1,5", None, "not_a_number"),
        ("1.234.567", None, "not_a_number"),
        ("1 000", None, "not_a_number"),
        ("１２", None, "not_a_number"),
        ("١٢", None, "not_a_number"),
        ("0x1F", None, "not_a_number"),
        ("1_000", None, "not_a_number"),
        ("1e", None, "not_a_number"),
        (".5", None, "not_a_number"),
        ("-", None, "not_a_number"),
        ("true", None, "not_a_number"),
        ("", None, "blank"),
        ("  ", None, "blank"),
        (None, None, None),
    ],
)
def test_one_number(text: str | None, value: str | None, problem: str | None) -> None:
    assert read(text) == [(value, problem)]


@given(st.lists(st.decimals(-(10**19), 10**19, allow_nan=False, places=None), max_size=5))
def test_every_finite_decimal_is_read_exactly(values: list[Decimal]) -> None:
    for (text, problem), value in zip(read(*map(str, values)), values, strict=True):
        if abs(value.adjusted()) <= 400 and len(str(value)) <= 400:
            assert problem is None
            assert text is not None
            assert Decimal(text) == value
            assert "e" not in text.lower()


@given(st.lists(st.one_of(st.none(), st.text()), max_size=6))
def test_any_text_has_a_value_or_a_problem_or_is_null(texts: list[str | None]) -> None:
    for text, (value, problem) in zip(texts, read(*texts), strict=True):
        assert [value is not None, problem is not None, text is None].count(True) == 1
