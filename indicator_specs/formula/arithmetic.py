"""SQL of the arithmetic group: null where it would divide by zero or leave the domain of a function."""

from fractions import Fraction

from indicator_specs.errors import both
from indicator_specs.formula.faults import FormulaError
from indicator_specs.formula.pieces import Piece, bare, literal, piece
from indicator_specs.formula.quantity import UNSURE, Quantity, UnitMismatchError


def number(value: Fraction) -> Piece:
    """A constant."""
    return Piece(literal(value), Quantity.constant(value), value)


def negation(inner: Piece) -> Piece:
    """Minus a value."""
    value = None if inner.value is None else -inner.value
    return piece(f"(-{inner.sql})", inner.unit.times(Quantity.constant(Fraction(-1))), [inner], value)


def total(left: Piece, right: Piece, sign: int) -> Piece:
    """Sum (``sign`` 1) or difference (-1)."""
    value = left.value + sign * right.value if left.value is not None and right.value is not None else None
    unit = Quantity.constant(value) if value is not None else left.unit.plus(right.unit, sign)
    return piece(f"({left.sql} {'+' if sign > 0 else '-'} {right.sql})", unit, [left, right], value)


def product(left: Piece, right: Piece) -> Piece:
    """One times the other."""
    value = left.value * right.value if left.value is not None and right.value is not None else None
    return piece(f"({left.sql} * {right.sql})", left.unit.times(right.unit), [left, right], value)


def quotient(left: Piece, right: Piece, position: int) -> Piece:
    """One by the other, missing where that is zero."""
    if right.value == 0:
        raise FormulaError("", position, both("chia cho 0", "division by zero"), both("sửa mẫu số", "mend it"))
    value = left.value / right.value if left.value is not None and right.value is not None else None
    divisor = right.sql if right.value is not None else f"nullif({bare(right.sql)}, 0e0)"
    return piece(f"({left.sql} / {divisor})", left.unit.times(right.unit, -1), [left, right], value)


def power(base: Piece, exponent: Piece, position: int) -> Piece:
    """One to the power of the other, missing where that is no real number."""
    if exponent.unit.dimensions:
        raise FormulaError(
            "",
            position,
            both("số mũ có đơn vị đo", "the exponent has a unit"),
            both("số mũ phải là số thuần", "an exponent is a pure number"),
        )
    call, domain = f"power({bare(base.sql)}, {bare(exponent.sql)})", _domain(base.sql, exponent)
    sql = f"(case when {domain} then {call} end)" if domain else call
    return piece(sql, base.unit.power(exponent.value), [base, exponent])


def _domain(base: str, exponent: Piece) -> str:
    """Where a power is a real number: negative bases need whole exponents, zero needs one that is not negative."""
    if exponent.value is None:
        by = exponent.sql
        return f"{base} > 0e0 or ({base} = 0e0 and {by} >= 0e0) or ({base} < 0e0 and {by} = floor({by}))"
    if exponent.value.denominator == 1:
        return "" if exponent.value >= 0 else f"{base} <> 0e0"
    return f"{base} >= 0e0" if exponent.value > 0 else f"{base} > 0e0"


def absolute(inner: Piece) -> Piece:
    """Without its sign."""
    value = None if inner.value is None else abs(inner.value)
    return piece(f"abs({bare(inner.sql)})", inner.unit, [inner], value)


def logarithm(inner: Piece) -> Piece:
    """Natural logarithm, missing up to zero."""
    return piece(f"(case when {inner.sql} > 0e0 then ln({bare(inner.sql)}) end)", _unsure(inner), [inner])


def exponential(inner: Piece) -> Piece:
    """e to the power of a pure number."""
    if inner.unit.dimensions:
        raise UnitMismatchError(both("exp của số có đơn vị đo", "exp of an amount with a unit"))
    return piece(f"exp({bare(inner.sql)})", _unsure(inner), [inner])


def root(inner: Piece) -> Piece:
    """Square root, missing below zero."""
    sql = f"(case when {inner.sql} >= 0e0 then sqrt({bare(inner.sql)}) end)"
    return piece(sql, inner.unit.power(Fraction(1, 2)), [inner])


def extreme(name: str, parts: list[Piece]) -> Piece:
    """The least or the greatest: engines skip nulls here and rank NaN highest; either would invent a value."""
    unit = parts[0].unit
    for part in parts[1:]:
        unit = unit.meet(part.unit)
    guards = [part.known() for part in parts if part.value is None]
    call = f"{name}({', '.join(bare(part.sql) for part in parts)})"
    return piece(f"(case when {' and '.join(guards)} then {call} end)" if guards else call, unit, parts)


def _unsure(inner: Piece) -> Quantity:
    return Quantity({}, UNSURE, inner.unit.is_constant)
