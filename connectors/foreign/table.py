"""Reads a workbook by layout descriptions, inside the throw-away child: the first one that fits is followed."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypedDict

from connectors.foreign.headers import Header, find_header, words_of
from connectors.foreign.lines import Line, lines
from connectors.foreign.sums import Sums
from connectors.numbers import plain_text
from connectors.workbook.book import OpenBook, open_book
from connectors.workbook.cells import Grid, read_at, text_of
from connectors.workbook.layout import normal
from connectors.workbook.refusals import FileRefusedError, Remark
from connectors.workbook.rows import Value
from connectors.workbook.scan import SheetScan, address, column_letters
from connectors.workbook.texts import is_classified
from indicator_specs.form_layout import FormLayout, LayoutTable

_MOST_REMARKS = 200
_HEAD = 30
"""Rows in which a form's title stands."""


class ForeignValue(Value):
    """A value with what its unit's name means: ``parent`` is the label of its group where groups are units."""

    parent: str
    level: str | None


class ForeignTable(TypedDict):
    """What a foreign workbook holds. ``title`` is every text above its first table."""

    layout: str
    kind: str
    title: str
    key_column: str
    values: list[ForeignValue]
    remarks: list[Remark]


def read_foreign(path: Path, layouts: Mapping[str, Any], counts: Sequence[str]) -> ForeignTable:
    """Read the figures of a workbook that carries no stamp of ours.

    Args:
        path: Our own copy.
        layouts: Full id → a layout description as plain values.
        counts: Measures in which a lone dash is a zero.

    Raises:
        FileRefusedError: no description fits; what the nearest one missed is told.
        OSError: the file cannot be read.
    """
    with open_book(path) as book:
        _refuse_classified(book)
        missed: list[tuple[int, FileRefusedError]] = [(0, FileRefusedError("E-STAMP-MISSING"))]
        for name, described in layouts.items():
            layout = FormLayout.model_validate(described)
            if not _is_titled(book, layout.title):
                continue
            reader = _Reader(book, layout, frozenset(counts))
            try:
                return reader.read(name)
            except FileRefusedError as reason:
                told = FileRefusedError(reason.code, reason.place, f"{name}: {reason.found}")
                missed.append((reader.n_found + bool(layout.title), told))
        raise max(missed, key=lambda each: each[0])[1]


def _is_titled(book: OpenBook, title: str) -> bool:
    """Whether a form's title stands in the first rows of any sheet."""
    heads = (book.grid(sheet)[:_HEAD] for sheet in book.scan.sheets)
    return not title or any(re.search(title, texts_of(head), re.IGNORECASE) for head in heads)


def texts_of(rows: Grid) -> str:
    """The texts of rows, in order, on one line."""
    return " ".join(" ".join(text_of(cell).split()) for row in rows for cell in row if isinstance(cell, str) and cell)


def _refuse_classified(book: OpenBook) -> None:
    cells = (cell for sheet in book.scan.sheets for row in book.grid(sheet) for cell in row)
    if any(isinstance(cell, str) and is_classified(cell) for cell in cells):
        raise FileRefusedError("E-SEC-CLASSIFIED")


