"""Org units: their lifetimes, their children, and the names that people write for them."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from indicator_specs.names import name_key
from indicator_specs.periods import parse
from indicator_specs.reference import Reference
from indicator_specs.reference_files import load_reference
from tests.small_catalogue import Small

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    tables, problems = load_reference(Small.at(tmp_path).root / "reference")
    assert not problems
    return tables


def codes(units: object) -> list[str]:
    return [unit.org_unit_code for unit in units]  # type: ignore[attr-defined]


def test_units_exist_from_their_first_day_to_their_last(reference: Reference) -> None:
    assert reference.unit("F17").exists_on(BEFORE)
    assert not reference.unit("F17").exists_on(AFTER)
    assert not reference.unit("P25").exists_on(BEFORE)
    assert reference.unit("P25").exists_on(AFTER)


def test_children_are_those_of_the_day(reference: Reference) -> None:
    assert codes(reference.children("P01", AFTER)) == ["C00004", "C00008"]
    assert codes(reference.children("P01", BEFORE)) == []
    assert codes(reference.children("VN", BEFORE)) == ["F17", "F25"]
    assert codes(reference.of_level("province", BEFORE)) == ["F17", "F25"]
    assert codes(reference.of_level("province", AFTER)) == ["P01", "P25"]
    assert codes(reference.of_kind("province")) == ["P01", "P25"]
    assert {reference.unit(code).level for code in ("G06", "VPTW")} == {"ministry"}


def test_an_unknown_code_names_near_ones(reference: Reference) -> None:
    with pytest.raises(KeyError, match="F17"):
        reference.unit("F18")


@pytest.mark.parametrize(
    ("name", "day", "found"),
    [
        ("Tỉnh Hòa Bình", None, ("F17",)),
        ("tỉnh  hoà bình", None, ("F17",)),
        ("TỈNH HÒA BÌNH", None, ("F17",)),
        (unicodedata.normalize("NFD", "Tỉnh Hòa Bình"), None, ("F17",)),
        ("Tỉnh\u00a0Hòa\u200b Bình", None, ("F17",)),
        ("Hòa Bình", None, ("C05089", "F17")),
        ("Hòa Bình", AFTER, ("C05089",)),
        ("Hòa Bình", BEFORE, ("F17",)),
        ("Phú Thọ", AFTER, ("P25",)),
        ("Phú Thọ", BEFORE, ("F25",)),
        ("Hà Nội", None, ("P01",)),
        ("Ha Noi", None, ("P01",)),
        ("Hoa Binh", AFTER, ("C05089",)),
        ("Hà Nôi", None, ()),
        ("Hoả Bình", None, ()),
        ("P25", None, ("P25",)),
        ("Bộ Khoa học và Công nghệ", None, ("G06",)),
        ("", None, ()),
    ],
)
def test_a_name_means_what_it_can_mean(reference: Reference, name: str, day: date | None, found: tuple[str]) -> None:
    assert reference.resolve(name, day) == found


def test_a_parent_tells_namesakes_apart(reference: Reference) -> None:
    assert reference.resolve("Hòa Bình", parent="P25") == ("C05089",)
    assert reference.resolve("Hòa Bình", parent="P01") == ()


def test_near_names_are_only_suggested(reference: Reference) -> None:
    assert reference.resolve("Phường Ba Đìn") == ()
    assert reference.suggest("Phường Ba Đìn")[0] == "C00004"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hoà", "Hòa", True),
        ("Thuỷ", "Thủy", True),
        ("Quý", "Qúy", True),
        ("Đắk Lắk", "Ðắk  Lắk", True),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa–Vũng Tàu", True),
        ("Ia H'Drai", "Ia H’Drai", True),
        ("Hòa", "Hóa", False),
        ("Hoa", "Hòa", False),
        ("Đông", "Dông", False),
        ("Lương", "Luông", False),
        ("Tân An", "Tân Ân", False),
    ],
)
def test_same_names_have_one_key(one: str, other: str, same: bool) -> None:
    assert (name_key(one) == name_key(other)) is same


def test_the_calendar_gives_the_deadline_of_its_time(reference: Reference) -> None:
    due = reference.calendars.due
    assert due("service.dossiers", parse("2026-09"), 5) == date(2026, 10, 20)
    assert due("service.dossiers", parse("2024-09"), 5) == date(2024, 10, 5)
    assert due("nothing", parse("2026-09"), 0) == date(2026, 9, 30)


def test_all_faults_of_a_table_are_told_with_their_line(tmp_path: Path) -> None:
    small = Small.at(tmp_path)
    small.change("reference/org_unit.csv", "Phường Ngọc Hà", " Phường Ngọc Hà")
    small.change("reference/org_unit.csv", "C00004,commune,Phường Ba Đình", "C00004,commune,")
    small.change("reference/org_unit.csv", ",2025-02-28,x", ",2025-02-30,x")
    _, problems = load_reference(small.root / "reference")
    assert sorted((problem.line, problem.field) for problem in problems) == [
        (4, "from_code"),
        (7, "name_vi"),
        (8, "name_vi"),
        (12, "valid_to"),
    ]


def test_units_must_not_go_round(tmp_path: Path) -> None:
    small = Small.at(tmp_path)
    small.change("reference/org_unit.csv", "Hà Nội,VN,", "Hà Nội,C00004,")
    _, problems = load_reference(small.root / "reference")
    assert ["a circle: P01 → C00004 → P01" in problem.found for problem in problems] == [True]


def test_a_cell_may_hold_any_line_break_that_is_not_one(tmp_path: Path) -> None:
    small = Small.at(tmp_path)
    small.change("reference/org_unit.csv", "Phường Ngọc Hà,", '"Phường\u2028Ngọc Hà",')
    tables, problems = load_reference(small.root / "reference")
    assert not problems
    assert tables.unit("C00008").name_vi == "Phường\u2028Ngọc Hà"
