"""Sums that a foreign table must keep, held exactly and within its tolerance: each that fails is told at its cell."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connectors.foreign.headers import Header
from connectors.foreign.lines import Line
from connectors.numbers import plain_text
from connectors.workbook.refusals import Remark
from indicator_specs.form_layout import Adds, LayoutTable

Figure = Callable[[int, int], Decimal | None]
"""The figure at a row and a column; None where there is none."""
Place = Callable[[int, int], str]


@dataclass
class Sums:
    """Holds the sums of one table. ``n_held`` were there to be held: a sum without figures is none."""

    table: LayoutTable
    header: Header
    figure: Figure
    place: Place
    n_held: int = 0

    def failures(self, found: Sequence[Line], items: dict[str, Line]) -> Iterator[Remark]:
        """Every sum that does not hold, and every total that is no figure."""
        yield from self._of_rows(found)
        yield from self._of_formula_row(found)
        yield from (self._of_items(items) if self.table.items else self._of_columns(found))

    def _of_rows(self, found: Sequence[Line]) -> Iterator[Remark]:
        rows = [line for line in found if line.kind == "row"]
        if self.table.items:
            return
        for line in found:
            if line.kind == "row":
                continue
            below = rows if line.kind == "total" else [row for row in rows if row.group == line.label]
            for column, description in self.header.columns.items():
                adds = self.table.columns[column].adds or self.table.rows.adds
                yield from self._hold(line.index, description, self._at(below, description), adds)

    def _of_formula_row(self, found: Sequence[Line]) -> Iterator[Remark]:
        for line in found:
            for each in self.header.sums:
                parts = (self._signed(line.index, column, sign) for column, sign in each.parts)
                yield from self._hold(line.index, each.whole, parts, "all")

    def _of_columns(self, found: Sequence[Line]) -> Iterator[Remark]:
        columns = self.header.columns
        for line in found:
            for each in self.table.sums:
                parts = (self._signed(line.index, columns[name], sign) for name, sign in each.parts)
                yield from self._hold(line.index, columns[each.whole], parts, "all")

    def _of_items(self, items: dict[str, Line]) -> Iterator[Remark]:
        for each in self.table.sums:
            for column in self.header.columns.values():
                parts = (self._signed(items[name].index, column, sign) for name, sign in each.parts)
                yield from self._hold(items[each.whole].index, column, parts, "all")

    def _at(self, rows: Iterable[Line], column: int) -> Iterator[Decimal | None]:
        return (self.figure(row.index, column) for row in rows)

    def _signed(self, row: int, column: int, sign: int) -> Decimal | None:
        figure = self.figure(row, column)
        return None if figure is None else sign * figure

    def _hold(self, row: int, column: int, parts: Iterable[Decimal | None], adds: Adds) -> Iterator[Remark]:
        whole, given = self.figure(row, column), [part for part in parts if part is not None]
        if whole is None or not given or adds == "no":
            return
        self.n_held += 1
        total = sum(given, Decimal(0))
        gap = whole - total
        if abs(gap) <= self.table.tolerance or (adds == "part" and gap > 0):
            return
        found = f"{plain_text(whole)} ≠ {plain_text(total)} (chênh {plain_text(gap)})"
        yield Remark(code="W-SUM", place=self.place(row, column), found=found)
