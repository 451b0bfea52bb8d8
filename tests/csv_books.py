"""The form as rows of fields, changed as a test pleases and written as CSV: the quickest way to very many files."""

import random
from collections.abc import Sequence
from pathlib import Path

from tests.corpus.line import FIRST_LINE, good_text

FIRST_FIGURE = 4
"""Where the figures begin in a row; before them stand number, unit, name and period."""
Fields = list[list[str]]


def fields() -> Fields:
    """The form without a mistake."""
    return [line.split(";") for line in good_text().rstrip("\n").split("\n")]


def written(rows: Fields, path: Path) -> Path:
    """As a file."""
    path.write_text("\n".join(";".join(row) for row in rows) + "\n", encoding="utf-8")
    return path


def with_figures(rows: Fields, figures: Sequence[Sequence[int]]) -> Fields:
    """The form with these figures, four in a row."""
    for row, four in zip(rows[FIRST_LINE - 1 :], figures, strict=True):
        row[FIRST_FIGURE : FIRST_FIGURE + 4] = map(str, four)
    return rows


def reordered(rows: Fields, dice: random.Random) -> Fields:
    """Rows and columns in another order, the names of columns with them."""
    head, names, below = rows[: FIRST_LINE - 3], rows[FIRST_LINE - 3 : FIRST_LINE - 1], rows[FIRST_LINE - 1 :]
    order = list(range(len(names[1])))
    dice.shuffle(order)
    dice.shuffle(below)
    return [*head, *([row[index] for index in order] for row in (*names, *below))]


def half(rows: Fields, part: int) -> Fields:
    """The head and every second row, the number of rows stated anew."""
    below = rows[FIRST_LINE - 1 :][part::2]
    head = [[row[0], str(len(below))] if row[0] == "so_dong" else row for row in rows[: FIRST_LINE - 1]]
    return [*head, *below]
