"""A value without a past of its own, beside those of other units: what a slip of the unit looks like in a first report.

Computes facts; decides nothing. Peers are the other rows of the same report and what was published of other units for
the period before. Units differ in size, so a value must lie far outside of how far they differ: on a logarithmic scale,
beyond the outer quartiles by several times the distance between them, and by more where few peers show that distance.
Where half of the peers are equal they show no distance, and nothing is told.

Of simulated columns of 20 to 130 log-normal values of any spread, at most 0.06 % held a value out there. Where units
differ by more than that, some do lie there: see decision 0069.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log
from statistics import median, quantiles

import polars as pl

from expectations.frame import EXACT
from expectations.past import FEW, LEEWAY, published
from expectations.terms import MeasureTerms, Terms

ENOUGH_PEERS = 20
"""Fewer units do not show how far units differ."""
FENCE = 3.0
"""Distances between the quartiles, beyond the outer one: Tukey's "far out"."""
UNSURE = 45.0
"""What is added to it, divided by the number of peers: the quartiles of twenty are a guess. Found by simulation."""
SAME = 1e-9
"""Quartiles nearer than this, in logarithms, are one figure; what rounding leaves is no distance."""
SLIPS = (100, 1000)
"""A factor of ten between two units is no slip."""

_Key = tuple[str, str, str]
"""Case, measure and period."""

_Row = tuple[int, str, str, str, int, Decimal, bool]
"""Place in the frame, case, measure, period, its number, value, and whether it has a past of its own."""


@dataclass(frozen=True)
class Field:
    """How far peers differ: the usual magnitude, and the logarithms beyond which a value is far out."""

    usual: Decimal
    lowest: float
    highest: float

    @classmethod
    def of(cls, peers: Sequence[Decimal]) -> "Field | None":
        """Of magnitudes, none of them zero; None where half of them are equal and so show no distance."""
        low, _, high = quantiles([log(peer) for peer in peers], n=4, method="inclusive")
        if high - low < SAME:
            return None
        fence = (FENCE + UNSURE / len(peers)) * (high - low)
        return cls(median(peers), low - fence, high + fence)

    def slip(self, size: Decimal, *, is_count: bool) -> int:
        """The power of ten by which a magnitude is off the usual one; 1 where it is one of them."""
        if self.lowest <= log(size) <= self.highest:
            return 1  # as nearly all of them are
        ratio = max(size / self.usual, self.usual / size)
        if ratio < SLIPS[0] / LEEWAY or (is_count and min(size, self.usual) < FEW):
            return 1
        return min(SLIPS, key=lambda power: abs(log(ratio) - log(power)))


def with_peers(rows: pl.DataFrame, terms: Terms, history: pl.DataFrame | None) -> pl.DataFrame:
    """Add ``peers_usual``, in the value's own unit, and ``times_off_peers``, a power of ten; else both are missing."""
    usual: list[Decimal | None] = [None] * rows.height
    times: list[int | None] = [None] * rows.height
    ready = _ready(rows)
    fields = _fields(ready, terms, history)
    for at, case_id, name, period, _, number, has_past in ready:
        field = None if has_past else fields.get((case_id, name, period))
        measure = terms.measures[name]
        if field is not None and number and _is_possible(number, measure):
            usual[at], times[at] = field.usual, field.slip(abs(number), is_count=measure.is_count)
    return rows.with_columns(
        pl.Series("peers_usual", usual, dtype=EXACT), pl.Series("times_off_peers", times, dtype=EXACT)
    )


def _is_possible(number: Decimal, measure: MeasureTerms) -> bool:
    """What cannot be has a finding already."""
    is_low = measure.minimum is not None and number < measure.minimum
    is_high = measure.maximum is not None and number > measure.maximum
    return not (is_low or is_high or (measure.is_count and number != int(number)))


def _ready(rows: pl.DataFrame) -> Sequence[_Row]:
    """Rows whose value can be held against others; where they stand in the frame comes first."""
    columns = ("case_id", "declared_measure", "period", "period_no", "number")
    has_past = pl.col("previous").is_not_null() | pl.col("usual").is_not_null()
    known = rows.select(pl.int_range(pl.len()).alias("at"), "is_settled", *columns, has_past.alias("has_past"))
    return known.filter(pl.col("is_settled")).drop("is_settled").drop_nulls(["number", "period_no"]).rows()


def _fields(rows: Sequence[_Row], terms: Terms, history: pl.DataFrame | None) -> Mapping[_Key, Field]:
    """Case, measure and period → field, where there are enough peers; zero has no magnitude."""
    before: defaultdict[tuple[str, int], list[Decimal]] = defaultdict(list)
    # What is published of units of other levels is no peer.
    for (measure, *_), past in published(terms, history if len(terms.levels) == 1 else None).items():
        for number, value in past.items():
            before[measure, number].append(value)
    found: defaultdict[_Key, list[Decimal]] = defaultdict(list)
    for _, case_id, name, period, period_no, figure, _ in rows:
        if terms.measures[name].has_magnitude:
            key = case_id, name, period
            if key not in found:
                found[key] += before[name, period_no - 1]
            found[key].append(figure)
    sizes = {key: [abs(value) for value in of if value] for key, of in found.items()}
    fields = {key: Field.of(of) for key, of in sizes.items() if len(of) >= ENOUGH_PEERS}
    return {key: field for key, field in fields.items() if field is not None}
