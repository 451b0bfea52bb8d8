"""How the figures of one column end: counted things end in any digit, made-up ones in a favourite.

Computes facts; decides nothing and accuses nobody: what follows is a notice for whoever reads and verifies the report.
Only counts of three digits and more are looked at, each different figure once: last digits of small numbers are not
even, and a figure that stands in every row says nothing of how it was made.

The thresholds are our own. Where every last digit is equally likely, more than half of twenty different figures share
one of the ten with a probability of 6.5e-6 for each column, and a quarter of twenty consist of one digit repeated (9 of
900 do, such as 777) with one of 1.5e-6: less than one book of ten columns in ten thousand.
"""

from collections import Counter
from collections.abc import Iterable

import polars as pl

from expectations.distinct import with_each
from expectations.frame import EXACT
from expectations.terms import Terms

ENOUGH_FIGURES = 20
"""Different figures of one column below which nothing is said."""
SMALLEST = 100
"""Figures below it have no say."""
SAME_ENDING_SHARE = 0.5
"""More than this share of the figures ends in one digit."""
ALIKE_SHARE = 0.25
"""At least this share of the figures is one digit repeated."""

_Habit = tuple[str | None, bool, int]
_Fact = tuple[str | None, str | None, int | None]


def with_digits(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Add facts on each value that shows a habit of its column.

    ``ending`` is the digit that it ends in, ``alike`` the digit that it consists of, ``n_figures`` the number of
    different figures in which the habit was found.
    """
    columns = ["case_id", "period", "declared_measure"]
    counts = pl.col("declared_measure").is_in([name for name, of in terms.measures.items() if of.is_count])
    looked_at = rows.with_row_index("at").filter(counts & pl.col("is_settled") & (pl.col("number") >= SMALLEST))
    figures = with_each(looked_at.select("at", *columns, "number"), ["number"], _digits).drop_nulls("digits")
    by_column = figures.group_by(columns).agg(pl.col("digits").unique())
    habits = {(case_id, period, measure): habit_of(found) for case_id, period, measure, found in by_column.iter_rows()}
    telling = {column: habit for column, habit in habits.items() if habit[0] is not None or habit[1]}
    facts: list[_Fact] = [(None, None, None)] * rows.height
    for at, case_id, period, measure, figure in figures.select("at", *columns, "digits").iter_rows() if telling else ():
        if (case_id, period, measure) in telling:
            facts[at] = _fact(figure, telling[case_id, period, measure])
    return rows.with_columns(
        pl.Series("ending", [ending for ending, _, _ in facts], dtype=pl.String),
        pl.Series("alike", [alike for _, alike, _ in facts], dtype=pl.String),
        pl.Series("n_figures", [n_figures for _, _, n_figures in facts], dtype=EXACT),
    )


def habit_of(figures: Iterable[str]) -> _Habit:
    """The digit in which most of these different figures end, whether many are one digit repeated, and their number.

    The digit is None, and the second False, where nothing is out of the ordinary.
    """
    different = set(figures)
    if len(different) < ENOUGH_FIGURES:
        return None, False, len(different)
    ending, n_endings = Counter(figure[-1] for figure in different).most_common(1)[0]
    n_alike = sum(len(set(figure)) == 1 for figure in different)
    return (
        ending if n_endings > SAME_ENDING_SHARE * len(different) else None,
        n_alike >= ALIKE_SHARE * len(different),
        len(different),
    )


def _fact(figure: str, habit: _Habit) -> _Fact:
    ending, many_alike, n_figures = habit
    ends_so = figure[-1] if ending == figure[-1] else None
    alike = figure[0] if many_alike and len(set(figure)) == 1 else None
    return ends_so, alike, n_figures if ends_so or alike else None


def _digits(distinct: pl.DataFrame) -> list[pl.Series]:
    """The digits of whole numbers."""
    told = [str(int(value)) if value == int(value) else None for value in distinct["number"]]
    return [pl.Series("digits", told, dtype=pl.String)]
