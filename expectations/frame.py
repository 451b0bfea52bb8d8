"""The judged frame, first part: one row per value read, with codes, periods and numbers made comparable.

Decides nothing (``suites``) and says nothing (``wording``).
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

import polars as pl

from expectations import canonical
from expectations.cases import Case
from expectations.distinct import with_each
from expectations.suites import LARGEST
from expectations.terms import Terms
from indicator_specs.reading import READING

EXACT = pl.Decimal(38, 9)
"""How values are stored, and so how they are judged."""

_LONGEST_PLAIN = 18
"""Digits of a whole number that surely lies below ``LARGEST``."""

_STORED = Decimal("1e-9")
_BEYOND = Decimal("1e28")
"""Stands for every magnitude that does not fit ``EXACT``."""

VALUELESS = frozenset({"L", "M", "O", "Q"})
"""SDMX statuses that say why there is no value: such a row is complete without one."""


def gather(cases: Sequence[Case], terms: Terms) -> pl.DataFrame:
    """All cases' rows in one table, with codes and periods in canonical form and values as exact decimals.

    Returns:
        Grain: one value read (``case_id``, ``row_no``), in the order of cases and readings.
    """
    rows = pl.concat(
        [
            case.rows.select(
                pl.lit(case.case_id).alias("case_id"),
                pl.lit(case.agency, dtype=pl.String).alias("agency"),
                pl.lit(case.time_period, dtype=pl.String).alias("asked_period"),
                *READING,
            )
            for case in cases
        ],
        how="vertical_relaxed",
    )
    groups = {measure: of.group for measure, of in terms.measures.items()}
    rows = with_each(rows, ["measure"], lambda distinct: _measures(distinct["measure"], groups))
    rows = with_each(rows, ["org_unit"], lambda distinct: _units(distinct["org_unit"]))
    rows = with_each(rows, ["time_period"], lambda distinct: _periods(distinct["time_period"]))
    return with_each(rows, ["obs_value", "problem", "obs_status"], _values)


def _measures(written: pl.Series, groups: Mapping[str, str]) -> list[pl.Series]:
    measures = [canonical.tidy(text) for text in written]
    return [
        pl.Series("declared_measure", [m if m in groups else None for m in measures], dtype=pl.String),
        pl.Series("finding_group", [groups.get(m, m) for m in measures], dtype=pl.String),
    ]


def _units(written: pl.Series) -> list[pl.Series]:
    codes = [canonical.org_unit_code(text) for text in written]
    return [
        pl.Series("unit_code", codes, dtype=pl.String),
        pl.Series("tidied_org_unit", _changed(written.to_list(), codes), dtype=pl.String),
    ]


def _periods(written: pl.Series) -> list[pl.Series]:
    periods = [canonical.period(text) for text in written]
    read, raw = [period.time_period if period else None for period in periods], written.to_list()
    return [
        pl.Series("period", read, dtype=pl.String),
        pl.Series("period_no", [p.period_no if p else None for p in periods], dtype=pl.Int64),
        pl.Series("period_frequency", [p.frequency if p else None for p in periods], dtype=pl.String),
        pl.Series("period_text", [r or canonical.tidy(w) for r, w in zip(read, raw, strict=True)], dtype=pl.String),
        pl.Series("tidied_period", _changed(raw, read), dtype=pl.String),
    ]


def _changed(written: Sequence[str | None], kept: Sequence[str | None]) -> list[str | None]:
    return [w if w and k and w != k else None for w, k in zip(written, kept, strict=True)]


def _values(rows: pl.DataFrame) -> list[pl.Series]:
    numbers, magnitudes, decimals, problems, blanks = [], [], [], [], []
    for text, problem, status in rows.select("obs_value", "problem", "obs_status").iter_rows():
        number, size, places, fault = _number(text)
        fault = problem or fault
        if fault is None and text is None and status not in VALUELESS:
            fault = "blank"
        numbers.append(number if fault is None else None)
        magnitudes.append(size if fault is None else None)
        decimals.append(places if fault is None and number is not None else None)
        problems.append(fault if fault != "blank" else None)
        blanks.append(fault if fault == "blank" else None)
    return [
        pl.Series("number", numbers, dtype=EXACT),
        pl.Series("magnitude", magnitudes, dtype=EXACT),
        pl.Series("decimals", decimals, dtype=pl.Int64),
        pl.Series("problem_found", problems, dtype=pl.String),
        pl.Series("blank", blanks, dtype=pl.String),
    ]


def _number(text: str | None) -> tuple[Decimal | None, Decimal | None, int, str | None]:
    """Value as stored, its magnitude, the decimals it was given with, and a problem the reader let through."""
    if text is None:
        return None, None, 0, None
    if len(text) <= _LONGEST_PLAIN and text.isascii() and text.isdecimal():
        whole = Decimal(text)  # a count, as most figures are: nothing to round, and no sign
        return whole, whole, 0, None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None, None, 0, "not_a_number"
    if not value.is_finite():
        return None, None, 0, "out_of_range"
    with localcontext(prec=400):
        size = value.copy_abs()
        if size >= LARGEST:
            return None, min(size, _BEYOND), 0, None
        places = max(0, -int(value.normalize().as_tuple().exponent))
        return value.quantize(_STORED, ROUND_HALF_UP), size.quantize(_STORED, ROUND_HALF_UP), places, None
