"""One cell of a kept file, read again as it was read at first: what a number on a dashboard is traced to."""

from pathlib import Path

from connectors.workbook.book import open_book
from connectors.workbook.cells import read_at
from connectors.workbook.scan import CELL_ADDRESS, column_number


def cell_text(path: Path, place: str) -> str | None:
    """What one cell holds, read as ``value_text`` was; None where it is blank, not there or not calculated.

    Args:
        path: A kept file of any kind that is read.
        place: ``Số liệu!E12``.

    Raises:
        FileRefusedError: the file cannot be opened.
        ValueError: ``place`` is no cell of a sheet of this file.
    """
    name, _, address = place.rpartition("!")
    match = CELL_ADDRESS.fullmatch(address)
    with open_book(path) as book:
        sheet = book.sheet(name)
        if sheet is None or match is None:
            raise ValueError(f"{place!r} is no cell of {path.name}")
        grid = book.grid(sheet)
    row, column = int(match[2]) - 1, column_number(match[1]) - 1
    cell = grid[row][column] if row < len(grid) and column < len(grid[row]) else ""
    return read_at(cell, address, sheet, count=True)[0]
