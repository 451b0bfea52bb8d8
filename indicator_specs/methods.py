"""How a value is made: one entry per method, each for its own periods, and what levels do differently."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from indicator_specs import periods
from indicator_specs.composites import Composite
from indicator_specs.errors import both
from indicator_specs.inputs import InputSpec
from indicator_specs.periods import Frequency
from indicator_specs.typed_text import Declared, Identifier, MeasureId, Number, PeriodText, UnitCode

RollUp = Literal["recompute", "sum", "mean", "weighted", "none"]
"""How a higher unit, or a unit of today's map, gets its value: from summed inputs, or from the values below it."""


class Published(Declared):
    """A published figure that the computed one is held against; where they differ, both are shown."""

    measure: MeasureId
    producer: UnitCode | None = None
    tolerance: Number = Field(default=0, validate_default=True, ge=0)


class ValueChecks(Declared):
    """Bounds on the computed value."""

    range: tuple[Number, Number] | None = None
    max_change: Number | None = Field(default=None, gt=0)
    evidence: Literal["required", "optional"] = "optional"
    published: Published | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "ValueChecks":
        if self.range and self.range[0] > self.range[1]:
            raise ValueError(both("range: đầu lớn hơn cuối", "range: the first bound is above the second"))
        return self


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
    weights: InputSpec | None = None
    min_coverage: Number = Field(default=1, validate_default=True)
    checks: ValueChecks = ValueChecks()

    @model_validator(mode="after")
    def _ordered(self) -> "Method":
        if self.valid_to and periods.parse(self.valid_to).end_date < periods.parse(self.valid_from).start_date:
            raise ValueError(both("valid_to trước valid_from", "valid_to is before valid_from"))
        if (self.roll_up == "weighted") != (self.weights is not None):
            raise ValueError(both("weights đi cùng roll_up: weighted", "weights go with roll_up: weighted"))
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
