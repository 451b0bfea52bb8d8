"""The small types that declarations are made of: texts in two languages, exact numbers, ids, periods, days.

Everything arrives as text from ``strict_yaml``; these types turn it into values or say why not.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from indicator_specs import periods
from indicator_specs.errors import both

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRUTH = {"true": True, "false": False}


class Declared(BaseModel):
    """A piece of a declaration: unknown keys are refused, and it never changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="strings")


class Bilingual(Declared):
    """A text for people, Vietnamese first; ``en`` may be empty, which ``lint`` reports."""

    vi: str = Field(min_length=1)
    en: str = ""


def _number(value: object) -> object:
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value) or not value.isascii():
            raise ValueError(
                both('không phải số; viết như "0.7", dấu chấm thập phân', 'not a number; write "0.7", with a point')
            )
        return Decimal(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError(both('cần một con số, ví dụ "0.7"', 'a number belongs here, e.g. "0.7"'))


def _truth(value: object) -> object:
    if isinstance(value, str) and value not in _TRUTH:
        raise ValueError(both("viết true hoặc false", "write true or false"))
    return _TRUTH[value] if isinstance(value, str) else value


def _period(value: str) -> str:
    return periods.parse(value).time_period


def _day(value: object) -> object:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError(both("viết ngày dạng 2026-07-01", "write the date as 2026-07-01"))
    return value


Number = Annotated[
    Decimal,
    BeforeValidator(_number),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": ["number", "string"], "pattern": r"^[+-]?\d+(\.\d+)?$"}),
]
"""An exact decimal, typed as text with a point: ``"45.8"``."""
Truth = Annotated[bool, BeforeValidator(_truth)]
Day = Annotated[date, BeforeValidator(_day)]
PeriodText = Annotated[str, AfterValidator(_period)]
"""SDMX text of a period."""
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""A permanent name: small letters, digits and underscores."""
MeasureId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=120)]
"""``theme.noun``."""
UnitCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$", max_length=35)]
"""Code of an org unit: begins with a letter."""
Level = Literal["nation", "ministry", "province", "commune"]
LEVELS: tuple[Level, ...] = ("nation", "ministry", "province", "commune")
