"""Draws the workbook that an officer fills: a Vietnamese form, locked but for its input cells.

Owns the look of the form. What is on it comes from ``form.py``; what may be typed is checked by Excel itself
as far as Excel can, so that a mistake is seen while typing.
"""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from connectors import durable
from connectors.workbook.form import BlankForm, FormColumn, blank_form
from connectors.workbook.guide import write_guide
from connectors.workbook.layout import EXPLANATION, FIXED_CODES, INPUT_COLOUR, STAMP_SHEET
from connectors.workbook.scan import column_letters
from connectors.workbook.stamp import hidden_text, printed_text, stamp_key
from indicator_specs.home import Home
from indicator_specs.periods import parse

if TYPE_CHECKING:
    from indicator_specs.registry import Registry
    from indicator_specs.source_spec import Dataset

Filled = Decimal | int | float | str
"""What may be written into an input cell beforehand; a text is written as text."""

_FONT = "Times New Roman"
_MARK_ROW, _TITLE_ROW, _PERIOD_ROW, _STAMP_ROW, _UNIT_ROW = 3, 4, 6, 7, 8
_HEADER_ROW, _ENGLISH_ROW, _MEASURE_UNIT_ROW, _CODE_ROW = 9, 10, 11, 12
_FIRST_ROW = 13
_LABELS = (("STT", "No."), ("Mã đơn vị", "Unit code"), ("Tên đơn vị", "Unit name"), ("Kỳ", "Period"))
_WIDTHS = (5.0, 11.0, 30.0, 10.0)
_INPUT_WIDTH, _EXPLANATION_WIDTH = 19.0, 32.0
_NOTHING_OCCURRED = '"-","–","…","..."'
_ROMAN_DATE = "……, ngày …… tháng …… năm ……"


def build_template(
    registry: "Registry",
    dataset: "Dataset",
    agency: str,
    time_period: str,
    path: Path,
    prefill: Mapping[tuple[str, str], Filled] | None = None,
    *,
    key: bytes | None = None,
    is_synthetic: bool = False,
) -> Path:
    """Write the template of one agency, form and period; it appears whole or not at all.

    Args:
        registry: Where the units and the measures come from.
        dataset: A dataset with a form.
        agency: Code of the reporting unit.
        time_period: SDMX text of the dataset's frequency.
        path: Where to write; an existing file is replaced.
        prefill: (org unit code, measure id) → what stands in that cell already.
        key: Signs the stamp; the installation's own if none is given.
        is_synthetic: The figures will be made up; said in print and in the stamp.

    Raises:
        KeyError, ValueError: as ``blank_form``.
        OSError: the file cannot be written.
    """
    form = blank_form(registry, dataset, agency, time_period, is_synthetic=is_synthetic)
    signing = key or stamp_key(Home.current().root)
    return durable.write(path, lambda temporary: draw(form, temporary, signing, prefill or {}))


def draw(form: BlankForm, path: Path, key: bytes, prefill: Mapping[tuple[str, str], Filled]) -> None:
    """Draw ``form`` at ``path``, not durably. The same form gives the same bytes."""
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False})
    made = datetime.combine(parse(form.stamp.time_period).start_date, time())
    about = {"title": form.title_vi, "subject": form.stamp.form, "company": form.agency_name_vi}
    book.set_properties({**about, "created": made})
    _Drawing(book, form).draw(printed_text(form.stamp, key), prefill)
    write_guide(book, form)
    hidden = book.add_worksheet(STAMP_SHEET)
    hidden.write_string(0, 0, hidden_text(form.stamp, key))
    hidden.protect()
    hidden.hide()
    book.close()


