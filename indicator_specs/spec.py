"""The contract of one indicator: the model of one file under ``catalogue/``.

Owns the shape of a declaration and what can be judged inside one file. What needs other files (does the measure
exist, do the units balance) is the registry's.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, PrivateAttr, model_validator

from indicator_specs.composites import Assigned
from indicator_specs.errors import both
from indicator_specs.inputs import InputSpec
from indicator_specs.keys import stable_key
from indicator_specs.meaning import (
    Assessment,
    Example,
    Meaning,
    Presentation,
    Rank,
    Responsibility,
    Scoring,
    Texts,
)
from indicator_specs.methods import LevelOverride, Method
from indicator_specs.periods import Frequency, Period
from indicator_specs.targets import Baseline, Light, Target
from indicator_specs.typed_text import Bilingual, Day, Declared, Identifier, Level

SpecType = Literal["computed", "composite", "published_value", "published_rank", "milestone", "assessed"]
__all__ = ["Indicator", "InputSpec", "Method", "SpecType"]
ONE_FIGURE = ("published_value", "published_rank", "milestone", "assessed")


class Indicator(Declared):
    """One indicator."""

    id: Identifier
    codes: Texts = ()
    programmes: Texts = ()
    type: SpecType
    meaning: Meaning
    levels: Mapping[Level, LevelOverride] = Field(min_length=1)
    responsibility: Responsibility
    methods: tuple[Method, ...] = Field(min_length=1)
    rank: Rank | None = None
    assessment: Assessment | None = None
    targets: tuple[Target, ...] = ()
    baseline: Baseline | None = None
    trajectory: Literal["linear", "step"] = "linear"
    light: Light = Light()
    scoring: Scoring = Scoring()
    presentation: Presentation = Presentation()
    classification: Literal["public", "internal"] = "public"
    embargo_until: Day | None = None
    examples: tuple[Example, ...] = ()
    _file: str = PrivateAttr(default="")
    _theme: str = PrivateAttr(default="")
    _assigned: tuple[str, ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _fits_its_type(self) -> "Indicator":
        wrong = [*self._type_faults(), *self._method_faults(), *self._example_faults()]
        ids = [target.id for target in self.targets]
        if len(set(ids)) < len(ids):
            wrong.append(both("hai mục tiêu trùng id", "two targets share an id"))
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _type_faults(self) -> list[str]:
        faults = []
        if (self.type == "published_rank") != (self.rank is not None):
            faults.append(both("phần rank đi cùng type: published_rank", "'rank' goes with type: published_rank"))
        if (self.type in {"milestone", "assessed"}) != (self.assessment is not None):
            faults.append(
                both("phần assessment đi cùng type: milestone, assessed", "'assessment' goes with milestone, assessed")
            )
        return faults

    def _method_faults(self) -> list[str]:
        faults = []
        versions = [method.version for method in self.methods]
        if versions != sorted(set(versions)):
            faults.append(both("methods: version phải tăng dần", "methods: versions must increase"))
        for method in self.methods:
            if self.type == "computed" and not (method.formula and method.inputs):
                faults.append(both("chỉ số tính toán cần formula và inputs", "computed needs formula and inputs"))
            if self.type in ONE_FIGURE and (method.formula or len(method.inputs) != 1):
                faults.append(both(f"{self.type}: một input, không formula", f"{self.type}: one input, no formula"))
            if (self.type == "composite") != (method.composite is not None):
                faults.append(both("phần composite đi cùng type: composite", "'composite' goes with type: composite"))
        return faults

    def _example_faults(self) -> list[str]:
        versions = {method.version for method in self.methods}
        return [
            both(f"examples: không có method {example.method}", f"examples: there is no method {example.method}")
            for example in self.examples
            if example.method is not None and example.method not in versions
        ]

    @cached_property
    def key(self) -> int:
        """The integer that facts carry."""
        return stable_key(self.id)

    @property
    def file(self) -> str:
        """Where it is declared."""
        return self._file

    @property
    def theme(self) -> str:
        """The folder of the catalogue that it lies in."""
        return self._theme

    @property
    def name(self) -> Bilingual:
        """Its name."""
        return self.meaning.name

    @property
    def lead(self) -> str:
        """Code of the body that leads now: the last one declared."""
        return self.responsibility.lead[-1].body

    @property
    def method(self) -> Method:
        """The newest method."""
        return self.methods[-1]

    def method_of(self, period: Period) -> Method | None:
        """The method that makes a value of ``period``: the newest that covers it."""
        return next((method for method in reversed(self.methods) if method.covers(period)), None)

    def formula_of(self, method: Method, level: Level | None = None) -> str:
        """The formula of ``method``, with what ``level`` does differently; never empty.

        A published figure is its one input; a composite is the weighted mean of its members.
        """
        override = self.levels.get(level) if level else None
        if override and override.formula:
            return override.formula
        if method.composite:
            return method.composite.formula()
        return method.formula or next(iter(method.inputs))

    def inputs_of(self, method: Method, level: Level | None = None) -> Mapping[str, InputSpec]:
        """Where each name of ``formula_of`` gets its value."""
        override = self.levels.get(level) if level else None
        if override and override.inputs is not None:
            return override.inputs
        if method.composite and method.composite.assigned:
            return {name: method.composite.assigned.input(name) for name in self._assigned}
        return method.composite.inputs() if method.composite else method.inputs

    def frequency_of(self, method: Method, level: Level) -> Frequency:
        """How often ``level`` has a value by ``method``."""
        return self.levels[level].frequency or method.frequency

    def applies(self, assigned: Assigned) -> bool:
        """Whether it is among the indicators that a composite of assigned ones joins: never another such composite."""
        if any(method.composite and method.composite.assigned for method in self.methods):
            return False
        return (
            (assigned.programme is None or assigned.programme in self.programmes)
            and assigned.layer in {None, self.meaning.layer}
            and assigned.group in {None, self.meaning.group}
        )

    def joining(self, assigned: tuple[str, ...]) -> "Indicator":
        """The same, knowing which indicators are assigned to its composite."""
        self._assigned = assigned
        return self

    def placed(self, file: str, theme: str) -> "Indicator":
        """The same, knowing its file and theme."""
        self._file, self._theme = file, theme
        return self
