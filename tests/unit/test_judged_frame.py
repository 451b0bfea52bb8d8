"""Facts about each value: exact, looked up once, and left out where an earlier one already fails."""

from decimal import Decimal

import polars as pl
import pytest

from expectations.rendering import Both
from expectations.terms import MeasureTerms
from tests.judging import case, frame, reading, terms, with_rows


def at(rows: pl.DataFrame, cell: str) -> dict[str, object]:
    return rows.filter(pl.col("place") == f"Số liệu!{cell}").row(0, named=True)


def test_every_row_of_the_reading_is_there_once_and_in_order() -> None:
    rows = frame(reading(4))
    assert rows["row_no"].to_list() == list(range(1, 17))


def test_values_are_exact_decimals() -> None:
    rows = frame(reading(1, E5={"obs_value": "0.1"}, F5={"obs_value": "0.123456789123"}))
    assert at(rows, "E5")["number"] == Decimal("0.1")
    assert (at(rows, "F5")["number"], at(rows, "F5")["decimals"]) == (Decimal("0.123456789"), 12)


@pytest.mark.parametrize(
    ("text", "problem", "magnitude"),
    [
        ("NaN", "out_of_range", None),
        ("Infinity", "out_of_range", None),
        ("abc", "not_a_number", None),
        ("1e308", None, Decimal("1e28")),
        ("-100000000000000000000", None, Decimal("1e20")),
        ("9" * 400, None, Decimal("1e28")),
    ],
)
def test_what_cannot_be_stored_never_becomes_a_number(
    text: str, problem: str | None, magnitude: Decimal | None
) -> None:
    row = at(frame(reading(1, E5={"obs_value": text})), "E5")
    assert (row["number"], row["problem_found"], row["magnitude"]) == (None, problem, magnitude)


def test_the_largest_value_that_is_taken() -> None:
    row = at(frame(reading(1, E5={"obs_value": "99999999999999999999.999999999"})), "E5")
    assert row["number"] == Decimal("99999999999999999999.999999999")


def test_a_value_with_a_status_that_says_why_it_is_missing_is_no_blank() -> None:
    rows = frame(reading(2, E5={"obs_value": None, "obs_status": "L"}, E6={"obs_value": None, "obs_status": "A"}))
    assert (at(rows, "E5")["blank"], at(rows, "E6")["blank"]) == (None, "blank")


def test_codes_and_periods_are_tidied_and_the_change_is_kept() -> None:
    row = at(frame(reading(1, E5={"org_unit": " c00001", "time_period": "Tháng 9/2026"})), "E5")
    assert (row["unit_code"], row["period"], row["unit_level"]) == ("C00001", "2026-09", "commune")
    assert (row["tidied_org_unit"], row["tidied_period"]) == (" c00001", "Tháng 9/2026")


def test_an_unknown_unit_leaves_all_later_facts_out() -> None:
    row = at(frame(reading(1, E5={"org_unit": "c0001"})), "E5")
    names = ("unit_level", "period_start", "period_end", "owed_by", "tidied_org_unit", "previous")
    assert {name: row[name] for name in names} == dict.fromkeys(names)
    assert not row["is_settled"]


def test_a_wrong_period_is_not_asked_about_duties_as_well() -> None:
    row = at(frame(reading(1, E5={"time_period": "2026-08"})), "E5")
    assert (row["period_to_match"], row["asked_period"], row["owed_by"]) == ("2026-08", "2026-09", None)


def test_a_unit_of_nobody_and_of_another() -> None:
    rows = frame(reading(3), owed_by={("C00001", "2026-09"): "P01", ("C00002", "2026-09"): "P04"})
    assert [at(rows, f"E{line}")["owed_by"] for line in (5, 6, 7)] == ["P01", "P04", ""]


def test_a_pull_owes_nothing() -> None:
    assert frame(case(reading(1), agency=None))["owed_by"].null_count() == 4


def test_a_part_is_set_beside_its_total_of_the_same_unit_and_period() -> None:
    row = at(frame(reading(3)), "F6")
    assert (row["ceiling_0"], row["ceiling_0_measure"], row["ceiling_0_place"]) == (
        Decimal(101),
        "docs.all",
        "Số liệu!E6",
    )
    assert at(frame(reading(3)), "E6")["ceiling_0"] is None


@pytest.mark.parametrize(
    "wrong", [{"problem": "not_a_number", "obs_value": None}, {"obs_value": "-1"}, {"org_unit": "C00030"}]
)
def test_a_total_that_is_wrong_or_missing_is_no_measure_for_its_part(wrong: dict[str, str]) -> None:
    assert at(frame(reading(1, E5=wrong)), "F5")["ceiling_0"] is None


def test_repetitions_and_contradictions() -> None:
    rows = frame(
        with_rows(
            reading(2),
            [
                {"of": 1, "place": "Số liệu!E9"},
                {"of": 2, "place": "Số liệu!F9", "obs_value": "1"},
                {"of": 5, "place": "Số liệu!E10", "obs_value": "101.0"},
            ],
        )
    )
    assert (at(rows, "E5")["repeats"], at(rows, "E9")["repeats"]) == (None, "Số liệu!E5")
    assert [at(rows, cell)["values_of_key"] for cell in ("F5", "F9")] == [2, 2]
    assert at(rows, "F5")["key_places"] == "Số liệu!F5, Số liệu!F9"
    assert at(rows, "E10")["repeats"] == "Số liệu!E6", "101.0 is 101"
    assert at(rows, "G5")["values_of_key"] is None


def test_vintages_of_one_figure_are_no_repetition() -> None:
    rows = frame(with_rows(reading(1), [{"of": 1, "published_date": "2026-10-01", "obs_value": "7"}]))
    assert rows["values_of_key"].null_count() == rows.height


def test_a_sum_is_compared_only_when_all_its_parts_are_given() -> None:
    whole = MeasureTerms(Both("Tổng", "Whole"), "tasks", parts=("tasks.online", "docs.online"))
    of = terms(tasks__all=whole)
    complete = at(frame(reading(1), of), "G5")
    assert (complete["parts_sum"], complete["parts_gap"]) == (Decimal(110), Decimal(70))
    blank = {"obs_value": None, "problem": "blank"}
    assert at(frame(reading(1, F5=blank), of), "G5")["parts_gap"] is None
