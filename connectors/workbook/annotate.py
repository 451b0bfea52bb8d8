"""Hands the officer's own workbook back with every finding at its cell.

Owns the marks: red for what is returned, amber for a warning, a comment that says what was found, what is
expected and how to mend it, and a first sheet that lists everything. Whatever else the file holds is handed on as
it came, so that the same file can be corrected and dropped again; marks of an earlier answer are taken away first.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from connectors.workbook.container import Caps
from connectors.workbook.converted import as_workbook
from connectors.workbook.kinds import kind_of
from connectors.workbook.layout import RESULT_SHEET
from connectors.workbook.marking.book import Book
from connectors.workbook.marking.comments import Said
from connectors.workbook.marking.earlier import take_results_out
from connectors.workbook.marking.parts import Parts
from connectors.workbook.marking.sheet import MarkedSheet
from connectors.workbook.marking.styles import AMBER, RED, CellStyles
from connectors.workbook.marking.words import AUTHOR, above, below_ours, rule_told
from connectors.workbook.prescan import prescan
from connectors.workbook.result_sheet import plain, result_sheet
from indicator_specs.findings import Finding, Severity

_FILLS = {Severity.ERROR: RED, Severity.WARNING: AMBER}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_CELL = re.compile(r"(?P<cell>[A-Z]{1,3}[1-9]\d{0,6})|(?P<row>[1-9]\d{0,6}):\d+")
_SIGNS = (AUTHOR.encode(), b">[")
"""A part of comments that has neither our name nor a text that begins like ours is not read."""

_TERMS = "{http://purl.org/dc/terms/}"


def annotate(
    original: Path, findings: Sequence[Finding], summary: Sequence[str], out: Path, *, was_read: bool = False
) -> str:
    """Write ``original`` with its findings marked to ``out``; errors first, then in the order given.

    Args:
        original: Our copy of the file.
        findings: All findings of the file; those without a cell are listed on the first sheet only.
        summary: Lines for the head of the first sheet: receipt number, what was taken, what next.
        out: Where to write, not durably; the caller puts it in place.
        was_read: These bytes have been looked through and read to their end before; else they are looked through now.

    Returns:
        Why the whole book had to be written anew; empty where it was marked in place, which is to be expected of every
        workbook that Excel, LibreOffice or WPS has saved.

    Raises:
        FileRefusedError: the original is none that may be opened.
        OSError: a file cannot be read or written.
    """
    ordered, why = sorted(findings, key=lambda finding: _ORDER.index(finding.severity)), ""
    if kind_of(original, Caps()) != "xlsx":
        marked = _marked(_parts_of(as_workbook(original)), ordered, summary)
    else:
        if not was_read:
            prescan(original)
        try:
            marked = _marked(Parts(original), ordered, summary)
        except Exception as reason:
            # Unusual, or at odds with the standard in a way that nobody thought of: written anew by a library that
            # knows more dialects; what it does not know is lost. What it cannot read either is its error to tell.
            why = f"{type(reason).__name__}: {reason}"
            marked = _marked(_parts_of(load_workbook(original, keep_links=False)), ordered, summary)
    marked.save(out)
    return why


def asked(
    original: Path, findings: Sequence[Finding], summary: Sequence[str], out: Path, *, was_read: bool = False
) -> dict[str, Any]:
    """The same request as plain values, for a child process."""
    return {
        "original": str(original),
        "out": str(out),
        "summary": list(summary),
        "findings": [asdict(finding) for finding in findings],
        "was_read": was_read,
    }


def annotate_as_asked(request: Mapping[str, Any]) -> str:
    """``annotate`` from plain values, and what it returns.

    Raises:
        FileRefusedError: the original is none that may be opened.
    """
    findings = [Finding(**{**item, "severity": Severity(item["severity"])}) for item in request["findings"]]
    original, out = Path(request["original"]), Path(request["out"])
    return annotate(original, findings, request["summary"], out, was_read=request["was_read"])


def _parts_of(book: Workbook) -> Parts:
    """A workbook of openpyxl as parts, without the time at which it was written."""
    saved = BytesIO()
    book.save(saved)
    book.close()
    parts = Parts(saved)
    for said in parts.tree("docProps/core.xml").iterchildren(f"{_TERMS}created", f"{_TERMS}modified"):
        said.text = "2000-01-01T00:00:00Z"
    return parts


def _marked(parts: Parts, findings: Sequence[Finding], summary: Sequence[str]) -> Parts:
    book = Book(parts)
    styles = CellStyles(book.styles)
    listed = take_results_out(parts, book)
    open_for_marks = _Sheets(parts, book, styles)
    open_for_marks.take_marks_away(listed)
    at_cells: dict[tuple[MarkedSheet, str], list[Finding]] = {}
    for finding in findings:
        cell = open_for_marks.cell(finding.place)
        if cell:
            at_cells.setdefault(cell, []).append(finding)
    for (sheet, at), at_cell in at_cells.items():
        _mark(sheet, at, at_cell)
    book.put_first(RESULT_SHEET, result_sheet(findings, summary, styles))
    book.calculate_when_opened()
    return parts


class _Sheets:
    """Sheets of one book, opened when a mark is to be put on them or taken away."""

    def __init__(self, parts: Parts, book: Book, styles: CellStyles) -> None:
        self._parts, self._book, self._styles = parts, book, styles
        self._open: dict[str, MarkedSheet] = {}
        self._by_name: dict[str, MarkedSheet | None] = {}

    def cell(self, place: str) -> tuple[MarkedSheet, str] | None:
        """The cell that shows what is said of a place; None where it is no cell, nor a row, of a sheet of the book."""
        name, _, at = place.rpartition("!")
        match = _CELL.fullmatch(at)
        sheet = self._named(name) if match else None
        return (sheet, sheet.anchor(match["cell"] or f"A{match['row']}")) if match and sheet else None

    def take_marks_away(self, listed: Set[str]) -> None:
        """Take our comments off every sheet, and our ground from under them; ``listed`` is what we said before."""
        for part in self._book.sheets():
            for comments in self._parts.targets(part, "comments"):
                if any(self._parts.mentions(comments, sign) for sign in _SIGNS):
                    _clear(self._opened(part), listed)

    def _named(self, name: str) -> MarkedSheet | None:
        if name not in self._by_name:
            part = self._book.part_of(name)
            self._by_name[name] = None if part is None else self._opened(part)
        return self._by_name[name]

    def _opened(self, part: str) -> MarkedSheet:
        if part not in self._open:
            self._open[part] = MarkedSheet(self._parts, part, self._styles)
        return self._open[part]


def _clear(sheet: MarkedSheet, listed: Set[str]) -> None:
    """Take our marks off a sheet: by their author, or by their form where a program has left authors out."""
    for at, said in sheet.comments.all().items():
        rule = rule_told(said.text)
        if said.author == AUTHOR or (rule and (rule in listed or sheet.is_marked(at))):
            sheet.unmark(at)
            theirs = below_ours(said, listed)
            if theirs is None:
                sheet.comments.remove(at)
            else:
                _say(sheet, at, theirs)


def _mark(sheet: MarkedSheet, at: str, findings: Sequence[Finding]) -> None:
    """Colour by the gravest finding, and one comment with all of them; the officer's own comment is kept."""
    colour = _FILLS.get(findings[0].severity)
    if colour:
        sheet.mark(at, colour)
    ours = plain("\n\n".join(_told(finding) for finding in findings))
    _say(sheet, at, above(ours, sheet.comments.at(at)))


def _say(sheet: MarkedSheet, at: str, said: Said) -> None:
    """Comment on a cell in a box that shows the text, or as much of it as a screen has room for."""
    height = min(90 + 18 * (len(said.text) // 48 + said.text.count("\n")), 480)
    sheet.comments.put(at, said, 380, height)


def _told(finding: Finding) -> str:
    lines = [f"[{finding.rule}]"]
    if finding.found:
        lines.append(f"Đã nhập: {finding.found}")
    if finding.expected:
        lines.append(f"Yêu cầu: {finding.expected}")
    return "\n".join([*lines, finding.message_vi, finding.message_en])
