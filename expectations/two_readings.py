"""Numbers that could be read in two ways, a thousand times apart: read as the unit's own past has them.

Only a steady past decides, and only where one reading fits it and the other is far off. Otherwise the number stays a
problem, and both readings are shown.
"""

from collections.abc import Mapping
from decimal import Decimal
from statistics import median
from typing import Any

import polars as pl

from expectations.frame import EXACT
from expectations.past import MEMORY, STEADY, Series, Values, published
from expectations.terms import Terms

NEAR = Decimal(10)
"""A reading within this factor of the usual magnitude fits; the other one is then a hundred times off or more."""


def settle(rows: pl.DataFrame, terms: Terms, history: pl.DataFrame | None) -> pl.DataFrame:
    """Give ambiguous numbers the value that their past decides, with conversion ``read_by_history``.

    Args:
        rows: What ``frame.gather`` returns.
        terms: The dataset's terms.
        history: As for ``judge``.
    """
    asked = rows.with_row_index("at").filter(pl.col("problem_found") == "ambiguous_number")
    if history is None or asked.is_empty():
        return rows
    past = published(terms, history, asked["unit_code"].unique())
    settled = {row["at"]: value for row in asked.iter_rows(named=True) if (value := _decided(row, terms, past))}
    if not settled:
        return rows
    return rows.with_columns(
        _replaced(rows, "number", settled, EXACT),
        _replaced(rows, "magnitude", {at: abs(value) for at, value in settled.items()}, EXACT),
        _replaced(rows, "decimals", {at: _places(value) for at, value in settled.items()}, pl.Int64()),
        _replaced(rows, "obs_value", {at: format(value, "f") for at, value in settled.items()}, pl.String()),
        _replaced(rows, "conversion", dict.fromkeys(settled, "read_by_history"), pl.String()),
        _replaced(rows, "problem", dict.fromkeys(settled), pl.String()),
        _replaced(rows, "problem_found", dict.fromkeys(settled), pl.String()),
    )


def readings(text: str) -> tuple[Decimal, Decimal] | None:
    """``1.234`` as a whole number and as one with a fraction; None for a text that is no such number."""
    plain = "".join(text.split()).replace("\u2212", "-")
    is_negative = plain.startswith(("-", "(")) or plain.endswith(")")
    digits = plain.strip("-+()%")
    whole, mark, fraction = digits.replace(",", ".").rpartition(".")
    if not (mark and whole.isdecimal() and fraction.isdecimal() and len(fraction) == 3):
        return None
    sign = -1 if is_negative else 1
    return sign * Decimal(whole + fraction), sign * Decimal(f"{whole}.{fraction}")


def _decided(row: Mapping[str, Any], terms: Terms, past: Mapping[Series, Values]) -> Decimal | None:
    both = readings(row["value_text"] or "")
    if both is None or row["period_no"] is None:
        return None
    measure, unit = row["declared_measure"] or "", row["unit_code"] or ""
    values = past.get((measure, unit, row["breakdown"] or "_T", row["producer"] or terms.producer), {})
    number = row["period_no"]
    sizes = sorted(abs(values[n]) for n in range(number - MEMORY, number) if values.get(n))
    if not sizes or sizes[-1] > STEADY * sizes[0]:
        return None
    usual = median(sizes)
    near = [value for value in both if usual / NEAR <= abs(value) <= usual * NEAR]
    return near[0] if len(near) == 1 else None


def _replaced(rows: pl.DataFrame, column: str, changed: Mapping[int, Any], dtype: pl.DataType) -> pl.Series:
    kept = rows[column].to_list()
    return pl.Series(
        column, [changed.get(at, value) if at in changed else value for at, value in enumerate(kept)], dtype=dtype
    )


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))
