"""The examples of a spec, worked out by hand: exact fractions over Python's own reading of the formula.

Independent of the SQL compiler on purpose: what it gives is what the generated model is tested against. It knows
arithmetic and time; what looks at peers or units below cannot be shown by one unit's figures.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from indicator_specs import periods
from indicator_specs.periods import PER_YEAR, Period

Number = Fraction | float
Figures = Mapping[str, Sequence[Decimal | None]]
"""Of each input one figure per period, oldest first, all of one length."""


class UnreadableFormulaError(Exception):
    """Something that is neither arithmetic nor time."""


def _goalposts(x: Number, low: Number, high: Number) -> Number:
    return max(Fraction(0), min(Fraction(1), (x - low) / (high - low)))


def _growth(now: Number, then: Number) -> Number | None:
    return 100 * (now / then - 1) if then > 0 else None


_BINARY: Mapping[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_CALLS: Mapping[str, Callable[..., Number]] = {
    "abs": abs,
    "ln": math.log,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "power": operator.pow,
    "least": min,
    "greatest": max,
    "goalposts": _goalposts,
}


def worked_out(formula: str, given: Figures, last: Period) -> list[float | None]:
    """The values of a formula in every period of its figures; None where there is no finite real value.

    Args:
        formula: Its text.
        given: The figures; the last ones are those of ``last``. Before the first, all is missing.
        last: The newest period.

    Raises:
        UnreadableFormulaError: something that is neither arithmetic nor time.
    """
    tree = ast.parse(formula.replace("^", "**"), mode="eval").body
    series = _Series(given, last, max(map(len, given.values()), default=0))
    values = [series.value(tree, number) for number in range(series.length)]
    return [None if value is None else float(value) for value in values]


@dataclass(frozen=True)
class _Series:
    given: Figures
    last: Period
    length: int

    def value(self, node: ast.expr, at: int) -> Number | None:
        """The value in the period that stands at a place of the figures."""
        try:
            value = self._value(node, at)
        except (ArithmeticError, ValueError):
            return None
        return None if isinstance(value, complex) or value is None or not math.isfinite(value) else value

    def _value(self, node: ast.expr, at: int) -> Number | None:
        if isinstance(node, ast.Constant):
            return Fraction(str(node.value))
        if isinstance(node, ast.Name):
            figure = self.given[node.id][at] if 0 <= at < self.length else None
            return None if figure is None else Fraction(figure)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return _joined([self.value(node.operand, at)], operator.neg)
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            return _joined([self.value(node.left, at), self.value(node.right, at)], _BINARY[type(node.op)])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, node.args, at)
        raise UnreadableFormulaError(f"neither arithmetic nor time: {ast.unparse(node)}")

    def _call(self, name: str, args: list[ast.expr], at: int) -> Number | None:
        if name in _CALLS:
            return _joined([self.value(part, at) for part in args], _CALLS[name])
        x, others = args[0], [part.value for part in args[1:] if isinstance(part, ast.Constant)]
        if name in {"at", "index_base", "cagr"}:
            return self._since(name, x, at, periods.parse(str(others[0])))
        span = int(str(others[0])) if others else PER_YEAR[self.last.frequency] if _of_last_year(name) else 1
        return self._over_time(name, x, at, span)

    def _over_time(self, name: str, x: ast.expr, at: int, span: int) -> Number | None:
        now, then = self.value(x, at), self.value(x, at - span)
        if name in {"lag", "same_period_last_year"}:
            return then
        known: Mapping[str, Callable[[], Number | None]] = {
            "change": lambda: _joined([now, then], operator.sub),
            "growth": lambda: _joined([now, then], _growth),
            "yoy": lambda: _joined([now, then], _growth),
            "ytd": lambda: self._sum(x, at, self._period(at).position),
            "rolling_sum": lambda: self._sum(x, at, span),
            "rolling_mean": lambda: _joined([self._sum(x, at, span)], lambda total: total / span),
            "latest": lambda: self._newest(x, at, span),
        }
        if name not in known:
            raise UnreadableFormulaError(f"{name} looks at more than one unit's figures")
        return known[name]()

    def _newest(self, x: ast.expr, at: int, span: int) -> Number | None:
        found = (self.value(x, each) for each in range(at, at - span - 1, -1))
        return next((value for value in found if value is not None), None)

    def _period(self, at: int) -> Period:
        return Period(self.last.frequency, self.last.period_no - (self.length - 1 - at))

    def _sum(self, x: ast.expr, at: int, count: int) -> Number | None:
        return _joined([self.value(x, each) for each in range(at - count + 1, at + 1)], lambda *parts: sum(parts))

    def _since(self, name: str, x: ast.expr, at: int, base: Period) -> Number | None:
        now, then = self.value(x, at), self.value(x, self.length - 1 - (self.last.period_no - base.period_no))
        if name == "at":
            return then
        if name == "index_base":
            return _joined([now, then], lambda this, first: 100 * this / first)
        years = Fraction(self._period(at).period_no - base.period_no, PER_YEAR[base.frequency])

        def grown(this: Number, first: Number) -> Number | None:
            return 100 * (float(this / first) ** float(1 / years) - 1) if this > 0 and first > 0 else None

        return _joined([now, then], grown)


def _of_last_year(name: str) -> bool:
    return name in {"same_period_last_year", "yoy"}


def _joined(parts: Sequence[Number | None], made: Callable[..., Number | None]) -> Number | None:
    """Missing where a part is missing."""
    return None if any(part is None for part in parts) else made(*parts)
