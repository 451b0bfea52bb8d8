"""Round figures and repeated digits: seen where they are made up, not where things are counted."""

import random

import polars as pl
import pytest

from expectations.digits import ENOUGH_FIGURES, habit_of
from expectations.guesses import Guesser
from expectations.rendering import Both
from expectations.suites import suite
from expectations.terms import MeasureTerms
from expectations.wording import finding
from tests.judging import frame, reading, terms

N_BOOKS, N_COLUMNS = 1_000, 10


def text_of(values: list[int]) -> list[str]:
    return [str(value) for value in values]


def test_figures_that_end_in_one_digit_show_a_habit() -> None:
    round_figures = text_of([100 + 10 * n for n in range(11)])
    counted = text_of([201, 312, 423, 534, 645, 756, 867, 978, 189])
    assert habit_of([*round_figures, *counted]) == ("0", False, 20)
    assert habit_of([*round_figures[1:], *counted, "407"]) == (None, False, 20), "half of them is no majority"


def test_figures_of_one_repeated_digit_show_a_habit() -> None:
    counted = text_of([101 + 37 * n for n in range(15)])
    repeated = ["111", "222", "3333", "444", "555"]
    assert habit_of([*counted, *repeated])[1:] == (True, 20)
    assert habit_of([*counted, "120", *repeated[1:]])[1:] == (False, 20)


def test_few_figures_and_equal_ones_say_nothing() -> None:
    assert habit_of(text_of([100 * n for n in range(1, ENOUGH_FIGURES)])) == (None, False, ENOUGH_FIGURES - 1)
    assert habit_of(["100"] * 500) == (None, False, 1)


def counted_book(chance: random.Random) -> list[set[str]]:
    """Columns of things that were counted, in communes as unlike as communes are."""
    n_rows = chance.randint(ENOUGH_FIGURES, 130)
    middles = [chance.uniform(5, 9) for _ in range(N_COLUMNS)]
    columns = [[int(chance.lognormvariate(middle, 0.8)) for _ in range(n_rows)] for middle in middles]
    return [{str(value) for value in column if value >= 100} for column in columns]


def test_of_a_thousand_clean_books_at_most_one_is_remarked_upon() -> None:
    chance = random.Random(57)
    remarked = sum(
        any(habit_of(column)[:2] != (None, False) for column in counted_book(chance)) for _ in range(N_BOOKS)
    )
    assert remarked <= N_BOOKS / 1_000


@pytest.mark.parametrize(("value", "is_marked"), [("100", True), ("99", False), ("101", False), ("100.5", False)])
def test_only_the_figures_concerned_are_marked(value: str, is_marked: bool) -> None:
    tens = {f"E{line}": {"obs_value": str(100 + 10 * line)} for line in range(5, 30)}
    counted = MeasureTerms(Both("Tổng số văn bản", "Documents"), "docs", is_count=True)
    rows = frame(reading(25, **{**tens, "E5": {"obs_value": value}}), terms(docs__all=counted))
    column = rows.filter(rows["declared_measure"] == "docs.all")
    assert (column["ending"].to_list()[0] == "0") == is_marked
    assert column["ending"].to_list()[1:] == ["0"] * 24
    others = rows.filter(rows["declared_measure"] != "docs.all")
    assert others["ending"].null_count() == others.height


@pytest.mark.parametrize(("digit", "base"), [("0", range(100, 350, 10)), ("7", range(107, 357, 10))])
def test_the_sentence_counts_values_and_cells_apart(digit: str, base: range) -> None:
    cells = {f"E{line}": {"obs_value": str(value)} for line, value in enumerate([*base, *base[:5]], 5)}
    cells["E34"] = {"obs_value": "431"}
    counted = MeasureTerms(Both("Tổng số văn bản", "Documents"), "docs", is_count=True)
    of = terms(docs__all=counted)
    habits = frame(reading(30, **cells), of).filter(pl.col("ending").is_not_null())
    rule = next(rule for rule in suite(of) if rule.id == "same_ending")
    found = finding(rule, habits.rows(named=True), of, Guesser(of, {}, ()))
    assert f"25 trong 26 giá trị khác nhau có chữ số cuối là {digit} (ở 29 ô)" in found.message_vi
    assert f"25 of 26 different values end in {digit} (in 29 cells)" in found.message_en
