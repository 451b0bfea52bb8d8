"""Each value beside its own past."""

from decimal import Decimal

import polars as pl
import pytest

from expectations.rendering import Both
from expectations.terms import MeasureTerms
from tests.judging import PERIOD, case, frame, history, reading, terms

CELL = pl.col("place") == "Số liệu!E5"


def past_of(*values: str) -> pl.DataFrame:
    """The last months of commune C00001's ``docs.all``, oldest first, up to August."""
    first = 8 - len(values) + 1
    return history(*(("docs.all", "C00001", f"2026-{first + n:02d}", value) for n, value in enumerate(values)))


def facts(value: str, *before: str) -> dict[str, object]:
    return frame(reading(1, E5={"obs_value": value}), history=past_of(*before)).filter(CELL).row(0, named=True)


def test_change_is_in_per_cent_of_the_previous_period() -> None:
    row = facts("150", "120")
    assert (row["previous"], row["change_pct"]) == (Decimal(120), Decimal(25))
    assert facts("90", "120")["change_pct"] == Decimal(25)


def test_without_a_past_there_is_nothing_to_compare() -> None:
    row = frame(reading(1)).filter(CELL).row(0, named=True)
    assert {
        name: row[name] for name in ("previous", "change_pct", "usual", "times_off", "n_differing")
    } == dict.fromkeys(("previous", "change_pct", "usual", "times_off", "n_differing"))


def test_a_previous_value_of_zero_gives_no_percentage() -> None:
    assert facts("150", "0")["change_pct"] is None


def test_a_gap_is_a_gap_and_not_the_month_before_it() -> None:
    row = frame(reading(1), history=history(("docs.all", "C00001", "2026-07", "90"))).filter(CELL).row(0, named=True)
    assert row["previous"] is None


@pytest.mark.parametrize(
    ("value", "before", "times"),
    [
        ("10000", ["100"], 100),
        ("0.1", ["100"], 1000),
        ("1050", ["100", "110", "95"], 10),
        ("1050", ["100"], 1),
        ("1050", ["100", "1000", "100"], None),
        ("300", ["100", "110", "95"], 1),
        ("3000", ["100", "110", "95"], 1),
        ("0", ["100"], None),
        ("100", ["0"], None),
    ],
)
def test_slips_of_ten_need_a_steady_past_those_of_a_hundred_a_single_month(
    value: str, before: list[str], times: int | None
) -> None:
    assert facts(value, *before)["times_off"] == times


def test_small_counts_do_not_slip_by_ten() -> None:
    of = terms(docs__all=MeasureTerms(Both("Đơn", "Applications"), "docs", is_count=True))
    rows = frame(reading(1, E5={"obs_value": "20"}), of, past_of("2", "2", "3"))
    assert rows.filter(CELL).row(0, named=True)["times_off"] == 1


def test_a_slip_is_not_told_twice_as_a_change() -> None:
    assert facts("10000", "100")["change_pct"] is None


def test_ranks_have_no_magnitude() -> None:
    of = terms(docs__all=MeasureTerms(Both("Hạng", "Rank"), "docs", has_magnitude=False))
    row = frame(reading(1), of, past_of("1")).filter(CELL).row(0, named=True)
    assert (row["previous"], row["times_off"]) == (Decimal(1), None)


def test_an_earlier_period_of_the_same_case_outweighs_what_was_published() -> None:
    rows = pl.concat([reading(1), reading(1).with_columns(time_period=pl.lit("2026-08"), row_no=pl.col("row_no") + 4)])
    row = frame(case(rows, period=None), history=past_of("7")).filter(CELL).row(0, named=True)
    assert row["previous"] == Decimal(100)


def same_month(n_units: int, **changed: dict[str, str]) -> pl.DataFrame:
    rows = reading(n_units)
    columns = rows.select("measure", "org_unit", "obs_value").iter_rows()
    before = history(*((measure, unit, "2026-08", value) for measure, unit, value in columns))
    return frame(reading(n_units, **changed), history=before)


def test_a_copy_is_told_by_twenty_equal_figures() -> None:
    assert same_month(5)["n_differing"].to_list() == [0] * 20
    assert same_month(4)["n_differing"].null_count() == 16
    assert same_month(5, E5={"obs_value": "1"})["n_differing"].to_list() == [1] * 20


def test_new_figures_without_a_predecessor_are_no_copy() -> None:
    rows = reading(6)
    columns = rows.filter(pl.col("org_unit") != "C00006").select("measure", "org_unit", "obs_value").iter_rows()
    before = history(*((measure, unit, "2026-08", value) for measure, unit, value in columns))
    assert frame(rows, history=before)["n_differing"].null_count() == 24


def test_history_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="producer"):
        frame(reading(1), history=history(("docs.all", "C00001", PERIOD, "1")).drop("producer"))


def swapped(n_units: int, n_straight: int = 0) -> set[object]:
    """A report whose first two columns changed places, but for the last units; what each column is told it fits."""
    before = [
        (measure, f"C{unit:05d}", "2026-08", str(value))
        for unit in range(1, n_units + 1)
        for measure, value in (("docs.all", 100 + unit), ("docs.online", 60 + unit), ("tasks.all", 40 + unit))
    ]
    cells = {}
    for unit in range(n_units - n_straight):
        cells[f"E{unit + 5}"], cells[f"F{unit + 5}"] = {"obs_value": str(66 + unit)}, {"obs_value": str(103 + unit)}
    return set(
        frame(reading(n_units, **cells), history=history(*before)).select("declared_measure", "swapped_with").rows()
    )


def test_two_columns_in_each_others_place_are_known_by_their_ratio() -> None:
    assert {("docs.all", "docs.online"), ("docs.online", "docs.all"), ("tasks.all", None)} <= swapped(8)


def test_a_few_units_or_a_minority_prove_nothing() -> None:
    for told in (swapped(4), swapped(8, n_straight=8), swapped(8, n_straight=4)):
        assert {other for _, other in told} == {None}
