"""Merged ranges of one sheet, read once: which cell shows what is said of any of theirs."""

from collections.abc import Iterable

from connectors.workbook.marking.places import place

_Range = tuple[int, int, int, int, str]
"""Top, left, bottom, right, and the first cell."""

_TALL = 64
"""Rows from which a range is not entered under each of them."""


class MergedRanges:
    """Ranges by the rows that they cover; the few tall ones apart."""

    def __init__(self, refs: Iterable[str]) -> None:
        """Take up ranges such as ``B2:C4``.

        Raises:
            UnusualError: one is none.
        """
        self._by_row: dict[int, list[_Range]] = {}
        self._tall: list[_Range] = []
        for ref in refs:
            first, _, last = ref.partition(":")
            each: _Range = (*place(first), *place(last or first), first)
            if each[2] - each[0] < _TALL:
                for row in range(each[0], each[2] + 1):
                    self._by_row.setdefault(row, []).append(each)
            else:
                self._tall.append(each)

    def anchor(self, at: str) -> str:
        """The cell itself, or the first of the range that hides it."""
        row, column = place(at)
        for top, left, bottom, right, first in [*self._by_row.get(row, []), *self._tall]:
            if top <= row <= bottom and left <= column <= right:
                return first
        return at
