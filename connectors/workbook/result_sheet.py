"""The first sheet of a workbook that is handed back: all findings in one list, each with a link to its cell.

Everything an agency typed is shown as text: a value that begins with ``=`` never becomes a formula here.
"""

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from connectors.workbook.layout import RESULT_TITLE
from connectors.workbook.marking.parts import MAIN, Tree, parsed
from connectors.workbook.marking.styles import AMBER, RED, CellStyles
from connectors.workbook.scan import address
from indicator_specs.findings import Finding, Severity

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
    Severity.ERROR: ("Cần hoàn thiện", RED),
    Severity.WARNING: ("Cảnh báo", AMBER),
    Severity.INFO: ("Ghi nhận", "FFDDEBF7"),
}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SIDES = ("left", "right", "top", "bottom")
_EDGES = "".join(f'<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>' for side in _SIDES)
_BORDER = f"<border>{_EDGES}<diagonal/></border>"
_LINK = '<u/><sz val="11"/><color rgb="FF0563C1"/>'
_SIZE = '<sz val="11"/>'


def plain(text: str) -> str:
    """Text that a cell or a comment may hold: nothing that XML cannot carry, at most what Excel takes."""
    return _NO_XML.sub("\ufffd", text)[:32_000]


def result_sheet(findings: Sequence[Finding], summary: Sequence[str], styles: CellStyles) -> Tree:
    """The sheet; what it needs of formats is added to those of the book."""
    sheet = _ResultSheet(styles)
    head = len(summary) + 3
    sheet.write_summary(summary)
    sheet.write_heads(head)
    for number, finding in enumerate(findings, 1):
        sheet.write_finding(head + number, number, finding)
    return parsed("".join(sheet.xml(head)).encode())


class _ResultSheet:
    """Rows and links as they are written, top down."""

    def __init__(self, styles: CellStyles) -> None:
        self._styles = styles
        self._rows: list[str] = []
        self._links: list[str] = []

    def write_summary(self, summary: Sequence[str]) -> None:
        lines = [RESULT_TITLE, *summary]
        for row, line in enumerate(lines, 1):
            self._write_row(row, [(line, self._format('<b/><sz val="14"/>' if row == 1 else _SIZE))])

    def write_heads(self, row: int) -> None:
        centred = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
        style = self._format(f"<b/>{_SIZE}", self._styles.fill("FFDCE6F1"), centred)
        self._write_row(row, [(title, style) for title, _ in _HEADS])

    def write_finding(self, row: int, number: int, finding: Finding) -> None:
        label, colour = _SEVERITY[finding.severity]
        sheet, _, cell = finding.place.rpartition("!")
        texts = (
            str(number),
            label,
            cell or finding.place or "Cả tệp",
            finding.org_unit,
            finding.found,
            finding.expected,
            finding.message_vi,
            finding.message_en,
            finding.rule,
        )
        left, centred = (f'<alignment {where}vertical="top" wrapText="1"/>' for where in ("", 'horizontal="center" '))
        styles = [self._format(_SIZE, 0, centred if column < 4 else left) for column in range(len(texts))]
        styles[1] = self._format(_SIZE, self._styles.fill(colour), centred)
        if sheet and cell:
            styles[2] = self._format(_LINK, 0, centred)
            location = f"'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}"
            self._links.append(f'<hyperlink ref="{address(row, 3)}" location={quoteattr(plain(location))}/>')
        height = 15.5 * max(_lines(text, width) for text, (_, width) in zip(texts, _HEADS, strict=True))
        self._write_row(row, list(zip(texts, styles, strict=True)), f' ht="{min(height, 409):g}" customHeight="1"')

    def xml(self, head: int) -> Iterator[str]:
        """The whole sheet, in the order of ECMA-376, 18.3.1.99."""
        yield f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        yield '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        yield f'<pane ySplit="{head}" topLeftCell="A{head + 1}" activePane="bottomLeft" state="frozen"/>'
        yield '<selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>'
        for column, (_, width) in enumerate(_HEADS, 1):
            yield f'<col min="{column}" max="{column}" width="{width}" customWidth="1"/>'
        yield "</cols><sheetData>"
        yield from self._rows
        yield '</sheetData><sheetProtection sheet="1"/>'
        if self._links:
            yield f"<hyperlinks>{''.join(self._links)}</hyperlinks>"
        yield '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        yield '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'

    def _write_row(self, row: int, cells: Sequence[tuple[str, tuple[int, int]]], attributes: str = "") -> None:
        written = (self._cell(address(row, column), *cell) for column, cell in enumerate(cells, 1))
        self._rows.append(f'<row r="{row}"{attributes}>{"".join(written)}</row>')

    def _cell(self, at: str, text: str, styles: tuple[int, int]) -> str:
        """A text, whatever it begins with; one that looks like a formula stays text when edited or exported too."""
        style = styles[text.startswith(_FORMULA_STARTS)]
        said = escape(plain(text), {"\r": "&#13;"})
        return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'

    def _format(self, font: str, fill: int = 0, alignment: str = "") -> tuple[int, int]:
        """Two formats: of text, and of text that looks like a formula. Framed where the text is aligned."""
        number = self._styles.add("fonts", f'<font>{font}<name val="Times New Roman"/><family val="1"/></font>')
        border = self._styles.add("borders", _BORDER) if alignment else 0
        about = f'numFmtId="0" fontId="{number}" fillId="{fill}" borderId="{border}" xfId="0" applyFont="1"'
        about += f' applyFill="{min(fill, 1)}" applyBorder="{min(border, 1)}" applyAlignment="1"'
        formats = (f"<xf {about}{quoted}>{alignment}</xf>" for quoted in ("", ' quotePrefix="1"'))
        plainly, quoted = (self._styles.add("cellXfs", xml) for xml in formats)
        return plainly, quoted


def _lines(text: str, width: float) -> int:
    """Lines that a wrapped text takes; no program makes the row high enough by itself."""
    return sum(1 + len(line) // max(int(width * 0.95), 1) for line in text.split("\n"))
