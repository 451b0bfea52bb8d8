"""Random formulas of the whole language, and random panels to compute them on."""

from collections.abc import Iterable
from fractions import Fraction
from random import Random

from tests.formula_oracle import Panel, Place, Row

STATUSES = {"A": True, "E": True, "P": True, "V": True, "I": True, "F": True} | dict.fromkeys("OLMQB", False)
"""Every observation status, and whether a figure stands beside it."""
MEASURES, INDICATORS = ("a", "b"), ("c", "d")
NAMES = (*MEASURES, *INDICATORS)
PARENTS = {f"P{number}": "VN" for number in range(1, 5)} | {f"C{number}": f"P{number // 3 + 1}" for number in range(7)}
UNITS_OF = {"VN": "nation"} | {unit: "province" if unit[0] == "P" else "commune" for unit in PARENTS}
MAPS = ("today", "reported")
NUMBERS = ("0", "1", "2", "3", "7", "100", "0.5", "0.125", "2.75", "0.1")


class Panels:
    """Panels of one frequency: two maps, three levels, periods with gaps, two indicators that change method."""

    def __init__(self, random: Random, per_year: int, periods: int) -> None:
        self.random, self.per_year, self.periods = random, per_year, periods
        self.first = 2020 * per_year

    def panel(self) -> Panel:
        begins = self.first - self.random.randint(0, self.per_year - 1)
        rows = {place: row for place in self._places(begins) if (row := self._row(place, begins))}
        base = "2020-01" if self.per_year == 12 else "2020-Q1" if self.per_year == 4 else "2020"
        return Panel(rows, PARENTS, self.per_year, self.first, {base: self.first})

    def _places(self, begins: int) -> Iterable[Place]:
        for number in range(begins, begins + self.periods):
            yield from ((shown, unit, number) for shown in MAPS for unit in UNITS_OF)

    def _row(self, place: Place, begins: int) -> Row | None:
        if self.random.random() < 0.07:
            return None
        switches = {"c": begins + self.periods // 2, "d": begins + self.periods // 3}
        methods: dict[str, int | None] = {name: 1 + (place[2] >= switches[name]) for name in INDICATORS}
        values = {name: self.value() for name in NAMES}
        for name in INDICATORS:
            if self.random.random() < 0.05:
                methods[name], values[name] = None, None
        level = UNITS_OF[place[1]]
        apart = place[0] == "reported" and place[1] in {"P3", "P4"}
        return Row(values, methods, level, "former" if apart else level)

    def value(self) -> Fraction | None:
        """Missing, zero, one of a few (so that there are ties), or exact in binary."""
        if not STATUSES[self.random.choice("A" * 35 + "".join(STATUSES))]:
            return None
        kind = self.random.random()
        if kind < 0.1:
            return Fraction(0)
        if kind < 0.4:
            return Fraction(self.random.randint(-2, 4))
        if kind < 0.95:
            return Fraction(self.random.randint(-80, 160), 8)
        return Fraction(self.random.randint(-(10**13), 10**13))


class Maker:
    """Formulas of every shape."""

    def __init__(self, random: Random, base: str) -> None:
        self.random, self.base = random, base

    def formula(self) -> str:
        while True:
            text = self.value(self.random.choice((1, 2, 2, 3)))
            if self._reads(text):
                return text

    def value(self, depth: int) -> str:
        if depth == 0:
            return self.random.choice((*NAMES, *NAMES, *NUMBERS))
        kinds = (self.arithmetic, self.arithmetic, self.time, self.time, self.peers, self.child_units)
        return self.random.choice(kinds)(depth - 1)

    @staticmethod
    def _reads(text: str) -> bool:
        return any(f" {name} " in f" {''.join(c if c.isalnum() or c == '_' else ' ' for c in text)} " for name in NAMES)

    def reading(self, depth: int) -> str:
        """A value that is no constant."""
        while True:
            text = self.value(depth)
            if self._reads(text):
                return text

    def arithmetic(self, depth: int) -> str:
        pick, inner = self.random.choice, self.value
        kind = self.random.random()
        if kind < 0.6:
            return f"({inner(depth)}) {pick('+-*/')} ({inner(depth)})"
        if kind < 0.7:
            return f"- ({inner(depth)})"
        if kind < 0.75:
            return f"({inner(depth)}) ^ {pick(('2', '0.5', '(-1)', '3'))}"
        if kind < 0.85:
            return f"{pick(('abs', 'sqrt', 'ln'))}({inner(depth)})"
        return f"{pick(('least', 'greatest'))}({inner(depth)}, {self.reading(0)})"

    def time(self, depth: int) -> str:
        x, count = self.reading(depth), self.random.choice("1123")
        return self.random.choice(
            (
                f"lag({x}, {count})",
                f"same_period_last_year({x})",
                f"change({x})",
                f"change({x}, {count})",
                f"growth({x}, {count}) / 100",
                f"yoy({x}) / 100",
                f"ytd({x})",
                f"rolling_sum({x}, {count})",
                f"rolling_mean({x}, {count})",
                f"at({x}, '{self.base}')",
                f"cagr({x}, '{self.base}') / 100",
                f"index_base({x}, '{self.base}') / 100",
                f"latest({x}, {count})",
            )
        )

    def peers(self, depth: int) -> str:
        x = self.reading(depth)
        name = self.random.choice(("minmax", "zscore", "rank", "percentile", "share_of_total", "goalposts"))
        if name == "goalposts":
            return f"goalposts({x}, {self.random.choice(('0, 10', '5, -5', '- 1, 1 / 2'))})"
        return f"{name}({x})"

    def child_units(self, depth: int) -> str:
        level = self.random.choice(("", "", ", 'commune'", ", 'province'"))
        return f"{self.random.choice(('count_units', 'share_units'))}({self.condition(depth, 2)}{level})"

    def condition(self, depth: int, parts: int) -> str:
        pick = self.random.choice
        if parts > 1 and self.random.random() < 0.5:
            return f"({self.condition(depth, parts - 1)} {pick(('and', 'or'))} {self.condition(depth, parts - 1)})"
        compared = f"{self.reading(depth)} {pick(('<', '<=', '>', '>=', '=', '<>'))} {self.value(0)}"
        return f"not ({compared})" if self.random.random() < 0.2 else compared
