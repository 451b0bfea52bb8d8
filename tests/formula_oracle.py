"""An evaluator of formulas over a panel of org units and periods that shares nothing with the compiler but the text."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests import exact_numbers as n
from tests import formula_peers
from tests.exact_numbers import MISSING, Number, UndecidableError
from tests.formula_text import Node, names, read

Place = tuple[str, str, int]
"""Map, org unit, number of the period."""
__all__ = ["Panel", "Row", "UndecidableError", "evaluate"]


@dataclass(frozen=True)
class Row:
    """What one place holds: the inputs that are there, and the method of each indicator among them."""

    values: Mapping[str, Fraction | None]
    methods: Mapping[str, int | None] = field(default_factory=dict)
    level: str = "province"
    peer_group: str = ""


@dataclass
class Panel:
    """Rows by place; ``parents`` names the unit above each; ``first`` is the number of a period that begins a year."""

    rows: Mapping[Place, Row]
    parents: Mapping[str, str] = field(default_factory=dict)
    per_year: int = 12
    first: int = 0
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Numbers of the periods that formulas name."""
    _known: dict[tuple[int, Place], Number | UndecidableError] = field(default_factory=dict)
    _kept: list[Node] = field(default_factory=list)

    def value(self, text: str, place: Place) -> Number:
        """The value of a formula in one place."""
        return self.of(self.tree(text), place)

    def tree(self, text: str) -> Node:
        """A formula that stays alive as long as the panel, whose memory goes by it."""
        self._kept.append(read(text))
        return self._kept[-1]

    def of(self, node: Node, place: Place) -> Number:
        """The value of a tree in one place."""
        key = (id(node), place)
        if key not in self._known:
            try:
                found = self._value(node, place)
                too_large = found.value is not None and abs(found.value) > n.LARGEST
                self._known[key] = MISSING if too_large else found
            except UndecidableError as error:
                self._known[key] = error
        known = self._known[key]
        if isinstance(known, UndecidableError):
            raise known
        return known

    def _value(self, node: Node, place: Place) -> Number:
        match node:
            case ("number", value):
                return n.constant(value)
            case ("name", name):
                given = self.rows[place].values.get(name)
                return MISSING if given is None else Number(given)
            case ("-", inner):
                return _all([self.of(inner, place)], n.negate)
            case ("call", name, *args):
                return self._call(name, args, place)
            case (sign, left, right):
                signs: Mapping[str, Callable[..., Number]] = {
                    "+": n.add,
                    "-": lambda a, b: n.add(a, b, -1),
                    "*": n.multiply,
                    "/": n.divide,
                    "^": n.power,
                }
                return _all([self.of(left, place), self.of(right, place)], signs[sign])
        raise AssertionError(node)

    def _call(self, name: str, args: list[Node], place: Place) -> Number:
        arithmetic: Mapping[str, Callable[..., Number]] = {
            "abs": n.absolute,
            "ln": n.ln,
            "exp": n.exp,
            "sqrt": n.sqrt,
            "power": n.power,
            "least": lambda *parts: n.extreme(list(parts), -1),
            "greatest": lambda *parts: n.extreme(list(parts), 1),
        }
        if name in arithmetic:
            return _all([self.of(arg, place) for arg in args], arithmetic[name])
        if name in formula_peers.KNOWN:
            return self._among(name, place, args[0])
        return getattr(self, f"_{name}")(place, *args)

    # Time ------------------------------------------------------------------------------------------------------

    def _then(self, node: Node, place: Place, number: int) -> Number:
        """The value of another period, if its indicators were computed by the methods of this one."""
        other = (place[0], place[1], number)
        if other not in self.rows:
            return MISSING
        used = [name for name in names(node) if name in self.rows[place].methods or name in self.rows[other].methods]
        if any(self.rows[place].methods.get(name) != self.rows[other].methods.get(name) for name in used):
            return MISSING
        return self.of(node, other)

    def _lag(self, place: Place, x: Node, count: Node) -> Number:
        return self._then(x, place, place[2] - _whole(count))

    def _same_period_last_year(self, place: Place, x: Node) -> Number:
        return self._then(x, place, place[2] - self.per_year)

    def _change(self, place: Place, x: Node, count: Node = ("number", Fraction(1))) -> Number:
        return _all([self.of(x, place), self._lag(place, x, count)], lambda now, then: n.add(now, then, -1))

    def _growth(self, place: Place, x: Node, count: Node = ("number", Fraction(1))) -> Number:
        return _all([self.of(x, place), self._lag(place, x, count)], _growth)

    def _yoy(self, place: Place, x: Node) -> Number:
        return _all([self.of(x, place), self._same_period_last_year(place, x)], _growth)

    def _over(self, place: Place, x: Node, first: int) -> list[Number]:
        return [self._then(x, place, number) for number in range(first, place[2] + 1)]

    def _ytd(self, place: Place, x: Node) -> Number:
        begins = place[2] - (place[2] - self.first) % self.per_year
        return _all(self._over(place, x, begins), lambda *parts: n.summed(list(parts)))

    def _rolling_sum(self, place: Place, x: Node, count: Node) -> Number:
        return _all(self._over(place, x, place[2] - _whole(count) + 1), lambda *parts: n.summed(list(parts)))

    def _rolling_mean(self, place: Place, x: Node, count: Node) -> Number:
        return _all(
            [self._rolling_sum(place, x, count)], lambda total: n.divide(total, Number(Fraction(_whole(count))))
        )

    def _latest(self, place: Place, x: Node, count: Node) -> Number:
        for number in range(place[2], place[2] - _whole(count) - 1, -1):
            other = (place[0], place[1], number)
            if other in self.rows:
                found = self.of(x, other)
                if found.value is not None:
                    return found
        return MISSING

    def _at(self, place: Place, x: Node, period: Node) -> Number:
        return self._then(x, place, self.numbers[period[1]])

    def _index_base(self, place: Place, x: Node, period: Node) -> Number:
        return _all([self.of(x, place), self._at(place, x, period)], lambda now, base: _hundred(n.divide(now, base)))

    def _cagr(self, place: Place, x: Node, period: Node) -> Number:
        years = Fraction(place[2] - self.numbers[period[1]], self.per_year)
        if not years:
            return MISSING

        def grown(now: Number, base: Number) -> Number:
            zero = Number(Fraction(0))
            if n.compared(now, zero) <= 0 or n.compared(base, zero) <= 0:
                return MISSING
            factor = n.power(n.divide(now, base), Number(1 / years, n.EPSILON / abs(years)))
            return _hundred(n.add(factor, Number(Fraction(1)), -1))

        return _all([self.of(x, place), self._at(place, x, period)], grown)

    # Peers -----------------------------------------------------------------------------------------------------

    def beside(self, place: Place) -> list[Place]:
        """Places of the same map, period and peer group, the place itself among them."""
        group = self.rows[place].peer_group
        return [
            other
            for other, row in self.rows.items()
            if other[0] == place[0] and other[2] == place[2] and row.peer_group == group
        ]

    def _among(self, name: str, place: Place, x: Node) -> Number:
        own = self.of(x, place)
        return formula_peers.among(name, own, (self.of(x, other) for other in self.beside(place)))

    def _goalposts(self, place: Place, x: Node, low: Node, high: Node) -> Number:
        def placed(own: Number, bottom: Number, top: Number) -> Number:
            part = n.divide(n.add(own, bottom, -1), n.add(top, bottom, -1))
            return n.extreme([Number(Fraction(0)), n.extreme([Number(Fraction(1)), part], -1)], 1)

        return _all([self.of(part, place) for part in (x, low, high)], placed)

    # Child units -----------------------------------------------------------------------------------------------

    def _count_units(self, place: Place, condition: Node, level: Node | None = None) -> Number:
        known = self._below(place, condition, level)
        return Number(Fraction(sum(known))) if known else MISSING

    def _share_units(self, place: Place, condition: Node, level: Node | None = None) -> Number:
        known = self._below(place, condition, level)
        return n.rounded(Fraction(sum(known), len(known)), Fraction(0)) if known else MISSING

    def _below(self, place: Place, condition: Node, level: Node | None) -> list[bool]:
        wanted = level[1] if level else {"nation": "province", "province": "commune"}.get(self.rows[place].level)
        found = []
        for other, row in self.rows.items():
            if other[0] == place[0] and other[2] == place[2] and row.level == wanted and self._under(other[1], place):
                found.append(self._holds(condition, other))
        return [each for each in found if each is not None]

    def _under(self, unit: str, place: Place) -> bool:
        while unit in self.parents:
            unit = self.parents[unit]
            if unit == place[1]:
                return True
        return False

    def _holds(self, node: Node, place: Place) -> bool | None:
        match node:
            case ("not", inner):
                held = self._holds(inner, place)
                return None if held is None else not held
            case ("and" | "or" as word, left, right):
                parts = (self._holds(left, place), self._holds(right, place))
                decides = word == "or"
                return decides if decides in parts else None if None in parts else not decides
        sign, left, right = node
        sides = [self.of(left, place), self.of(right, place)]
        if any(side.value is None for side in sides):
            return None
        found = n.compared(*sides)
        return {
            "<": found < 0,
            "<=": found <= 0,
            ">": found > 0,
            ">=": found >= 0,
            "=": found == 0,
            "<>": found != 0,
            "!=": found != 0,
        }[sign]


def evaluate(text: str, given: Mapping[str, Fraction | None]) -> Number:
    """The value of a formula of the arithmetic group."""
    place: Place = ("today", "VN", 0)
    return Panel({place: Row(given)}).value(text, place)


def _whole(node: Node) -> int:
    return int(node[1])


def _all(numbers: Iterable[Number], made: Callable[..., Any]) -> Number:
    """Missing where one is missing."""
    parts = list(numbers)
    return MISSING if any(part.value is None for part in parts) else made(*parts)


def _hundred(number: Number) -> Number:
    return MISSING if number.value is None else n.multiply(Number(Fraction(100)), number)


def _growth(now: Number, then: Number) -> Number:
    if n.compared(then, Number(Fraction(0))) <= 0:
        return MISSING
    return _hundred(n.add(n.divide(now, then), Number(Fraction(1)), -1))