class _Reader:
    """One workbook under one description. ``n_found`` tables were found."""

    def __init__(self, book: OpenBook, layout: FormLayout, counts: frozenset[str]) -> None:
        self.n_found = 0
        self._book = book
        self._layout = layout
        self._counts = counts
        self._values: list[ForeignValue] = []
        self._remarks: list[Remark] = []
        self._n_sums = 0

    def read(self, name: str) -> ForeignTable:
        """Find every table first: a form is read whole or not at all."""
        found = []
        for table in self._layout.tables:
            found.append((table, *self._find(table)))
            self.n_found += 1
        _, sheet, header = found[0]
        title = self._title(sheet, header)
        for table, where, at in found:
            self._read_table(table, where, at)
        held = [Remark(code="I-SUMS", place="", found=str(self._n_sums))] if self._n_sums else []
        return ForeignTable(
            layout=name,
            kind=self._book.scan.kind,
            title=title,
            key_column=column_letters(header.names + 1),
            values=self._values,
            remarks=[*self._book.remarks, *held, *self._remarks[:_MOST_REMARKS]],
        )

    def _find(self, table: LayoutTable) -> tuple[SheetScan, Header]:
        missed = FileRefusedError("E-LAYOUT-TABLE", table.sheet, table.rows.names)
        for sheet in self._book.scan.sheets:
            if table.sheet and normal(sheet.name) != normal(table.sheet):
                continue
            try:
                return sheet, find_header(self._book.grid(sheet), self._book.merged(sheet), sheet.name, table)
            except FileRefusedError as reason:
                missed = reason
        raise missed

    def _title(self, sheet: SheetScan, header: Header) -> str:
        title = texts_of(self._book.grid(sheet)[: header.first])
        if self._layout.title and not re.search(self._layout.title, title, re.IGNORECASE):
            raise FileRefusedError("E-LAYOUT-TABLE", sheet.name, self._layout.title)
        return title

    def _read_table(self, table: LayoutTable, sheet: SheetScan, header: Header) -> None:
        grid, found = self._book.grid(sheet), list(lines(self._book.grid(sheet), header, table.rows))
        items = self._items(table, sheet, found)
        if table.items:
            for name, line in items.items():
                for column, measure in table.items[name].measures.items():
                    self._value(table, sheet, header, line, header.columns[column], column, measure)
        else:
            for line in (each for each in found if each.kind == "row"):
                for column, described in table.columns.items():
                    if described.measure:
                        self._value(table, sheet, header, line, header.columns[column], column, described.measure)
        sums = Sums(table, header, lambda row, column: self._figure(grid, sheet, row, column), _places(sheet))
        self._remarks += sums.failures(found, items)
        self._n_sums += sums.n_held
        self._remarks += self._broken_totals(sheet, header, found)

    def _items(self, table: LayoutTable, sheet: SheetScan, found: list[Line]) -> dict[str, Line]:
        """The row of every item.

        Raises:
            FileRefusedError: one is missing, or stands twice.
        """
        items = {}
        for name, item in table.items.items():
            wanted, within = words_of(item.label), words_of(item.within)
            fitting = [line for line in found if words_of(line.group).startswith(within)]
            exact = [line for line in fitting if words_of(line.label) == wanted]
            meant = exact or [line for line in fitting if words_of(line.label).startswith(wanted)]
            if len(meant) != 1:
                raise FileRefusedError("E-LAYOUT-ITEM", sheet.name, f"{item.label} ({len(meant)} ×)")
            items[name] = meant[0]
        return items

    def _value(
        self, table: LayoutTable, sheet: SheetScan, header: Header, line: Line, column: int, name: str, measure: str
    ) -> None:
        here = address(line.index + 1, column + 1)
        cell = self._book.grid(sheet)[line.index][column]
        text, reading = read_at(cell, here, sheet, count=measure in self._counts)
        factor = header.factor if table.columns[name].is_scaled else Decimal(1)
        is_scaled = reading.value is not None and factor != 1
        self._values.append(
            ForeignValue(
                place=f"{sheet.name}!{here}",
                measure=measure,
                org_unit=table.org_unit or "",
                org_unit_name=line.label,
                time_period="",
                value_text=text,
                obs_value=None if reading.value is None else plain_text(reading.value * factor),
                obs_status=reading.status or "A",
                problem=reading.problem,
                conversion="unit_of_table" if is_scaled else reading.conversion,
                parent=line.group if table.rows.parent == "group" else "",
                level=table.level,
            )
        )

    def _figure(self, grid: Grid, sheet: SheetScan, row: int, column: int) -> Decimal | None:
        return read_at(grid[row][column], address(row + 1, column + 1), sheet, count=True)[1].value

    def _broken_totals(self, sheet: SheetScan, header: Header, found: list[Line]) -> list[Remark]:
        """Totals and groups that hold an error in place of a figure: nothing can be held against them."""
        places = [(line.index, column) for line in found if line.kind != "row" for column in header.columns.values()]
        broken = [(address(row + 1, column + 1)) for row, column in places]
        return [
            Remark(code="W-TOTAL-BROKEN", place=f"{sheet.name}!{each}", found=sheet.errors[each])
            for each in broken
            if each in sheet.errors
        ]


def _places(sheet: SheetScan) -> Any:
    return lambda row, column: f"{sheet.name}!{address(row + 1, column + 1)}"
