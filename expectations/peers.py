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
from typing import NamedTuple

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
        ratio = max(size / self.usual, self.usual / size)
        is_small = is_count and min(size, self.usual) < FEW
        if self.lowest <= log(size) <= self.highest or ratio < SLIPS[0] / LEEWAY or is_small:
            return 1
        return min(SLIPS, key=lambda power: abs(log(ratio) - log(power)))


def with_peers(rows: pl.DataFrame, terms: Terms, history: pl.DataFrame | None) -> pl.DataFrame:
    """Add ``peers_usual``, in the value's own unit, and ``times_off_peers``, a power of ten; else both are missing."""
    columns = ("is_settled", "case_id", "declared_measure", "period", "period_no", "number", "previous", "usual")
    known = [_Row(*row) for row in rows.select(columns).iter_rows()]
    fields = _fields(known, terms, history)
    found: list[tuple[Decimal | None, int | None]] = []
    for row in known:
        measure, field = terms.measures.get(row.measure or ""), fields.get(row.key)
        number = row.number if row.is_ready and not row.has_past else None
        if measure is None or field is None or not number or not _is_possible(number, measure):
            found.append((None, None))
        else:
            found.append((field.usual, field.slip(abs(number), is_count=measure.is_count)))
    return rows.with_columns(
        pl.Series("peers_usual", [usual for usual, _ in found], dtype=EXACT),
        pl.Series("times_off_peers", [times for _, times in found], dtype=EXACT),
    )


def _is_possible(number: Decimal, measure: MeasureTerms) -> bool:
    """What cannot be has a finding already."""
    is_low = measure.minimum is not None and number < measure.minimum
    is_high = measure.maximum is not None and number > measure.maximum
    return not (is_low or is_high or (measure.is_count and number != int(number)))


class _Row(NamedTuple):
    is_settled: bool
    case_id: str
    measure: str | None
    period: str | None
    period_no: int | None
    number: Decimal | None
    previous: Decimal | None
    usual: Decimal | None

    @property
    def is_ready(self) -> bool:
        return self.is_settled and self.number is not None and self.period_no is not None

    @property
    def has_past(self) -> bool:
        return self.previous is not None or self.usual is not None

    @property
    def key(self) -> _Key:
        return self.case_id, self.measure or "", self.period or ""


def _fields(rows: Sequence[_Row], terms: Terms, history: pl.DataFrame | None) -> Mapping[_Key, Field]:
    """Case, measure and period → field, where there are enough peers; zero has no magnitude."""
    before: defaultdict[tuple[str, int], list[Decimal]] = defaultdict(list)
    # What is published of units of other levels is no peer.
    for (measure, *_), past in published(terms, history if len(terms.levels) == 1 else None).items():
        for number, value in past.items():
            before[measure, number].append(value)
    found: defaultdict[_Key, list[Decimal]] = defaultdict(list)
    for row in rows:
        if row.is_ready and terms.measures[row.measure or ""].has_magnitude:
            if row.key not in found:
                found[row.key] += before[row.measure or "", (row.period_no or 0) - 1]
            found[row.key].append(row.number or Decimal(0))
    sizes = {key: [abs(value) for value in of if value] for key, of in found.items()}
    fields = {key: Field.of(of) for key, of in sizes.items() if len(of) >= ENOUGH_PEERS}
    return {key: field for key, field in fields.items() if field is not None}
