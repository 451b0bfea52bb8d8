"""One worksheet whose cells get another format: cells are found by their address, and made where there is none yet."""

from connectors.workbook.marking.comments import SheetComments
from connectors.workbook.marking.parts import Parts, Tree, UnusualError, main
from connectors.workbook.marking.styles import CellStyles
from connectors.workbook.scan import CELL_ADDRESS, address, column_number

_CELL, _ROW = main("c"), main("row")


class MarkedSheet:
    """A sheet of the officer's, open for marks."""

    def __init__(self, parts: Parts, name: str, styles: CellStyles) -> None:
        """Take up the sheet in the part ``name``.

        Raises:
            UnusualError: it is no worksheet, or its rows or cells do not say where they stand.
        """
        self._root = parts.tree(name)
        data = self._root.find(main("sheetData"))
        if data is None:
            raise UnusualError(name)
        self._data, self._styles = data, styles
        self._rows = {_number(row.get("r")): row for row in data.iterchildren(_ROW)}
        merged = self._root.iterfind(f"{main('mergeCells')}/{main('mergeCell')}")
        self._merged: list[str] = [each.get("ref", "") for each in merged]
        self.comments = SheetComments(parts, name)

    def anchor(self, at: str) -> str:
        """The cell itself, or the first of the merged range that hides it."""
        row, column = _place(at)
        for ref in self._merged:
            first, _, last = ref.partition(":")
            (top, left), (bottom, right) = _place(first), _place(last or first)
            if top <= row <= bottom and left <= column <= right:
                return first
        return at

    def mark(self, at: str, colour: str) -> None:
        """Put a cell on another ground."""
        cell = self._cell(at)
        cell.set("s", str(self._styles.marked(_style(cell), colour)))

    def unmark(self, at: str) -> None:
        """Take our ground away from a cell."""
        row, column = _place(at)
        for cell in self._rows[row].iterchildren(_CELL) if row in self._rows else ():
            if _place(cell.get("r"))[1] == column:
                cell.set("s", str(self._styles.unmarked(_style(cell))))

    def _cell(self, at: str) -> Tree:
        number, column = _place(at)
        row = self._row(number)
        place = len(row)
        for index, cell in enumerate(row.iterchildren(_CELL)):
            here = _place(cell.get("r"))[1]
            if here == column:
                return cell
            if here > column:
                place = index
                break
        made = row.makeelement(_CELL, r=address(number, column), s=str(self._style_of_column(column)))
        row.insert(place, made)
        # Both only say how far cells reach, and may be left out.
        row.attrib.pop("spans", None)
        for dimension in self._root.findall(main("dimension")):
            self._root.remove(dimension)
        return made

    def _row(self, number: int) -> Tree:
        if number not in self._rows:
            later = (index for index, row in enumerate(self._data) if _number(row.get("r")) > number)
            made = self._data.makeelement(_ROW, r=str(number))
            self._data.insert(next(later, len(self._data)), made)
            self._rows[number] = made
        return self._rows[number]

    def _style_of_column(self, column: int) -> int:
        for each in self._root.iterfind(f"{main('cols')}/{main('col')}"):
            if _number(each.get("min")) <= column <= _number(each.get("max")):
                return int(each.get("style", "0"))
        return 0


def _style(cell: Tree) -> int:
    return int(cell.get("s", "0"))


def _number(text: str | None) -> int:
    if text is None or not text.isdecimal():
        raise UnusualError(f"row {text}")
    return int(text)


def _place(at: str | None) -> tuple[int, int]:
    """Row and column, from 1."""
    match = CELL_ADDRESS.fullmatch(at or "")
    if match is None:
        raise UnusualError(f"cell {at}")
    return int(match[2]), column_number(match[1])
