"""Where one name of a formula gets its value: which measure or indicator, whose, of which period, read how."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from indicator_specs.errors import both
from indicator_specs.typed_text import Declared, Identifier, MeasureId, UnitCode

_AGE = re.compile(r"(?P<count>[1-9]\d{0,2}) (?P<unit>month|year)s?")


def _age(text: str) -> str:
    if not _AGE.fullmatch(text):
        raise ValueError(both('viết như "24 months" hoặc "2 years"', 'write it as "24 months" or "2 years"'))
    return text


class PeriodRule(Declared):
    """Which period's value is taken, and how a running total is read.

    ``same``: the value of the very period (of a finer measure, made of its parts). ``latest``: the newest value that is
    no older than ``max_age``, counted from the end of its period to the end of the value's.
    """

    period: Literal["same", "latest"] = "same"
    max_age: Annotated[str, AfterValidator(_age)] | None = None
    reading: Literal["period_value", "as_reported"] = "period_value"

    @model_validator(mode="after")
    def _aged(self) -> "PeriodRule":
        if (self.period == "latest") != (self.max_age is not None):
            raise ValueError(both("max_age đi cùng period: latest", "max_age goes with period: latest"))
        return self

    @property
    def max_age_months(self) -> int | None:
        """``max_age`` in months."""
        match = _AGE.fullmatch(self.max_age or "")
        return None if match is None else int(match["count"]) * (12 if match["unit"] == "year" else 1)


class InputSpec(PeriodRule):
    """Where one name of a formula gets its value: a measure, or another indicator."""

    measure: MeasureId | None = None
    indicator: Identifier | None = None
    producer: UnitCode | None = None

    @model_validator(mode="after")
    def _one(self) -> "InputSpec":
        if (self.measure is None) == (self.indicator is None):
            raise ValueError(both("ghi measure hoặc indicator, một trong hai", "name a measure or an indicator"))
        if self.producer and self.indicator:
            raise ValueError(both("producer chỉ đi cùng measure", "producer goes with a measure only"))
        if self.reading == "as_reported" and self.indicator:
            raise ValueError(both("reading chỉ đi cùng measure", "reading goes with a measure only"))
        return self
