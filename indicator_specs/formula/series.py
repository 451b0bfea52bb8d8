"""SQL of the time functions: by ``period_key``, whose neighbours differ by one, so that gaps are seen.

An earlier period's row is looked up by its key, several are seen through a window. What looks at an indicator is held
to one of that indicator's methods. Sums are made in decimals: a sum of doubles depends on the order of rows.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

from indicator_specs import periods
from indicator_specs.errors import both
from indicator_specs.formula import arithmetic
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.pieces import Piece, bare, piece
from indicator_specs.formula.quantity import Quantity
from indicator_specs.formula.steps import Steps
from indicator_specs.formula.tree import Call, Number, Text
from indicator_specs.periods import PER_YEAR, Frequency
from indicator_specs.units import UNITS

PERCENT = Quantity.of(UNITS["percent"])
_UNIT = "partition by map, org_unit_key"
LONGEST_YEAR = {**PER_YEAR, "weekly": 53}


class Series:
    """Time functions of one formula in one frequency."""

    def __init__(self, steps: Steps, frequency: Frequency) -> None:
        self.steps, self.frequency = steps, frequency
        self.needs_year = False
        self._known: Mapping[str, Callable[[Piece, Call], Piece]] = {
            "lag": lambda x, call: self._lag(x, _count(call)),
            "same_period_last_year": lambda x, call: self._lag(x, PER_YEAR[frequency]),
            "change": self._change,
            "growth": lambda x, call: self._growth(x, _count(call)),
            "yoy": lambda x, call: self._growth(x, PER_YEAR[frequency]),
            "ytd": self._ytd,
            "rolling_sum": lambda x, call: self._rolling(x, _count(call)),
            "rolling_mean": lambda x, call: self._rolling_mean(x, _count(call)),
            "at": lambda x, call: self._at(x, self._base(call)),
            "cagr": self._cagr,
            "index_base": self._index,
            "latest": self._latest,
        }

    def piece(self, x: Piece, call: Call) -> Piece:
        """The SQL of a call over ``x``."""
        return self._known[call.name](x, call)

    def _column(
        self, stem: str, aggregate: str, x: Piece, frame: str, by: str = "", fixed_period: int | None = None
    ) -> str:
        methods = "".join(f", method_of_{name}" for name in sorted(x.methods))
        window = f"{_UNIT}{methods}{by}{f' {frame}' if frame else ''}"
        shown = f"{_UNIT}{by} {frame}" if frame else ""
        return self.steps.window(stem, f"{aggregate} over ({window})", x.depth, shown, fixed_period)

    def _made(self, sql: str, x: Piece, back: int | None, unit: Quantity | None = None) -> Piece:
        lookback = None if x.lookback is None or back is None else x.lookback + back
        return Piece(
            sql, unit or x.unit, is_column=sql.isidentifier(), depth=x.depth + 1, lookback=lookback, methods=x.methods
        )

    def _lag(self, x: Piece, n: int) -> Piece:
        return self._made(self.steps.before("lag", bare(x.usable), x.depth, n, x.methods), x, n)

    def _change(self, x: Piece, call: Call) -> Piece:
        before = self._lag(x, _count(call))
        return piece(f"({x.sql} - {before.sql})", x.unit.plus(x.unit, -1), [x, before])

    def _growth(self, x: Piece, n: int) -> Piece:
        before = self._lag(x, n)
        positive = f"case when {before.sql} > 0e0 then {before.sql} end"
        return piece(f"(100e0 * ({x.sql} / {positive} - 1e0))", PERCENT, [x, before])

    def _sum(self, x: Piece, frame: str, complete: str, back: int, by: str = "") -> Piece:
        known = self._column("periods", f"count({x.summable})", x, frame, by)
        total = self._column("sum", f"sum({x.summable})", x, frame, by)
        return self._made(f"(case when {known} = {complete} then cast({total} as double) end)", x, back)

    def _ytd(self, x: Piece, call: Call) -> Piece:
        self.needs_year = True
        frame = "order by period_key range between unbounded preceding and current row"
        return self._sum(x, frame, "period_position", LONGEST_YEAR[self.frequency] - 1, ", period_year")

    def _rolling(self, x: Piece, n: int) -> Piece:
        return self._sum(x, f"order by period_key range between {n - 1} preceding and current row", str(n), n - 1)

    def _rolling_mean(self, x: Piece, n: int) -> Piece:
        total = self._rolling(x, n)
        return piece(f"({total.sql} / {n}e0)", x.unit, [total])

    def _latest(self, x: Piece, call: Call) -> Piece:
        """Compares nothing, so it may take the value of an earlier method where this period has none."""
        n, value = _count(call), bare(x.usable)
        frame = f"order by period_key range between {n} preceding and current row"
        newest = f"max_by({value}, case when {value} is not null then period_key end) over ({_UNIT} {frame})"
        return self._made(self.steps.window("latest", newest, x.depth, f"{_UNIT} {frame}"), x, n)

    def _base(self, call: Call) -> int:
        text = call.args[1]
        assert isinstance(text, Text)  # noqa: S101  (the parser lets nothing else through)
        period = periods.parse(text.value)
        if period.frequency != self.frequency:
            example = periods.containing(period.end_date, self.frequency).time_period
            raise FormulaError(
                "",
                text.position,
                both(
                    f"{text.value} là kỳ {period.frequency}, chỉ số là {self.frequency}",
                    f"{text.value} is {period.frequency}, the indicator {self.frequency}",
                ),
                both(f"viết kỳ cùng loại, ví dụ '{example}'", f"write one of its own periods, such as '{example}'"),
            )
        return period.period_key

    def _at(self, x: Piece, key: int) -> Piece:
        picked = f"max(case when period_key = {key} then {bare(x.sql)} end)"
        return self._made(self._column("at", picked, x, "", fixed_period=key), x, None)

    def _index(self, x: Piece, call: Call) -> Piece:
        base = self._at(x, self._base(call))
        ratio = arithmetic.quotient(x, base, call.position)
        return piece(f"(100e0 * {ratio.sql})", PERCENT, [ratio])

    def _cagr(self, x: Piece, call: Call) -> Piece:
        key = self._base(call)
        base, per_year = self._at(x, key), PER_YEAR[self.frequency]
        grown = f"power({x.sql} / {base.sql}, {per_year}e0 / (period_key - {key}))"
        sql = f"(case when {x.sql} > 0e0 and {base.sql} > 0e0 and period_key <> {key} then 100e0 * ({grown} - 1e0) end)"
        return piece(sql, PERCENT, [x, base])


def _count(call: Call) -> int:
    if len(call.args) < 2:
        return 1
    given = call.args[1]
    assert isinstance(given, Number) and given.value.denominator == 1  # noqa: S101, PT018  (so it was parsed)
    return int(given.value)


RATIO = Quantity({}, frozenset({Fraction(1)}), is_plain=True)
"""A pure number between 0 and 1, or without bounds: never per cent."""
