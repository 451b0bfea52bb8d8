"""The rows of a stored file as text: CSV, Parquet, xlsx. Guesses nothing: what is cut or ragged is refused."""

import csv
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from python_calamine import CalamineWorkbook

from connectors.errors import InconsistentSourceError, PermanentSourceError, SourceError
from connectors.workbook.cells import Grid, read_at
from connectors.workbook.prescan import prescan
from connectors.workbook.refusals import FileRefusedError
from connectors.workbook.scan import column_letters
from indicator_specs.stored_sections import StoredFile


@dataclass(frozen=True)
class StoredRows:
    """``fields`` is text, one column per column of the file; ``numbers`` are the row numbers as a person counts them.

    CSV and Parquet count records from 1, a sheet its own rows. ``quoted`` says of each value whether it came as text.
    """

    fields: pl.DataFrame
    numbers: list[int]
    quoted: pl.DataFrame
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def types(self) -> dict[str, str]:
        """Columns with their types: those of Parquet as Polars names them; in the others everything is text."""
        return {name: self.typed.get(name, "text") for name in self.fields.columns}


def read(content: bytes, declared: StoredFile, place: str) -> StoredRows:
    """The rows of one file.

    Raises:
        InconsistentSourceError: the file ends in the middle.
        PermanentSourceError: it is not what was declared.
    """
    if not content:
        raise _refused("E-SRC-EMPTY", place, "tệp rỗng (0 byte)", "the file is empty (0 bytes)")
    reader = {"csv": _csv, "parquet": _parquet, "xlsx": _xlsx}[declared.format]
    return reader(content, declared, place)


def _csv(content: bytes, declared: StoredFile, place: str) -> StoredRows:
    try:
        text = content.decode("utf-8-sig" if declared.encoding == "utf-8" else declared.encoding)
    except UnicodeDecodeError as error:
        what = f"không phải {declared.encoding} ở byte {error.start}", f"not {declared.encoding} at byte {error.start}"
        raise _refused("E-SRC-SHAPE", place, *what) from None
    if declared.final_newline and not text.endswith("\n"):
        raise InconsistentSourceError(
            "E-SRC-TRUNCATED",
            place,
            "Tệp CSV kết thúc giữa dòng; nếu nơi ghi tệp luôn như vậy, khai final_newline: false.",
            "The CSV ends within a line; if its writer always does so, declare final_newline: false.",
        )
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=declared.delimiter, strict=True)
    rows = []
    try:
        rows = [(lines.line_num, row) for row in lines if row][declared.header_row - 1 :]
    except csv.Error as error:
        what = f"dòng {lines.line_num}: {error}", f"line {lines.line_num}: {error}"
        raise _refused("E-SRC-SHAPE", place, *what) from None
    header = rows[0][1] if rows else []
    for line, row in rows:
        if len(row) != len(header):
            vi = f"dòng {line} có {len(row)} cột, tiêu đề có {len(header)}"
            raise _refused("E-SRC-SHAPE", place, vi, f"line {line} has {len(row)} fields, the header {len(header)}")
    columns = [[row[at] if row[at] != "" else None for _, row in rows[1:]] for at in range(len(header))]
    fields = _frame(header, columns, place)
    return StoredRows(fields, list(range(1, fields.height + 1)), _flags(fields, set()))


def _parquet(content: bytes, _: StoredFile, place: str) -> StoredRows:
    try:
        table = pl.read_parquet(io.BytesIO(content))
        fields = table.select(pl.all().cast(pl.String))
    except pl.exceptions.PolarsError as error:
        first = str(error).splitlines()[0][:200]
        raise _refused(
            "E-SRC-SHAPE", place, f"Parquet không đọc được: {first}", f"unreadable Parquet: {first}"
        ) from None
    texts = {name for name, kind in table.schema.items() if kind == pl.String()}
    typed = {name: str(kind) for name, kind in table.schema.items()}
    return StoredRows(fields, list(range(1, fields.height + 1)), _flags(fields, texts), typed)


def _xlsx(content: bytes, declared: StoredFile, place: str) -> StoredRows:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        try:
            scans = prescan(path).sheets
        except FileRefusedError as error:
            raise _refused("E-SRC-SHAPE", place, str(error), str(error)) from None
        name = declared.sheet or scans[0].name
        scan = next((one for one in scans if one.name == name), None)
        if scan is None:
            raise _refused("E-SRC-SHAPE", place, f"không có trang tính {name}", f"there is no sheet {name}")
        with CalamineWorkbook.from_path(path) as book:
            grid: Grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    rows = grid[declared.header_row - 1 :]
    width = next((at for at, cell in enumerate(rows[0]) if cell == ""), len(rows[0])) if rows else 0
    header = [str(cell) for cell in rows[0][:width]] if rows else []
    numbers = [declared.header_row + n for n, row in enumerate(rows[1:], 1) if any(cell != "" for cell in row[:width])]
    columns: list[list[str | None]] = [[] for _ in header]
    quoted: list[list[bool]] = [[] for _ in header]
    for number in numbers:
        for at, cell in enumerate(grid[number - 1][:width]):
            address = f"{column_letters(at + 1)}{number}"
            text, reading = read_at(cell, address, scan, count=False)
            if reading.problem in {"formula_without_value", "cell_error"}:
                what = f"ô {name}!{address} có công thức chưa tính hoặc bị lỗi"
                raise _refused("E-SRC-SHAPE", place, what, f"{name}!{address} holds a formula without a value")
            columns[at].append(text)
            quoted[at].append(isinstance(cell, str) and text is not None)
    fields = _frame(header, columns, place)
    return StoredRows(fields, numbers, pl.DataFrame(dict(zip(header, quoted, strict=True))).cast(pl.Boolean))


def _frame(header: list[str], columns: list[list[str | None]], place: str) -> pl.DataFrame:
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice or not header:
        what = f"tiêu đề lặp lại: {', '.join(twice)}" if twice else "không có dòng tiêu đề"
        raise _refused("E-SRC-SHAPE", place, what, f"the header repeats {', '.join(twice)}" if twice else "no header")
    return pl.DataFrame(dict(zip(header, columns, strict=True)), schema=dict.fromkeys(header, pl.String()))


def _flags(fields: pl.DataFrame, texts: set[str]) -> pl.DataFrame:
    """CSV has no types: that a number stands there as text says nothing."""
    made = {name: pl.repeat(name in texts, fields.height, dtype=pl.Boolean, eager=True) for name in fields.columns}
    return pl.DataFrame(made)


def _refused(code: str, place: str, vi: str, en: str) -> SourceError:
    return PermanentSourceError(code, place, f"Không dùng được tệp: {vi}.", f"Unusable file: {en}.")
