"""An error returns its indicator group of that unit and period, and nothing else."""

from collections.abc import Collection

import polars as pl
import pytest

from expectations.acceptance import part
from indicator_specs.reading import READING
from tests.judging import frame, reading, with_rows


def split(rows: pl.DataFrame, errors: Collection[int], set_aside: Collection[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Accepted and returned rows of the one case; rows are named by their number."""
    named = ([("one", number) for number in numbers] for numbers in (errors, set_aside))
    mine = part(rows, ["one"], *named)["one"]
    return mine.accepted, mine.returned


def test_a_wrong_numerator_returns_its_denominator_and_leaves_the_other_group() -> None:
    accepted, returned = split(frame(reading(3)), errors=[6], set_aside=[])
    assert returned["row_no"].to_list() == [5, 6]
    assert accepted["row_no"].to_list() == [1, 2, 3, 4, 7, 8, 9, 10, 11, 12]


def test_a_blank_cell_goes_back_alone() -> None:
    accepted, returned = split(frame(reading(2)), errors=[], set_aside=[2])
    assert returned["row_no"].to_list() == [2]
    assert accepted.height == 7


@pytest.mark.parametrize("errors", [[], [1], [1, 5, 9], list(range(1, 13))])
def test_nothing_is_lost_and_the_order_stays(errors: list[int]) -> None:
    rows = frame(reading(3))
    accepted, returned = split(rows, errors, set_aside=[3])
    assert sorted([*accepted["row_no"], *returned["row_no"]]) == rows["row_no"].to_list()
    assert accepted["row_no"].is_sorted()
    assert returned["row_no"].is_sorted()
    assert accepted.columns == returned.columns == list(READING)
    assert accepted.schema == returned.schema == reading(1).schema


def test_one_error_returns_every_row_of_a_contradicted_key() -> None:
    rows = frame(with_rows(reading(1), [{"of": 1, "obs_value": "7"}]))
    _, returned = split(rows, errors=[5], set_aside=[])
    assert returned["row_no"].to_list() == [1, 2, 5]


def test_rows_of_an_unreadable_period_go_back_without_those_of_the_right_one() -> None:
    rows = frame(with_rows(reading(1), [{"of": 1, "time_period": "quý này"}]))
    accepted, returned = split(rows, errors=[5], set_aside=[])
    assert (accepted.height, returned["row_no"].to_list()) == (4, [5])


def test_accepted_rows_are_canonical_and_returned_ones_as_written() -> None:
    written = {"org_unit": " c00001", "time_period": "09/2026"}
    rows = frame(reading(1, E5=written, F5=written, G5=written, H5=written))
    accepted, returned = split(rows, errors=[1], set_aside=[])
    assert accepted.select("org_unit", "time_period").unique().rows() == [("C00001", "2026-09")]
    assert returned.select("org_unit", "time_period").unique().rows() == [(" c00001", "09/2026")]


def test_an_error_in_one_period_leaves_the_same_unit_of_another() -> None:
    rows = reading(1)
    both = pl.concat([rows, rows.with_columns(time_period=pl.lit("2026-08"), row_no=pl.col("row_no") + 4)])
    accepted, returned = split(frame(both), errors=[1], set_aside=[])
    assert returned["row_no"].to_list() == [1, 2]
    assert accepted.height == 6


def test_an_error_stays_in_its_case_and_a_case_without_rows_has_none() -> None:
    one = frame(reading(1))
    rows = pl.concat([one, one.with_columns(case_id=pl.lit("other"))])
    parted = part(rows, ["one", "empty", "other"], errors=[("other", 1)], blank=[("one", 3), ("other", 1)])
    assert {case: (mine.accepted.height, mine.returned.height) for case, mine in parted.items()} == {
        "one": (4, 0),
        "empty": (0, 0),
        "other": (2, 2),
    }
    assert [parted[case].unanswered["row_no"].to_list() for case in parted] == [[3], [], []]
    assert parted["empty"].accepted.schema == parted["one"].accepted.schema
