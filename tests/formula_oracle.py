"""An evaluator of formulas that shares nothing with the compiler: own parser, exact fractions, no SQL.

Values are exact; beside each runs a bound on what double arithmetic may have lost, so that a comparison with SQL has
a tolerance that follows from the formula instead of from taste.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/^(),]))")
EPSILON = Fraction(1, 2**50)
LARGEST = Fraction(17 * 10**307)


class UndecidableError(Exception):
    """Double arithmetic could go either way here, or passes its range on the way to the result."""


@dataclass(frozen=True)
class Number:
    """An exact value and the bound on a double's error; ``value`` is None where the value is missing."""

    value: Fraction | None
    error: Fraction = Fraction(0)


MISSING = Number(None)


def evaluate(text: str, given: Mapping[str, Fraction | None]) -> Number:
    """The value of a formula for given inputs."""
    tokens = TOKEN.findall(text)
    assert "".join("".join(token) for token in tokens) == re.sub(r"\s", "", text), text
    parser = _Parser(["".join(token) for token in tokens], given)
    result = parser.sum()
    assert parser.at == len(parser.tokens), f"left over: {parser.tokens[parser.at :]}"
    if result.value is not None and abs(result.value) > LARGEST:
        return MISSING
    return result


def _rounded(value: Fraction, error: Fraction) -> Number:
    if abs(value) > LARGEST:
        raise UndecidableError
    return Number(value, error + abs(value) * EPSILON)


def _is_zero(number: Number) -> bool:
    assert number.value is not None
    if number.error and abs(number.value) <= number.error:
        raise UndecidableError
    return number.value == 0


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _through(name: str, value: Fraction) -> Fraction:
    with localcontext() as context:
        context.prec = 60
        return Fraction(getattr(_decimal(value), name)())


class _Parser:
    def __init__(self, tokens: list[str], given: Mapping[str, Fraction | None]) -> None:
        self.tokens, self.given, self.at = tokens, given, 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self) -> Number:
        left = self.product()
        while self.peek() in {"+", "-"}:
            sign = 1 if self.take() == "+" else -1
            right = self.product()
            if left.value is None or right.value is None:
                left = MISSING
            else:
                left = _rounded(left.value + sign * right.value, left.error + right.error)
        return left

    def product(self) -> Number:
        left = self.signed()
        while self.peek() in {"*", "/"}:
            operator = self.take()
            right = self.signed()
            if left.value is None or right.value is None:
                left = MISSING
            elif operator == "*":
                error = abs(left.value) * right.error + abs(right.value) * left.error + left.error * right.error
                left = _rounded(left.value * right.value, error)
            else:
                left = self.quotient(left, right)
        return left

    @staticmethod
    def quotient(left: Number, right: Number) -> Number:
        assert left.value is not None
        assert right.value is not None
        if _is_zero(right):
            return MISSING
        value = left.value / right.value
        nearest = abs(right.value) - right.error
        return _rounded(value, (left.error + abs(value) * right.error) / nearest)

    def signed(self) -> Number:
        if self.peek() in {"+", "-"}:
            sign = -1 if self.take() == "-" else 1
            number = self.signed()
            return MISSING if number.value is None else Number(sign * number.value, number.error)
        base = self.atom()
        if self.peek() in {"^", "**"}:
            self.take()
            negative = self.peek() == "-"
            if negative:
                self.take()
            exponent = self.atom()
            if negative and exponent.value is not None:
                exponent = Number(-exponent.value, exponent.error)
            return self.power(base, exponent)
        return base

    def atom(self) -> Number:
        token = self.take()
        if token == "(":
            inner = self.sum()
            assert self.take() == ")"
            return inner
        if token[0].isdigit():
            value = Fraction(token)
            is_exact = value.denominator & (value.denominator - 1) == 0
            return Number(value, Fraction(0) if is_exact else value * EPSILON)
        if self.peek() != "(":
            known = self.given[token]
            return MISSING if known is None else Number(known)
        self.take()
        arguments = [self.sum()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.sum())
        assert self.take() == ")"
        if any(argument.value is None for argument in arguments):
            return MISSING
        return getattr(self, token)(*arguments)

    @staticmethod
    def abs(number: Number) -> Number:
        assert number.value is not None
        return Number(abs(number.value), number.error)

    @staticmethod
    def least(*numbers: Number) -> Number:
        return Number(min(n.value for n in numbers if n.value is not None), max(n.error for n in numbers))

    @staticmethod
    def greatest(*numbers: Number) -> Number:
        return Number(max(n.value for n in numbers if n.value is not None), max(n.error for n in numbers))

    @staticmethod
    def ln(number: Number) -> Number:
        assert number.value is not None
        if _is_zero(number) or number.value < 0:
            return MISSING
        return _rounded(_through("ln", number.value), number.error / (number.value - number.error))

    @staticmethod
    def exp(number: Number) -> Number:
        assert number.value is not None
        if abs(number.value) > 300 or number.error > 1:
            raise UndecidableError
        value = _through("exp", number.value)
        return _rounded(value, value * number.error * 3)

    @staticmethod
    def sqrt(number: Number) -> Number:
        assert number.value is not None
        if _is_zero(number):
            return Number(Fraction(0))
        if number.value < 0:
            return MISSING
        value = _through("sqrt", number.value)
        return _rounded(value, number.error / value)

    @staticmethod
    def power(base: Number, exponent: Number) -> Number:
        if base.value is None or exponent.value is None:
            return MISSING
        whole = exponent.value.denominator == 1
        if exponent.error and base.value <= base.error:
            raise UndecidableError
        if _is_zero(base):
            if exponent.value == 0:
                return Number(Fraction(1))
            return MISSING if exponent.value < 0 else Number(Fraction(0))
        if base.value < 0 and not whole:
            return MISSING
        if abs(exponent.value) > 12 or base.error > abs(base.value) / 1000:
            raise UndecidableError
        if whole and not exponent.error:
            value = base.value ** int(exponent.value)
        else:
            value = _through("exp", exponent.value * _through("ln", base.value))
        relative = 4 * abs(exponent.value) * base.error / abs(base.value)
        if exponent.error:
            relative += 4 * exponent.error * abs(_through("ln", abs(base.value)))
        return _rounded(value, abs(value) * relative)

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"unknown function {name}")
