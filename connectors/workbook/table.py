"""The child's part of reading: from a file to plain values with their cell addresses.

Runs inside the throw-away child: no secrets, no tables library, nothing but JSON-able results. Finds the
table by its row of column codes, not by position. Believes no stamp; it only hands over what it found.
"""

import json
from pathlib import Path

from connectors.workbook.book import OpenBook, open_book
from connectors.workbook.cells import Grid
from connectors.workbook.layout import (
    DATA_SHEET,
    FIXED_CODES,
    GUIDE_SHEET,
    HEADER_WITHIN,
    ORG_UNIT,
    STAMP_SHEET,
    TIME_PERIOD,
    Layout,
    Layouts,
    code_of,
    may_be_results,
    normal,
)
from connectors.workbook.refusals import FileRefusedError, Remark
from connectors.workbook.rows import RowReader, Table
from connectors.workbook.scan import SheetScan
from connectors.workbook.stamp import PRINTED
from connectors.workbook.texts import is_classified

_OURS = {STAMP_SHEET, GUIDE_SHEET}
_PERIOD_LABEL = "kỳ báo cáo"


def read_table(path: Path, layouts: Layouts) -> Table:
    """Read the figures of one workbook.

    Raises:
        FileRefusedError: the file as a whole cannot be opened.
        OSError: the file cannot be read.
    """
    with open_book(path) as book:
        found = Table(
            kind=book.scan.kind,
            hidden_stamp=None,
            printed_stamp=None,
            printed_period="",
            key_columns={},
            values=[],
            explanations=[],
            remarks=[],
            refused=None,
        )
        _fill(found, book, layouts)
        found["remarks"] = [*book.remarks, *found["remarks"]]
    return found


def _fill(found: Table, book: OpenBook, layouts: Layouts) -> None:
    found["hidden_stamp"] = _hidden_stamp(book)
    candidates = _candidates(book)
    for sheet in candidates:
        _refuse_classified(book.grid(sheet))
    try:
        table = _choose(found, book, candidates, layouts)
        _tell_hidden_sheets(found, candidates, table)
    except FileRefusedError as reason:
        found["refused"] = Remark(code=reason.code, place=reason.place, found=reason.found)


def _choose(found: Table, book: OpenBook, candidates: list[SheetScan], layouts: Layouts) -> SheetScan:
    """Read the one sheet that holds the table; returns it."""
    for sheet in candidates:
        found["printed_stamp"] = found["printed_stamp"] or _printed_stamp(book.grid(sheet))
    layout = _layout(found, layouts)
    if layout is None:
        raise FileRefusedError("E-STAMP-MISSING")
    headers = {sheet.name: _header(book.grid(sheet), layout) for sheet in candidates}
    fitting = [sheet for sheet in candidates if headers[sheet.name] is not None]
    if not fitting:
        raise FileRefusedError("E-FORM-HEADER")
    table, *others = fitting
    if others:
        names = ", ".join(sheet.name for sheet in fitting)
        if normal(table.name) != DATA_SHEET:
            raise FileRefusedError("E-FORM-TABLES", found=names)
        found["remarks"].append(Remark(code="W-FORM-TABLES", place="", found=names[:80]))
    header = headers[table.name]
    assert header is not None  # noqa: S101 - it is fitting
    found["printed_period"] = _printed_period(book.grid(table)[:header])
    RowReader(found, table, layout).read(book.grid(table), header)
    return table


def _candidates(book: OpenBook) -> list[SheetScan]:
    """Sheets that may hold the table: the one with the form's name first, our own answer sheets never."""
    others = [sheet for sheet in book.scan.sheets if normal(sheet.name) not in _OURS and not may_be_results(sheet.name)]
    return sorted(others, key=lambda sheet: (normal(sheet.name) != DATA_SHEET, sheet.is_hidden))


def _refuse_classified(grid: Grid) -> None:
    """A mark of classification ends the reading: nothing of the content is shown to anybody."""
    for row in grid:
        for cell in row:
            if isinstance(cell, str) and is_classified(cell):
                raise FileRefusedError("E-SEC-CLASSIFIED")


def _tell_hidden_sheets(found: Table, candidates: list[SheetScan], table: SheetScan) -> None:
    hidden = [sheet.name for sheet in candidates if sheet is not table and sheet.is_hidden and sheet.has_values]
    for name in hidden[:10]:
        found["remarks"].append(Remark(code="W-SHEET-HIDDEN", place="", found=name[:80]))


def _hidden_stamp(book: OpenBook) -> str | None:
    sheet = book.sheet(STAMP_SHEET)
    for row in book.grid(sheet) if sheet else []:
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


def _printed_period(head: Grid) -> str:
    """What the officer reads as the period: the text after its label, in the same cell or the next."""
    for row in head:
        texts = [normal(cell) for cell in row if isinstance(cell, str) and cell.strip()]
        for index, text in enumerate(texts):
            label, _, rest = text.partition(":")
            if label.strip().casefold() == _PERIOD_LABEL:
                return rest.strip() or "".join(texts[index + 1 : index + 2])
    return ""


def _layout(found: Table, layouts: Layouts) -> Layout | None:
    """The layout of the form that the (still unverified) stamp names; None where there is no stamp."""
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
