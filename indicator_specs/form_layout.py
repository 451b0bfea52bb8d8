"""How a form that is not ours is read: the model of ``connectors/sources/<source>/<layout>.layout.yml``.

Says where tables stand by the texts around them, never by fixed cells, and which sums they must keep. Owns the shape of
that description; reads no workbook.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field, model_validator

from indicator_specs.errors import both
from indicator_specs.programmes import Pattern
from indicator_specs.typed_text import Bilingual, Day, Declared, Identifier, Level, MeasureId, Number, Truth, UnitCode

SUFFIX = ".layout.yml"
_SUM = re.compile(r"(?P<whole>\w+) = (?P<parts>[a-z]\w*(?: [+-] [a-z]\w*)*)")

Adds = Literal["all", "part", "no"]
"""How rows add up to the total above them: to all of it, to a part of it, or not at all (a rate)."""


class LayoutColumn(Declared):
    """One column, found by the words of its header from top to bottom, or by its number in the formula row."""

    header: str = ""
    number: str = Field(default="", pattern=r"^\d{0,3}$")
    measure: MeasureId | None = None
    adds: Adds | None = None
    is_scaled: Truth = Field(default=True, alias="scaled")

    @model_validator(mode="after")
    def _can_be_found(self) -> "LayoutColumn":
        if bool(self.header) == bool(self.number):
            raise ValueError(both("ghi header hoặc number, chỉ một", "give header or number, one of them"))
        return self


class LayoutRows(Declared):
    """What the rows of a table are.

    ``names`` are the first words of the header over the labels, which is also what a table is known by; ``numbers``
    those over the ordinals. ``total`` and ``skip`` are sought in labels, ``group`` in ordinals, ``end`` in both: notes
    and signatures. ``parent: group`` says that a group's label is the unit which its rows lie below.
    """

    names: str = Field(min_length=1)
    numbers: str = ""
    total: Pattern = ""
    group: Pattern = ""
    skip: Pattern = ""
    end: Pattern = r"^(ghi chú|remarks|người lập|thủ trưởng|nơi nhận)"
    parent: Literal["group", "none"] = "none"
    adds: Adds = "all"


class LayoutItem(Declared):
    """One row that is a measure, not a unit: its label, and the label of the group that it stands in."""

    label: str = Field(min_length=1)
    within: str = ""
    measures: Mapping[Identifier, MeasureId] = Field(default_factory=dict)


class LayoutSum(Declared):
    """A sum that must hold, as ``whole = part + part - part`` over ids of columns or of items."""

    whole: str
    parts: tuple[tuple[str, int], ...]

    @model_validator(mode="before")
    @classmethod
    def _read(cls, text: object) -> object:
        if not isinstance(text, str):
            return text
        match = _SUM.fullmatch(text)
        if match is None:
            raise ValueError(both('viết dạng "tổng = a + b - c"', 'write it as "whole = a + b - c"'))
        pieces = f"+ {match['parts']}".split()
        parts = [(name, -1 if sign == "-" else 1) for sign, name in zip(pieces[::2], pieces[1::2], strict=True)]
        return {"whole": match["whole"], "parts": parts}


class LayoutTable(Declared):
    """One table of a workbook: rows of org units (``items`` empty), or rows of measures of one ``org_unit``.

    ``units`` maps what the unit row says to what figures are multiplied by. ``tolerance`` is for every sum, in the
    table's own unit.
    """

    sheet: str = ""
    rows: LayoutRows
    columns: Mapping[Identifier, LayoutColumn] = Field(min_length=1)
    units: Mapping[str, Number] = Field(default_factory=dict)
    items: Mapping[Identifier, LayoutItem] = Field(default_factory=dict)
    org_unit: UnitCode | None = None
    level: Level | None = None
    tolerance: Number = Field(default=0, validate_default=True, ge=0)
    sums: tuple[LayoutSum, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "LayoutTable":
        known = set(self.items or self.columns)
        named = {name for each in self.sums for name in (each.whole, *(part for part, _ in each.parts))}
        if unknown := sorted(named - known):
            raise ValueError(both(f"sums: không có {', '.join(unknown)}", f"sums: there is no {', '.join(unknown)}"))
        strange = sorted({name for item in self.items.values() for name in item.measures} - set(self.columns))
        if strange:
            raise ValueError(both(f"items: không có cột {strange[0]}", f"items: there is no column {strange[0]}"))
        if bool(self.items) != (self.org_unit is not None):
            raise ValueError(both("items đi cùng org_unit", "items go with org_unit"))
        return self

    @property
    def measures(self) -> Iterator[str]:
        """Every measure that is read from it."""
        yield from (column.measure for column in self.columns.values() if column.measure)
        yield from (measure for item in self.items.values() for measure in item.measures.values())


class FormLayout(Declared):
    """One foreign form. ``period`` is a pattern with the group ``year``, and ``month``, ``quarter`` or ``half``.

    It is sought above the first table, then in the name of the file. ``title`` tells forms apart that look alike.
    ``reporter`` is the body in whose folder the form may lie; the source's owner if none is given. ``names`` says which
    unit a spelling means; ``names_on`` on which day the other names are read: the last of the period if none is given.
    """

    id: Identifier
    name: Bilingual
    title: Pattern = ""
    period: Pattern = Field(min_length=1)
    reporter: UnitCode | None = None
    names: Mapping[str, UnitCode] = Field(default_factory=dict)
    names_on: Day | None = None
    tables: tuple[LayoutTable, ...] = Field(min_length=1)

    @property
    def measures(self) -> set[str]:
        """Every measure that is read from it."""
        return {measure for table in self.tables for measure in table.measures}