class _Drawing:
    """The visible sheet."""

    def __init__(self, book: Workbook, form: BlankForm) -> None:
        self._book = book
        self._form = form
        self._sheet: Worksheet = book.add_worksheet(form.sheet)
        self._last = len(_LABELS) + len(form.columns) - (0 if form.has_explanation else 1)
        self._styles: dict[str, Format] = {}

    def draw(self, printed: str, prefill: Mapping[tuple[str, str], Filled]) -> None:
        self._set_columns()
        self._write_head(printed)
        self._write_headers()
        self._write_rows(prefill)
        self._write_signatures(_FIRST_ROW + len(self._form.rows) + 1)
        self._validate()
        self._set_page()

    def _style(self, **wanted: object) -> Format:
        """One format for each look; the file keeps each once."""
        name = repr(sorted(wanted.items()))
        if name not in self._styles:
            base = {"font_name": _FONT, "font_size": 11, "valign": "vcenter"}
            self._styles[name] = self._book.add_format({**base, **wanted})
        return self._styles[name]

    def _set_columns(self) -> None:
        # Codes and periods that are added by hand below the table stay text: Excel would make 2026-10 a date.
        as_text = self._style(num_format="@")
        for index, width in enumerate(_WIDTHS):
            self._sheet.set_column(index, index, width, as_text if index in (1, 3) else None)
        first = len(_LABELS)
        self._sheet.set_column(first, first + len(self._form.columns) - 1, _INPUT_WIDTH)
        if self._form.has_explanation:
            self._sheet.set_column(self._last, self._last, _EXPLANATION_WIDTH)

    def _write_head(self, printed: str) -> None:
        form, sheet, last = self._form, self._sheet, self._last
        small = self._style(italic=True, font_size=10)
        sheet.write_string(0, 0, f"Biểu số: {form.stamp.form}", self._style(bold=True))
        if form.legal_basis:
            sheet.write_string(1, 0, f"Căn cứ: {form.legal_basis}", small)
        sheet.write_string(2, 0, f"Thời hạn gửi: {form.deadline_vi}", small)
        sheet.write_string(0, last - 1, f"Đơn vị báo cáo: {form.agency_name_vi}", self._style(bold=True))
        sheet.write_string(1, last - 1, f"Mã đơn vị báo cáo: {form.stamp.agency}", self._style())
        sheet.write_string(2, last - 1, f"Đơn vị nhận: {form.receiver_name_vi}", self._style())
        centre = {"align": "center", "text_wrap": True}
        sheet.merge_range(
            _TITLE_ROW, 0, _TITLE_ROW, last, form.title_vi.upper(), self._style(bold=True, font_size=14, **centre)
        )
        sheet.set_row(_TITLE_ROW, 22)
        sheet.merge_range(
            _TITLE_ROW + 1, 0, _TITLE_ROW + 1, last, form.title_en, self._style(italic=True, font_size=10, **centre)
        )
        period = f"Kỳ báo cáo: {form.period_label_vi}"
        sheet.merge_range(_PERIOD_ROW, 0, _PERIOD_ROW, last, period, self._style(bold=True, **centre))
        if form.stamp.is_synthetic:
            red = self._style(bold=True, font_color="#C00000", **centre)
            sheet.merge_range(_MARK_ROW, 0, _MARK_ROW, last, "SỐ LIỆU GIẢ LẬP · SYNTHETIC FIGURES", red)
        sheet.merge_range(
            _STAMP_ROW,
            0,
            _STAMP_ROW,
            last,
            printed,
            self._style(font_size=9, font_color="#595959", **centre),
        )
        sheet.write_string(
            _UNIT_ROW, 0, "Chỉ nhập vào ô nền vàng; không phát sinh ghi “-”, chưa thu thập được ghi “…”.", small
        )

    def _write_headers(self) -> None:
        sheet, form = self._sheet, self._form
        frame = {"border": 1, "align": "center", "text_wrap": True, "bg_color": "#DCE6F1"}
        bold = self._style(bold=True, **frame)
        english = self._style(italic=True, font_size=9, **frame)
        unit = self._style(font_size=9, **frame)
        code = self._style(font_size=7, font_color="#808080", border=1, align="center", bg_color="#F2F2F2")
        heads = [(*label, "", fixed) for label, fixed in zip(_LABELS, FIXED_CODES[:4], strict=True)]
        heads += [(column.name_vi, column.name_en, column.unit_vi, column.code) for column in form.columns]
        if form.has_explanation:
            heads.append(("Giải trình", "Explanation", "", EXPLANATION))
        for index, texts in enumerate(heads):
            for row, text, style in zip(
                (_HEADER_ROW, _ENGLISH_ROW, _MEASURE_UNIT_ROW, _CODE_ROW),
                texts,
                (bold, english, unit, code),
                strict=True,
            ):
                sheet.write_string(row, index, text, style)
        sheet.set_row(_HEADER_ROW, 66)
        sheet.set_row(_ENGLISH_ROW, 38)
        sheet.set_row(_CODE_ROW, 11)
        names = {column.code: column.name_vi for column in form.columns}
        for index, column in enumerate(form.columns):
            sheet.write_comment(_HEADER_ROW, len(_LABELS) + index, _hint(column, names), {"x_scale": 2, "y_scale": 1.6})

    def _write_rows(self, prefill: Mapping[tuple[str, str], Filled]) -> None:
        sheet, form = self._sheet, self._form
        centre = self._style(border=1, align="center")
        code = self._style(border=1, align="center", num_format="@")
        name = self._style(border=1, text_wrap=True, indent=1)
        number_format = "#,##0" if all(column.count for column in form.columns) else "#,##0.##########"
        entry = self._style(
            border=1, num_format=number_format, bg_color=f"#{INPUT_COLOUR}", locked=False, align="right", indent=1
        )
        free = self._style(border=1, text_wrap=True, bg_color=f"#{INPUT_COLOUR}", locked=False, num_format="@")
        for number, row in enumerate(form.rows, 1):
            index = _FIRST_ROW + number - 1
            sheet.write_number(index, 0, number, centre)
            sheet.write_string(index, 1, row.org_unit, code)
            sheet.write_string(index, 2, row.name_vi, name)
            sheet.write_string(index, 3, form.stamp.time_period, code)
            for place, column in enumerate(form.columns, len(_LABELS)):
                _write_entry(sheet, index, place, prefill.get((row.org_unit, column.measure)), entry)
            if form.has_explanation:
                sheet.write_blank(index, self._last, None, free)

    def _write_signatures(self, row: int) -> None:
        """Only in the columns of names and explanations: the reader takes no other text for a figure."""
        title = self._style(bold=True, align="center")
        small = self._style(italic=True, align="center", font_size=10)
        free = self._style(align="center", locked=False)
        right = self._last if self._form.has_explanation else 0
        for column, vi, en in ((2, "NGƯỜI LẬP BIỂU", "Prepared by"), (right, "THỦ TRƯỞNG ĐƠN VỊ", "Head of the unit")):
            self._sheet.write_string(row + 1, column, vi, title)
            self._sheet.write_string(row + 2, column, en, small)
            self._sheet.write_blank(row + 5, column, None, free)
        self._sheet.write_string(row, right, _ROMAN_DATE, self._style(italic=True, align="center", locked=False))
        self._sheet.write_string(row, 2, "Số văn bản: ……………………", self._style(italic=True, align="center", locked=False))

    def _validate(self) -> None:
        last = _FIRST_ROW + len(self._form.rows) - 1
        places = {column.code: len(_LABELS) + index for index, column in enumerate(self._form.columns)}
        for column in self._form.columns:
            place = places[column.code]
            self._sheet.data_validation(_FIRST_ROW, place, last, place, _validation(column, places))

    def _set_page(self) -> None:
        sheet = self._sheet
        sheet.freeze_panes(_FIRST_ROW, 3)
        sheet.repeat_rows(_HEADER_ROW, _CODE_ROW)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
        sheet.set_footer("&L&8" + self._form.stamp.form + "&C&8Trang &P/&N&R&8" + self._form.stamp.agency)
        sheet.protect(
            "",
            {
                "format_columns": True,
                "format_rows": True,
                "sort": True,
                "autofilter": True,
                "select_locked_cells": True,
            },
        )


