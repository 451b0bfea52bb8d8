"""A streaming look at every part of a workbook before any spreadsheet reader sees it.

Owns what the fast readers cannot tell or do not survive: cells far outside the table (one value in
``XFD1048576`` makes them ask for half a terabyte and abort), DTDs and entities, formulas that were never
calculated (read as empty by every reader), error values, per cent formats, hidden rows. Memory use does not
grow with the size of a sheet; expat refuses what it does not like.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from connectors.workbook.container import Caps, open_container
from connectors.workbook.refusals import FileRefusedError

_CHUNK = 1 << 16
_PERCENT_FORMATS = {9, 10}
"""Built-in number formats ``0%`` and ``0.00%`` (ECMA-376, 18.8.30)."""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
CELL_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
"""Letters of the column, number of the row."""


@dataclass
class SheetScan:
    """One sheet as it stands: addresses such as ``E12`` and what is remarkable there."""

    name: str
    is_hidden: bool = False
    uncalculated: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    percents: set[str] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)


@dataclass
class Scan:
    """A workbook that may be opened."""

    sheets: list[SheetScan]
    has_links: bool


def column_letters(number: int) -> str:
    """1 → ``A``, 27 → ``AA``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def prescan(path: Path, caps: Caps | None = None) -> Scan:
    """Look through a workbook part by part.

    Raises:
        FileRefusedError: the file must not be opened; the rule says why.
        OSError: the file cannot be read.
    """
    limits = caps or Caps()
    with open_container(path, limits) as container:
        try:
            return _scan(container, limits)
        except expat.ExpatError as reason:
            raise FileRefusedError("E-FILE-CORRUPT", found=str(reason)) from reason
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as reason:
            raise FileRefusedError("E-FILE-TRUNCATED", found=str(reason)) from reason


def _scan(container: zipfile.ZipFile, caps: Caps) -> Scan:
    names = {name.lower(): name for name in container.namelist()}
    book = _Book()
    _stream(container, names["xl/workbook.xml"], book.start)
    targets = _Targets()
    _stream(container, _part(names, "xl/_rels/workbook.xml.rels"), targets.start)
    styles = _Styles()
    if "xl/styles.xml" in names:
        _stream(container, names["xl/styles.xml"], styles.start)
    parts = {_part(names, targets.paths.get(rel, "")): sheet for rel, sheet in book.sheets.items()}
    budget = _Budget(caps.cells)
    for lower, name in names.items():
        if name in parts:
            watcher = _Cells(parts[name], styles.percents, caps, budget)
            _stream(container, name, watcher.start, watcher.end, watcher.text)
        elif lower.endswith((".xml", ".rels", ".vml")):
            _stream(container, name, _ignore)
    return Scan(list(book.sheets.values()), any(name.startswith("xl/externallinks/") for name in names))


def _part(names: dict[str, str], path: str) -> str:
    """The true name of a part; a sheet under an unusual name would escape the scan."""
    name = names.get(path.lower())
    if name is None or not path.lower().endswith((".xml", ".rels")):
        raise FileRefusedError("E-FILE-CORRUPT", path)
    return name


def _ignore(_tag: str, _attributes: dict[str, str]) -> None:
    """Parts that are only checked to be safe XML."""


def _refuse(*_declaration: object) -> NoReturn:
    raise FileRefusedError("E-SEC-XML")


def _stream(
    container: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Feed one part to expat in pieces; declarations of entities and document types end it."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    with container.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


class _Book:
    """``xl/workbook.xml``: sheets by relationship id."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetScan] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            rel = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets[rel] = SheetScan(attributes.get("name", ""), hidden)


class _Targets:
    """``xl/_rels/workbook.xml.rels``: paths by relationship id."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            self.paths[attributes.get("Id", "")] = path


class _Styles:
    """``xl/styles.xml``: which cell formats show per cents."""

    def __init__(self) -> None:
        self.percents: set[int] = set()
        self._formats = set(_PERCENT_FORMATS)
        self._is_cell_format = False
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "numFmt" and "%" in attributes.get("formatCode", ""):
            self._formats.add(_integer(attributes.get("numFmtId")))
        elif local in {"cellStyleXfs", "cellXfs", "cellStyles"}:
            self._is_cell_format = local == "cellXfs"
        elif local == "xf" and self._is_cell_format:
            if _integer(attributes.get("numFmtId")) in self._formats:
                self.percents.add(self._count)
            self._count += 1


@dataclass
class _Budget:
    cells: int


class _Cells:
    """One sheet part: follows rows and cells, keeps only what is remarkable."""

    def __init__(self, sheet: SheetScan, percents: set[int], caps: Caps, budget: _Budget) -> None:
        self._sheet = sheet
        self._percents = percents
        self._caps = caps
        self._budget = budget
        self._row = 0
        self._column = 0
        self._kind = ""
        self._style = 0
        self._has_formula = False
        self._inside = ""
        self._value: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "c":
            self._begin_cell(attributes)
        elif local in {"v", "is"}:
            self._inside = local
            self._check_distance()
        elif local == "f":
            self._has_formula = True
            self._check_distance()
        elif local == "row":
            self._row = _integer(attributes.get("r")) or self._row + 1
            self._column = 0
            if attributes.get("hidden") in {"1", "true"} and self._row <= self._caps.last_row:
                self._sheet.hidden_rows.add(self._row)

    def text(self, content: str) -> None:
        if self._inside == "v" and len(self._value) < 8:
            self._value.append(content[:64])

    def end(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if local in {"v", "is"}:
            self._inside = ""
        elif local == "c":
            self._end_cell()

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._budget.cells -= 1
        if self._budget.cells < 0:
            raise FileRefusedError("E-FILE-TOO-BIG", self._sheet.name, f"> {self._caps.cells} ô")
        match = CELL_ADDRESS.fullmatch(attributes.get("r", "").upper())
        if match:
            self._column, self._row = column_number(match[1]), int(match[2])
        elif "r" in attributes:
            raise FileRefusedError("E-FILE-CORRUPT", self._sheet.name, attributes["r"][:20])
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        self._style = _integer(attributes.get("s"))
        self._has_formula = False
        self._value.clear()

    def _end_cell(self) -> None:
        value = "".join(self._value).strip()
        if self._has_formula and not value and self._kind != "str":
            # A text formula may well give an empty text; a number formula always gives something.
            self._sheet.uncalculated.add(self._address())
        if self._kind == "e":
            self._sheet.errors[self._address()] = value
        elif self._kind == "n" and value and self._style in self._percents:
            self._sheet.percents.add(self._address())

    def _check_distance(self) -> None:
        if self._row > self._caps.last_row or self._column > self._caps.last_column:
            raise FileRefusedError("E-FILE-FAR-CELL", f"{self._sheet.name}!{self._address()}")

    def _address(self) -> str:
        return f"{column_letters(self._column)}{self._row}"


def _integer(text: str | None) -> int:
    return int(text) if text and len(text) <= 9 and text.isascii() and text.isdecimal() else 0
