"""A look through the records of an Excel 97-2003 workbook ([MS-XLS]) before its fast reader sees it.

Owns what that reader cannot tell: macros and embedded objects, passwords, per cent formats, fonts of old
encodings, hidden rows and columns, error values.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from connectors.workbook.compound import CompoundFile
from connectors.workbook.container import Caps
from connectors.workbook.refusals import FileRefusedError
from connectors.workbook.scan import Budget, Scan, SheetScan, address, is_legacy_font

_FORMULA, _EOF, _FILEPASS, _FONT = 0x06, 0x0A, 0x2F, 0x31
_COLINFO, _BOUNDSHEET, _MULRK, _MULBLANK, _XF = 0x7D, 0x85, 0xBD, 0xBE, 0xE0
_SUPBOOK, _ROW, _BOF, _FORMAT = 0x1AE, 0x208, 0x809, 0x41E
_LABEL, _LABELSST, _NUMBER, _BOOLERR, _RK, _RSTRING = 0x204, 0xFD, 0x203, 0x205, 0x27E, 0xD6
_ONE_CELL = {_FORMULA, _NUMBER, _LABEL, _LABELSST, _BOOLERR, _RK, _RSTRING}
_TEXTS = {_LABEL, _LABELSST, _RSTRING}
_WORKSHEET, _MACRO_SHEETS = 0, {1, 6}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_PERCENT_FORMATS = {9, 10}
_LIVE_STORAGES = ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA", "Macros", "ObjectPool")


def prescan_xls(path: Path, caps: Caps) -> Scan:
    """Look through an .xls.

    Raises:
        FileRefusedError: the file must not be opened; the rule says why.
        OSError: the file cannot be read.
    """
    file = CompoundFile(path.read_bytes())
    live = [name for name in sorted(file.names) if name in _LIVE_STORAGES or name.startswith("MBD")]
    if live:
        raise FileRefusedError("E-FILE-MACRO", live[0])
    if "Workbook" not in file.names:
        kind = "Word (.doc)" if "WordDocument" in file.names else "OLE"
        raise FileRefusedError("E-FILE-TYPE", found="Excel 5.0/95 (.xls)" if "Book" in file.names else kind)
    try:
        return _Records(file.stream("Workbook"), caps).scan()
    except (struct.error, IndexError) as reason:
        raise FileRefusedError("E-FILE-CORRUPT", found="BIFF") from reason


class _Records:
    """Follows the records of the workbook stream: first what holds for all sheets, then each sheet."""

    def __init__(self, content: bytes, caps: Caps) -> None:
        self._content = content
        self._budget = Budget(caps)
        self._sheets: list[tuple[int, SheetScan]] = []
        self._links: list[str] = []
        self._fonts: list[str] = []
        self._percent_formats = set(_PERCENT_FORMATS)
        self._styles: list[tuple[int, int]] = []

    def scan(self) -> Scan:
        """Everything that is remarkable."""
        for kind, body in _records(self._content, 0):
            self._book_record(kind, body)
        for start, sheet in self._sheets:
            for kind, body in _records(self._content, start):
                self._sheet_record(sheet, kind, body)
        return Scan("xls", [sheet for _, sheet in self._sheets], self._links)

    def _book_record(self, kind: int, body: bytes) -> None:
        if kind == _FILEPASS:
            raise FileRefusedError("E-FILE-ENCRYPTED")
        if kind == _BOUNDSHEET:
            self._begin_sheet(body)
        elif kind == _FONT:
            self._fonts.append(_short_text(body, 14))
        elif kind == _FORMAT and "%" in _long_text(body, 2):
            self._percent_formats.add(struct.unpack_from("<H", body)[0])
        elif kind == _XF:
            font, shown = struct.unpack_from("<HH", body)
            self._styles.append((font, shown))
        elif kind == _SUPBOOK and len(body) > 8:
            link = _long_text(body, 2).replace("\x01", "").replace("\x03", "/")
            self._links += [link] if link.isprintable() else []

    def _begin_sheet(self, body: bytes) -> None:
        start, state, kind = struct.unpack_from("<IBB", body)
        if kind in _MACRO_SHEETS:
            raise FileRefusedError("E-FILE-MACRO", _short_text(body, 6))
        if kind == _WORKSHEET:
            self._sheets.append((start, SheetScan(_short_text(body, 6), bool(state & 3))))

    def _sheet_record(self, sheet: SheetScan, kind: int, body: bytes) -> None:
        if kind in _ONE_CELL:
            row, column, style = struct.unpack_from("<HHH", body)
            self._cell(sheet, row + 1, column + 1, style, is_text=kind in _TEXTS)
            error = _error(kind, body)
            if error:
                sheet.errors[address(row + 1, column + 1)] = error
        elif kind == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            for number in range((len(body) - 6) // 6):
                (style,) = struct.unpack_from("<H", body, 4 + 6 * number)
                self._cell(sheet, row + 1, first + number + 1, style, is_text=False)
        elif kind == _ROW:
            (row,) = struct.unpack_from("<H", body)
            if body[12] & 0x20 and row < self._budget.caps.last_row:
                sheet.hidden_rows.add(row + 1)
        elif kind == _COLINFO:
            first, last = struct.unpack_from("<HH", body)
            if body[8] & 1:
                sheet.hidden_columns.update(range(first + 1, min(last + 1, self._budget.caps.last_column) + 1))

    def _cell(self, sheet: SheetScan, row: int, column: int, style: int, *, is_text: bool) -> None:
        self._budget.spend(sheet.name)
        self._budget.check_distance(sheet.name, row, column)
        sheet.has_values = True
        font, shown = self._styles[style] if style < len(self._styles) else (0, 0)
        if is_text:
            # Fonts are numbered without a fourth one.
            name = self._fonts[font - (font > 4)] if font - (font > 4) < len(self._fonts) else ""
            if is_legacy_font(name):
                sheet.fonts[address(row, column)] = name
        elif shown in self._percent_formats:
            sheet.percents.add(address(row, column))


def _records(content: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Records from ``start`` to the end of that substream."""
    depth = 0
    while start + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, start)
        body = content[start + 4 : start + 4 + size]
        if len(body) < size:
            raise FileRefusedError("E-FILE-TRUNCATED", found="BIFF")
        yield kind, body
        depth += (kind == _BOF) - (kind == _EOF)
        if kind == _EOF and depth <= 0:
            return
        start += 4 + size
    raise FileRefusedError("E-FILE-TRUNCATED", found="BIFF")


def _error(kind: int, body: bytes) -> str:
    if kind == _BOOLERR and body[7]:
        return _ERRORS.get(body[6], "#ERR")
    if kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return _ERRORS.get(body[8], "#ERR")
    return ""


def _short_text(body: bytes, at: int) -> str:
    """A text with its length in one byte."""
    return _text(body, at + 1, body[at])


def _long_text(body: bytes, at: int) -> str:
    """A text with its length in two bytes."""
    return _text(body, at + 2, struct.unpack_from("<H", body, at)[0])


def _text(body: bytes, at: int, length: int) -> str:
    if body[at] & 1:
        return body[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
    return body[at + 1 : at + 1 + length].decode("latin-1")
