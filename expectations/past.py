"""The judged frame, last part: each value beside its own past.

The past is the last sealed release, overlaid with earlier periods of the same case. Computes differences; decides
nothing. A past too short to tell gives no fact: the plain z-score of n values cannot exceed (n-1)/sqrt(n), so a
threshold on it never fires on young monthly series (measured); factors and percentages can.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from statistics import median

import polars as pl

from expectations import canonical
from expectations.cases import HISTORY
from expectations.frame import EXACT
from expectations.terms import MeasureTerms, Terms

Series = tuple[str, str, str, str]
"""Measure, org unit, breakdown, producer."""
Values = dict[int, Decimal]
"""Value by period number."""

MEMORY = 12
"""Periods that count as a value's own past."""
ENOUGH_FOR_TEN = 3
"""A factor of ten between two months happens; against three steady ones it is a slip."""
STEADY = 5
"""A past whose largest value is more than this many times its smallest has no usual magnitude."""
FEW = 10
"""Two patents one year and twenty the next are no slip of the unit."""
LEEWAY = Decimal("1.5")
"""A slip of 10, 100 or 1,000 times is looked for within this factor, since the figure itself moves too."""
ENOUGH_TO_BE_A_COPY = 20
"""Fewer equal figures may well be chance."""


FACTS = ("previous", "change_pct", "usual", "times_off")
"""What is computed for each value; in its own unit, in per cent, in its own unit, as a power of ten."""


def with_past(rows: pl.DataFrame, terms: Terms, history: pl.DataFrame | None) -> pl.DataFrame:
    """Add ``previous`` and ``change_pct``, ``usual`` and ``times_off``, ``n_compared`` and ``n_differing``.

    Raises:
        ValueError: ``history`` lacks a column of ``HISTORY``.
    """
    known_past = published(terms, history, rows["unit_code"].unique().drop_nulls())
    own = _own(_of_several_periods(rows), terms)
    if not known_past and not own:
        return _with_copies(rows.with_columns(pl.lit(None, dtype=EXACT).alias(name) for name in FACTS))
    facts: dict[str, list[Decimal | None]] = {name: [] for name in FACTS}
    for row in _ready(rows, terms):
        known: tuple[Decimal | None, ...] = (None,) * len(FACTS)
        if row is not None:
            case_id, series, number, value = row
            past, mine = known_past.get(series, {}), own.get((case_id, series))
            if mine:
                past = {**past, **mine}
            known = _against(past, number, value, terms.measures[series[0]])
        for name, fact in zip(FACTS, known, strict=True):
            facts[name].append(fact)
    return _with_copies(rows.with_columns(*(pl.Series(name, facts[name], dtype=EXACT) for name in FACTS)))


def _against(
    past: Mapping[int, Decimal], number: int, value: Decimal, measure: MeasureTerms
) -> tuple[Decimal | None, ...]:
    if not past:
        return (None,) * len(FACTS)
    previous = past.get(number - 1)
    earlier = [past[n] for n in range(number - MEMORY, number) if n in past]
    usual, times = _slip(earlier, value, measure.is_count) if measure.has_magnitude else (None, None)
    is_slip = times is not None and times > 1
    change = None if is_slip or not previous else min(abs(value - previous) / abs(previous) * 100, Decimal("1e12"))
    return previous, change.quantize(Decimal("0.1")) if change is not None else None, usual, times


def _slip(earlier: list[Decimal], value: Decimal, is_count: bool) -> tuple[Decimal | None, Decimal | None]:
    """The usual magnitude and the power of ten by which ``value`` is off it; nothing where the past is not steady."""
    sizes = sorted(abs(one) for one in earlier)
    if not sizes or not value or not sizes[0] or sizes[-1] > STEADY * sizes[0]:
        return None, None
    usual = median(sizes)
    ratio = max(abs(value) / usual, usual / abs(value))
    smallest = min(abs(value), usual)
    for power, enough in ((10, ENOUGH_FOR_TEN), (100, 1), (1000, 1)):
        if power == 10 and is_count and smallest < FEW:
            continue
        if len(sizes) >= enough and power / LEEWAY <= ratio <= power * LEEWAY:
            return usual, Decimal(power)
    return usual, Decimal(1)


