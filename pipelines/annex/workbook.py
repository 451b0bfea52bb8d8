"""Opens an annex workbook, which nobody vouches for, and gives its sheets as grids of text."""

import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from connectors.workbook.prescan import prescan
from connectors.workbook.refusals import FileRefusedError, finding_of
from connectors.workbook.scan import Scan, column_letters
from indicator_specs.annex.grid import AnnexError, Cell, Grid
from indicator_specs.annex.table import Table
from indicator_specs.errors import both

_DECIMALS = re.compile(r"0\.(0+)")
_NOT_XLSX = both(
    "tệp không phải .xlsx; mở bằng Excel hoặc WPS, lưu dạng Excel Workbook (.xlsx) rồi nhập lại",
    "the file is not .xlsx; open it, save it as Excel Workbook (.xlsx) and import it again",
)


class AnnexWorkbook:
    """A workbook that passed the scan; ``grids`` holds its visible sheets, or the one asked for."""

    def __init__(self, path: Path, sheet: str = "") -> None:
        """Read the workbook.

        Raises:
            AnnexError: it must not or cannot be opened, or has no such sheet.
            OSError: the file cannot be read.
        """
        self.path = path
        self.scan = _scanned(path)
        try:
            book = load_workbook(path, data_only=True)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError) as error:
            raise AnnexError(f"{path.name}: {finding_of('E-FILE-CORRUPT').message_vi}") from error
        shown = [each for each in book.worksheets if each.sheet_state == "visible"]
        chosen = [each for each in shown if not sheet or each.title == sheet]
        if not chosen:
            names = ", ".join(each.title for each in shown)
            raise AnnexError(
                both(
                    f"{path.name}: không có trang tính {sheet!r}; có: {names}",
                    f"no sheet {sheet!r}; there are: {names}",
                )
            )
        self.grids = [_grid(each) for each in chosen]

    def refuse_unreadable_cells(self, table: Table) -> None:
        """Stop at cells of the table's sheet that hold a formula without a value, or an error.

        Raises:
            AnnexError: with the addresses.
        """
        sheet = next(each for each in self.scan.sheets if each.name == table.sheet)
        empty = ", ".join(sorted(sheet.uncalculated)[:10])
        if empty:
            raise AnnexError(
                both(
                    f"{self.path.name}: {table.sheet}: ô {empty} chứa công thức chưa tính; "
                    "mở bằng Excel, lưu lại, hoặc chép thành giá trị",
                    f"formulas without a calculated value at {empty}: open in Excel and save, or paste as values",
                )
            )
        wrong = ", ".join(f"{place} ({text})" for place, text in sorted(sheet.errors.items())[:10])
        if wrong:
            raise AnnexError(
                both(
                    f"{self.path.name}: {table.sheet}: ô báo lỗi: {wrong}; sửa trong tệp rồi nhập lại",
                    f"cells with an error value: {wrong}; mend them and import again",
                )
            )


def _scanned(path: Path) -> Scan:
    try:
        return prescan(path)
    except FileRefusedError as refusal:
        finding = finding_of(refusal.code, refusal.place, refusal.found)
        said = _NOT_XLSX if refusal.code == "E-FILE-TYPE" else both(finding.message_vi, finding.message_en)
        detail = " ".join(filter(None, (refusal.place, refusal.found)))
        raise AnnexError(f"{path.name}: {said}" + (f" [{detail}]" if detail else "")) from refusal


def _grid(sheet: Worksheet) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    for line in sheet.iter_rows():
        for cell in line:
            if cell.value is not None and str(cell.value).strip():
                place = f"{sheet.title}!{column_letters(cell.column)}{cell.row}"
                cells[cell.row, cell.column] = _cell(cell.value, cell.number_format, place)
    last_row = max((row for row, _ in cells), default=0)
    last_column = max((column for _, column in cells), default=0)
    merged = tuple(
        (each.min_row, each.min_col, min(each.max_row, last_row), min(each.max_col, last_column))
        for each in sheet.merged_cells.ranges
    )
    return Grid(sheet.title, cells, merged)


def _cell(value: Any, number_format: str, place: str) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = f"{value:%d/%m/%Y}" if isinstance(value, date | datetime) else str(value)
        return Cell(text, place)
    number = Decimal(str(value))
    if "%" in number_format:
        number *= 100
    if number == number.to_integral_value():
        number = number.quantize(Decimal(1))
    decimals = _DECIMALS.search(number_format)
    text = f"{number:.{len(decimals[1])}f}" if decimals and "%" not in number_format else f"{number:f}"
    return Cell(text, place, number)
