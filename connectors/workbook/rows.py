"""The rows of one form sheet, read under its row of column codes, wherever the columns stand."""

import difflib
from collections.abc import Iterator
from typing import TypedDict

from connectors.numbers import plain_text
from connectors.workbook.cells import Cell, Grid, read_at, text_of
from connectors.workbook.layout import (
    EXPLANATION,
    FIXED_CODES,
    ORG_UNIT,
    ORG_UNIT_NAME,
    TIME_PERIOD,
    Layout,
    code_of,
    normal,
)
from connectors.workbook.notation import settle_by_column
from connectors.workbook.refusals import FileRefusedError, Remark
from connectors.workbook.scan import SheetScan, address, column_letters
from connectors.workbook.texts import checked_text
from connectors.workbook.totals import ColumnSum, check_total

_TOTALS = ("tổng", "cộng")
_MOST_REMARKS = 50


class Value(TypedDict):
    """One input cell. Codes are those of ``indicator_specs.reading``."""

    place: str
    measure: str
    org_unit: str
    org_unit_name: str
    time_period: str
    value_text: str | None
    obs_value: str | None
    obs_status: str
    problem: str | None
    conversion: str | None


class Explanation(TypedDict):
    """What the officer wrote beside a row."""

    place: str
    org_unit: str
    time_period: str
    text: str


class Table(TypedDict):
    """What a workbook holds.

    ``kind`` is that of the file. ``printed_period`` is what stands after "Kỳ báo cáo:", empty where nothing does.
    ``key_columns`` has the letters of the columns of codes and periods. ``refused`` is set where the table could
    not be read; the stamp still stands.
    """

    kind: str
    hidden_stamp: str | None
    printed_stamp: str | None
    printed_period: str
    key_columns: dict[str, str]
    values: list[Value]
    explanations: list[Explanation]
    remarks: list[Remark]
    refused: Remark | None


