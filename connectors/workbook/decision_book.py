"""The workbook in which a verifier decides: one row for each report that awaits it, and the figures behind them.

Drawn from plain values; read back as rows. Every row carries a check code over its report, its bytes and its verifier,
so that a decision is for exactly what was shown; the code is made and believed by the caller, who has the key.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from connectors.workbook.book import open_book
from connectors.workbook.cells import text_of
from connectors.workbook.layout import HEADER_WITHIN, INPUT_COLOUR, code_of, normal
from connectors.workbook.refusals import FileRefusedError

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET, FIGURES_SHEET = "Thẩm định", "Số liệu chờ thẩm định"
APPROVE, SEND_BACK = "Đồng ý", "Trả lại"
"""What a verifier may decide, as it is typed or chosen."""

SUBMISSION, DECISION, REASON, WHO, CHECK = "submission", "decision", "reason", "who", "check"
_COLUMNS: tuple[tuple[str, str, float], ...] = (
    (SUBMISSION, "Số phiếu · Receipt", 14),
    ("agency", "Đơn vị báo cáo · Reporter", 34),
    ("report", "Biểu, kỳ báo cáo · Form, period", 34),
    ("content", "Nội dung · Content", 44),
    (DECISION, "Ý kiến (Đồng ý / Trả lại) · Decision", 18),
    (REASON, "Lý do, yêu cầu hoàn thiện · Reason", 44),
    (WHO, "Người thẩm định · Verified by", 24),
    (CHECK, "Mã kiểm tra · Check code", 24),
)
_FIGURES = ("Số phiếu", "Ô", "Đơn vị", "Số liệu", "Kỳ", "Giá trị", "Đã thẩm định trước", "Cảnh báo, giải trình")
_FIGURE_WIDTHS = (14, 16, 30, 46, 10, 16, 18, 70)
_INPUTS = (DECISION, REASON, WHO)
_FIRST_ROW = 4
_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1}


@dataclass(frozen=True)
class AwaitedReport:
    """One report on the first sheet."""

    number: str
    agency: str
    report: str
    content: str
    check: str


@dataclass(frozen=True)
class AwaitedFigure:
    """One line of the second sheet, as text."""

    number: str
    place: str
    org_unit: str
    measure: str
    time_period: str
    value: str
    verified_before: str
    told: str


class DecisionRow(TypedDict):
    """One row as it came back: everything is text, nothing of it is believed yet."""

    place: str
    submission: str
    decision: str
    reason: str
    who: str
    check: str


def check_code(key: bytes, number: str, sha256: str, verifier: str) -> str:
    """Eighty bits over what is decided and by whom, in groups of four."""
    digest = hmac.new(key, f"decision\0{number}\0{sha256}\0{verifier}".encode(), hashlib.sha256).digest()[:10]
    letters = base64.b32encode(digest).decode()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def draw(
    path: Path, title: str, reports: Sequence[AwaitedReport], figures: Sequence[AwaitedFigure], made: datetime
) -> None:
    """Draw the workbook at ``path``, not durably. The same content, made at the same moment, gives the same bytes."""
    import xlsxwriter  # noqa: PLC0415 - the reader in the throw-away child and every sensor do without it

    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"title": title, "created": made.replace(tzinfo=None)})
    _draw_reports(book, title, reports)
    _draw_figures(book, figures)
    book.close()


def _draw_reports(book: "Workbook", title: str, reports: Sequence[AwaitedReport]) -> None:
    sheet: Worksheet = book.add_worksheet(SHEET)
    bold = book.add_format({"font_name": "Times New Roman", "font_size": 14, "bold": True})
    plain = book.add_format({"font_name": "Times New Roman", "font_size": 11, "italic": True})
    head = book.add_format({**_FONT, "bold": True, "bg_color": "#DCE6F1"})
    small = book.add_format({**_FONT, "font_size": 7, "font_color": "#808080"})
    locked = book.add_format(_FONT)
    entry = book.add_format({**_FONT, "bg_color": f"#{INPUT_COLOUR}", "locked": False, "num_format": "@"})
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(
        1, 0, "Ghi ý kiến vào ô nền vàng, lưu tệp rồi chép vào thư mục của đơn vị; dòng để trống chưa được xét.", plain
    )
    for column, (code, label, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(_FIRST_ROW - 2, column, label, head)
        sheet.write_string(_FIRST_ROW - 1, column, code, small)
    places = {code: column for column, (code, _, _) in enumerate(_COLUMNS)}
    for row, report in enumerate(reports, _FIRST_ROW):
        texts = {**vars(report), SUBMISSION: report.number}
        for code, column in places.items():
            sheet.write_string(row, column, texts.get(code, ""), entry if code in _INPUTS else locked)
    last = max(_FIRST_ROW, _FIRST_ROW + len(reports) - 1)
    choice = {"validate": "list", "source": [APPROVE, SEND_BACK], "ignore_blank": True}
    sheet.data_validation(_FIRST_ROW, places[DECISION], last, places[DECISION], choice)
    sheet.freeze_panes(_FIRST_ROW, 1)
    sheet.protect()


def _draw_figures(book: "Workbook", figures: Sequence[AwaitedFigure]) -> None:
    sheet: Worksheet = book.add_worksheet(FIGURES_SHEET)
    head = book.add_format({**_FONT, "bold": True, "bg_color": "#DCE6F1"})
    cell = book.add_format(_FONT)
    for column, (label, width) in enumerate(zip(_FIGURES, _FIGURE_WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, head)
    for row, figure in enumerate(figures, 1):
        for column, text in enumerate(vars(figure).values()):
            sheet.write_string(row, column, text, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(figures)), len(_FIGURES) - 1)
    sheet.protect("", {"autofilter": True, "sort": True})


def read_decisions(path: Path) -> list[DecisionRow] | None:
    """Rows of a workbook that came back, those without a decision left out; None where it is no such workbook.

    Raises:
        FileRefusedError: the file must not or cannot be opened.
    """
    with open_book(path) as book:
        sheet = next((each for each in book.scan.sheets if normal(each.name) == SHEET), None)
        if sheet is None:
            return None
        grid = [[text_of(cell).strip() for cell in row] for row in book.grid(sheet)]
    wanted = (SUBMISSION, DECISION, REASON, WHO, CHECK)
    for index, row in enumerate(grid[:HEADER_WITHIN]):
        columns = {code_of(cell): column for column, cell in enumerate(row)}
        if set(wanted) <= columns.keys():
            below = ((number, cells) for number, cells in enumerate(grid[index + 1 :], index + 2))
            rows = [(number, {code: cells[columns[code]] for code in wanted}) for number, cells in below]
            return [
                DecisionRow(
                    place=f"{sheet.name}!{number}:{number}",
                    submission=given[SUBMISSION],
                    decision=given[DECISION],
                    reason=given[REASON],
                    who=given[WHO],
                    check=given[CHECK],
                )
                for number, given in rows
                if given[SUBMISSION] and given[DECISION]
            ]
    raise FileRefusedError("E-FORM-HEADER")
