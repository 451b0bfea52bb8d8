"""Hands the officer's own workbook back with every finding at its cell.

Owns the marks: red for what is returned, amber for a warning, a comment that says what was found, what is
expected and how to mend it, and a first sheet that lists everything. Keeps formulas, formats, validation,
protection and the stamp, so that the same file can be corrected and dropped again; marks of an earlier answer
are taken away first.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from connectors.workbook.container import Caps
from connectors.workbook.converted import as_workbook
from connectors.workbook.kinds import kind_of
from connectors.workbook.layout import INPUT_COLOUR, RESULT_SHEET, normal
from connectors.workbook.prescan import prescan
from connectors.workbook.result_sheet import add_result_sheet, plain
from connectors.workbook.steady import make_steady
from indicator_specs.findings import Finding, Severity

AUTHOR = "Chiso"
"""Author of our comments: how marks of an earlier answer are known."""

RED, AMBER = "FFFFC7CE", "FFFFEB9C"
_FILLS = {Severity.ERROR: RED, Severity.WARNING: AMBER}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_CELL = re.compile(r"(?P<cell>[A-Z]{1,3}[1-9]\d{0,6})|(?P<row>[1-9]\d{0,6}):\d+")
_LONGEST_COMMENT = 2_000


def annotate(original: Path, findings: Sequence[Finding], summary: Sequence[str], out: Path) -> None:
    """Write ``original`` with its findings marked to ``out``; errors first, then in the order given.

    Args:
        original: Our copy of the file.
        findings: All findings of the file; those without a cell are listed on the first sheet only.
        summary: Lines for the head of the first sheet: receipt number, what was taken, what next.
        out: Where to write, not durably; the caller puts it in place.

    Raises:
        FileRefusedError: the original is none that may be opened.
        OSError: a file cannot be read or written.
    """
    book = _opened(original)
    _take_marks_away(book)
    ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
    for place, at_place in _by_place(ordered).items():
        cell = _cell(book, place)
        if cell is not None:
            _mark(cell, at_place)
    add_result_sheet(book, ordered, summary)
    book.calculation.fullCalcOnLoad = True
    book.save(out)
    book.close()
    make_steady(out)


def asked(original: Path, findings: Sequence[Finding], summary: Sequence[str], out: Path) -> dict[str, Any]:
    """The same request as plain values, for a child process."""
    return {
        "original": str(original),
        "out": str(out),
        "summary": list(summary),
        "findings": [asdict(finding) for finding in findings],
    }


def annotate_as_asked(request: Mapping[str, Any]) -> bool:
    """``annotate`` from plain values.

    Raises:
        FileRefusedError: the original is none that may be opened.
    """
    findings = [Finding(**{**item, "severity": Severity(item["severity"])}) for item in request["findings"]]
    annotate(Path(request["original"]), findings, request["summary"], Path(request["out"]))
    return True


def _opened(original: Path) -> Workbook:
    """The officer's own workbook; a file of another kind is turned into one."""
    if kind_of(original, Caps()) != "xlsx":
        return as_workbook(original)
    prescan(original)
    return load_workbook(original, keep_links=False)


def _take_marks_away(book: Workbook) -> None:
    if RESULT_SHEET in book.sheetnames:
        book.remove(book[RESULT_SHEET])
    for sheet in book.worksheets:
        # Only cells that are there: one formatted cell far away makes iter_rows walk through billions.
        for cell in sheet._cells.values():
            if isinstance(cell, Cell) and cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                if cell.fill.fgColor.rgb in (RED, AMBER):
                    cell.fill = PatternFill() if cell.protection.locked else _solid("FF" + INPUT_COLOUR)


def _by_place(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    places: dict[str, list[Finding]] = {}
    for finding in findings:
        places.setdefault(finding.place, []).append(finding)
    return places


def _cell(book: Workbook, place: str) -> Cell | None:
    """The cell of ``Số liệu!E12``, the first of row ``Số liệu!12:12``; None for any other place."""
    name, _, address = place.rpartition("!")
    match = _CELL.fullmatch(address)
    sheet = next((sheet for sheet in book.worksheets if normal(sheet.title) == normal(name)), None)
    if match is None or sheet is None:
        return None
    return _anchor(sheet, match["cell"] or f"A{match['row']}")


def _anchor(sheet: Worksheet, address: str) -> Cell | None:
    """The cell itself, or the first of the merged range that hides it."""
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        merged = next(block for block in sheet.merged_cells.ranges if address in block)
        cell = sheet.cell(merged.min_row, merged.min_col)
    return cell if isinstance(cell, Cell) else None


def _mark(cell: Cell, findings: Sequence[Finding]) -> None:
    """Colour by the gravest finding, and one comment with all of them; the officer's own comment is kept."""
    colour = _FILLS.get(findings[0].severity)
    if colour:
        cell.fill = _solid(colour)
    theirs = cell.comment.text if cell.comment is not None else ""
    text = "\n\n".join(_told(finding) for finding in findings)
    if theirs:
        text = f"{text}\n\n———\n{theirs}"
    comment = Comment(plain(text)[:_LONGEST_COMMENT], AUTHOR)
    comment.width, comment.height = 380, min(90 + 18 * (len(text) // 48 + text.count("\n")), 480)
    cell.comment = comment


def _told(finding: Finding) -> str:
    lines = [f"[{finding.rule}]"]
    if finding.found:
        lines.append(f"Đã nhập: {finding.found}")
    if finding.expected:
        lines.append(f"Yêu cầu: {finding.expected}")
    return "\n".join([*lines, finding.message_vi, finding.message_en])


def _solid(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)
