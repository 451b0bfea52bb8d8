"""Pieces of SQL that are safe to stand within any other, and the guards that keep them finite."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from indicator_specs.formula.quantity import Quantity

FINITE = "1.7e308"
"""Just below the largest double: a comparison that infinity, NaN and null all fail, on every engine."""
SUMMABLE = "1e20"
"""No figure is as large (judge refuses it); a million smaller ones fit into a ``DECIMAL(38, 12)``."""


@dataclass(frozen=True)
class Piece:
    """SQL of a part.

    ``value`` if it is a constant; ``is_column`` if it is a column as it stands, so finite or null; ``depth`` is the
    number of steps whose columns it needs; ``lookback`` the periods before its own that it reads (None: any);
    ``methods`` the inputs below it that have methods.
    """

    sql: str
    unit: Quantity
    value: Fraction | None = None
    is_column: bool = False
    depth: int = 0
    lookback: int | None = 0
    methods: frozenset[str] = frozenset()

    @property
    def usable(self) -> str:
        """Its SQL, null where it is not finite."""
        if self.is_column or self.value is not None:
            return self.sql
        return f"case when abs({bare(self.sql)}) < {FINITE} then {bare(self.sql)} end"

    @property
    def summable(self) -> str:
        """Its SQL as an exact decimal, so that a sum does not depend on the order; null beyond ``SUMMABLE``."""
        inner = bare(self.sql)
        return f"case when abs({inner}) < {SUMMABLE} then try_cast({inner} as decimal(38, 12)) end"

    def known(self) -> str:
        """A condition: it has a finite value."""
        return f"{self.sql} is not null" if self.is_column else f"abs({bare(self.sql)}) < {FINITE}"


def piece(sql: str, unit: Quantity, parts: Iterable[Piece], value: Fraction | None = None) -> Piece:
    """A piece made of others."""
    made_of = tuple(parts)
    lookbacks = [part.lookback for part in made_of]
    return Piece(
        sql,
        unit,
        value,
        depth=max((part.depth for part in made_of), default=0),
        lookback=None if None in lookbacks else max((each or 0 for each in lookbacks), default=0),
        methods=frozenset().union(*(part.methods for part in made_of)),
    )


def literal(value: Fraction) -> str:
    """A constant as a double on every engine: without the exponent Spark would compute in short decimals."""
    if value < 0:
        return f"(-{literal(-value)})"
    if value.denominator == 1:
        return f"{value.numerator}e0"
    digits = _decimal(value)
    return f"{digits}e0" if digits else f"({value.numerator}e0 / {value.denominator}e0)"


def _decimal(value: Fraction) -> str:
    """The digits of a fraction that ends, or nothing."""
    places, scaled = 0, value
    while scaled.denominator != 1 and places < 30:
        places, scaled = places + 1, scaled * 10
    if scaled.denominator != 1:
        return ""
    digits = f"{scaled.numerator:0{places + 1}d}"
    return f"{digits[:-places]}.{digits[-places:]}"


def bare(sql: str) -> str:
    """Without brackets around the whole, where a comma or a call already sets it apart."""
    if not (sql.startswith("(") and sql.endswith(")")):
        return sql
    depth = 0
    for index, sign in enumerate(sql):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and index < len(sql) - 1:
            return sql
    return sql[1:-1]
