"""Rows and cells of one sheet by where they stand: each row is looked through once, and made where there is none."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable

from connectors.workbook.marking.parts import Tree, UnusualError, main
from connectors.workbook.marking.places import place, whole
from connectors.workbook.scan import address

_CELL, _ROW = main("c"), main("row")


class Cells:
    """Cells of the part of a sheet."""

    def __init__(self, root: Tree) -> None:
        """Take up the rows.

        Raises:
            UnusualError: it is no worksheet, or its rows do not say where they stand.
        """
        data = root.find(main("sheetData"))
        if data is None:
            raise UnusualError(root.tag)
        self._root = root
        self._rows = _Numbered(data, _ROW, lambda row: whole(row.get("r")))
        self._of_row: dict[int, _Numbered] = {}
        self._reach: list[Tree] = root.findall(main("dimension"))
        columns = root.iterfind(f"{main('cols')}/{main('col')}")
        self._columns = sorted(
            (whole(each.get("min")), whole(each.get("max")), whole(each.get("style", "0"))) for each in columns
        )

    def found(self, at: str) -> Tree | None:
        """The cell at an address, where the sheet has one."""
        number, column = place(at)
        row = self._rows.get(number)
        return None if row is None else self._cells_of(number, row).get(column)

    def needed(self, at: str) -> Tree:
        """The cell at an address, made with the format that it shows where there is none."""
        number, column = place(at)
        row = self._rows.get(number)
        if row is None:
            row = self._rows.made(number, r=str(number))
        cells = self._cells_of(number, row)
        cell = cells.get(column)
        if cell is None:
            cell = cells.made(column, r=address(number, column), s=str(self._style(row, column)))
            self._say_no_reach(row)
        return cell

    def _cells_of(self, number: int, row: Tree) -> "_Numbered":
        if number not in self._of_row:
            self._of_row[number] = _Numbered(row, _CELL, lambda cell: place(cell.get("r"))[1])
        return self._of_row[number]

    def _say_no_reach(self, row: Tree) -> None:
        """Both only say how far cells reach, and may be left out."""
        row.attrib.pop("spans", None)
        while self._reach:
            self._root.remove(self._reach.pop())

    def _style(self, row: Tree, column: int) -> int:
        """A row's own format goes before that of the column (ECMA-376, 18.3.1.73)."""
        if row.get("customFormat") in {"1", "true"}:
            return whole(row.get("s", "0"))
        before = bisect_right(self._columns, column, key=lambda each: each[0])
        if before and self._columns[before - 1][1] >= column:
            return self._columns[before - 1][2]
        return 0


class _Numbered:
    """Elements in the order of numbers that they say of themselves."""

    def __init__(self, parent: Tree, tag: str, number: Callable[[Tree], int]) -> None:
        self._parent, self._tag = parent, tag
        self._elements: dict[int, Tree] = {number(each): each for each in parent.iterchildren(tag)}
        self._order = sorted(self._elements)

    def get(self, number: int) -> Tree | None:
        return self._elements.get(number)

    def made(self, number: int, **attributes: str) -> Tree:
        """A new element in its place among the others."""
        made = self._parent.makeelement(self._tag, attributes)
        later = bisect_left(self._order, number)
        if later < len(self._order):
            self._elements[self._order[later]].addprevious(made)
        elif self._order:
            self._elements[self._order[-1]].addnext(made)
        else:
            self._parent.insert(0, made)
        self._elements[number] = made
        insort(self._order, number)
        return made
