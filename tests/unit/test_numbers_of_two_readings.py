"""A number that reads in two ways takes the one that the unit's own past has, and only where one fits."""

from decimal import Decimal

import polars as pl
import pytest

from expectations.frame import gather
from expectations.two_readings import readings, settle
from tests.judging import case, history, reading, terms


def settled(text: str, *past: str) -> dict[str, object]:
    """The first cell, typed as ``text``, after past months of those values."""
    cell = {"value_text": text, "obs_value": None, "problem": "ambiguous_number"}
    rows = gather([case(reading(1, E5=cell))], terms())
    months = [("docs.all", "C00001", f"2026-{8 - n:02d}", value) for n, value in enumerate(past)]
    return settle(rows, terms(), history(*months) if months else None).row(0, named=True)


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("1.234", (Decimal(1234), Decimal("1.234"))),
        ("1,234", (Decimal(1234), Decimal("1.234"))),
        ("-12.345", (Decimal(-12345), Decimal("-12.345"))),
        ("(1.234)", (Decimal(-1234), Decimal("-1.234"))),
        ("1.234 %", (Decimal(1234), Decimal("1.234"))),
        ("1.23", None),
        ("x.234", None),
    ],
)
def test_both_readings(text: str, both: tuple[Decimal, Decimal] | None) -> None:
    assert readings(text) == both


@pytest.mark.parametrize(
    ("past", "value"),
    [
        (("1200", "1300"), Decimal(1234)),
        (("1.3", "1.1"), Decimal("1.234")),
        (("40", "40"), None),
        (("1200", "3"), None),
        ((), None),
    ],
    ids=["whole", "fraction", "neither fits", "past not steady", "no past"],
)
def test_only_a_steady_past_decides(past: tuple[str, ...], value: Decimal | None) -> None:
    row = settled("1.234", *past)
    assert row["number"] == value
    assert row["conversion"] == (None if value is None else "read_by_history")
    assert row["problem_found"] == ("ambiguous_number" if value is None else None)
    if value is not None:
        assert (row["obs_value"], row["magnitude"], row["problem"]) == (f"{value}", value, None)


def test_another_units_past_decides_nothing() -> None:
    cell = {"value_text": "1.234", "obs_value": None, "problem": "ambiguous_number"}
    rows = gather([case(reading(2, E5=cell, E6=cell))], terms())
    after = settle(rows, terms(), history(("docs.all", "C00002", "2026-08", "1200")))
    assert after.filter(pl.col("measure") == "docs.all")["number"].to_list() == [None, Decimal(1234)]
