"""A streaming look at every part of an .xlsx before any spreadsheet reader sees it.

Owns what the fast readers cannot tell or do not survive: cells far outside the table (one value in
``XFD1048576`` makes them ask for half a terabyte and abort), DTDs and entities, formulas that were never
calculated (read as empty by every reader), error values, per cent formats, hidden rows, fonts of old encodings.
Memory use does not grow with the size of a sheet; expat refuses what it does not like.
"""

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from connectors.workbook.container import Caps, open_container
from connectors.workbook.kinds import kind_of
from connectors.workbook.parts import Book, Styles, Targets, integer, is_true, local
from connectors.workbook.refusals import FileRefusedError
from connectors.workbook.scan import CELL_ADDRESS, Budget, Scan, SheetScan, address, column_number

_CHUNK = 1 << 16
_MOST_LINKS = 20
_LIVE = {"ddeLink", "oleLink"}
"""Links that would start another program: refused as macros are."""


def prescan(path: Path, caps: Caps | None = None) -> Scan:
    """Look through a workbook part by part.

    Raises:
        FileRefusedError: the file must not be opened, or is no .xlsx; the rule says why.
        OSError: the file cannot be read.
    """
    limits = caps or Caps()
    kind = kind_of(path, limits)
    if kind != "xlsx":
        raise FileRefusedError("E-FILE-TYPE", found=kind.upper())
    return scan_container(path, limits, _scan)


def scan_container(path: Path, caps: Caps, scan: Callable[[zipfile.ZipFile, Caps], Scan]) -> Scan:
    """Run a look through a zip; what it breaks on becomes a refusal.

    Raises:
        FileRefusedError: the container or a part is damaged, or the look refuses it.
        OSError: the file cannot be read.
    """
    with open_container(path, caps) as container:
        try:
            return scan(container, caps)
        except expat.ExpatError as reason:
            raise FileRefusedError("E-FILE-CORRUPT", found=str(reason)) from reason
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as reason:
            raise FileRefusedError("E-FILE-TRUNCATED", found=str(reason)) from reason


def _scan(container: zipfile.ZipFile, caps: Caps) -> Scan:
    names = {name.lower(): name for name in container.namelist()}
    book = Book()
    stream(container, names["xl/workbook.xml"], book.start)
    targets = Targets()
    stream(container, _part(names, "xl/_rels/workbook.xml.rels"), targets.start)
    styles = Styles()
    if "xl/styles.xml" in names:
        stream(container, names["xl/styles.xml"], styles.start)
    parts = {_part(names, targets.paths.get(rel, "")): sheet for rel, sheet in book.sheets.items()}
    budget = Budget(caps)
    links = Targets()
    for lower, name in names.items():
        if name in parts:
            watcher = _Cells(parts[name], styles, budget)
            stream(container, name, watcher.start, watcher.end, watcher.text)
        elif lower.startswith("xl/externallinks/_rels/"):
            stream(container, name, links.start)
        elif lower.endswith((".xml", ".rels", ".vml")):
            stream(container, name, _refuse_live_links)
    outside = links.outside or [name for name in names if name.startswith(("xl/externallinks/", "xl/connections.xml"))]
    return Scan("xlsx", list(book.sheets.values()), outside[:_MOST_LINKS])


def _part(names: dict[str, str], path: str) -> str:
    """The true name of a part; a sheet under an unusual name would escape the scan."""
    name = names.get(path.lower())
    if name is None or not path.lower().endswith((".xml", ".rels")):
        raise FileRefusedError("E-FILE-CORRUPT", path)
    return name


def _refuse_live_links(tag: str, attributes: dict[str, str]) -> None:
    """Other parts are only checked to be safe."""
    if local(tag) in _LIVE:
        raise FileRefusedError("E-FILE-MACRO", found=f"{local(tag)} {attributes.get('ddeService', '')}".strip())


def _refuse(*_declaration: object) -> NoReturn:
    raise FileRefusedError("E-SEC-XML")


def stream(
    container: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Feed one part to expat in pieces; declarations of entities and document types end it.

    Raises:
        FileRefusedError: the part declares a document type or an entity, or a handler refuses it.
        ExpatError: the part is no XML.
    """
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
    with container.open(name) as content:
        while chunk := content.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


class _Cells:
    """One sheet part: follows rows and cells, keeps only what is remarkable.

    Runs for every element of every file, so a tag without a prefix is told by its own text, and an address is made only
    of what is kept.
    """

    def __init__(self, sheet: SheetScan, styles: Styles, budget: Budget) -> None:
        self._sheet = sheet
        self._percents, self._legacy = styles.percents, styles.legacy
        self._budget = budget
        self._row = 0
        self._column = 0
        self._kind = ""
        self._style = 0
        self._has_formula = False
        self._inside = ""
        self._value: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag) if ":" in tag else tag
        if name == "c":
            self._begin_cell(attributes)
        elif name in {"v", "is"}:
            self._inside = name
            self._sheet.has_values = True
            self._budget.check_distance(self._sheet.name, self._row, self._column)
        elif name == "f":
            self._has_formula = True
            self._budget.check_distance(self._sheet.name, self._row, self._column)
        elif name == "row":
            self._begin_row(attributes)
        elif name == "col" and is_true(attributes.get("hidden")):
            last = min(integer(attributes.get("max")), self._budget.caps.last_column)
            self._sheet.hidden_columns.update(range(integer(attributes.get("min")), last + 1))

    def text(self, content: str) -> None:
        if self._inside == "v" and len(self._value) < 8:
            self._value.append(content[:64])

    def end(self, tag: str) -> None:
        name = local(tag) if ":" in tag else tag
        if name == "c":
            self._end_cell()
        elif name in {"v", "is"}:
            self._inside = ""

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row = integer(attributes.get("r")) or self._row + 1
        self._column = 0
        if is_true(attributes.get("hidden")) and self._row <= self._budget.caps.last_row:
            self._sheet.hidden_rows.add(self._row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._budget.spend(self._sheet.name)
        at = attributes.get("r")
        if at is None:
            self._column += 1
        elif match := CELL_ADDRESS.fullmatch(at.upper()):
            self._column, self._row = column_number(match[1]), int(match[2])
        else:
            raise FileRefusedError("E-FILE-CORRUPT", self._sheet.name, at[:20])
        self._kind = attributes.get("t", "n")
        self._style = integer(attributes.get("s"))
        self._has_formula = False
        if self._value:
            self._value = []

    def _end_cell(self) -> None:
        kind = self._kind
        if kind == "s" and not self._has_formula and self._style not in self._legacy:
            return
        value = "".join(self._value).strip()
        if self._has_formula and not value and kind != "str":
            # A text formula may well give an empty text; a number formula always gives something.
            self._sheet.uncalculated.add(self._here)
        if kind == "e":
            self._sheet.errors[self._here] = value
        elif kind == "n" and value and self._style in self._percents:
            self._sheet.percents.add(self._here)
        elif kind != "n" and self._style in self._legacy:
            self._sheet.fonts[self._here] = self._legacy[self._style]

    @property
    def _here(self) -> str:
        return address(self._row, self._column)