class RowReader:
    """Reads the rows of one sheet under its row of codes."""

    def __init__(self, found: Table, sheet: SheetScan, layout: Layout) -> None:
        self._found = found
        self._sheet = sheet
        self._layout = layout
        self._columns: dict[str, int] = {}
        self._totals: list[tuple[int, list[Cell]]] = []

    def read(self, grid: Grid, header: int) -> None:
        """Read every row under row ``header`` (from 0).

        Raises:
            FileRefusedError: a column is missing or stands twice. Where only columns of figures are missing, the others
                have been read: they fill the fresh form that goes back to the sender of an old one.
        """
        missing = self._find_columns(grid[header], header)
        keys = (ORG_UNIT, TIME_PERIOD)
        self._found["key_columns"] = {code: column_letters(self._columns[code] + 1) for code in keys}
        self._tell_ignored_columns(grid, header)
        self._tell_hidden_columns(grid, header)
        for index in range(header + 1, len(grid)):
            self._read_row(grid[index], index)
        settle_by_column(self._found["values"])
        if missing is not None:
            raise missing
        self._check_totals()

    def _find_columns(self, row: list[Cell], header: int) -> FileRefusedError | None:
        """Where each column stands; the refusal that has to follow where some are missing.

        Raises:
            FileRefusedError: without these columns nothing can be read.
        """
        columns = self._columns
        known = {*FIXED_CODES, *self._layout}
        for index, cell in enumerate(row):
            code = code_of(cell) if isinstance(cell, str) else ""
            if code in known and code in columns:
                raise FileRefusedError("E-FORM-COLUMN", self._place(index, header), code)
            if code in known:
                columns[code] = index
        missing = [code for code in (ORG_UNIT, TIME_PERIOD, *self._layout) if code not in columns]
        if not missing:
            return None
        strange = [code_of(cell) for cell in row if isinstance(cell, str) and code_of(cell) not in {*known, ""}]
        said = ", ".join(_with_guess(code, strange) for code in missing)
        refusal = FileRefusedError("E-FORM-COLUMN", f"{self._sheet.name}!{header + 1}:{header + 1}", said)
        if {ORG_UNIT, TIME_PERIOD} & set(missing):
            raise refusal
        self._layout = {code: column for code, column in self._layout.items() if code in columns}
        return refusal

    def _tell_hidden_columns(self, grid: Grid, header: int) -> None:
        for code in self._layout:
            index = self._columns[code]
            if index + 1 in self._sheet.hidden_columns and any(
                index < len(row) and row[index] != "" for row in grid[header + 1 :]
            ):
                self._remark("I-COLUMN-HIDDEN", f"{self._sheet.name}!{column_letters(index + 1)}", code)

    def _tell_ignored_columns(self, grid: Grid, header: int) -> None:
        known = set(self._columns.values())
        width = max((len(row) for row in grid), default=0)
        for index in range(width):
            below = (row[index] for row in grid[header + 1 :] if index < len(row))
            if index not in known and any(cell != "" for cell in below):
                code = grid[header][index] if index < len(grid[header]) else ""
                self._remark("I-COLUMN-IGNORED", f"{self._sheet.name}!{column_letters(index + 1)}", str(code))

    def _read_row(self, row: list[Cell], index: int) -> None:
        org_unit, time_period = (_label(self._cell(row, code)) for code in (ORG_UNIT, TIME_PERIOD))
        name = _label(self._cell(row, ORG_UNIT_NAME))
        has_figures = any(self._is_filled(row, code, index) for code in self._layout)
        place = f"{self._sheet.name}!{index + 1}:{index + 1}"
        is_total = not org_unit and name.casefold().startswith(_TOTALS)
        if is_total and has_figures:
            self._totals.append((index, row))
            self._take_explanation(row, index, "", "")
            return
        if is_total or not (has_figures or (org_unit and time_period)):
            if org_unit or time_period or has_figures:
                self._remark("I-ROW-IGNORED", place, org_unit or name or time_period)
            return
        if has_figures and index + 1 in self._sheet.hidden_rows:
            self._remark("I-ROW-HIDDEN", place, org_unit or name)
        self._found["values"].extend(self._values(row, index, org_unit, name, time_period))
        self._take_explanation(row, index, org_unit, time_period)

    def _take_explanation(self, row: list[Cell], index: int, org_unit: str, time_period: str) -> None:
        """What the officer wrote beside a row, a total's row included: there it is of no unit."""
        text = self._cell(row, EXPLANATION)
        if isinstance(text, str) and text.strip():
            where = self._place(self._columns[EXPLANATION], index)
            shown, rule, found = checked_text(text)
            if rule:
                self._remark(rule, where, found)
            told = Explanation(place=where, org_unit=org_unit, time_period=time_period, text=shown)
            self._found["explanations"].append(told)

    def _check_totals(self) -> None:
        """A total row is recognised, held against the rows above it, and never loaded."""
        for index, row in self._totals:
            for code, column in self._layout.items():
                here = self._address(code, index)
                _, reading = read_at(self._cell(row, code), here, self._sheet, count=column["count"])
                above = ColumnSum.of(self._found["values"], column["measure"])
                rule, found = check_total(reading.value, above)
                if rule:
                    self._remark(rule, self._place(self._columns[code], index), found)

    def _values(self, row: list[Cell], index: int, org_unit: str, name: str, time_period: str) -> Iterator[Value]:
        for code, column in self._layout.items():
            text, reading = read_at(
                self._cell(row, code), self._address(code, index), self._sheet, count=column["count"]
            )
            yield Value(
                place=self._place(self._columns[code], index),
                measure=column["measure"],
                org_unit=org_unit,
                org_unit_name=name,
                time_period=time_period,
                value_text=text,
                obs_value=None if reading.value is None else plain_text(reading.value),
                obs_status=reading.status or "A",
                problem=reading.problem,
                conversion=reading.conversion,
            )

    def _is_filled(self, row: list[Cell], code: str, index: int) -> bool:
        cell = self._cell(row, code)
        if not isinstance(cell, str) or cell.strip():
            return True
        address = self._address(code, index)
        return address in self._sheet.uncalculated or address in self._sheet.errors

    def _cell(self, row: list[Cell], code: str) -> Cell:
        index = self._columns.get(code)
        return row[index] if index is not None and index < len(row) else ""

    def _address(self, code: str, index: int) -> str:
        return address(index + 1, self._columns[code] + 1)

    def _place(self, column: int, index: int) -> str:
        return f"{self._sheet.name}!{address(index + 1, column + 1)}"

    def _remark(self, code: str, place: str, found: str) -> None:
        if len(self._found["remarks"]) < _MOST_REMARKS:
            self._found["remarks"].append(Remark(code=code, place=place, found=found[:80]))


def _with_guess(code: str, strange: list[str]) -> str:
    """A missing column, and the strange one that it may have become."""
    near = difflib.get_close_matches(code, strange, n=1)
    return f"{code} (có phải “{near[0]}”?)" if near else code


def _label(cell: Cell) -> str:
    """A code or a period as typed, in NFC."""
    return normal(text_of(cell))
