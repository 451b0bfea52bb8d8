"""CSV, the second format of a form: its bytes to rows of text, with what had to be found out on the way.

Encoding and delimiter are told by evidence, never by default; two readings that are equally good are refused, both
shown. Rows are those of the file: a text with line breaks inside is one row.
"""

import csv
import io
import unicodedata
from dataclasses import dataclass

from connectors.vietnamese.syllables import share_of_syllables
from connectors.workbook.container import Caps
from connectors.workbook.layout import HEADER_WITHIN, ORG_UNIT, TIME_PERIOD, code_of, normal
from connectors.workbook.refusals import FileRefusedError

STATED_ROWS = "so_dong"
"""First cell of the header row that states how many rows of figures follow."""

DELIMITERS = {";": "dấu chấm phẩy", "\t": "dấu tab", ",": "dấu phẩy"}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_EIGHT_BIT = ("cp1258", "cp1252")
_LEAST_SURE = 0.6
"""Share of well spelt words below which an 8-bit reading is not believed (it may still be TCVN3 or VNI)."""


@dataclass(frozen=True)
class Delimited:
    """Rows as text. ``told`` says how they were read; ``is_cut`` that the last line has no end."""

    rows: list[list[str]]
    told: str
    is_cut: bool


def read_delimited(content: bytes, caps: Caps) -> Delimited:
    """Read a CSV file of a form.

    Raises:
        FileRefusedError: encoding, delimiter or quotes cannot be told, rows are cut, or there are too many cells.
    """
    text, encoding = _decoded(content)
    if "\0" in text:
        raise FileRefusedError("E-CSV-ENCODING", found=encoding)
    readings = {delimiter: _parsed(text, delimiter) for delimiter in DELIMITERS}
    fitting = [mark for mark, rows in readings.items() if not isinstance(rows, str) and _header(rows) is not None]
    if len(fitting) != 1:
        broken = next((rows for rows in readings.values() if isinstance(rows, str)), "")
        if broken and not fitting:
            raise FileRefusedError("E-CSV-QUOTE", found=broken)
        raise FileRefusedError("E-CSV-DELIMITER", found=" | ".join(_preview(text, mark) for mark in DELIMITERS))
    rows = readings[fitting[0]]
    assert not isinstance(rows, str)  # noqa: S101 - it was fitting
    _check_size(rows, caps)
    is_cut = not text.endswith(("\n", "\r"))
    return Delimited(_whole(rows, is_cut), f"{encoding}; {DELIMITERS[fitting[0]]}", is_cut)


def _decoded(content: bytes) -> tuple[str, str]:
    """Text and encoding: marks and strict forms first, spelling only for 8-bit code pages."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], name), f"{name.upper()} (BOM)"
    wide = _wide(content)
    if wide:
        return _strictly(content, wide), wide.upper()
    try:
        return content.decode("utf-8"), "ASCII" if content.isascii() else "UTF-8"
    except UnicodeDecodeError:
        return _eight_bit(content)


def _strictly(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as reason:
        code = "E-FILE-TRUNCATED" if reason.end >= len(content) else "E-CSV-ENCODING"
        raise FileRefusedError(code, found=name.upper()) from reason


def _wide(content: bytes) -> str:
    """UTF-16 without its mark: ASCII signs have every other byte zero."""
    head = content[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 8 and min(even, odd) == 0:
        return "utf-16-be" if even else "utf-16-le"
    return ""


def _eight_bit(content: bytes) -> tuple[str, str]:
    """Windows-1258 or Windows-1252, by which of them is Vietnamese; TCVN3 and VNI are letters of the latter."""
    scored = []
    for name in _EIGHT_BIT:
        try:
            text = unicodedata.normalize("NFC", content.decode(name))
        except UnicodeDecodeError:
            continue
        scored.append((share_of_syllables(text), name, text))
    if not scored:
        # Bytes that neither code page has: TCVN3 uses 0xAD and its neighbours freely.
        return content.decode("latin-1"), "8 bit"
    scored.sort(key=lambda each: -each[0])
    best, *others = scored
    equal = [text for score, _, text in others if score == best[0] and text != best[2]]
    if equal and best[0] >= _LEAST_SURE:
        both = " | ".join(_differing(best[2], equal[0]))
        raise FileRefusedError("E-CSV-ENCODING", found=both)
    if best[0] < _LEAST_SURE:
        return content.decode("cp1252", "replace"), "8 bit"
    return best[2], f"{best[1]} ({best[0]:.0%})"


def _differing(one: str, other: str) -> tuple[str, str]:
    """The first line in which two readings differ."""
    pairs = zip(one.splitlines(), other.splitlines(), strict=False)
    return next(((left[:60], right[:60]) for left, right in pairs if left != right), (one[:60], other[:60]))


def _parsed(text: str, delimiter: str) -> list[list[str]] | str:
    """Rows, or the line in which a quotation that never ends began."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    began = 1
    try:
        for row in reader:
            rows.append(row)
            began = reader.line_num + 1
    except csv.Error:
        return f"dòng {began}"
    return rows


def _header(rows: list[list[str]]) -> int | None:
    """The row of column codes."""
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        if {ORG_UNIT, TIME_PERIOD} <= {code_of(cell) for cell in row}:
            return index
    return None


def _preview(text: str, delimiter: str) -> str:
    name = DELIMITERS[delimiter]
    line = next((line for line in text.splitlines() if delimiter in line), "")
    return f"{name}: {line.count(delimiter) + 1 if line else 0} cột"


def _check_size(rows: list[list[str]], caps: Caps) -> None:
    if len(rows) > caps.last_row or sum(map(len, rows)) > caps.cells:
        raise FileRefusedError("E-FILE-TOO-BIG", found=f"{len(rows)} dòng > {caps.last_row}")


def _whole(rows: list[list[str]], is_cut: bool) -> list[list[str]]:
    """The rows, once every row of figures is as long as the row of codes and as many as are stated."""
    header = _header(rows)
    assert header is not None  # noqa: S101 - the delimiter was chosen by it
    width = len(rows[header])
    figures = [(number, row) for number, row in enumerate(rows[header + 1 :], header + 2) if any(map(str.strip, row))]
    stated = next((row[1].strip() for row in rows[:header] if len(row) > 1 and code_of(row[0]) == STATED_ROWS), "")
    if stated.isdecimal() and int(stated) != len(figures):
        raise FileRefusedError("E-CSV-ROWS", found=f"{len(figures)} ≠ {stated}")
    for number, row in figures:
        is_last = number == figures[-1][0]
        if is_last and is_cut and len(row) < width:
            raise FileRefusedError("E-FILE-TRUNCATED", f"dòng {number}", normal(" ".join(row))[:60])
        if len(row) != width:
            raise FileRefusedError("E-CSV-WIDTH", f"dòng {number}", f"{len(row)} ≠ {width}")
    return rows
