"""What is taken and what goes back.

The unit of acceptance is (indicator group, org unit, period): an error in a numerator returns its denominator too,
and nothing else. Owns that rule alone; what is an error is ``suites``' affair.
"""

from collections.abc import Collection

import polars as pl

from indicator_specs.reading import READING

GROUP = ("finding_group", "unit_code", "period_text")
"""Columns of the judged frame that together are the unit of acceptance."""


def split(case: pl.DataFrame, errors: Collection[int], set_aside: Collection[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part one case's rows into accepted and returned.

    Args:
        case: Rows of the judged frame of one case; grain: one value read, in the order of the reading. Beside the
            columns of ``READING`` it has those of ``GROUP`` and the canonical ``unit_code`` and ``period``.
        errors: ``row_no`` of the rows in which an error was found.
        set_aside: ``row_no`` of the rows that are no error but carry no value of their own.

    Returns:
        Accepted rows, with org unit and period in canonical form, and returned rows, as they were read. Both have the
        columns of ``READING`` and the order of ``case``.
    """
    marked = _marked(case, errors)
    accepted = pl.col("in_error").is_null() & ~pl.col("row_no").is_in(list(set_aside))
    return _canonical(marked.filter(accepted)), marked.filter(~accepted).select(READING)


def unanswered(case: pl.DataFrame, errors: Collection[int], blank: Collection[int]) -> pl.DataFrame:
    """Those of the blank rows whose group is otherwise in order, in canonical form: left blank on purpose, or not.

    Arguments as in ``split``; ``blank`` are the ``row_no`` of blank cells.
    """
    return _canonical(_marked(case, errors).filter(pl.col("in_error").is_null() & pl.col("row_no").is_in(list(blank))))


def _marked(case: pl.DataFrame, errors: Collection[int]) -> pl.DataFrame:
    case = case.select(*READING, *GROUP, "period")  # a judged frame has fifty more
    if not errors:
        return case.with_columns(in_error=pl.lit(None, dtype=pl.Boolean()))
    wrong = case.filter(pl.col("row_no").is_in(list(errors))).select(GROUP).unique()
    # A missing period is a period too: rows whose period could not be read share their fate by its text.
    return case.join(
        wrong.with_columns(in_error=True), on=list(GROUP), how="left", nulls_equal=True, maintain_order="left"
    )


def _canonical(rows: pl.DataFrame) -> pl.DataFrame:
    text = rows.schema["org_unit"]
    named = rows.with_columns(org_unit=pl.col("unit_code").cast(text), time_period=pl.col("period").cast(text))
    return named.select(READING)
