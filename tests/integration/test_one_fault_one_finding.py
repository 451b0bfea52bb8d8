"""Any book without a mistake is taken whole; any one mistake in it is one finding, at exactly its own cell.

Books are drawn by hypothesis and judged many at a time. ``CHISO_BOOKS`` asks for more of them.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from indicator_specs.environment import environment
from indicator_specs.findings import Severity
from pipelines.checking import Checked, check_all
from tests.corpus.line import FIRST_LINE, TAKEN, UNITS
from tests.csv_books import FIRST_FIGURE, Fields, fields, with_figures, written
from tests.forms import COLUMNS
from tests.workbooks import KEY, registry

AT_ONCE = 12
"""Books of one example: they share a judgement."""
N_EXAMPLES = max(1, int(os.environ.get("CHISO_BOOKS", "24")) // AT_ONCE)

UNIT, PERIOD = 1, 3
"""Places of the unit's code and of the period in a row."""


@dataclass(frozen=True)
class Mistake:
    """One wrong cell. ``at`` is the place in the row at which the finding must stand; of a figure, its own."""

    rule: str
    make: Callable[[list[str], int], None]
    at: int | None = None


def typed(text: str) -> Callable[[list[str], int], None]:
    """A text in place of a figure; its part or its whole is such that it is no second mistake."""

    def make(row: list[str], column: int) -> None:
        row[FIRST_FIGURE + column] = text
        if column % 2 == 0:
            row[FIRST_FIGURE + column + 1] = "0"
        elif row[FIRST_FIGURE + column - 1] == "0":
            row[FIRST_FIGURE + column - 1] = "2000"

    return make


def put(place: int, text: str) -> Callable[[list[str], int], None]:
    """A text in place of a code or period."""
    return lambda row, _: row.__setitem__(place, text)


def above_its_whole(row: list[str], column: int) -> None:
    """A part one greater than its whole, whichever of the two was drawn."""
    whole = FIRST_FIGURE + column - column % 2
    row[whole + 1] = str(int(row[whole]) + 1)


MISTAKES = (
    *(Mistake("not_a_number", typed(text)) for text in ("x", "12a", "không có", "1.2.3", "12 34x")),
    *(Mistake("below_minimum", typed(text)) for text in ("-3", "(5)", "\u22127")),
    *(Mistake("out_of_range", typed(text)) for text in ("1e30", "9" * 25, "NaN", "inf")),
    *(Mistake("not_whole", typed(text)) for text in ("0,5", "12,25", "1.234,5")),
    Mistake("blank", typed("")),
    *(Mistake("unknown_org_unit", put(UNIT, text), UNIT) for text in ("C99999", "\u0421" + UNITS[0][1:], "xã nào đó")),
    *(Mistake("not_own_org_unit", put(UNIT, text), UNIT) for text in ("C00004", "C00008")),
    Mistake("wrong_level", put(UNIT, "P12"), UNIT),
    *(Mistake("unreadable_period", put(PERIOD, text), PERIOD) for text in ("tháng 13", "31/02/2026", "?")),
    *(Mistake("wrong_period", put(PERIOD, text), PERIOD) for text in ("2026-09", "09/2026")),
    *(Mistake("wrong_frequency", put(PERIOD, text), PERIOD) for text in ("2026", "2026-Q3")),
    Mistake("numerator_above_denominator", above_its_whole),
)


@st.composite
def books(draw: st.DrawFn) -> list[list[int]]:
    """Figures of one form: parts never exceed their wholes, and no unit is a hundred times as large as another."""
    whole = st.one_of(st.just(0), st.integers(2_000, 99_999))
    rows = []
    for _ in UNITS:
        first, second = draw(whole), draw(whole)
        rows.append([first, draw(st.integers(first // 2, first)), second, draw(st.integers(second // 2, second))])
    return rows


@dataclass(frozen=True)
class Spoilt:
    """A book, and the one mistake that is made in it."""

    figures: list[list[int]]
    mistake: Mistake
    row: int
    column: int

    @property
    def place(self) -> str:
        """Where the finding must stand: in the CSV all columns are those of the workbook."""
        at = self.mistake.at
        letter = chr(ord("A") + at) if at is not None else COLUMNS[self.part if self.is_about_a_part else self.column]
        return f"Số liệu!{letter}{FIRST_LINE + self.row}"

    @property
    def is_about_a_part(self) -> bool:
        """Of a part above its whole the part's cell is told."""
        return self.mistake.rule == "numerator_above_denominator"

    @property
    def part(self) -> int:
        """The column of the part of the pair."""
        return self.column - self.column % 2 + 1

    def rows(self) -> Fields:
        """The form with the mistake in it."""
        rows = with_figures(fields(), self.figures)
        self.mistake.make(rows[FIRST_LINE - 1 + self.row], self.column)
        return rows


SPOILT = st.builds(
    Spoilt,
    books(),
    st.sampled_from(MISTAKES),
    st.integers(0, len(UNITS) - 1),
    st.integers(0, 3),
)


def answers(rows: list[Fields]) -> list[Checked]:
    with TemporaryDirectory() as folder, environment(CHISO_NOW="2026-11-10T09:00:00+07:00"):
        paths = [written(each, Path(folder) / f"{number}.csv") for number, each in enumerate(rows)]
        return check_all(paths, registry(), key=KEY)


def weighty(answer: Checked) -> list[tuple[str, str]]:
    return [(each.rule, each.place) for each in answer.findings if each.severity is not Severity.INFO]


# Without shrinking, which would judge some thousand books more: the assertion names the book and its mistake.
@settings(
    max_examples=N_EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(SPOILT, min_size=AT_ONCE // 2, max_size=AT_ONCE // 2))
def test_one_mistake_is_one_finding_at_its_cell_and_none_is_none(spoilt: list[Spoilt]) -> None:
    good = [with_figures(fields(), each.figures) for each in spoilt]
    told = answers([*good, *(each.rows() for each in spoilt)])
    assert [(each.state, weighty(each)) for each in told[: len(good)]] == [(TAKEN, [])] * len(good)
    assert [weighty(each) for each in told[len(good) :]] == [[(each.mistake.rule, each.place)] for each in spoilt]


def test_every_mistake_is_one_finding_at_its_cell() -> None:
    figures = [[2_000 + 7 * row, 1_500 + row, 3_000 + 9 * row, 2_000 + row] for row in range(len(UNITS))]
    spoilt = [Spoilt(figures, mistake, number, number % 4) for number, mistake in enumerate(MISTAKES)]
    told = answers([each.rows() for each in spoilt])
    assert [weighty(each) for each in told] == [[(each.mistake.rule, each.place)] for each in spoilt]
