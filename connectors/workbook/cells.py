"""One cell of a scanned workbook: its text and its number, with nothing taken for empty that is not."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from connectors.numbers import NumberReading, plain_text, read_float, read_number
from connectors.workbook.scan import SheetScan

Cell = str | float | bool | datetime | date | time | timedelta
"""What the reader of cells gives; an empty cell is an empty text."""

Grid = list[list[Cell]]


def read_at(cell: Cell, address: str, sheet: SheetScan, *, count: bool) -> tuple[str | None, NumberReading]:
    """One cell with what the scan knows of it: no value is taken for empty that is not."""
    if address in sheet.uncalculated:
        return None, NumberReading(problem="formula_without_value")
    if address in sheet.errors:
        return sheet.errors[address], NumberReading(problem="cell_error")
    return read_cell(cell, is_percent=address in sheet.percents, count=count)


def read_cell(cell: Cell, *, is_percent: bool, count: bool) -> tuple[str | None, NumberReading]:
    """One cell as text and as number. Numeric cells are trusted; text goes through the grammar of numbers."""
    if isinstance(cell, str):
        reading = read_number(cell, count=count)
        return (None if reading.problem == "blank" else cell), reading
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _read_numeric(float(cell), is_percent)
    is_date = isinstance(cell, (date, time, timedelta))
    return text_of(cell), NumberReading(problem="date_for_number" if is_date else "not_a_number")


def _read_numeric(number: float, is_percent: bool) -> tuple[str, NumberReading]:
    reading = read_float(number)
    if reading.value is None:
        return repr(number), reading
    if is_percent:
        shown = reading.value * Decimal(100)
        return f"{plain_text(shown)}%", NumberReading(value=shown, conversion="percent_sign")
    return plain_text(reading.value), reading


def text_of(cell: Cell) -> str:
    """A cell as text that says what the cell holds: ISO for dates, ``TRUE`` and ``FALSE``, plain numbers."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, (int, float)):
        return _read_numeric(float(cell), is_percent=False)[0]
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell)
