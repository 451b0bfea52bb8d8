"""Mode ``snapshot_diff``: a whole reading held against the one before, so that the source changes nothing unseen.

A figure that the source no longer gives becomes a reading without a value, which withdraws it; a figure that it gives
otherwise than before is told with both values. Nothing is kept back: the source's owner answers for its figures.
"""

from dataclasses import replace

import polars as pl

from connectors.content_address import READING_SCHEMA
from connectors.extracted import Before, Extract
from connectors.landing import Landing
from indicator_specs.findings import Finding, Severity
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset

WITHDRAWN = "withdrawn"
"""The place of a reading that says that the source gives the figure no longer."""

MOST_TOLD = 50
"""Changes that are told one by one; beyond them only their number."""

_NONE = "—"


def compared(read: Extract, dataset: Dataset, home: Home, before: Before) -> Extract:
    """The reading with what it withdraws, and findings of what the source deleted and restated.

    A withdrawal stays in every later reading until the figure is given again: the same source is the same batch.
    """
    if not before.batches:
        return read
    earlier = Landing(home).read(before.batches[-1].landing_path)
    key = list(dict.fromkeys(["measure", *map(str, dataset.key)]))
    gone = earlier.join(read.rows, on=key, how="anti", nulls_equal=True, maintain_order="left")
    rows = pl.concat([read.rows, _withdrawals(gone, read.rows.height)])
    findings = (*_deleted(gone.filter(pl.col("place") != WITHDRAWN)), *_restated(read.rows, earlier, key))
    return replace(read, rows=rows, findings=(*read.findings, *findings))


def _withdrawals(gone: pl.DataFrame, after: int) -> pl.DataFrame:
    absent = pl.lit(None, dtype=pl.String)
    return (
        gone.sort("measure", "org_unit", "time_period", "breakdown", maintain_order=True)
        .with_columns(
            row_no=pl.int_range(after + 1, after + 1 + gone.height, dtype=pl.Int64),
            place=pl.lit(WITHDRAWN),
            value_text=absent,
            obs_value=absent,
            obs_status=pl.lit("O"),
            problem=absent,
            conversion=absent,
        )
        .select(READING_SCHEMA.names())
        .cast(READING_SCHEMA)
    )


def _deleted(gone: pl.DataFrame) -> list[Finding]:
    told = [
        _finding(
            "withdrawn_by_source",
            row,
            f"Nguồn không còn số liệu này (trước đây: {_shown(row['value_text'])}); số liệu được rút.",
            f"The source no longer gives this figure (before: {_shown(row['value_text'])}); it is withdrawn.",
        )
        for row in gone.head(MOST_TOLD).iter_rows(named=True)
    ]
    return [*told, *_rest("withdrawn_by_source", gone.height)]


def _restated(rows: pl.DataFrame, earlier: pl.DataFrame, key: list[str]) -> list[Finding]:
    both = rows.join(earlier, on=key, how="inner", nulls_equal=True, suffix="_before", maintain_order="left")
    differs = pl.col("obs_value").ne_missing(pl.col("obs_value_before")) | pl.col("obs_status").ne_missing(
        pl.col("obs_status_before")
    )
    changed = both.filter(differs)
    told = [
        _finding(
            "restated_by_source",
            row,
            f"Nguồn đã đổi số liệu đã gửi: {_shown(row['value_text_before'])} → {_shown(row['value_text'])}.",
            f"The source restated a figure: {_shown(row['value_text_before'])} → {_shown(row['value_text'])}.",
        )
        for row in changed.head(MOST_TOLD).iter_rows(named=True)
    ]
    return [*told, *_rest("restated_by_source", changed.height)]


def _finding(rule: str, row: dict[str, object], vi: str, en: str) -> Finding:
    named = {name: str(row[name] or "") for name in ("measure", "org_unit", "time_period")}
    where = f"{named['measure']}, {named['org_unit']}, {named['time_period']}"
    place = str(row["place"])
    found = _shown(row["value_text"])
    return Finding(rule, Severity.WARNING, place, found, "", f"{where}: {vi}", f"{where}: {en}", **named)


def _rest(rule: str, n: int) -> list[Finding]:
    """How many there were, where not all are told."""
    if n <= MOST_TOLD:
        return []
    vi = f"Tổng cộng {n} số liệu; {MOST_TOLD} số liệu đầu được nêu riêng."
    en = f"{n} figures in all; the first {MOST_TOLD} are told one by one."
    return [Finding(rule, Severity.WARNING, "", str(n), "", vi, en)]


def _shown(text: object) -> str:
    return _NONE if text is None else str(text)
