"""The rows of a foreign table, each told for what it is: a total, a group, a row of figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from connectors.foreign.headers import Header
from connectors.workbook.cells import Cell, Grid, text_of
from indicator_specs.form_layout import LayoutRows

_NOTE_MARK = re.compile(r"\s*\(\d+\)\s*$")
_BULLET = re.compile(r"^[\s\-–+*•]+")


@dataclass(frozen=True)
class Line:
    """One row: ``index`` from 0; ``group`` is the label of the group that it stands in."""

    kind: Literal["total", "group", "row"]
    index: int
    label: str
    group: str


def lines(grid: Grid, header: Header, rows: LayoutRows) -> Iterator[Line]:
    """Rows of a table up to its notes; blank ones and those to be skipped are passed over."""
    group = ""
    for index in range(header.first, len(grid)):
        label = _label(grid[index][header.names])
        number = "" if header.numbers is None else text_of(grid[index][header.numbers]).strip()
        if any(text and re.search(rows.end, text, re.IGNORECASE) for text in (label, number)):
            return
        if not label or _is(rows.skip, label):
            continue
        if _is(rows.total, label):
            yield Line("total", index, label, "")
        elif _is(rows.group, number):
            group = label
            yield Line("group", index, label, label)
        else:
            yield Line("row", index, label, group)


def _is(pattern: str, text: str) -> bool:
    return bool(pattern and text) and re.search(pattern, text, re.IGNORECASE) is not None


def _label(cell: Cell) -> str:
    """A label without its bullet, its marks of notes and its line breaks."""
    return _BULLET.sub("", _NOTE_MARK.sub("", " ".join(text_of(cell).split())))
