"""What a first look at a file tells, whatever its kind: sheets, and which of their cells are remarkable.

Only the shape, and the addresses of cells; the looks themselves stand in the ``prescan`` modules.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from connectors.workbook.container import Caps
from connectors.workbook.refusals import FileRefusedError

Kind = Literal["xlsx", "xls", "ods", "csv"]
"""Kinds of files that are read, told by their content."""

CELL_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
"""Letters of the column, number of the row."""

_LEGACY_FONT = re.compile(r"\.?vn|vni-", re.IGNORECASE)


@dataclass
class SheetScan:
    """One sheet as it stands: addresses such as ``E12`` and what is remarkable there.

    ``fonts`` has the cells whose font is made for an old encoding (``.VnTime``, ``VNI-Times``).
    """

    name: str
    is_hidden: bool = False
    has_values: bool = False
    uncalculated: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    percents: set[str] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    fonts: dict[str, str] = field(default_factory=dict)


@dataclass
class Scan:
    """A file that may be opened. ``links`` are the files that it refers to; they are never followed."""

    kind: Kind
    sheets: list[SheetScan]
    links: list[str] = field(default_factory=list)


@dataclass
class Budget:
    """What is left of a file's allowance of cells, and how far out they may stand."""

    caps: Caps
    cells: int = 0

    def __post_init__(self) -> None:
        self.cells = self.caps.cells

    def spend(self, sheet: str, cells: int = 1) -> None:
        """Count cells.

        Raises:
            FileRefusedError: there are too many.
        """
        self.cells -= cells
        if self.cells < 0:
            raise FileRefusedError("E-FILE-TOO-BIG", sheet, f"> {self.caps.cells} ô")

    def check_distance(self, sheet: str, row: int, column: int) -> None:
        """Refuse a value far outside any table; a format alone does no harm there.

        Raises:
            FileRefusedError: it stands beyond the last row or column that is read.
        """
        if row > self.caps.last_row or column > self.caps.last_column:
            raise FileRefusedError("E-FILE-FAR-CELL", f"{sheet}!{address(row, column)}")


@lru_cache(maxsize=1024)
def column_letters(number: int) -> str:
    """1 → ``A``, 27 → ``AA``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """Row 12, column 5 → ``E12``; both from 1."""
    return f"{column_letters(column)}{row}"


def is_legacy_font(name: str) -> bool:
    """Whether a font shows Vietnamese only in an old encoding: the ``.Vn`` (TCVN3) and ``VNI-`` families."""
    return _LEGACY_FONT.match(name) is not None
