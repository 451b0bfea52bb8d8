"""Hands the officer's own workbook back with every finding at its cell.

Owns the marks: red for what is returned, amber for a warning, a comment that says what was found, what is
expected and how to mend it, and a first sheet that lists everything. Whatever else the file holds is handed on as
it came, so that the same file can be corrected and dropped again; marks of an earlier answer are taken away first.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
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
from connectors.workbook.marking.parts import Parts, UnusualError
from connectors.workbook.marking.sheet import MarkedSheet
from connectors.workbook.marking.styles import AMBER, RED, CellStyles
from connectors.workbook.prescan import prescan
from connectors.workbook.result_sheet import plain, result_sheet
from indicator_specs.findings import Finding, Severity

AUTHOR = "Chiso"
"""Author of our comments: how marks of an earlier answer are known."""

_FILLS = {Severity.ERROR: RED, Severity.WARNING: AMBER}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_CELL = re.compile(r"(?P<cell>[A-Z]{1,3}[1-9]\d{0,6})|(?P<row>[1-9]\d{0,6}):\d+")
_LONGEST_COMMENT = 2_000
_TERMS = "{http://purl.org/dc/terms/}"


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
    ordered = sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
    if kind_of(original, Caps()) != "xlsx":
        marked = _marked(_parts_of(as_workbook(original)), ordered, summary)
    else:
        prescan(original)
        try:
            marked = _marked(Parts(original), ordered, summary)
        except UnusualError:
            # Written anew by a library that knows more dialects; what it does not know is lost.
            marked = _marked(_parts_of(load_workbook(original, keep_links=False)), ordered, summary)
    marked.save(out)


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
    book.take_out(RESULT_SHEET)
    open_for_marks = _Sheets(parts, book, styles)
    open_for_marks.take_marks_away()
    for place, at_place in _by_place(findings).items():
        name, _, at = place.rpartition("!")
        match = _CELL.fullmatch(at)
        sheet = open_for_marks.named(name) if match else None
        if match and sheet:
            _mark(sheet, sheet.anchor(match["cell"] or f"A{match['row']}"), at_place)
    book.put_first(RESULT_SHEET, result_sheet(findings, summary, styles))
    book.calculate_when_opened()
    return parts


class _Sheets:
    """Sheets of one book, opened when a mark is to be put on them or taken away."""

    def __init__(self, parts: Parts, book: Book, styles: CellStyles) -> None:
        self._parts, self._book, self._styles = parts, book, styles
        self._open: dict[str, MarkedSheet] = {}

    def named(self, name: str) -> MarkedSheet | None:
        """A sheet by its name; None where the book has none of that name."""
        part = self._book.part_of(name)
        return None if part is None else self._opened(part)

    def take_marks_away(self) -> None:
        """Take our comments off every sheet, and our ground from under them."""
        for part in self._book.sheets():
            for comments in self._parts.targets(part, "comments"):
                if self._parts.mentions(comments, AUTHOR.encode()):
                    sheet = self._opened(part)
                    for at in sheet.comments.of_author(AUTHOR):
                        sheet.comments.remove(at)
                        sheet.unmark(at)

    def _opened(self, part: str) -> MarkedSheet:
        if part not in self._open:
            self._open[part] = MarkedSheet(self._parts, part, self._styles)
        return self._open[part]


def _by_place(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    places: dict[str, list[Finding]] = {}
    for finding in findings:
        places.setdefault(finding.place, []).append(finding)
    return places


def _mark(sheet: MarkedSheet, at: str, findings: Sequence[Finding]) -> None:
    """Colour by the gravest finding, and one comment with all of them; the officer's own comment is kept."""
    colour = _FILLS.get(findings[0].severity)
    if colour:
        sheet.mark(at, colour)
    theirs = sheet.comments.text_at(at)
    text = "\n\n".join(_told(finding) for finding in findings)
    if theirs:
        text = f"{text}\n\n———\n{theirs}"
    height = min(90 + 18 * (len(text) // 48 + text.count("\n")), 480)
    sheet.comments.put(at, AUTHOR, plain(text)[:_LONGEST_COMMENT], 380, height)


def _told(finding: Finding) -> str:
    lines = [f"[{finding.rule}]"]
    if finding.found:
        lines.append(f"Đã nhập: {finding.found}")
    if finding.expected:
        lines.append(f"Yêu cầu: {finding.expected}")
    return "\n".join([*lines, finding.message_vi, finding.message_en])
