"""Opens a file of any kind that is read: looked through first, then handed to its reader, always as grids of cells.

Runs inside the throw-away child. What is remarkable about the file as a whole is told in ``remarks``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from connectors.vietnamese.legacy import NAMES, read_text, usual_encoding
from connectors.workbook.cells import Grid
from connectors.workbook.container import Caps
from connectors.workbook.delimited import read_delimited
from connectors.workbook.kinds import kind_of
from connectors.workbook.layout import DATA_SHEET
from connectors.workbook.prescan import prescan
from connectors.workbook.prescan_ods import prescan_ods
from connectors.workbook.prescan_xls import prescan_xls
from connectors.workbook.refusals import FileRefusedError, Remark
from connectors.workbook.scan import Scan, SheetScan, address

_MOST_LISTED = 30


@dataclass
class OpenBook:
    """A file that has been looked through. Grids begin at ``A1``; text is Unicode, whatever it was written in."""

    scan: Scan
    remarks: list[Remark] = field(default_factory=list)
    _book: CalamineWorkbook | None = None
    _rows: list[list[str]] = field(default_factory=list)
    _ready: dict[str, Grid] = field(default_factory=dict)

    def grid(self, sheet: SheetScan) -> Grid:
        """The cells of a sheet; what was converted is told once."""
        if sheet.name not in self._ready:
            self._ready[sheet.name] = self._in_unicode(sheet, self._raw(sheet))
        return self._ready[sheet.name]

    def merged(self, sheet: SheetScan) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Merged ranges, as first and last cell (row, column), from 0; none where the format does not tell."""
        if self._book is None:
            return []
        return self._book.get_sheet_by_name(sheet.name).merged_cell_ranges or []

    def sheet(self, name: str) -> SheetScan | None:
        """The scan of one sheet."""
        return next((sheet for sheet in self.scan.sheets if sheet.name == name), None)

    def _raw(self, sheet: SheetScan) -> Grid:
        if self._book is None:
            return [list(row) for row in self._rows]
        grid: Grid = self._book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        return grid

    def _in_unicode(self, sheet: SheetScan, grid: Grid) -> Grid:
        """Texts of before Unicode in Unicode. Two equally good readings are left as they are, and told."""
        texts = [cell for row in grid for cell in row if isinstance(cell, str) and not cell.isascii()]
        usual = usual_encoding(texts)
        converted: dict[str, list[str]] = {}
        for row, cells in enumerate(grid, 1):
            for column, cell in enumerate(cells, 1):
                if not isinstance(cell, str) or cell.isascii():
                    continue
                here = address(row, column)
                reading = read_text(cell, sheet.fonts.get(here, ""), usual)
                if reading.other:
                    found = f"“{reading.text}” ({NAMES[reading.encoding]}) | “{reading.other}”"
                    self.remarks.append(
                        Remark(code="E-TEXT-AMBIGUOUS", place=f"{sheet.name}!{here}", found=found[:200])
                    )
                elif reading.encoding != "unicode":
                    cells[column - 1] = reading.text
                    said = f"{here}: {_short(cell)} → {_short(reading.text)}"
                    converted.setdefault(NAMES[reading.encoding], []).append(said)
        for encoding, cells_told in converted.items():
            more = f"; … ({len(cells_told)} ô)" if len(cells_told) > _MOST_LISTED else ""
            found = f"{encoding}: {'; '.join(cells_told[:_MOST_LISTED])}{more}"
            self.remarks.append(Remark(code="I-TEXT-CONVERTED", place=sheet.name, found=found))
        return grid


@contextmanager
def open_book(path: Path, caps: Caps | None = None) -> Iterator[OpenBook]:
    """Look through a file and open it.

    Raises:
        FileRefusedError: the file must not be opened, or cannot be read.
        OSError: the file cannot be read.
    """
    limits = caps or Caps()
    kind = kind_of(path, limits)
    if kind == "csv":
        yield _open_csv(path, limits)
        return
    looks = {"xlsx": prescan, "xls": prescan_xls, "ods": prescan_ods}
    scan = looks[kind](path, limits)
    links = [Remark(code="W-FILE-LINK", place="", found="; ".join(scan.links))] if scan.links else []
    try:
        # From the bytes: by the path, the reader would believe the extension.
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            yield OpenBook(scan, links, book)
    except PasswordError as reason:
        raise FileRefusedError("E-FILE-ENCRYPTED") from reason
    except CalamineError as reason:
        raise FileRefusedError("E-FILE-CORRUPT", found=str(reason)[:200]) from reason


def _open_csv(path: Path, caps: Caps) -> OpenBook:
    read = read_delimited(path.read_bytes(), caps)
    remarks = [Remark(code="I-CSV-READ", place="", found=read.told)]
    if read.is_cut:
        remarks.append(Remark(code="W-CSV-END", place="", found=""))
    sheet = SheetScan(DATA_SHEET, has_values=True)
    return OpenBook(Scan("csv", [sheet]), remarks, None, read.rows)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
