"""Plays the officers: opens a generated template, types figures into it, saves it; and once does it all wrong.

Works on the workbook as a person does, with what is printed on it: finds columns by the small row of codes and rows
by their unit code. Knows nothing of how the form was drawn or will be read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from connectors.workbook.layout import (
    EXPLANATION,
    FIXED_CODES,
    HEADER_WITHIN,
    NUMBER,
    ORG_UNIT,
    ORG_UNIT_NAME,
    TIME_PERIOD,
)

NOTHING_OCCURRED = "-"
UNKNOWN_COMMUNE = "C99999"
SAMPLE_EXPLANATION = "Số liệu giả lập, không phải số liệu của đơn vị."


@dataclass(frozen=True)
class Mistake:
    """One thing done wrong on purpose, and the cell where it stands (``Số liệu!E16``)."""

    kind: str
    place: str


class _Form:
    """A workbook seen as its officer sees it: labelled columns and one row per unit."""

    def __init__(self, path: Path) -> None:
        self.book: Workbook = load_workbook(path)
        self.sheet, self.header = _table(self.book, path)
        self.columns = {str(cell.value): cell.column for cell in self.sheet[self.header] if cell.value}
        self.inputs = tuple(code for code in self.columns if code not in FIXED_CODES)

    def cell(self, row: int, code: str) -> Cell:
        """The cell of a column in a row, ready to be typed into."""
        found = self.sheet.cell(row, self.columns[code])
        assert isinstance(found, Cell)  # noqa: S101  (no merged cell lies inside the table)
        return found

    def place(self, row: int, code: str) -> str:
        """``Sheet!E16``."""
        return f"{self.sheet.title}!{self.cell(row, code).coordinate}"

    def rows(self) -> Iterator[tuple[int, str]]:
        """Row number and unit code of every row of the table."""
        row = self.header + 1
        while isinstance(code := self.cell(row, ORG_UNIT).value, str):
            yield row, code
            row += 1


def fill(
    template: Path,
    agency: str,
    period: str,
    rows: Mapping[str, Mapping[str, Decimal | int | None]],
    explanation: str = SAMPLE_EXPLANATION,
) -> Path:
    """Type the figures of ``rows`` (unit code → measure → value) into the template, and save it in place.

    A unit without figures, and a figure that is None, is left blank. Nothing occurred is typed as a dash, as the form
    asks.

    Raises:
        ValueError: it is not the template of ``agency`` and ``period``, or it asks for a measure that a unit lacks.
    """
    form = _Form(template)
    printed = {cell.value for line in form.sheet.iter_rows(max_row=form.header) for cell in line}
    if not any(isinstance(text, str) and f"|{agency}|{period}|" in text for text in printed):
        raise ValueError(f"{template.name}: not the template of {agency} for {period}")
    for row, unit in form.rows():
        figures = {measure.rsplit(".", 1)[-1]: value for measure, value in rows.get(unit, {}).items()}
        if not figures:
            continue
        if missing := set(form.inputs) - set(figures):
            raise ValueError(f"{unit}: no figure for {', '.join(sorted(missing))}")
        for code in form.inputs:
            if (figure := figures[code]) is not None:
                form.cell(row, code).value = figure or NOTHING_OCCURRED
    first = next(row for row, _ in form.rows())
    if EXPLANATION in form.columns:
        form.cell(first, EXPLANATION).value = explanation
    form.book.save(template)
    return template


def spoil(path: Path) -> tuple[Mistake, ...]:
    """Put six mistakes into a filled workbook, each in a row of its own; every other row stays good.

    Returns:
        What was done and where, in the order of the rows.

    Raises:
        ValueError: fewer than seven of its rows are filled.
    """
    form = _Form(path)
    filled = [row for row, _ in form.rows() if all(isinstance(form.cell(row, code).value, int) for code in form.inputs)]
    if len(filled) < 7:
        raise ValueError(f"{path.name}: {len(filled)} rows are filled, seven are needed")
    whole, part = form.inputs[0], form.inputs[1]
    words, above, unknown, wrong_period, formula, twice = filled[1:7]
    form.cell(words, whole).value = f"khoảng {form.cell(words, whole).value}"
    form.cell(above, part).value = int(str(form.cell(above, whole).value)) + 25
    form.cell(unknown, ORG_UNIT).value = UNKNOWN_COMMUNE
    form.cell(wrong_period, TIME_PERIOD).value = _year_before(str(form.cell(wrong_period, TIME_PERIOD).value))
    form.cell(formula, whole).value = f"=SUM({form.cell(formula, whole).value},0)"
    below = _repeat(form, twice)
    form.book.save(path)
    return (
        Mistake("text_in_number", form.place(words, whole)),
        Mistake("numerator_above_denominator", form.place(above, part)),
        Mistake("unknown_org_unit", form.place(unknown, ORG_UNIT)),
        Mistake("wrong_period", form.place(wrong_period, TIME_PERIOD)),
        Mistake("formula_without_value", form.place(formula, whole)),
        Mistake("duplicate_with_different_value", form.place(below, whole)),
    )


def _repeat(form: _Form, row: int) -> int:
    """Write a row once more under the table, with another figure in its first column; the new row's number."""
    below = max(number for number, _ in form.rows()) + 1
    for code in (ORG_UNIT, ORG_UNIT_NAME, TIME_PERIOD, *form.inputs):
        form.cell(below, code).value = form.cell(row, code).value
    form.cell(below, NUMBER).value = int(str(form.cell(below - 1, NUMBER).value)) + 1
    form.cell(below, form.inputs[0]).value = int(str(form.cell(row, form.inputs[0]).value)) + 7
    return below


def _year_before(period: str) -> str:
    """The slip of January: last year's number in this year's form."""
    year, _, rest = period.partition("-")
    return f"{int(year) - 1}-{rest}"


def _table(book: Workbook, path: Path) -> tuple[Worksheet, int]:
    for sheet in book.worksheets:
        for line in sheet.iter_rows(max_row=HEADER_WITHIN):
            if {ORG_UNIT, TIME_PERIOD} <= {cell.value for cell in line}:
                return sheet, line[0].row or 1
    raise ValueError(f"{path.name}: no row of column codes")
