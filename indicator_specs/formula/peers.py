"""SQL of the peer functions: windows over the units of one map, period and peer group that have a value.

The average and the spread of a z-score are taken of values that are first brought between 0 and 1: a z-score does
not change by that, and the sums fit into decimals whatever the size of the values.
"""

from collections.abc import Callable, Mapping

from indicator_specs.errors import both
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.pieces import Piece, bare, literal, piece
from indicator_specs.formula.quantity import UNSURE, Quantity
from indicator_specs.formula.series import RATIO
from indicator_specs.formula.steps import Steps
from indicator_specs.units import UNITS

RANK = Quantity.of(UNITS["rank"])
PURE = Quantity({}, UNSURE)
_PEERS = "partition by map, period_key, peer_group"


class Peers:
    """Peer functions of one formula."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.is_used = False
        self._known: Mapping[str, Callable[[Piece], Piece]] = {
            "minmax": self._minmax,
            "zscore": self._zscore,
            "rank": self._rank,
            "percentile": self._percentile,
            "share_of_total": self._share,
        }

    def piece(self, name: str, x: Piece) -> Piece:
        """The SQL of a function over ``x``."""
        self.is_used = True
        return self._known[name](x)

    def _column(self, stem: str, aggregate: str, x: Piece, order: str = "") -> Piece:
        window = f"{_PEERS}{f' order by {order} nulls last' if order else ''}"
        name = self.steps.window(stem, f"{aggregate} over ({window})", x.depth)
        return Piece(name, x.unit, is_column=True, depth=x.depth + 1, lookback=x.lookback, methods=x.methods)

    def _minmax(self, x: Piece) -> Piece:
        low = self._column("low", f"min({bare(x.usable)})", x)
        high = self._column("high", f"max({bare(x.usable)})", x)
        sql = f"(({x.sql} - {low.sql}) / nullif({high.sql} - {low.sql}, 0e0))"
        return piece(sql, RATIO, [x, low, high])

    def _zscore(self, x: Piece) -> Piece:
        scaled = self._minmax(x)
        decimal = "cast({} as decimal(38, 18))".format
        inner = bare(scaled.usable)
        count = self._column("peers", f"count({inner})", scaled)
        total = self._column("sum", f"sum({decimal(inner)})", scaled)
        squares = self._column("squares", f"sum({decimal(f'({inner}) * ({inner})')})", scaled)
        mean = f"cast({total.sql} as double) / nullif({count.sql}, 0)"
        variance = f"(cast({squares.sql} as double) / nullif({count.sql}, 0) - ({mean}) * ({mean}))"
        sql = f"(case when {variance} > 0e0 then ({scaled.sql} - {mean}) / sqrt({bare(variance)}) end)"
        return piece(sql, RATIO, [scaled, total])

    def _rank(self, x: Piece) -> Piece:
        rank = self._column("rank", "rank()", x, f"{bare(x.usable)} desc")
        return piece(f"(case when {x.known()} then cast({rank.sql} as double) end)", RANK, [x, rank])

    def _percentile(self, x: Piece) -> Piece:
        """From both ranks: (below + half of the equals) / (n - 1) is 1/2 + (rank up - rank down) / 2(n - 1)."""
        up = self._column("rank_up", "rank()", x, bare(x.usable))
        down = self._column("rank", "rank()", x, f"{bare(x.usable)} desc")
        count = self._column("peers", f"count({bare(x.usable)})", x)
        sql = f"(case when {x.known()} then 0.5e0 + 0.5e0 * ({up.sql} - {down.sql}) / nullif({count.sql} - 1, 0) end)"
        return piece(sql, RATIO, [x, up])

    def _share(self, x: Piece) -> Piece:
        count = self._column("peers", f"count({bare(x.usable)})", x)
        known = self._column("summed", f"count({x.summable})", x)
        total = self._column("sum", f"sum({x.summable})", x)
        divided = f"{x.sql} / nullif(cast({total.sql} as double), 0e0)"
        return piece(f"(case when {known.sql} = {count.sql} then {divided} end)", RATIO, [x, total])


def goalposts(x: Piece, low: Piece, high: Piece, position: int) -> Piece:
    """The place between two fixed ends, clipped to 0–1; looks at no peer.

    Raises:
        FormulaError: both ends are the same, or no plain constants.
    """
    if low.value is None or high.value is None or low.value == high.value:
        raise FormulaError(
            "",
            position,
            both("hai đầu mốc trùng nhau hoặc không tính trước được", "the two ends are equal, or not plain constants"),
            both("viết hai số khác nhau: goalposts(x, 0, 100)", "write two numbers: goalposts(x, 0, 100)"),
        )
    low.unit.meet(x.unit)
    place = f"({x.sql} - {low.sql}) / {literal(high.value - low.value)}"
    return piece(f"(case when {x.known()} then greatest(0e0, least(1e0, {place})) end)", RATIO, [x])
