"""What is aimed at: targets, the baseline they are measured from, and how a light follows from them."""

from typing import Literal

from pydantic import Field, model_validator

from indicator_specs.errors import both
from indicator_specs.typed_text import Declared, Identifier, Level, Number, PeriodText, Truth, UnitCode

RANGES = ("floor_and_stretch", "band")


class Target(Declared):
    """A kind, an operator, a value or a range, a scope and a deadline: not a bare number.

    ``kind`` says when it counts: ``reach`` it by the deadline, hold it ``each_year``, as ``average_of_period``,
    as an amount ``added_since`` the baseline, ``keep`` it, keep ``rising``, or have it ``assessed``.
    A range (``value`` to ``value_high``) is ``floor_and_stretch`` ("40–50": at least the first, aiming at the
    second) or a ``band`` that the value must stay within.
    """

    id: Identifier
    kind: Literal["reach", "each_year", "average_of_period", "added_since", "keep", "rising", "assessed"] = "reach"
    operator: Literal[">", ">=", "<", "<=", "=", "floor_and_stretch", "band"] | None = None
    value: Number | None = None
    value_high: Number | None = None
    by: PeriodText | None = None
    scope: UnitCode | None = None
    level: Level | None = None
    programme: Identifier | None = None
    source: str = Field(min_length=1)
    governs: Truth = False

    @model_validator(mode="after")
    def _whole(self) -> "Target":
        if self.kind not in {"rising", "assessed"} and (self.operator is None or self.value is None):
            raise ValueError(both("thiếu operator hoặc value", "operator and value are required"))
        if (self.operator in RANGES) != (self.value_high is not None):
            raise ValueError(
                both(
                    "value_high đi cùng operator floor_and_stretch hoặc band",
                    "value_high goes with the operators floor_and_stretch and band, and only with them",
                )
            )
        if self.value is not None and self.value_high is not None and self.value > self.value_high:
            raise ValueError(both("value lớn hơn value_high", "value is above value_high"))
        if self.kind == "reach" and self.by is None:
            raise ValueError(both("mục tiêu 'reach' cần thời hạn by", "a target to reach needs its deadline 'by'"))
        return self


class Baseline(Declared):
    """Where the trajectory starts: a sourced figure of one period."""

    period: PeriodText
    value: Number
    source: str = Field(min_length=1)


class Light(Declared):
    """How far behind the trajectory, in per cent of the required value, a light changes."""

    on_track: Number = Field(default=0, validate_default=True, ge=0)
    at_risk: Number = Field(default=10, validate_default=True, ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> "Light":
        if self.at_risk < self.on_track:
            raise ValueError(both("at_risk nhỏ hơn on_track", "at_risk is below on_track"))
        return self
