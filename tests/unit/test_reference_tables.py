"""The committed reference tables: complete, well-formed, and consistent with each other."""

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from indicator_specs.home import PROJECT

FOLDER = PROJECT / "indicator_specs" / "reference"
OF_KIND = {"nation": 1, "province": 34, "former_province": 63, "commune": 3321}
FORM_OF_CODE = {
    "nation": r"VN",
    "province": r"P\d{2}",
    "former_province": r"F\d{2}",
    "commune": r"C\d{5}",
    "ministry": r"G\d{2}|[A-Z]{3,8}",
    "agency": r"G\d{2}|[A-Z]{2,8}",
    "party_body": r"[A-Z]{2,8}(\d{2})?",
}
CHANGED_HANDS = ("merge", "continue")


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def units() -> dict[str, dict[str, str]]:
    rows = table("org_unit")
    assert not [code for code, n in Counter(row["org_unit_code"] for row in rows).items() if n > 1]
    return {row["org_unit_code"]: row for row in rows}


HISTORY = ["former_commune", "org_unit_name", "org_unit_place", "org_unit_counterpart"]


@pytest.mark.parametrize("name", ["org_unit", "org_unit_event", "reporting_calendar", "assignment", *HISTORY])
def test_tables_are_plain_text_with_a_source_in_every_row(name: str) -> None:
    text = (FOLDER / f"{name}.csv").read_bytes().decode("utf-8")
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    assert unicodedata.normalize("NFC", text) == text
    rows = table(name)
    assert rows
    assert not [row for row in rows if not row["source"].strip()]
    assert not [row for row in rows if any(value != value.strip() or "  " in value for value in row.values())]


def test_there_are_34_provinces_63_former_ones_and_3321_communes(units: dict[str, dict[str, str]]) -> None:
    kinds = Counter(row["kind"] for row in units.values())
    assert {kind: kinds[kind] for kind in OF_KIND} == OF_KIND
    assert set(kinds) == set(FORM_OF_CODE)


def test_codes_begin_with_a_letter_and_have_the_form_of_their_kind(units: dict[str, dict[str, str]]) -> None:
    wrong = [code for code, row in units.items() if not re.fullmatch(FORM_OF_CODE[row["kind"]], code)]
    assert wrong == []


def test_every_parent_exists_and_areas_hang_where_they_belong(units: dict[str, dict[str, str]]) -> None:
    assert [code for code, row in units.items() if row["parent_code"] and row["parent_code"] not in units] == []
    above = {"province": "nation", "former_province": "nation", "commune": "province"}
    wrong = [
        code
        for code, row in units.items()
        if row["kind"] in above and units[row["parent_code"]]["kind"] != above[row["kind"]]
    ]
    assert wrong == []
    assert all(row["hierarchy"] == "territory" for row in units.values() if row["kind"] in OF_KIND)
    assert {row["hierarchy"] for row in units.values() if row["kind"] == "party_body"} == {"party"}


def test_every_province_has_its_communes(units: dict[str, dict[str, str]]) -> None:
    communes = Counter(row["parent_code"] for row in units.values() if row["kind"] == "commune")
    assert len(communes) == 34
    assert (communes["P01"], communes["P79"], communes["P12"]) == (126, 168, 38)


def test_names_of_areas_above_the_commune_and_of_bodies_are_unique(units: dict[str, dict[str, str]]) -> None:
    for column in ("name_vi", "short_name_vi"):
        names = Counter(row[column] for row in units.values() if row["kind"] != "commune")
        assert [name for name, n in names.items() if n > 1 or not name] == []


def test_the_63_give_way_to_the_34_on_one_day(units: dict[str, dict[str, str]]) -> None:
    former = {code for code, row in units.items() if row["kind"] == "former_province"}
    rows = [row for row in table("org_unit_event") if row["event"] in CHANGED_HANDS and row["from_code"] in former]
    assert Counter(row["from_code"] for row in rows) == Counter(former)
    assert {row["to_code"] for row in rows} == {code for code, row in units.items() if row["kind"] == "province"}
    assert {(row["effective_date"], row["share"]) for row in rows} == {("2025-07-01", "1")}
    into = Counter(row["to_code"] for row in rows)
    assert all((row["event"] == "continue") == (into[row["to_code"]] == 1) for row in rows)
    assert sum(1 for n in into.values() if n == 1) == 11


@pytest.mark.parametrize(
    ("former", "province"),
    [("F79", "P79"), ("F74", "P79"), ("F77", "P79"), ("F64", "P52"), ("F52", "P52"), ("F46", "P46")],
)
def test_who_became_part_of_whom(former: str, province: str) -> None:
    assert (former, province) in {(row["from_code"], row["to_code"]) for row in table("org_unit_event")}


def test_a_predecessor_ends_the_day_before_its_successor_takes_over(units: dict[str, dict[str, str]]) -> None:
    for row in table("org_unit_event"):
        assert {row["from_code"], row["to_code"]} <= set(units), row
        if row["event"] in CHANGED_HANDS:
            ended = date.fromisoformat(units[row["from_code"]]["valid_to"])
            assert (date.fromisoformat(row["effective_date"]) - ended).days == 1, row


def test_nine_of_the_34_are_cities_since_the_upgrades_of_2026(units: dict[str, dict[str, str]]) -> None:
    provinces = {code: row["name_vi"] for code, row in units.items() if row["kind"] == "province"}
    cities = {code for code, name in provinces.items() if name.startswith("Thành phố ")}
    assert len(cities) == 9
    upgraded = {row["to_code"] for row in table("org_unit_event") if row["event"] == "upgrade"}
    assert {"P75", "P22", "P24"} <= upgraded & cities
    wards = [code for code in upgraded if code.startswith("C")]
    assert len(wards) == 12
    assert all(units[code]["name_vi"].startswith("Phường ") for code in wards)


def test_duties_and_deadlines_name_known_units_and_datasets(units: dict[str, dict[str, str]]) -> None:
    duties, calendar = table("assignment"), table("reporting_calendar")
    assert [row for row in duties if row["reporter_code"] and row["reporter_code"] not in units] == []
    assert {row["dataset"] for row in duties} <= {row["dataset"] for row in calendar}
    sources = Path(PROJECT / "connectors" / "sources")
    for name in {row["dataset"] for row in calendar}:
        source, _, dataset = name.partition(".")
        assert f"  - id: {dataset}\n" in (sources / source / "source.yml").read_text(encoding="utf-8")
