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

from expectations.distinct import with_each
from expectations.frame import EXACT
from expectations.past import FEW, LEEWAY, published
from expectations.terms import Terms

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

FIELD = ("case_id", "declared_measure", "period")
"""What peers share."""

_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Field:
    """How far peers differ: the usual magnitude, and the logarithms beyond which a value is far out."""

    usual: Decimal
    lowest: float
    highest: float

    @classmethod
    def of(cls, peers: Sequence[Decimal], logs: Sequence[float] | None = None) -> "Field | None":
        """Of magnitudes, none of them zero, and their logarithms; None where half are equal and show no distance."""
        low, _, high = quantiles(logs or [log(peer) for peer in peers], n=4, method="inclusive")
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
    ready = with_each(_ready(rows), ["number"], _sizes)
    fields = _fields(ready, terms, history)
    beside = ready.join(_table(fields), on=FIELD, how="inner", maintain_order="left").filter(
        ~pl.col("has_past") & pl.col("log_size").is_not_null() & _is_possible()
    )
    is_far = (pl.col("log_size") < pl.col("lowest")) | (pl.col("log_size") > pl.col("highest"))
    times = {
        at: fields[case_id, name, period].slip(abs(number), is_count=terms.measures[name].is_count)
        for at, case_id, name, period, number in beside.filter(is_far).select("at", *FIELD, "number").iter_rows()
    }
    facts = beside.select(
        "at",
        peers_usual="usual",
        times_off_peers=pl.col("at").replace_strict(times, default=1, return_dtype=pl.Int64).cast(EXACT),
    )
    return rows.with_row_index("at").join(facts, on="at", how="left", maintain_order="left").drop("at")


def _is_possible() -> pl.Expr:
    """What cannot be has a finding already."""
    is_low = (pl.col("number") < pl.col("minimum")).fill_null(value=False)
    is_high = (pl.col("number") > pl.col("maximum")).fill_null(value=False)
    return ~is_low & ~is_high & (~pl.col("is_count") | pl.col("is_whole"))


def _ready(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose value can be held against others; where they stand in the frame comes first."""
    has_past = pl.col("previous").is_not_null() | pl.col("usual").is_not_null()
    columns = ("at", *FIELD, "period_no", "number", "minimum", "maximum", "is_count")
    known = rows.with_row_index("at").filter(pl.col("is_settled")).select(*columns, has_past=has_past)
    return known.drop_nulls(["number", "period_no"])


def _sizes(distinct: pl.DataFrame) -> list[pl.Series]:
    """Logarithm of each magnitude, which zero has none of, and whether the figure is a whole one."""
    numbers = distinct["number"].to_list()
    return [
        pl.Series("log_size", [log(abs(number)) if number else None for number in numbers], dtype=pl.Float64),
        pl.Series("is_whole", [number == int(number) for number in numbers], dtype=pl.Boolean),
    ]


def _table(fields: Mapping[_Key, Field]) -> pl.DataFrame:
    found = [(*key, field.usual, field.lowest, field.highest) for key, field in fields.items()]
    told = {"usual": EXACT, "lowest": pl.Float64(), "highest": pl.Float64()}
    return pl.DataFrame(found, schema={**dict.fromkeys(FIELD, pl.String()), **told}, orient="row")


def _fields(ready: pl.DataFrame, terms: Terms, history: pl.DataFrame | None) -> Mapping[_Key, Field]:
    """Case, measure and period → field, where there are enough peers; zero has no magnitude."""
    before: defaultdict[tuple[str, int], list[Decimal]] = defaultdict(list)
    periods = {number - 1 for number in ready["period_no"].unique()}
    # What is published of units of other levels is no peer.
    for (measure, *_), past in published(terms, history if len(terms.levels) == 1 else None, None, periods).items():
        for number, value in past.items():
            if value:
                before[measure, number].append(abs(value))
    sized = pl.col("declared_measure").is_in([name for name, of in terms.measures.items() if of.has_magnitude])
    peers = ready.filter(sized & pl.col("log_size").is_not_null()).with_columns(pl.col("number").abs())
    columns = peers.group_by(*FIELD, "period_no").agg("number", "log_size")
    fields = {}
    for case_id, name, period, period_no, sizes, logs in columns.iter_rows():
        known = before[name, period_no - 1]
        if len(sizes) + len(known) >= ENOUGH_PEERS:
            fields[case_id, name, period] = Field.of([*known, *sizes], [*map(log, known), *logs])
    return {key: field for key, field in fields.items() if field is not None}
