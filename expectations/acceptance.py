"""What is taken and what goes back.

The unit of acceptance is (indicator group, org unit, period) of a case: an error in a numerator returns its denominator
too, and nothing else. Owns that rule alone; what is an error is ``suites``' affair.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from expectations.questions import INDEX, Rows
from indicator_specs.reading import READING

GROUP = ("case_id", "finding_group", "unit_code", "period_text")
"""Columns of the judged frame that together are the unit of acceptance."""


@dataclass(frozen=True)
class Parted:
    """The rows of one case, in the order of the reading and with the columns of ``READING``.

    ``returned`` are as they were read, the others have org unit and period in canonical form. ``unanswered`` are blank
    rows whose group is otherwise in order: left blank on purpose, or not.
    """

    accepted: pl.DataFrame
    returned: pl.DataFrame
    unanswered: pl.DataFrame


def part(
    rows: pl.DataFrame, cases: Iterable[str], errors: Rows, set_aside: Rows = (), blank: Rows = ()
) -> dict[str, Parted]:
    """Part the rows of each case into accepted and returned.

    Args:
        rows: The judged frame; grain ``INDEX``. Beside the columns of ``READING`` it has those of ``GROUP`` and the
            canonical ``unit_code`` and ``period``.
        cases: Every ``case_id``; a case may have no rows.
        errors: The rows in which an error was found.
        set_aside: The rows that are no error but carry no value of their own.
        blank: The blank cells.
    """
    # A judged frame has fifty columns more. A missing period is a period too: rows whose period could not be read share
    # their fate by its text.
    rows = rows.select("case_id", *READING, *GROUP[1:], "period", is_wrong=is_among(rows, errors))
    is_wrong, is_blank = pl.col("is_wrong").any().over(GROUP), is_among(rows, blank)
    is_accepted = ~is_wrong & ~is_among(rows, set_aside)
    accepted = _by_case(_canonical(rows.filter(is_accepted)))
    returned = _by_case(rows.filter(~is_accepted).select("case_id", *READING))
    unanswered = _by_case(_canonical(rows.filter(~is_wrong & is_blank)))
    none = rows.clear().select(READING)
    return {case: Parted(*(found.get(case, none) for found in (accepted, returned, unanswered))) for case in cases}


def is_among(rows: pl.DataFrame, wanted: Rows) -> pl.Series:
    """Of each row of a judged frame whether it is one of those that are named."""
    marks = pl.DataFrame(list(wanted), schema=rows.select(INDEX).schema, orient="row").with_columns(marked=True)
    return rows.select(INDEX).join(marks, on=list(INDEX), how="left", maintain_order="left")["marked"].fill_null(False)


def _canonical(rows: pl.DataFrame) -> pl.DataFrame:
    text = rows.schema["org_unit"]
    written = {"org_unit": pl.col("unit_code").cast(text), "time_period": pl.col("period").cast(text)}
    return rows.with_columns(**written).select("case_id", *READING)


def _by_case(rows: pl.DataFrame) -> Mapping[object, pl.DataFrame]:
    found = rows.partition_by("case_id", include_key=False, as_dict=True)
    return {case: mine for (case,), mine in found.items()}