def _write_entry(sheet: Worksheet, row: int, column: int, value: Filled | None, style: Format) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, float(value), style)


def _hint(column: FormColumn, names: Mapping[str, str]) -> str:
    lines = [column.note_vi or column.name_vi, f"Đơn vị tính: {column.unit_vi}."]
    if column.not_above:
        lines.append("Không lớn hơn cột: " + "; ".join(names[code] for code in column.not_above) + ".")
    return "\n".join(lines)


def _validation(column: FormColumn, places: Mapping[str, int]) -> dict[str, object]:
    """Excel's own check of one column: a number within bounds, or one of the agreed marks."""
    cell = f"{column_letters(places[column.code] + 1)}{_FIRST_ROW + 1}"
    tests = [f"ISNUMBER({cell})"]
    wanted = "số"
    if column.minimum is not None:
        tests.append(f"{cell}>={column.minimum}")
        wanted = f"số không nhỏ hơn {column.minimum}"
    for other in column.not_above:
        above = f"{column_letters(places[other] + 1)}{_FIRST_ROW + 1}"
        tests.append(f"OR(NOT(ISNUMBER({above})),{cell}<={above})")
        wanted += f", không lớn hơn cột {other}"
    marks = f"OR({','.join(f'{cell}={mark}' for mark in _NOTHING_OCCURRED.split(','))})"
    return {
        "validate": "custom",
        "value": f"=OR({marks},IFERROR(AND({','.join(tests)}),FALSE))",
        "ignore_blank": True,
        "error_title": "Số liệu chưa hợp lệ",
        "error_message": f"Đề nghị nhập {wanted}; không phát sinh ghi “-”, chưa thu thập được ghi “…”."[:255],
        "error_type": "stop",
    }
