"""Total rows: held against the rows that they sum up, and never loaded.

Exact: figures are decimals, and a difference is shown with the row that contributes most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from connectors.numbers import plain_text

if TYPE_CHECKING:
    from connectors.workbook.rows import Value


@dataclass(frozen=True)
class ColumnSum:
    """The sum of one column, and its largest row."""

    total: Decimal
    largest: str
    n_rows: int

    @classmethod
    def of(cls, values: Sequence["Value"], measure: str) -> "ColumnSum":
        """The sum of one measure over the rows that were read."""
        mine = [
            (Decimal(value["obs_value"]), value["place"])
            for value in values
            if value["measure"] == measure and value["obs_value"] is not None
        ]
        largest = max(mine, default=(Decimal(0), ""), key=lambda each: abs(each[0]))
        return cls(sum((number for number, _ in mine), Decimal(0)), largest[1], len(mine))


def check_total(stated: Decimal | None, above: ColumnSum) -> tuple[str, str]:
    """The rule that a total row breaks or keeps, and what was found; empty where nothing is stated."""
    if stated is None or not above.n_rows:
        return "", ""
    gap = stated - above.total
    if gap == 0:
        return "I-TOTAL", plain_text(stated)
    found = f"{plain_text(stated)} ≠ {plain_text(above.total)} (chênh {plain_text(gap)}; lớn nhất: {above.largest})"
    return "W-TOTAL", found
