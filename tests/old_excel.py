"""Workbooks of Excel 97-2003 and OpenDocument, made by hand: no library here writes them."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Grid = Sequence[Sequence[object]]
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_xls(
    path: Path,
    sheets: Mapping[str, Grid],
    *,
    font: str = "Arial",
    hidden: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    streams: Mapping[str, bytes] | None = None,
    before: bytes = b"",
) -> Path:
    """An .xls with texts in ``font``; ``streams`` adds others beside the workbook, ``before`` records to its head."""
    return write_compound(path, {"Workbook": _workbook(sheets, font, hidden, hidden_rows, before), **(streams or {})})


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def _workbook(
    sheets: Mapping[str, Grid], font: str, hidden: Sequence[str], hidden_rows: Sequence[int], before: bytes
) -> bytes:
    fonts = b"".join(_record(0x31, _font(name)) for name in ("Arial", "Arial", "Arial", "Arial", font))
    styles = b"".join(
        _record(0xE0, struct.pack("<HH16x", number, shown)) for number, shown in ((0, 0), (5, 0), (0, 10))
    )
    head = _bof(5) + _record(0x42, struct.pack("<H", 1200)) + fonts + styles + before
    bodies = [_sheet(grid, hidden_rows) for grid in sheets.values()]
    names = [name.encode("utf-16-le") for name in sheets]
    start = len(head) + sum(4 + 8 + len(name) for name in names) + 4
    bounds = b""
    for name, raw, body in zip(sheets, names, bodies, strict=True):
        state = 1 if name in hidden else 0
        bounds += _record(0x85, struct.pack("<IBBBB", start, state, 0, len(raw) // 2, 1) + raw)
        start += len(body)
    return head + bounds + _record(0x0A) + b"".join(bodies)


def _font(name: str) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + struct.pack("<BB", len(raw) // 2, 1) + raw


def _sheet(grid: Grid, hidden_rows: Sequence[int]) -> bytes:
    width = max((len(row) for row in grid), default=0)
    body = _bof(0x10) + _record(0x200, struct.pack("<IIHHH", 0, len(grid), 0, width, 0))
    body += b"".join(_record(0x208, struct.pack("<HHHHHHI", row - 1, 0, width, 255, 0, 0, 0x20)) for row in hidden_rows)
    for row, cells in enumerate(grid):
        for column, value in enumerate(cells):
            body += _cell(row, column, value)
    return body + _record(0x0A)


def _cell(row: int, column: int, value: object) -> bytes:
    if value is None or value == "":
        return b""
    if isinstance(value, str) and value.startswith("#"):
        return _record(0x205, struct.pack("<HHHBB", row, column, 0, 0x17, 1))
    if isinstance(value, str):
        raw = value.encode("utf-16-le")
        return _record(0x204, struct.pack("<HHHHB", row, column, 1, len(raw) // 2, 1) + raw)
    return _record(0x203, struct.pack("<HHHd", row, column, 0, float(str(value))))


def write_compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """A compound file; every stream is long enough to need no small sectors."""
    sectors: list[bytes] = []
    table: list[int] = []

    def place(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[at : at + 512].ljust(512, b"\0") for at in range(0, len(content), 512)] or [bytes(512)]
        sectors.extend(pieces)
        table.extend([*range(first + 1, first + len(pieces)), _END])
        return first

    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for number, (name, content) in enumerate(streams.items(), 1):
        padded = content.ljust(4096, b"\0")
        right = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, place(padded), len(padded), right=right))
    directory = place(b"".join(entries))
    n_tables = -(-(len(sectors) + 1) // 127)
    tables = [len(sectors) + number for number in range(n_tables)]
    table += [_FAT] * n_tables
    table += [_FREE] * (-len(table) % 128)
    sectors += [struct.pack("<128I", *table[at : at + 128]) for at in range(0, len(table), 128)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<7I", 0, n_tables, directory, 0, 4096, _END, 0)[:28] + struct.pack("<II", _END, 0)
    head += struct.pack("<109I", *tables, *[_FREE] * (109 - n_tables))
    path.write_bytes(head[:512].ljust(512, b"\0") + b"".join(sectors))
    return path


def _entry(name: str, kind: int, start: int, size: int, right: int = _FREE, child: int = _FREE) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    body = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, _FREE, right, child)
    return body.ljust(116, b"\0") + struct.pack("<III", start, size, 0)


_ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def write_ods(
    path: Path,
    sheets: Mapping[str, Grid],
    *,
    hidden: Sequence[str] = (),
    cells: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
) -> Path:
    """An .ods; ``cells`` replaces cells (``"E14"``) by raw XML, ``extra`` adds parts."""
    tables = "".join(_ods_table(name, grid, name in hidden, cells or {}) for name, grid in sheets.items())
    styles = (
        '<office:automatic-styles><style:style style:name="ta0" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS}>{styles}<office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", kind)
        book.writestr("META-INF/manifest.xml", manifest)
        book.writestr("content.xml", content)
        for name, text in (extra or {}).items():
            book.writestr(name, text)
    return path


def _ods_table(name: str, grid: Grid, is_hidden: bool, replaced: Mapping[str, str]) -> str:
    rows = []
    for row, cells in enumerate(grid, 1):
        told = (replaced.get(f"{chr(65 + column)}{row}") or _ods_cell(value) for column, value in enumerate(cells))
        rows.append(f"<table:table-row>{''.join(told)}</table:table-row>")
    style = ' table:style-name="ta0"' if is_hidden else ""
    return f'<table:table table:name="{escape(name)}"{style}>{"".join(rows)}</table:table>'


def _ods_cell(value: object) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    shown = f"<text:p>{value}</text:p>"
    return f'<table:table-cell office:value-type="float" office:value="{value}">{shown}</table:table-cell>'
