"""One worksheet whose cells get another format and comments."""

from connectors.workbook.marking.cells import Cells
from connectors.workbook.marking.comments import SheetComments
from connectors.workbook.marking.merged import MergedRanges
from connectors.workbook.marking.parts import Parts, Tree, main
from connectors.workbook.marking.places import whole
from connectors.workbook.marking.styles import CellStyles


class MarkedSheet:
    """A sheet of the officer's, open for marks."""

    def __init__(self, parts: Parts, name: str, styles: CellStyles) -> None:
        """Take up the sheet in the part ``name``.

        Raises:
            UnusualError: it is no worksheet, or its rows, merged ranges or comments do not say where they stand.
        """
        root = parts.tree(name)
        self._cells, self._styles = Cells(root), styles
        merged = root.iterfind(f"{main('mergeCells')}/{main('mergeCell')}")
        self._merged = MergedRanges(each.get("ref", "") for each in merged)
        self.comments = SheetComments(parts, name)

    def anchor(self, at: str) -> str:
        """The cell itself, or the first of the merged range that hides it."""
        return self._merged.anchor(at)

    def mark(self, at: str, colour: str) -> None:
        """Put a cell on another ground."""
        cell = self._cells.needed(at)
        cell.set("s", str(self._styles.marked(_style(cell), colour)))

    def is_marked(self, at: str) -> bool:
        """Whether a cell stands on a ground of ours."""
        cell = self._cells.found(at)
        return cell is not None and self._styles.is_marked(_style(cell))

    def unmark(self, at: str) -> None:
        """Take our ground away from a cell."""
        cell = self._cells.found(at)
        if cell is not None:
            cell.set("s", str(self._styles.unmarked(_style(cell))))


def _style(cell: Tree) -> int:
    return whole(cell.get("s", "0"))
