"""Exact arithmetic with a bound on what doubles may have lost, so that a comparison with SQL has a tolerance that
follows from the formula instead of from taste. Where doubles could go either way, nothing is claimed."""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

EPSILON = Fraction(1, 2**50)
LARGEST = Fraction(17 * 10**307)
SUMMABLE = Fraction(10**20)


class UndecidableError(Exception):
    """Double arithmetic could go either way here, or passes its range on the way to the result."""


@dataclass(frozen=True)
class Number:
    """An exact value and the bound on a double's error; ``value`` is None where the value is missing."""

    value: Fraction | None
    error: Fraction = Fraction(0)

    @property
    def exact(self) -> Fraction:
        assert self.value is not None
        return self.value


MISSING = Number(None)


def constant(value: Fraction) -> Number:
    """A literal, which a double holds exactly or not."""
    is_exact = value.denominator & (value.denominator - 1) == 0 and abs(value) < 2**53
    return Number(value, Fraction(0) if is_exact else abs(value) * EPSILON)


def rounded(value: Fraction, error: Fraction) -> Number:
    """The result of one more operation."""
    if abs(value) > LARGEST:
        raise UndecidableError
    # Digits beyond a hundred bits decide nothing, but make fractions slow.
    if value.denominator.bit_length() > 400:
        step = Fraction(1, 2**300) * abs(value)
        value, error = Fraction(round(value / step)) * step if step else value, error + step
    return Number(value, _short(error + abs(value) * EPSILON))


def _short(error: Fraction) -> Fraction:
    """A bound that is at least as large, in few digits."""
    if error.denominator.bit_length() < 200:
        return error
    return Fraction(float(error)) * 2 if float(error) > 1e-300 else Fraction(1, 10**300)


def compared(left: Number, right: Number) -> int:
    """-1, 0 or 1 as the first is below, equal or above."""
    gap = left.exact - right.exact
    if abs(gap) <= left.error + right.error and (left.error or right.error):
        raise UndecidableError
    return (gap > 0) - (gap < 0)


def is_zero(number: Number) -> bool:
    """Whether it is zero."""
    return compared(number, Number(Fraction(0))) == 0


def add(left: Number, right: Number, sign: int = 1) -> Number:
    """Sum or difference."""
    return rounded(left.exact + sign * right.exact, left.error + right.error)


def multiply(left: Number, right: Number) -> Number:
    """Product."""
    error = abs(left.exact) * right.error + abs(right.exact) * left.error + left.error * right.error
    return rounded(left.exact * right.exact, error)


def divide(left: Number, right: Number) -> Number:
    """Quotient, missing by zero."""
    if is_zero(right):
        return MISSING
    value = left.exact / right.exact
    nearest = abs(right.exact) - right.error
    return rounded(value, (left.error + abs(value) * right.error) / nearest)


def negate(number: Number) -> Number:
    """Minus the number."""
    return Number(-number.exact, number.error)


def absolute(number: Number) -> Number:
    """Without its sign."""
    return Number(abs(number.exact), number.error)


def extreme(numbers: list[Number], pick: int) -> Number:
    """The least (-1) or the greatest (1)."""
    values = [number.exact for number in numbers]
    return Number(max(values) if pick > 0 else min(values), max(number.error for number in numbers))


def through(name: str, value: Fraction) -> Fraction:
    """A function of ``decimal`` to sixty digits."""
    with localcontext() as context:
        context.prec = 60
        return Fraction(getattr(Decimal(value.numerator) / Decimal(value.denominator), name)())


def ln(number: Number) -> Number:
    """Natural logarithm."""
    if compared(number, Number(Fraction(0))) <= 0:
        return MISSING
    return rounded(through("ln", number.exact), number.error / (number.exact - number.error))


def exp(number: Number) -> Number:
    """e to the power."""
    if abs(number.exact) > 300 or number.error > 1:
        raise UndecidableError
    value = through("exp", number.exact)
    return rounded(value, value * number.error * 3)


def sqrt(number: Number) -> Number:
    """Square root."""
    sign = compared(number, Number(Fraction(0)))
    if sign <= 0:
        return Number(Fraction(0)) if sign == 0 else MISSING
    value = through("sqrt", number.exact)
    return rounded(value, number.error / value)


def power(base: Number, exponent: Number) -> Number:
    """One to the other."""
    whole = exponent.exact.denominator == 1
    if exponent.error and base.exact <= base.error:
        raise UndecidableError
    if is_zero(base):
        if exponent.exact == 0:
            return Number(Fraction(1))
        return MISSING if exponent.exact < 0 else Number(Fraction(0))
    if base.exact < 0 and not whole:
        return MISSING
    if abs(exponent.exact) > 12 or base.error > abs(base.exact) / 1000:
        raise UndecidableError
    if whole and not exponent.error:
        value = base.exact ** int(exponent.exact)
    else:
        value = through("exp", exponent.exact * through("ln", base.exact))
    relative = 4 * abs(exponent.exact) * base.error / abs(base.exact)
    if exponent.error:
        relative += 4 * exponent.error * abs(through("ln", abs(base.exact)))
    return rounded(value, abs(value) * relative)


def summed(numbers: list[Number]) -> Number:
    """A sum in decimals of twelve places: missing where one is too large to be a figure."""
    total, error = Fraction(0), Fraction(0)
    for number in numbers:
        if compared(absolute(number), Number(SUMMABLE)) >= 0:
            return MISSING
        scaled = number.exact * 10**12
        total += number.exact
        error += number.error
        if scaled.denominator != 1 or abs(scaled) >= 2**53:
            error += Fraction(1, 10**12) + abs(number.exact) * EPSILON
    is_exact = not error and abs(total) < 2**53 and total.denominator & (total.denominator - 1) == 0
    return Number(total) if is_exact else rounded(total, error)
