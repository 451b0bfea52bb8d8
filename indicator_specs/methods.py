"""How a value is made: one entry per method, each for its own periods, and the composite that a method may be."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from indicator_specs import periods
from indicator_specs.errors import both
from indicator_specs.periods import Frequency
from indicator_specs.typed_text import Declared, Identifier, MeasureId, Number, PeriodText, UnitCode

RollUp = Literal["recompute", "sum", "last", "mean", "none"]


class InputSpec(Declared):
    """Where one name of a formula gets its value: a measure, or another indicator of the same period."""

    measure: MeasureId | None = None
    indicator: Identifier | None = None
    producer: UnitCode | None = None

    @model_validator(mode="after")
    def _one(self) -> "InputSpec":
        if (self.measure is None) == (self.indicator is None):
            raise ValueError(both("ghi measure hoặc indicator, một trong hai", "name a measure or an indicator"))
        if self.producer and self.indicator:
            raise ValueError(both("producer chỉ đi cùng measure", "producer goes with a measure only"))
        return self


class ValueChecks(Declared):
    """Bounds on the computed value."""

    range: tuple[Number, Number] | None = None
    max_change: Number | None = Field(default=None, gt=0)
    evidence: Literal["required", "optional"] = "optional"

    @model_validator(mode="after")
    def _ordered(self) -> "ValueChecks":
        if self.range and self.range[0] > self.range[1]:
            raise ValueError(both("range: đầu lớn hơn cuối", "range: the first bound is above the second"))
        return self


class Member(Declared):
    """One part of a composite, with its weight."""

    name: Identifier | None = None
    measure: MeasureId | None = None
    indicator: Identifier | None = None
    weight: Number = Field(gt=0)

    @model_validator(mode="after")
    def _one(self) -> "Member":
        if (self.measure is None) == (self.indicator is None):
            raise ValueError(both("ghi measure hoặc indicator, một trong hai", "name a measure or an indicator"))
        return self

    @property
    def input_name(self) -> str:
        """Its name in the formula: as declared, or the last part of its id."""
        return self.name or (self.measure or self.indicator or "").rsplit(".", 1)[-1]


class Composite(Declared):
    """A weighted arithmetic mean; a missing member makes it missing."""

    members: tuple[Member, ...] = Field(min_length=2)
    aggregation: Literal["arithmetic"] = "arithmetic"
    missing: Literal["refuse"] = "refuse"

    @model_validator(mode="after")
    def _distinct(self) -> "Composite":
        names = [member.input_name for member in self.members]
        if len(set(names)) < len(names):
            raise ValueError(both("hai thành phần trùng tên; đặt name khác nhau", "two members share a name"))
        return self

    def formula(self) -> str:
        """The mean as a formula over the members' input names."""
        total = sum((member.weight for member in self.members), Decimal(0))
        parts = " + ".join(f"{member.weight:f} * {member.input_name}" for member in self.members)
        return f"({parts}) / {total:f}"

    def inputs(self) -> Mapping[str, InputSpec]:
        """The members as inputs."""
        return {
            member.input_name: InputSpec(measure=member.measure, indicator=member.indicator) for member in self.members
        }


class Method(Declared):
    """A formula with its inputs, for the periods from ``valid_from`` to ``valid_to`` (both included).

    A published figure has one input and no formula; a composite has its members. ``Indicator.formula_of`` and
    ``inputs_of`` give the same shape for all.
    """

    version: int = Field(ge=1)
    valid_from: PeriodText
    valid_to: PeriodText | None = None
    frequency: Frequency
    formula: str = ""
    inputs: Mapping[Identifier, InputSpec] = Field(default_factory=dict)
    composite: Composite | None = None
    roll_up: RollUp = "none"
    min_coverage: Number = Field(default=1, validate_default=True)
    checks: ValueChecks = ValueChecks()

    @model_validator(mode="after")
    def _ordered(self) -> "Method":
        if self.valid_to and periods.parse(self.valid_to).end_date < periods.parse(self.valid_from).start_date:
            raise ValueError(both("valid_to trước valid_from", "valid_to is before valid_from"))
        return self

    def covers(self, period: periods.Period) -> bool:
        """Whether a value of ``period`` is made by this method."""
        if period.end_date < periods.parse(self.valid_from).start_date:
            return False
        return self.valid_to is None or period.start_date <= periods.parse(self.valid_to).end_date


class LevelOverride(Declared):
    """What one level does differently."""

    frequency: Frequency | None = None
    formula: str | None = None
    inputs: Mapping[Identifier, InputSpec] | None = None
