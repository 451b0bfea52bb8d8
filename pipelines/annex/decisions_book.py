"""The list of decisions as a workbook: written for a person to fill in, and read back at the next run."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from indicator_specs.annex.questions import Decision
from indicator_specs.annex.words import composed
from pipelines.annex.workbook import AnnexWorkbook

SHEET, WRITTEN = "Quyết định", "Tệp đã lập"
COLUMNS = (
    ("Mức · Kind", 16),
    ("Mã, id", 22),
    ("Trường · Field", 30),
    ("Quyết định · Decision", 30),
    ("Lựa chọn · Choices", 40),
    ("Tạm lấy · Taken", 26),
    ("Trong phụ lục · Found", 44),
    ("Ô · Cell", 18),
    ("Lý do · Reason", 52),
    ("Tệp · File", 44),
)
NEEDED, TO_CONFIRM, DECIDED = "Cần quyết định", "Cần xác nhận", "Đã quyết định"
_FIXED = datetime(2020, 1, 1)  # noqa: DTZ001 - a property of the file; equal lists must make equal bytes
_SUBJECT, _FIELD, _ANSWER = 1, 2, 3


def read_answers(path: Path) -> dict[tuple[str, str], str]:
    """What a person filled in, by subject and field; nothing where there is no such file yet.

    Raises:
        AnnexError: the workbook must not or cannot be opened.
    """
    if not path.is_file():
        return {}
    grid = AnnexWorkbook(path, SHEET).grids[0]
    rows = ([grid.text(row, column + 1) for column in range(len(COLUMNS))] for row in range(2, grid.last[0] + 1))
    return {(line[_SUBJECT], line[_FIELD]): composed(line[_ANSWER]) for line in rows if line[_ANSWER].strip()}


def read_written(path: Path) -> dict[str, str]:
    """Which files the last run wrote, each with the mark of its text: a file that still bears it is nobody else's.

    Raises:
        AnnexError: the workbook must not or cannot be opened.
    """
    if not path.is_file():
        return {}
    grid = AnnexWorkbook(path, WRITTEN).grids[0]
    return {grid.text(row, 1): grid.text(row, 2) for row in range(2, grid.last[0] + 1)}


def write_decisions(
    path: Path,
    asked: Sequence[Decision],
    answers: Mapping[tuple[str, str], str],
    files: Mapping[str, str],
    written: Mapping[str, str],
) -> None:
    """Write what is to be decided, what is to be confirmed, what has been decided, and the marks of the files.

    Equal lists make equal bytes.
    """
    book = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _FIXED})
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    to_fill = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "bg_color": "#FFF9DB"})
    for column, (title, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for row, line in enumerate(_lines(asked, answers, files), start=1):
        for column, text in enumerate(line):
            sheet.write_string(row, column, text[:32_000], to_fill if column == _ANSWER else cell)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(1, len(asked) + len(answers)), len(COLUMNS) - 1)
    marks = book.add_worksheet(WRITTEN)
    marks.set_column(0, 1, 60)
    for row, line in enumerate([("Tệp · File", "Dấu · Mark"), *sorted(written.items())]):
        for column, text in enumerate(line):
            marks.write_string(row, column, text, head if row == 0 else cell)
    book.close()


def _lines(
    asked: Sequence[Decision], answers: Mapping[tuple[str, str], str], files: Mapping[str, str]
) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = [
        (
            NEEDED if each.is_needed else TO_CONFIRM,
            each.subject,
            each.field,
            "",
            "; ".join(each.choices),
            each.taken,
            each.found,
            each.place,
            each.reason,
            files.get(each.subject, ""),
        )
        for each in sorted(asked, key=lambda each: not each.is_needed)
    ]
    open_again = {(each.subject, each.field) for each in asked}
    decided = [
        (DECIDED, subject, name, answer, "", "", "", "", "", files.get(subject, ""))
        for (subject, name), answer in sorted(answers.items())
        if (subject, name) not in open_again
    ]
    return lines + decided