def _ready(rows: pl.DataFrame, terms: Terms) -> Iterator[tuple[str, Series, int, Decimal] | None]:
    """Each row's case, series, period and value; None where the row is not fit to be compared."""
    columns = ("is_settled", "number", "case_id", "declared_measure", "unit_code", "breakdown", "producer", "period_no")
    for settled, value, case_id, measure, unit, breakdown, producer, number in rows.select(columns).iter_rows():
        if settled and value is not None:
            yield case_id, (measure, unit, breakdown or "_T", producer or terms.producer), number, value
        else:
            yield None


def _of_several_periods(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of cases that bring a past of their own: a form of one period, as most are, has none."""
    return rows.filter(pl.col("period_no").n_unique().over("case_id") > 1)


def _own(rows: pl.DataFrame, terms: Terms) -> Mapping[tuple[str, Series], Values]:
    values: defaultdict[tuple[str, Series], Values] = defaultdict(dict)
    # Of several vintages of one figure, the newest is the one to compare with.
    ordered = rows.sort("published_date", nulls_last=False, maintain_order=True)
    for row in _ready(ordered, terms):
        if row is not None:
            case_id, series, number, value = row
            values[case_id, series][number] = value
    return values


def published(
    terms: Terms,
    history: pl.DataFrame | None,
    units: Collection[str] | None = None,
    period_nos: Collection[int] | None = None,
) -> Mapping[Series, Values]:
    """Published values of the dataset's measures, by series and period number.

    Args:
        terms: the dataset's.
        history: as for ``judge``.
        units: codes of the units whose values are asked for; None for all.
        period_nos: numbers of the periods that are asked for; None for all.

    Raises:
        ValueError: ``history`` lacks a column of ``HISTORY``.
    """
    values: defaultdict[Series, Values] = defaultdict(dict)
    if history is None:
        return values
    if missing := [column for column in HISTORY if column not in history.columns]:
        raise ValueError(f"history lacks the columns {', '.join(missing)}; it has {', '.join(history.columns)}")
    ours = history.filter(pl.col("measure").is_in(list(terms.measures)) & pl.col("obs_value").is_not_null())
    if units is not None:
        ours = ours.filter(pl.col("org_unit").is_in(list(units)))
    numbers = {
        text: period.period_no
        for text in ours["time_period"].unique()
        if (period := canonical.period(text)) is not None
        and period.frequency == terms.frequency
        and (period_nos is None or period.period_no in period_nos)
    }
    ours = ours.filter(pl.col("time_period").is_in(list(numbers)))
    for measure, unit, text, breakdown, producer, value in ours.select(HISTORY).iter_rows():
        series = (measure, unit, breakdown or "_T", producer or terms.producer)
        values[series][numbers[text]] = value if isinstance(value, Decimal) else Decimal(str(value))
    return values


def _with_copies(rows: pl.DataFrame) -> pl.DataFrame:
    """``n_differing`` is given only where every figure of a case's period has a predecessor, and there are enough."""
    filled = rows.filter(pl.col("number").is_not_null() & pl.col("is_settled"))
    counts = (
        filled.group_by("case_id", "period")
        .agg(
            n_filled=pl.len().cast(pl.Int64),
            n_compared=pl.col("previous").count().cast(pl.Int64),
            n_differing=(pl.col("previous") != pl.col("number")).sum().cast(pl.Int64),
        )
        .filter((pl.col("n_compared") == pl.col("n_filled")) & (pl.col("n_compared") >= ENOUGH_TO_BE_A_COPY))
        .drop("n_filled")
    )
    return rows.join(counts, on=["case_id", "period"], how="left", maintain_order="left")
