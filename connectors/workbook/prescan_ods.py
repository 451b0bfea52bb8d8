"""A streaming look at an OpenDocument spreadsheet, for what its fast reader cannot tell or would not survive.

Repeated cells and rows are counted before anything unrolls them: one element may stand for a billion cells.
"""

import zipfile
from pathlib import Path

from connectors.workbook.container import Caps
from connectors.workbook.parts import integer, local
from connectors.workbook.prescan import scan_container, stream
from connectors.workbook.refusals import FileRefusedError
from connectors.workbook.scan import Budget, Scan, SheetScan, address, is_legacy_font

_HIDDEN = {"collapse", "filter"}


def prescan_ods(path: Path, caps: Caps) -> Scan:
    """Look through an .ods.

    Raises:
        FileRefusedError: the file must not be opened; the rule says why.
        OSError: the file cannot be read.
    """
    return scan_container(path, caps, _scan)


def _scan(container: zipfile.ZipFile, caps: Caps) -> Scan:
    names = {name.lower(): name for name in container.namelist()}
    if "meta-inf/manifest.xml" in names:
        stream(container, names["meta-inf/manifest.xml"], _refuse_encrypted)
    content = _Content(Budget(caps))
    if "styles.xml" in names:
        stream(container, names["styles.xml"], content.start, content.end)
    stream(container, names["content.xml"], content.start, content.end, content.text)
    for lower, name in names.items():
        if lower.endswith(".xml") and lower not in {"content.xml", "styles.xml", "meta-inf/manifest.xml"}:
            stream(container, name, lambda *_: None)
    return Scan("ods", content.sheets, content.links)


def _refuse_encrypted(tag: str, _attributes: dict[str, str]) -> None:
    if local(tag) == "encryption-data":
        raise FileRefusedError("E-FILE-ENCRYPTED")


class _Content:
    """Follows styles, tables, rows and cells."""

    def __init__(self, budget: Budget) -> None:
        self.sheets: list[SheetScan] = []
        self.links: list[str] = []
        self._budget = budget
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._fonts: dict[str, str] = {}
        self._row = self._column = 0
        self._repeated_rows = self._repeated_columns = 1
        self._columns_seen = 0
        self._error_at = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take up one element."""
        found = {local(key): value for key, value in attributes.items()}
        match tag:
            case "style:style":
                self._style = found.get("name", "")
            case "style:table-properties" if found.get("display") == "false":
                self._hidden_styles.add(self._style)
            case "style:text-properties":
                font = found.get("font-name") or found.get("font-family", "").strip("'")
                if is_legacy_font(font):
                    self._fonts[self._style] = font
            case "table:table":
                hidden = found.get("style-name") in self._hidden_styles
                self.sheets.append(SheetScan(found.get("name", ""), hidden))
                self._row = self._columns_seen = 0
            case "table:table-source":
                self.links.append(found.get("href", ""))
            case "table:dde-link" | "office:dde-source" | "script:event-listener":
                raise FileRefusedError("E-FILE-MACRO", found=tag)
            case "table:table-column":
                self._begin_column(found)
            case "table:table-row":
                self._begin_row(found)
            case "table:table-cell" | "table:covered-table-cell":
                self._cell(found, attributes.get("office:value-type"), attributes.get("calcext:value-type") == "error")

    def text(self, content: str) -> None:
        """Take up the text of a cell in error."""
        if self._error_at:
            self.sheets[-1].errors[self._error_at] = content[:40]

    def end(self, tag: str) -> None:
        """Leave one element."""
        if tag == "table:table-row":
            self._row += self._repeated_rows - 1
        elif tag == "table:table-cell":
            self._error_at = ""

    def _begin_column(self, found: dict[str, str]) -> None:
        count = integer(found.get("number-columns-repeated")) or 1
        if found.get("visibility") in _HIDDEN:
            last = min(self._columns_seen + count, self._budget.caps.last_column)
            self.sheets[-1].hidden_columns.update(range(self._columns_seen + 1, last + 1))
        self._columns_seen += count

    def _begin_row(self, found: dict[str, str]) -> None:
        self._row += 1
        self._column = 0
        self._repeated_rows = integer(found.get("number-rows-repeated")) or 1
        if found.get("visibility") in _HIDDEN:
            last = min(self._row + self._repeated_rows - 1, self._budget.caps.last_row)
            self.sheets[-1].hidden_rows.update(range(self._row, last + 1))

    def _cell(self, found: dict[str, str], kind: str | None, is_error: bool) -> None:
        if not self.sheets:
            return
        sheet = self.sheets[-1]
        count = integer(found.get("number-columns-repeated")) or 1
        if kind or "formula" in found:
            last_row, last_column = self._row + self._repeated_rows - 1, self._column + count
            self._budget.check_distance(sheet.name, last_row, last_column)
            self._budget.spend(sheet.name, count * self._repeated_rows)
            sheet.has_values = True
            for column in range(self._column + 1, last_column + 1):
                self._remark(sheet, address(self._row, column), found, kind)
        else:
            self._budget.spend(sheet.name)
        self._column += count
        if is_error:
            self._error_at = address(self._row, self._column)
            sheet.errors[self._error_at] = "#ERR"

    def _remark(self, sheet: SheetScan, here: str, found: dict[str, str], kind: str | None) -> None:
        if "formula" in found and kind is None:
            sheet.uncalculated.add(here)
        elif kind == "percentage":
            sheet.percents.add(here)
        elif kind == "string" and found.get("style-name") in self._fonts:
            sheet.fonts[here] = self._fonts[found["style-name"]]
