"""Figures decide, not how their file is laid out; and one mistake is one finding, at its own cell."""

import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from indicator_specs.findings import Severity
from pipelines.checking import Checked, check_all
from tests.corpus.line import FIRST_LINE, TAKEN, good_book, good_text
from tests.forms import COLUMNS
from tests.workbooks import KEY, copied, edited, registry

_SAME = ["org_unit", "measure", "time_period", "obs_value", "obs_status", "problem"]
_FIRST_FIGURE = 4
_N_BOOKS = 12
Fields = list[list[str]]


def fields() -> Fields:
    return [line.split(";") for line in good_text().rstrip("\n").split("\n")]


def written(rows: Fields, path: Path) -> Path:
    path.write_text("\n".join(";".join(row) for row in rows) + "\n", encoding="utf-8")
    return path


def random_book(dice: random.Random) -> Fields:
    """A form without a mistake: parts never exceed their wholes."""
    rows = fields()
    for row in rows[FIRST_LINE - 1 :]:
        wholes = dice.randint(0, 9999), dice.randint(0, 999)
        figures = (wholes[0], dice.randint(0, wholes[0]), wholes[1], dice.randint(0, wholes[1]))
        row[_FIRST_FIGURE : _FIRST_FIGURE + 4] = map(str, figures)
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


def answers(paths: Sequence[Path]) -> list[Checked]:
    with pytest.MonkeyPatch.context() as held:
        held.setenv("CHISO_NOW", "2026-11-10T09:00:00+07:00")
        return check_all(paths, registry(), key=KEY)


def figures_of(*read: Checked) -> pl.DataFrame:
    return pl.concat([each.read.rows.select(_SAME) for each in read]).sort(_SAME)  # type: ignore[union-attr]


def weighty(answer: Checked) -> list[tuple[str, str]]:
    return [(each.rule, each.place) for each in answer.findings if each.severity is not Severity.INFO]


def test_the_layout_of_a_file_changes_nothing(tmp_path: Path) -> None:
    dice = random.Random(57)
    rows = fields()
    paths = [
        good_book(),
        edited(copied(good_book(), tmp_path / "saved.xlsx"), lambda _: None),
        written(rows, tmp_path / "plain.csv"),
        written(reordered(fields(), dice), tmp_path / "reordered.csv"),
        written(half(rows, 0), tmp_path / "one.csv"),
        written(half(rows, 1), tmp_path / "two.csv"),
    ]
    first, *others, one, two = answers(paths)
    for same in (figures_of(each) for each in others):
        assert same.equals(figures_of(first).with_columns(obs_status=same["obs_status"]))
    assert figures_of(one, two).equals(figures_of(others[1]))
    assert {each.state for each in (first, *others, one, two)} == {TAKEN}
    assert one.n_accepted + two.n_accepted == first.n_accepted


_WRONG = {"x": "not_a_number", "-3": "below_minimum", "1e30": "out_of_range", "0,5": "not_whole", "": "blank"}


def spoilt(rows: Fields, dice: random.Random) -> tuple[Fields, tuple[str, str]]:
    """One cell made wrong, and the finding that this must be."""
    line, column = dice.randrange(FIRST_LINE - 1, len(rows)), dice.randrange(4)
    text, rule = dice.choice(sorted(_WRONG.items()))
    rows[line][_FIRST_FIGURE + column] = text
    if column % 2 == 0:
        # A smaller whole would be a second mistake: its part goes with it.
        rows[line][_FIRST_FIGURE + column + 1] = "0"
    return rows, (rule, f"Số liệu!{COLUMNS[column]}{line + 1}")


def test_random_books_are_taken_whole_and_one_mistake_is_one_finding_at_its_cell(tmp_path: Path) -> None:
    dice = random.Random(2026)
    books = [random_book(dice) for _ in range(_N_BOOKS)]
    good = [written(rows, tmp_path / f"good{number}.csv") for number, rows in enumerate(books)]
    changed = [spoilt([list(row) for row in rows], dice) for rows in books]
    bad = [written(rows, tmp_path / f"bad{number}.csv") for number, (rows, _) in enumerate(changed)]
    told = answers([*good, *bad])
    assert [(each.state, weighty(each)) for each in told[:_N_BOOKS]] == [(TAKEN, [])] * _N_BOOKS
    assert [weighty(each) for each in told[_N_BOOKS:]] == [[wanted] for _, wanted in changed]
