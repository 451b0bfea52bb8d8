"""The judged frame, second part: what reference tables and declarations say of each row.

Looks facts up; decides nothing. A fact that is unknown, or not worth asking about because an earlier one already
fails, is null: so one mistake is one finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from expectations.frame import EXACT
from expectations.suites import LARGEST_TAKEN
from expectations.terms import Terms
from indicator_specs.periods import parse

OwedKey = tuple[str, str]
"""Org unit code and period."""


@dataclass(frozen=True)
class Unit:
    """What the reference knows of one org unit; days are inclusive, None is open-ended."""

    level: str
    first_day: date | None
    last_day: date | None


def with_reference(
    rows: pl.DataFrame, terms: Terms, units: Mapping[str, Unit], owed_by: Mapping[OwedKey, str] | None, today: date
) -> pl.DataFrame:
    """Add what is known of each row's org unit and period.

    Args:
        rows: What ``frame.gather`` returns.
        terms: The dataset's terms.
        units: Known org units by code.
        owed_by: Who owes the dataset's values of a unit and period; None where no duty is declared. Only asked where
            the case has an agency.
        today: The day on which judgement is held.
    """
    named = {code: units[code] for code in rows["unit_code"].unique() if code in units}
    rows = rows.join(_unit_table(named), on="unit_code", how="left", maintain_order="left")
    rows = rows.join(_period_table(rows), on="period", how="left", maintain_order="left")
    timely = pl.col("period_frequency") == terms.frequency
    asked = timely & (pl.col("asked_period").is_null() | (pl.col("period") == pl.col("asked_period")))
    fitting = asked & pl.col("unit_level").is_in(terms.levels)
    keys = rows.select("unit_code", "period").iter_rows()
    owners = [None if owed_by is None else owed_by.get((unit, period), "") for unit, period in keys]
    return rows.with_columns(
        frequency=pl.lit(terms.frequency),
        largest=pl.lit(LARGEST_TAKEN, dtype=EXACT),
        today=pl.lit(today),
        period_to_match=pl.when(timely).then("period"),
        period_start_unasked=pl.when(timely & pl.col("asked_period").is_null()).then("period_start"),
        period_start=pl.when(fitting).then("period_start"),
        period_end=pl.when(fitting).then("period_end"),
        # A code that is not known was not made known by tidying it.
        tidied_org_unit=pl.when(pl.col("unit_level").is_not_null()).then("tidied_org_unit"),
        is_settled=fitting.fill_null(value=False) & pl.col("declared_measure").is_not_null(),
        owed_by=pl.when(fitting & _lived_through() & pl.col("agency").is_not_null()).then(
            pl.Series(owners, dtype=pl.String)
        ),
    )


def _lived_through() -> pl.Expr:
    began = pl.col("unit_first_day").is_null() | (pl.col("unit_first_day") <= pl.col("period_end"))
    ended = pl.col("unit_last_day").is_not_null() & (pl.col("unit_last_day") < pl.col("period_start"))
    return began & ~ended


def _unit_table(units: Mapping[str, Unit]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "unit_code": list(units),
            "unit_level": [unit.level for unit in units.values()],
            "unit_first_day": [unit.first_day for unit in units.values()],
            "unit_last_day": [unit.last_day for unit in units.values()],
        },
        schema={"unit_code": pl.String, "unit_level": pl.String, "unit_first_day": pl.Date, "unit_last_day": pl.Date},
    )


def _period_table(rows: pl.DataFrame) -> pl.DataFrame:
    periods = {text: parse(text) for text in rows["period"].drop_nulls().unique()}
    return pl.DataFrame(
        {
            "period": list(periods),
            "period_start": [period.start_date for period in periods.values()],
            "period_end": [period.end_date for period in periods.values()],
        },
        schema={"period": pl.String, "period_start": pl.Date, "period_end": pl.Date},
    )


def with_declarations(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Add the bounds that the source declares for each row's measure."""
    return rows.join(
        pl.DataFrame(
            {
                "declared_measure": list(terms.measures),
                "minimum": [measure.minimum for measure in terms.measures.values()],
                "maximum": [measure.maximum for measure in terms.measures.values()],
                "max_change_pct": [measure.max_change_pct for measure in terms.measures.values()],
                "is_count": [measure.is_count for measure in terms.measures.values()],
            },
            schema={
                "declared_measure": pl.String,
                "minimum": EXACT,
                "maximum": EXACT,
                "max_change_pct": EXACT,
                "is_count": pl.Boolean,
            },
        ),
        on="declared_measure",
        how="left",
        maintain_order="left",
    ).with_columns(count_decimals=pl.when("is_count").then("decimals"))
