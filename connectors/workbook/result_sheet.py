"""The first sheet of a workbook that is handed back: all findings in one list, each with a link to its cell.

Everything an agency typed is shown as text: a value that begins with ``=`` never becomes a formula here.
"""

import re
from collections.abc import Sequence

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from connectors.workbook.layout import RESULT_SHEET
from indicator_specs.findings import Finding, Severity

_FONT = "Times New Roman"
_HEADS: tuple[tuple[str, float], ...] = (
    ("STT", 5),
    ("Mức", 16),
    ("Ô", 15),
    ("Đơn vị", 12),
    ("Đã nhập", 22),
    ("Yêu cầu", 30),
    ("Nội dung cần hoàn thiện", 52),
    ("English", 46),
    ("Mã", 24),
)
_SEVERITY = {
    Severity.ERROR: ("Cần hoàn thiện", "FFFFC7CE"),
    Severity.WARNING: ("Cảnh báo", "FFFFEB9C"),
    Severity.INFO: ("Ghi nhận", "FFDDEBF7"),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_THIN = Side(style="thin", color="FFBFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def plain(text: str) -> str:
    """Text that a cell or a comment may hold: no control characters, at most what Excel takes."""
    return _CONTROL.sub("\ufffd", text)[:32_000]


def add_result_sheet(book: Workbook, findings: Sequence[Finding], summary: Sequence[str]) -> None:
    """Put the list before all other sheets and open the book at it."""
    sheet: Worksheet = book.create_sheet(RESULT_SHEET, 0)
    row = _write_summary(sheet, summary)
    for column, (title, width) in enumerate(_HEADS, 1):
        head = _write_text(sheet, row, column, title)
        head.font, head.fill = Font(name=_FONT, bold=True), PatternFill("solid", fgColor="FFDCE6F1")
        head.alignment, head.border = Alignment(horizontal="center", vertical="center", wrap_text=True), _BORDER
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, finding in enumerate(findings, 1):
        _write_finding(sheet, row + number, number, finding)
    sheet.freeze_panes = f"A{row + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.protection.sheet = True
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0


def _write_summary(sheet: Worksheet, summary: Sequence[str]) -> int:
    """Title and summary; returns the row of the headers."""
    _write_text(sheet, 1, 1, "KẾT QUẢ KIỂM TRA TỆP BÁO CÁO").font = Font(name=_FONT, bold=True, size=14)
    for row, line in enumerate(summary, 2):
        _write_text(sheet, row, 1, line).font = Font(name=_FONT, size=11)
    return len(summary) + 3


def _write_finding(sheet: Worksheet, row: int, number: int, finding: Finding) -> None:
    label, colour = _SEVERITY[finding.severity]
    name, _, address = finding.place.rpartition("!")
    texts = (
        str(number),
        label,
        address or finding.place or "Cả tệp",
        finding.org_unit,
        finding.found,
        finding.expected,
        finding.message_vi,
        finding.message_en,
        finding.rule,
    )
    widths = [width for _, width in _HEADS]
    sheet.row_dimensions[row].height = 15.5 * max(map(_lines, texts, widths))
    for column, text in enumerate(texts, 1):
        cell = _write_text(sheet, row, column, text)
        cell.font, cell.border = Font(name=_FONT, size=11), _BORDER
        cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="center" if column <= 4 else None)
    sheet.cell(row, 2).fill = PatternFill("solid", fgColor=colour)
    if name and address:
        link = sheet.cell(row, 3)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{_quoted(name)}!{address}")
        link.font = Font(name=_FONT, size=11, underline="single", color="FF0563C1")


def _write_text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101  (a sheet that was just made has no merged cells)
    cell.value = plain(text)
    cell.data_type = "s"  # whatever it begins with
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True  # and it stays text when edited or exported
    return cell


def _lines(text: str, width: float) -> int:
    """Lines that a wrapped text takes; no program makes the row high enough by itself."""
    return sum(1 + len(line) // max(int(width * 0.95), 1) for line in text.split("\n"))


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"
