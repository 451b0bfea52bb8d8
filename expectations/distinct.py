"""What follows from some columns of a row alone, worked out once for each of their values and not for every row.

A report has hundreds of rows and a handful of units and periods, and most counts occur more than once.
"""

from collections.abc import Callable, Sequence

import polars as pl


def with_each(
    rows: pl.DataFrame, columns: Sequence[str], told: Callable[[pl.DataFrame], Sequence[pl.Series]]
) -> pl.DataFrame:
    """Add what ``told`` makes of the distinct values of some columns; the order of rows stays."""
    distinct = rows.select(columns).unique()
    return rows.join(
        distinct.with_columns(*told(distinct)), on=list(columns), how="left", nulls_equal=True, maintain_order="left"
    )
