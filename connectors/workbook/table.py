"""The child's part of reading: from a file to plain values with their cell addresses.

Runs inside the throw-away child: no secrets, no tables library, nothing but JSON-able results. Finds the
table by its row of column codes, not by position. Believes no stamp; it only hands over what it found.
"""

import json
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from connectors.workbook.cells import Grid
from connectors.workbook.layout import (
    DATA_SHEET,
    FIXED_CODES,
    GUIDE_SHEET,
    HEADER_WITHIN,
    ORG_UNIT,
    RESULT_SHEET,
    STAMP_SHEET,
    TIME_PERIOD,
    Layout,
    Layouts,
    code_of,
    normal,
)
from connectors.workbook.prescan import Scan, SheetScan, prescan
from connectors.workbook.refusals import FileRefusedError
from connectors.workbook.rows import Remark, RowReader, Table
from connectors.workbook.stamp import PRINTED


def read_table(path: Path, layouts: Layouts) -> Table:
    """Read the figures of one workbook.

    Raises:
        FileRefusedError: the file as a whole cannot be opened.
        OSError: the file cannot be read.
    """
    scan = prescan(path)
    found = Table(
        hidden_stamp=None,
        printed_stamp=None,
        key_columns={},
        values=[],
        explanations=[],
        remarks=[],
        refused=None,
    )
    if scan.has_links:
        found["remarks"].append(Remark(code="W-FILE-LINK", place="", found=""))
    try:
        with CalamineWorkbook.from_path(path) as book:
            _fill(found, book, scan, layouts)
    except CalamineError as reason:
        raise FileRefusedError("E-FILE-CORRUPT", found=str(reason)[:200]) from reason
    return found


def _fill(found: Table, book: CalamineWorkbook, scan: Scan, layouts: Layouts) -> None:
    found["hidden_stamp"] = _hidden_stamp(book)
    try:
        for sheet in _candidates(scan):
            grid: Grid = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            found["printed_stamp"] = found["printed_stamp"] or _printed_stamp(grid)
            layout = _layout(found, layouts)
            if layout is not None and (header := _header(grid, layout)) is not None:
                RowReader(found, sheet, layout).read(grid, header)
                return
        raise FileRefusedError("E-FORM-HEADER" if _layout(found, layouts) is not None else "E-STAMP-MISSING")
    except FileRefusedError as reason:
        found["refused"] = Remark(code=reason.code, place=reason.place, found=reason.found)


def _candidates(scan: Scan) -> list[SheetScan]:
    """Sheets that may hold the table: the one with the form's name first, our own answer sheets never."""
    ours = {STAMP_SHEET, GUIDE_SHEET, RESULT_SHEET}
    others = [sheet for sheet in scan.sheets if normal(sheet.name) not in ours]
    return sorted(others, key=lambda sheet: (normal(sheet.name) != DATA_SHEET, sheet.is_hidden))


def _hidden_stamp(book: CalamineWorkbook) -> str | None:
    if STAMP_SHEET not in book.sheet_names:
        return None
    for row in book.get_sheet_by_name(STAMP_SHEET).to_python():
        for cell in row:
            if isinstance(cell, str) and cell.strip():
                return cell
    return None


def _printed_stamp(grid: Grid) -> str | None:
    for row in grid[:HEADER_WITHIN]:
        for cell in row:
            if isinstance(cell, str) and (match := PRINTED.search(cell)):
                return match.group()
    return None


def _layout(found: Table, layouts: Layouts) -> Layout | None:
    """The layout of the form that the (still unverified) stamp names; None where there is no stamp yet."""
    form = ""
    if found["hidden_stamp"]:
        try:
            form = json.loads(found["hidden_stamp"])["form"]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise FileRefusedError("E-STAMP-INVALID", found=found["hidden_stamp"][:80]) from None
    elif found["printed_stamp"] and (match := PRINTED.fullmatch(found["printed_stamp"])):
        form = match["form"]
    else:
        return None
    if not isinstance(form, str) or form not in layouts:
        raise FileRefusedError("E-FORM-UNKNOWN", found=str(form)[:40])
    return layouts[form]


def _header(grid: Grid, layout: Layout) -> int | None:
    """Index of the row of column codes, or None."""
    known = {*FIXED_CODES, *layout}
    for index, row in enumerate(grid[:HEADER_WITHIN]):
        codes = {code_of(cell) for cell in row if isinstance(cell, str)}
        if len(codes & known) >= 2 and codes & {*layout, ORG_UNIT, TIME_PERIOD}:
            return index
    return None
