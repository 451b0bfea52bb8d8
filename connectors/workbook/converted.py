"""A file of another kind as an .xlsx, so that its findings can be marked at its own cells.

Keeps values, places, sheets, merged cells and the stamp; formats and formulas are lost, and the receipt says so.
"""

from datetime import timedelta
from pathlib import Path

from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from connectors.workbook.book import OpenBook, open_book
from connectors.workbook.result_sheet import plain
from connectors.workbook.scan import SheetScan, address, column_letters

_WIDTH = 18.0


def as_workbook(path: Path) -> Workbook:
    """The file in memory as an .xlsx workbook.

    Raises:
        FileRefusedError: the file must not be opened.
        OSError: the file cannot be read.
    """
    book = Workbook()
    for sheet in list(book.worksheets):
        book.remove(sheet)
    with open_book(path) as original:
        for scan in original.scan.sheets:
            _copy(original, scan, book.create_sheet(scan.name[:31]))
    return book


def _copy(original: OpenBook, scan: SheetScan, sheet: Worksheet) -> None:
    sheet.sheet_state = "hidden" if scan.is_hidden else "visible"
    grid = original.grid(scan)
    for row, cells in enumerate(grid, 1):
        for column, value in enumerate(cells, 1):
            here = address(row, column)
            if value != "" or here in scan.errors:
                _put(sheet, row, column, scan.errors.get(here, value), is_percent=here in scan.percents)
    for (top, left), (bottom, right) in original.merged(scan):
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    for column in range(1, max((len(row) for row in grid), default=0) + 1):
        sheet.column_dimensions[column_letters(column)].width = _WIDTH


def _put(sheet: Worksheet, row: int, column: int, value: object, *, is_percent: bool) -> None:
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        return
    if isinstance(value, str):
        _put_text(cell, value)
    else:
        cell.value = str(value) if isinstance(value, timedelta) else value  # type: ignore[assignment]
        if is_percent:
            cell.number_format = "0.00%"


def _put_text(cell: Cell, text: str) -> None:
    """A text stays a text, also one that begins as a formula does."""
    cell.value = plain(text)
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True
