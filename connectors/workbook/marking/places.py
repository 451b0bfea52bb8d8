"""Where things stand in a sheet: numbers and addresses as a file says them, checked."""

from connectors.workbook.marking.parts import UnusualError
from connectors.workbook.scan import CELL_ADDRESS, column_number

_MOST_DIGITS = 9


def whole(text: str | None) -> int:
    """A number that counts rows, formats, sheets.

    Raises:
        UnusualError: the file says another thing there, or nothing.
    """
    if text is None or not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise UnusualError(f"number {text}")
    return int(text)


def place(at: str | None) -> tuple[int, int]:
    """Row and column of an address, both from 1.

    Raises:
        UnusualError: it is none.
    """
    match = CELL_ADDRESS.fullmatch(at or "")
    if match is None:
        raise UnusualError(f"cell {at}")
    return int(match[2]), column_number(match[1])
