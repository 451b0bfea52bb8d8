"""The shape of a line of the corpus, and the good form that its files are changed from."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from openpyxl import Workbook

from connectors.ledger import State
from expectations import HISTORY
from tests.forms import COLUMNS, communes, csv_form, prefill, xlsx
from tests.workbooks import copied, edited

PROVINCE, FIRST, FIRST_LINE = "P12", 14, 8
"""The province with fewest communes; where figures begin in the workbook and in the CSV."""
SHEET = "Số liệu"
TAKEN, PARTLY, RETURNED, HELD = State.ACCEPTED, State.PARTLY_ACCEPTED, State.RETURNED, State.QUARANTINED
Make = Callable[[Path], Path]
"""Makes the file in an empty folder."""


@dataclass(frozen=True)
class Line:
    """One bad file. ``rule``, ``cell``, ``words`` and ``found`` are of the finding that the officer must get.

    ``id`` is a line of the catalogue of bad input; several files may show one line. Without ``rule``, nothing is found.
    """

    id: str
    what: str
    make: Make
    state: State
    rule: str = ""
    cell: str = ""
    words: str = ""
    found: str = ""


@lru_cache(maxsize=1)
def _folder() -> TemporaryDirectory[str]:
    """Removed when the process ends."""
    return TemporaryDirectory(prefix="corpus-")


@lru_cache(maxsize=1)
def good_book() -> Path:
    """The form, filled without a mistake."""
    return xlsx(Path(_folder().name) / "good.xlsx", PROVINCE)


@lru_cache(maxsize=1)
def good_text() -> str:
    """The same as CSV, with plain line ends."""
    return csv_form(Path(_folder().name) / "good.csv", PROVINCE).read_text("utf-8-sig").replace("\r\n", "\n")


def book(change: Callable[[Workbook], None], name: str = "bao_cao.xlsx") -> Make:
    """The form after a change by hand."""
    return lambda folder: edited(copied(good_book(), folder / name), change)


def cells(name: str = "bao_cao.xlsx", **values: object) -> Make:
    """The form with other content in some cells."""

    def change(of: Workbook) -> None:
        for address, value in values.items():
            of[SHEET][address] = value

    return book(change, name)


def content(of: bytes, name: str = "bao_cao.xlsx") -> Make:
    """A file of these bytes."""

    def make(folder: Path) -> Path:
        (folder / name).write_bytes(of)
        return folder / name

    return make


def csv(change: Callable[[str], str], encoding: str = "utf-8") -> Make:
    """The CSV form after a change of its text."""

    def make(folder: Path) -> Path:
        (folder / "bao_cao.csv").write_bytes(change(good_text()).encode(encoding))
        return folder / "bao_cao.csv"

    return make


def typed(column: str, text: str) -> Make:
    """The CSV form with another text in the first figure of a column: a figure as it is typed."""
    place = 4 + COLUMNS.index(column)

    def change(whole: str) -> str:
        lines = whole.split("\n")
        fields = lines[FIRST_LINE - 1].split(";")
        fields[place] = text
        lines[FIRST_LINE - 1] = ";".join(fields)
        return "\n".join(lines)

    return csv(change)


def xlsx_past(period: str) -> Make:
    """The good form of another period."""
    return lambda folder: xlsx(folder / "bao_cao.xlsx", PROVINCE, period)


def past() -> pl.DataFrame:
    """Published figures of three earlier months: near those of the form, equal to none; columns of ``HISTORY``."""
    rows = [
        (measure, unit, f"2026-{month:02d}", "_T", "VPTW", Decimal(str(value)) + 1)
        for month in (7, 8, 9)
        for (unit, measure), value in prefill(PROVINCE).items()
    ]
    types = {column: pl.Decimal(38, 9) if column == "obs_value" else pl.String() for column in HISTORY}
    return pl.DataFrame(rows, schema=types, orient="row")


UNITS = communes(PROVINCE)
BELOW = FIRST + len(UNITS)
"""The first row of the workbook below the figures."""
