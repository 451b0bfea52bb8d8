"""Finds a table in a sheet by the texts of its header: merged cells, the unit row, the formula row.

Nothing here knows a fixed cell. Rows and columns count from 0, as in a grid.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from connectors.workbook.cells import Cell, Grid, text_of
from connectors.workbook.refusals import FileRefusedError
from connectors.workbook.scan import address
from indicator_specs.form_layout import LayoutColumn, LayoutTable
from indicator_specs.names import name_key

Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]
_WITHIN = 60
"""A header begins within the first rows of a sheet."""
_FORMULA_WITHIN = 15
_UNIT_ROW = re.compile(r"(?:đơn vị(?: tính)?|đvt)\s*:\s*(?P<unit>.+)", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w%]+")
_TOKEN = re.compile(r"[A-Z]|(?P<number>\d{1,3})(?:\s*=\s*(?P<sum>\d{1,3}(?:\s*[+-]\s*\d{1,3})*))?")


@dataclass(frozen=True)
class RowSum:
    """A sum of the formula row: the column of the whole, and its parts with their signs."""

    whole: int
    parts: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Header:
    """Where a table stands: ``first`` is its first row of figures, ``columns`` those of the layout by their ids."""

    top: int
    first: int
    names: int
    numbers: int | None
    columns: dict[str, int]
    factor: Decimal = Decimal(1)
    sums: tuple[RowSum, ...] = field(default=())


def words_of(text: str) -> str:
    """A text of a form as its words alone, to compare by: no case, no signs, no line breaks."""
    return name_key(_SIGNS.sub(" ", unicodedata.normalize("NFC", text)))


def find_header(grid: Grid, merged: Merged, sheet: str, table: LayoutTable) -> Header:
    """Find a table.

    Raises:
        FileRefusedError: ``E-LAYOUT-TABLE``, ``E-LAYOUT-COLUMN`` or ``E-LAYOUT-UNIT``, with what was sought.
    """
    anchor, names = _anchor(grid, sheet, table.rows.names)
    top = _top(grid, merged, anchor)
    formula = _formula_row(grid, merged, anchor)
    last = formula - 1 if formula is not None else _bottom(merged, anchor)
    paths = _paths(grid, merged, top, last)
    numbers = _labelled(paths, table.rows.numbers) if table.rows.numbers else None
    first = last + 1 if formula is None else formula + 1
    numbered, sums = _read_formulas(grid, merged, formula, first)
    columns = {
        name: _column(grid, f"{sheet}!{address(anchor + 1, 1)}", first, column, paths, numbered)
        for name, column in table.columns.items()
    }
    return Header(top, first, names, numbers, columns, _factor(grid, sheet, top, table), sums)


def _anchor(grid: Grid, sheet: str, words: str) -> tuple[int, int]:
    wanted = words_of(words)
    for row, cells in enumerate(grid[:_WITHIN]):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and words_of(cell).startswith(wanted):
                return row, column
    raise FileRefusedError("E-LAYOUT-TABLE", sheet, words)


def _top(grid: Grid, merged: Merged, anchor: int) -> int:
    """The first row of the header: up to the unit row, a blank row or a title that is merged across."""
    top = min((first for (first, _), (last, _) in merged if first <= anchor <= last), default=anchor)
    while top > 0 and any(cell != "" for cell in grid[top - 1]) and _unit(grid[top - 1]) is None:
        top -= 1
    return top


def _bottom(merged: Merged, anchor: int) -> int:
    return max((last for (first, _), (last, _) in merged if first <= anchor <= last), default=anchor)


def _spread(grid: Grid, merged: Merged, row: int) -> list[Cell]:
    """A row in which a merged cell stands in every cell that it covers."""
    cells = list(grid[row])
    for (top, left), (bottom, right) in merged:
        if top <= row <= bottom:
            cells[left : right + 1] = [grid[top][left]] * (min(right, len(cells) - 1) - left + 1)
    return cells


def _paths(grid: Grid, merged: Merged, top: int, last: int) -> list[str]:
    """For each column the texts over it, from top to bottom, as one key to compare by."""
    rows = [_spread(grid, merged, row) for row in range(top, last + 1)]
    paths = []
    for column in range(len(grid[top])):
        texts = [text_of(row[column]) for row in rows]
        kept = [text for number, text in enumerate(texts) if text and (number == 0 or text != texts[number - 1])]
        paths.append(words_of(" ".join(kept)))
    return paths


def _formula_row(grid: Grid, merged: Merged, anchor: int) -> int | None:
    """The row ``A | B | 1 | 2=3+4`` under a header."""
    for row in range(anchor + 1, min(anchor + _FORMULA_WITHIN, len(grid))):
        texts = [text_of(cell).strip() for cell in grid[row] if cell != ""]
        if len(texts) >= 3 and all(_TOKEN.fullmatch(text) for text in texts):
            return row
    return None


def _read_formulas(
    grid: Grid, merged: Merged, row: int | None, first: int
) -> tuple[dict[str, list[int]], tuple[RowSum, ...]]:
    """The columns of each number, and the sums; a number that stands over two columns means neither in a sum."""
    if row is None:
        return {}, ()
    cells = [text_of(cell).strip() for cell in _spread(grid, merged, row)]
    matches = [_TOKEN.fullmatch(text) for text in cells]
    numbered: dict[str, list[int]] = {}
    for column, match in enumerate(matches):
        if match is not None and match["number"]:
            numbered.setdefault(match["number"], []).append(column)
    filled = {number: [c for c in found if _has_figures(grid, first, c)] or found for number, found in numbered.items()}
    sums = []
    for column, match in enumerate(matches):
        if match is None or not match["sum"] or not _has_figures(grid, first, column):
            continue
        parts = [(sign or "+", number) for sign, number in re.findall(r"([+-]?)\s*(\d+)", match["sum"])]
        places = [(filled.get(number, []), -1 if sign == "-" else 1) for sign, number in parts]
        if all(len(columns) == 1 for columns, _ in places):
            sums.append(RowSum(column, tuple((columns[0], sign) for columns, sign in places)))
    return numbered, tuple(sums)


def _labelled(paths: list[str], words: str) -> int | None:
    wanted = words_of(words)
    return next((column for column, path in enumerate(paths) if path.startswith(wanted)), None)


def _column(
    grid: Grid, place: str, first: int, column: LayoutColumn, paths: list[str], numbered: dict[str, list[int]]
) -> int:
    """The one column that a description means: of those that fit, the one with figures below it."""
    if column.number:
        found = numbered.get(column.number, [])
    else:
        wanted = words_of(column.header)
        found = [index for index, path in enumerate(paths) if path == wanted] or [
            index for index, path in enumerate(paths) if wanted in path
        ]
    filled = [index for index in found if _has_figures(grid, first, index)]
    if len(filled) != 1 and len(found) != 1:
        raise FileRefusedError("E-LAYOUT-COLUMN", place, f"{column.header or column.number} ({len(found)} ×)")
    return (filled or found)[0]


def _has_figures(grid: Grid, first: int, column: int) -> bool:
    return any(isinstance(row[column], (int, float)) for row in grid[first:])


def _unit(row: list[Cell]) -> str | None:
    for cell in row:
        if isinstance(cell, str) and (match := _UNIT_ROW.search(cell)):
            return match["unit"].strip(" .()")
    return None


def _factor(grid: Grid, sheet: str, top: int, table: LayoutTable) -> Decimal:
    """What figures are multiplied by, as the unit row says."""
    if not table.units:
        return Decimal(1)
    said = next((unit for row in reversed(grid[:top]) if (unit := _unit(row))), "")
    for text, factor in table.units.items():
        if words_of(said) == words_of(text):
            return factor
    raise FileRefusedError("E-LAYOUT-UNIT", sheet, said or "—")
