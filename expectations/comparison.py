"""The judged frame, third part: each value beside its kin of the same case: ceilings, parts, repetitions.

Computes differences; decides nothing. A partner that is missing gives no fact, so that no rule counts it against the
row.
"""

from decimal import Decimal

import polars as pl

from expectations.frame import EXACT
from expectations.terms import Terms

CELL = ("case_id", "unit_code", "period", "breakdown", "producer", "published_date")
"""What two measures must share to be compared. With ``declared_measure`` it is the key of a value."""


def with_kin(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Add the facts of comparison within the case.

    Adds ``values_of_key`` and ``key_places`` where a key occurs more than once, ``repeats`` (the place of the first
    row) on rows that repeat an earlier one's value, ``ceiling_<n>`` with its ``_measure`` and ``_place``, and for sums
    ``parts_sum``, ``parts_gap`` and ``parts_tolerance``.
    """
    rows = _with_repetitions(rows)
    cells = _wide(rows)
    for n in range(terms.most_ceilings):
        rows = _with_ceiling(rows, cells, terms, n)
    return _with_parts(rows, cells, terms) if terms.has_parts else rows


def _with_repetitions(rows: pl.DataFrame) -> pl.DataFrame:
    says_something = pl.col("problem_found").is_null() & pl.col("blank").is_null() & pl.col("is_settled")
    content = pl.concat_str(pl.col("obs_status").fill_null("A"), pl.col("number").cast(pl.String).fill_null(""))
    key = [*CELL, "declared_measure"]
    by_key = (
        rows.filter(says_something)
        .filter(pl.struct(key).is_duplicated())
        .with_columns(content=content)
        .with_columns(
            distinct=pl.col("content").n_unique().over(key),
            nth=pl.col("row_no").rank("ordinal").over(key),
            first_place=pl.col("place").sort_by("row_no").first().over(key),
            all_places=pl.col("place").sort_by("row_no").str.join(", ").over(key),
        )
        .select(
            "case_id",
            "row_no",
            values_of_key=pl.col("distinct").cast(pl.Int64),
            key_places="all_places",
            repeats=pl.when((pl.col("distinct") == 1) & (pl.col("nth") > 1)).then("first_place"),
        )
    )
    return rows.join(by_key, on=["case_id", "row_no"], how="left", maintain_order="left")


def _wide(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per measure of a cell: its first value and place.

    Values that are wrong in themselves (contradicted, out of bounds) are left out: they are no measure for others.
    """
    usable = pl.col("number").is_not_null() & pl.col("declared_measure").is_not_null()
    too_low = (pl.col("number") < pl.col("minimum")).fill_null(value=False)
    too_high = (pl.col("number") > pl.col("maximum")).fill_null(value=False)
    return (
        rows.filter(usable & (pl.col("values_of_key").fill_null(1) == 1) & ~too_low & ~too_high)
        .sort("row_no")
        .unique([*CELL, "declared_measure"], keep="first", maintain_order=True)
        .select(*CELL, "declared_measure", "number", "place")
    )


def _with_ceiling(rows: pl.DataFrame, cells: pl.DataFrame, terms: Terms, n: int) -> pl.DataFrame:
    ceilings = {name: measure.ceilings[n] for name, measure in terms.measures.items() if len(measure.ceilings) > n}
    named = rows.with_columns(
        pl.col("declared_measure")
        .replace_strict(ceilings, default=None, return_dtype=pl.String)
        .alias(f"ceiling_{n}_measure")
    )
    partner = cells.rename(
        {"declared_measure": f"ceiling_{n}_measure", "number": f"ceiling_{n}", "place": f"ceiling_{n}_place"}
    )
    return named.join(partner, on=[*CELL, f"ceiling_{n}_measure"], how="left", nulls_equal=True, maintain_order="left")


def _with_parts(rows: pl.DataFrame, cells: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    sums = {name: measure for name, measure in terms.measures.items() if measure.parts}
    links = pl.DataFrame(
        [(whole, part, len(of.parts), of.parts_tolerance) for whole, of in sums.items() for part in of.parts],
        schema={"whole": pl.String, "declared_measure": pl.String, "n_parts": pl.Int64, "parts_tolerance": EXACT},
        orient="row",
    )
    totals = (
        cells.join(links, on="declared_measure")
        .group_by(*CELL, "whole")
        .agg(
            pl.col("number").sum().alias("parts_sum"),
            pl.len().cast(pl.Int64).alias("n_given"),
            pl.col("n_parts").first(),
            pl.col("parts_tolerance").first(),
        )
        # A part that is not given makes the sum unknown, not smaller.
        .filter(pl.col("n_given") == pl.col("n_parts"))
        .rename({"whole": "declared_measure"})
        .drop("n_given", "n_parts")
    )
    joined = rows.join(totals, on=[*CELL, "declared_measure"], how="left", nulls_equal=True, maintain_order="left")
    gaps = [
        None if value is None or total is None else abs(Decimal(value) - Decimal(total))
        for value, total in joined.select("number", "parts_sum").iter_rows()
    ]
    return joined.with_columns(pl.Series("parts_gap", gaps, dtype=EXACT))
