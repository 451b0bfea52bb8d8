"""A sheet as cells with addresses and merged ranges: what an annex is read from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indicator_specs.errors import PlainError


class AnnexError(PlainError):
    """An annex that cannot be read, with the place and the remedy."""


@dataclass(frozen=True)
class Cell:
    """A cell: its text as people see it, its address, and the number where it holds one."""

    text: str
    place: str
    number: Decimal | None = None


@dataclass(frozen=True)
class Grid:
    """One sheet: cells by row and column from 1, and merged ranges as (top, left, bottom, right)."""

    sheet: str
    cells: Mapping[tuple[int, int], Cell]
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def text(self, row: int, column: int) -> str:
        """Text of a cell, or of the merged range that it lies in; empty where there is none."""
        cell = self.cell(row, column)
        return cell.text if cell else ""

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell at a place, or the one whose merged range covers it."""
        return self.cells.get((row, column)) or self.cells.get(self._origins.get((row, column), (0, 0)))

    @property
    def last(self) -> tuple[int, int]:
        """The last row and the last column that hold anything."""
        return max((row for row, _ in self.cells), default=0), max((column for _, column in self.cells), default=0)

    @property
    def _origins(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        if not hasattr(self, "_found"):
            found = {
                (row, column): (top, left)
                for top, left, bottom, right in self.merged
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
            }
            object.__setattr__(self, "_found", found)
        return self._found  # type: ignore[attr-defined,no-any-return]
