"""What each kind of source needs to be read: connection, request, paging, form."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from indicator_specs.errors import both
from indicator_specs.meaning import Texts
from indicator_specs.typed_text import Bilingual, Declared, Number, Truth

Pointer = Annotated[str, Field(pattern=r"^(/[^/]*)*$")]
"""A JSON pointer (RFC 6901): ``/data/items``; empty for the whole answer."""


class Connection(Declared):
    """How the source is reached: the name of a secret, never the secret."""

    secret: str | None = Field(default=None, pattern=r"^[A-Z][A-Z0-9_]*$")
    engine: Literal["postgres", "mysql"] = "postgres"
    timeout_seconds: Number = Field(default=30, validate_default=True, gt=0)


class Paging(Declared):
    """How an answer in pages is walked through."""

    style: Literal["none", "page", "offset", "cursor"] = "none"
    page_param: str = "page"
    size_param: str = "size"
    offset_param: str = "offset"
    cursor_param: str = "cursor"
    size: int = Field(default=100, ge=1)
    first_page: int = Field(default=1, ge=0)
    total: Pointer | None = None
    next: Pointer | None = None
    max_pages: int = Field(default=10_000, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> "Paging":
        if (self.style == "cursor") and self.next is None:
            raise ValueError(both("style: cursor cần next", "style: cursor needs 'next'"))
        return self


class Success(Declared):
    """Where an answer says that it succeeded: business services report errors inside HTTP 200."""

    pointer: Pointer
    equals: str
    message: Pointer | None = None


class Request(Declared):
    """One HTTP request; ``{period}`` in a parameter is the period asked for."""

    path: str = Field(pattern=r"^/")
    method: Literal["GET", "POST"] = "GET"
    params: Mapping[str, str] = Field(default_factory=dict)
    headers: Mapping[str, str] = Field(default_factory=dict)
    body: Mapping[str, str] = Field(default_factory=dict)
    paging: Paging = Paging()
    records: Pointer = ""
    success: Success | None = None


class Form(Declared):
    """A workbook form: its official code, its title, and whose rows it has.

    ``self``: the reporter; ``children``: the units under it; ``all``: every unit of the dataset's levels, for a
    body that reports on the nation and the provinces.
    """

    code: str = Field(pattern=r"^[\w./-]+$")
    title: Bilingual | None = None
    rows: Literal["children", "self", "all"] = "self"
    sheet: str = Field(default="Số liệu", min_length=1, max_length=31)
    legal_basis: Texts = ()
    note: Bilingual | None = None
    explanation: Truth = True


class MeasureChecks(Declared):
    """What judgement holds a value against.

    ``not_above`` and ``sum_of`` name measures of the same dataset; ``tolerance`` is for the sum, in the measure's unit.
    """

    min: Number | None = None
    max: Number | None = None
    not_above: Texts = ()
    sum_of: Texts = ()
    tolerance: Number = Field(default=0, validate_default=True, ge=0)
    max_change_pct: Number | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _ordered(self) -> "MeasureChecks":
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(both("min lớn hơn max", "min is above max"))
        return self


Constant = Annotated[str, Field(min_length=1)]
Nature = Literal["flow", "stock", "cumulative", "non_additive"]
Reset = Literal["yearly", "half_yearly", "quarterly"]
Role = Literal[
    "org_unit",
    "time_period",
    "measure",
    "value",
    "breakdown",
    "obs_status",
    "producer",
    "published_date",
    "is_synthetic",
    "citation",
]
"""What a column of a source may stand for."""
