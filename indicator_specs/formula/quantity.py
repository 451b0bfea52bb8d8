"""The unit of an expression: dimensions, and the scales that its number may be read in.

Dimensions are exact. Scale cannot be: in ``100 * a / b`` the 100 turns a ratio into per cent, in ``(a + b) / 2`` the 2
makes a mean, and ``0.5 * a`` may be a weight. So an expression carries every factor that a reading of it allows, and
only a certain mismatch by a power of ten is refused: the forgotten ``100 *``, thousands added to millions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from indicator_specs.errors import both
from indicator_specs.units import Unit

MOST_READINGS = 64
UNSURE: frozenset[Fraction] = frozenset()


class UnitMismatchError(ValueError):
    """Two units that cannot meet."""


@dataclass(frozen=True)
class Quantity:
    """Unit of an expression.

    ``factors`` are the readings of ``number = factor × amount in base units``; empty means unsure.
    ``is_constant`` marks a plain number, which takes on the unit of what it is added to.
    ``is_plain`` marks an input without any factor, whose scale is certain; ``is_count`` a number of org units.
    """

    dimensions: Mapping[str, Fraction]
    factors: frozenset[Fraction] = frozenset({Fraction(1)})
    is_constant: bool = False
    is_plain: bool = False
    is_count: bool = False

    @classmethod
    def of(cls, unit: Unit) -> "Quantity":
        """The unit of an input."""
        return cls(dict(unit.dimensions), frozenset({1 / unit.scale}), is_plain=True)

    @classmethod
    def constant(cls, value: Fraction) -> "Quantity":
        """A number in the formula."""
        return cls({}, frozenset({value}) if value else UNSURE, is_constant=True)

    def times(self, other: "Quantity", sign: int = 1) -> "Quantity":
        """Product (``sign`` 1) or quotient (-1)."""
        powers = {
            base: self.dimensions.get(base, Fraction(0)) + sign * other.dimensions.get(base, Fraction(0))
            for base in {*self.dimensions, *other.dimensions}
        }
        factors = (a * b**sign for a in self.factors for b in other.factors if b)
        return Quantity(_without_zero(powers), _few(factors), self.is_constant and other.is_constant)

    def plus(self, other: "Quantity", sign: int = 1) -> "Quantity":
        """Sum (``sign`` 1) or difference (-1).

        Raises:
            UnitMismatchError: different dimensions, or the same at different scales.
        """
        common = self.meet(other)
        if self.is_constant or other.is_constant:
            return common
        weighted = {a + sign * b for a in self.factors for b in other.factors} - {Fraction(0)}
        known = self.factors and other.factors
        return Quantity(self.dimensions, _few({*common.factors, *weighted}) if known else UNSURE)

    def meet(self, other: "Quantity") -> "Quantity":
        """What two amounts that stand side by side have in common.

        Raises:
            UnitMismatchError: as ``plus``.
        """
        if self.is_constant or other.is_constant:
            one = other if self.is_constant else self
            return Quantity(one.dimensions, one.factors, self.is_constant and other.is_constant)
        if self.dimensions != other.dimensions:
            raise UnitMismatchError(
                both(f"{self} và {other} khác đơn vị đo", f"{self} and {other} are different units")
            )
        if self.is_plain and other.is_plain and self.factors != other.factors:
            raise UnitMismatchError(
                both("hai số cùng loại nhưng khác bậc (ví dụ triệu và tỷ)", "the same unit at different scales")
            )
        return Quantity(self.dimensions, self.factors & other.factors)

    def power(self, exponent: Fraction | None) -> "Quantity":
        """Raised to a constant, or to something unknown (``None``), which only a pure number can be.

        Raises:
            UnitMismatchError: a dimensioned amount raised to an unknown power.
        """
        if exponent is None:
            if self.dimensions:
                raise UnitMismatchError(
                    both("số mũ của số có đơn vị phải là hằng số", "the exponent must be a constant")
                )
            return Quantity({}, UNSURE, self.is_constant)
        powers = {base: power * exponent for base, power in self.dimensions.items()}
        exact = exponent.denominator == 1 and abs(exponent) <= 9
        factors = _few(a ** int(exponent) for a in self.factors if a) if exact else UNSURE
        return Quantity(_without_zero(powers), factors, self.is_constant)

    def mismatch(self, unit: Unit) -> str | None:
        """Why a value of this quantity cannot be read in ``unit``; ``None`` if it can.

        A pure number may be declared a score: that is what scoring does. A number of org units may be declared a
        count of anything.
        """
        if self.is_count and unit.is_count:
            return None
        if self.dimensions != dict(unit.dimensions) and not (not self.dimensions and set(unit.dimensions) == {"score"}):
            return both(f"công thức cho {self}, khai báo là {unit.code}", f"gives {self}, declared as {unit.code}")
        off = {factor * unit.scale for factor in self.factors}
        if not off or Fraction(1) in off or not all(_is_power_of_ten(abs(ratio)) for ratio in off):
            return None
        times = ", ".join(sorted(f"{float(1 / ratio):g}" for ratio in off))
        return both(
            f"công thức lệch {times} lần so với {unit.code}; thiếu hoặc thừa hệ số như 100 *?",
            f"off by {times} times from {unit.code}; is a factor such as 100 * missing or too much?",
        )

    def __str__(self) -> str:
        parts = [
            base if power == 1 else f"{base}^{power}" for base, power in sorted(self.dimensions.items(), key=_order)
        ]
        return " × ".join(parts) or both("số thuần", "a pure number")


def _order(item: tuple[str, Fraction]) -> tuple[Fraction, str]:
    return (-item[1], item[0])


def _without_zero(powers: Mapping[str, Fraction]) -> dict[str, Fraction]:
    return {base: power for base, power in sorted(powers.items()) if power}


def _few(factors: object) -> frozenset[Fraction]:
    found = frozenset(factors)  # type: ignore[call-overload]
    return found if len(found) <= MOST_READINGS else UNSURE


def _is_power_of_ten(ratio: Fraction) -> bool:
    if ratio < 1:
        ratio = 1 / ratio
    if ratio.denominator != 1:
        return False
    return str(ratio.numerator).rstrip("0") == "1"
