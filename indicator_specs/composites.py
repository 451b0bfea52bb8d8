"""The shape of a composite: its members as a tree, how they are brought to one scale, joined, and what silence does.

Only the declaration and what can be judged inside it; what it computes is the formula compiler's.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from indicator_specs.errors import both
from indicator_specs.inputs import InputSpec, PeriodRule
from indicator_specs.meaning import Layer
from indicator_specs.typed_text import Declared, Identifier, Level, MeasureId, Number, UnitCode

Aggregation = Literal["arithmetic", "geometric", "harmonic", "sum"]
Missing = Literal["refuse", "reweight"]
Scale = Literal["none", "minmax", "goalposts", "zscore", "rank", "percentile", "distance_to_target", "bands"]


class Band(Declared):
    """From ``floor`` on, a value earns ``points``."""

    floor: Number
    points: Number


class Normalise(Declared):
    """How a member's values are brought to the composite's scale.

    ``minmax``, ``zscore``, ``rank`` and ``percentile`` look at the peers; ``goalposts`` at two fixed ends;
    ``distance_to_target`` is the share of the governing target that is reached, from 0 to 1; ``bands`` are points.
    """

    method: Scale = "none"
    low: Number | None = None
    high: Number | None = None
    bands: tuple[Band, ...] = ()
    direction: Literal["higher_is_better", "lower_is_better"] = "higher_is_better"

    @model_validator(mode="after")
    def _whole(self) -> "Normalise":
        ends = (self.low is not None) + (self.high is not None)
        if (self.method == "goalposts") != (ends == 2) or ends == 1:
            raise ValueError(both("low và high đi cùng method: goalposts", "low and high go with method: goalposts"))
        if self.low is not None and self.low == self.high:
            raise ValueError(both("low bằng high", "low equals high"))
        if (self.method == "bands") != bool(self.bands):
            raise ValueError(both("bands đi cùng method: bands", "bands go with method: bands"))
        floors = [band.floor for band in self.bands]
        if floors != sorted(set(floors)):
            raise ValueError(both("bands: floor phải tăng dần", "bands: floors must increase"))
        return self


class Member(PeriodRule):
    """One part of a composite: a measure, an indicator, or a group of parts that is joined first."""

    name: Identifier | None = None
    measure: MeasureId | None = None
    indicator: Identifier | None = None
    producer: UnitCode | None = None
    members: tuple["Member", ...] = ()
    aggregation: Aggregation = "arithmetic"
    weight: Number = Field(default=1, validate_default=True, gt=0)
    normalise: Normalise = Normalise()

    @model_validator(mode="after")
    def _one(self) -> "Member":
        if (self.measure is not None) + (self.indicator is not None) + bool(self.members) != 1:
            raise ValueError(
                both("ghi measure, indicator hoặc members, một trong ba", "name a measure, an indicator, or members")
            )
        if self.members and self.name is None:
            raise ValueError(both("nhóm thành phần cần name", "a group of members needs a name"))
        return self

    @property
    def input_name(self) -> str:
        """Its name in the formula: as declared, or the last part of its id."""
        return self.name or (self.measure or self.indicator or "").rsplit(".", 1)[-1]

    def leaves(self) -> Iterator["Member"]:
        """The measures and indicators at its ends."""
        if not self.members:
            yield self
        for member in self.members:
            yield from member.leaves()

    def input(self) -> InputSpec:
        """A leaf as an input."""
        return InputSpec(
            measure=self.measure,
            indicator=self.indicator,
            producer=self.producer,
            period=self.period,
            max_age=self.max_age,
            reading=self.reading,
        )


class Assigned(PeriodRule):
    """The indicators assigned to each unit: those of a programme, layer or group that apply to its level.

    Each weighs its own ``scoring.weight`` and is normalised by its own ``scoring``.
    """

    programme: Identifier | None = None
    layer: Layer | None = None
    group: Literal["strategic", "operational"] | None = None

    def input(self, indicator: str) -> InputSpec:
        """One of them as an input."""
        return InputSpec(indicator=indicator, period=self.period, max_age=self.max_age)

    @model_validator(mode="after")
    def _narrow(self) -> "Assigned":
        if not (self.programme or self.layer or self.group):
            raise ValueError(both("ghi programme, layer hoặc group", "name a programme, a layer or a group"))
        return self


class Composite(Declared):
    """Members, joined. A missing member makes it missing, or, reweighted, leaves its weight to those that are there."""

    members: tuple[Member, ...] = ()
    assigned: Assigned | None = None
    aggregation: Aggregation = "arithmetic"
    missing: Missing = "refuse"
    min_weight: Number = Field(default=1, validate_default=True, gt=0, le=1)
    peer_group: Level | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Composite":
        if (self.assigned is None) == (len(self.members) < 2):
            raise ValueError(
                both("cần từ hai members, hoặc assigned, một trong hai", "two members or more, or assigned, not both")
            )
        names = [leaf.input_name for member in self.members for leaf in member.leaves()]
        if len(set(names)) < len(names):
            raise ValueError(both("hai thành phần trùng tên; đặt name khác nhau", "two members share a name"))
        if self.missing == "refuse" and self.min_weight != Decimal(1):
            raise ValueError(both("min_weight đi cùng missing: reweight", "min_weight goes with missing: reweight"))
        return self

    def formula(self) -> str:
        """How the members are joined, in the words of a formula, for people."""
        return "assigned()" if self.assigned else _joined(self.aggregation, self.members)

    def inputs(self) -> Mapping[str, InputSpec]:
        """The members at its ends as inputs; none where they are the assigned ones."""
        return {leaf.input_name: leaf.input() for member in self.members for leaf in member.leaves()}


def _joined(aggregation: Aggregation, members: tuple[Member, ...]) -> str:
    terms = [(f"{member.weight:f}", _scaled(member)) for member in members]
    total = f"{sum((member.weight for member in members), Decimal(0)):f}"
    match aggregation:
        case "sum":
            return " + ".join(f"{weight} * {term}" for weight, term in terms)
        case "arithmetic":
            return f"({' + '.join(f'{weight} * {term}' for weight, term in terms)}) / {total}"
        case "geometric":
            return f"exp(({' + '.join(f'{weight} * ln({term})' for weight, term in terms)}) / {total})"
    return f"{total} / ({' + '.join(f'{weight} / {term}' for weight, term in terms)})"


def _scaled(member: Member) -> str:
    inner = f"({_joined(member.aggregation, member.members)})" if member.members else member.input_name
    given = member.normalise
    if given.method == "none":
        return inner
    ends = f", {given.low:f}, {given.high:f}" if given.low is not None and given.high is not None else ""
    return f"{given.method}({inner}{ends})"
