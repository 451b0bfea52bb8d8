"""Published results come out of the demo's figures, through landing, models and the scoreboard, within their tolerance.

``golden_figures.csv`` holds what was published; ``agrees`` is false where it does not follow from the figures that were
published with it: the computed value stays, and the row is flagged.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from indicator_specs.registry import Registry
from pipelines.demo import figures
from tests.tiny_warehouse import TinyWarehouse, Value, tiny_warehouse
from tests.whole_catalogue import whole_catalogue

GOLDEN = Path(__file__).with_name("golden_figures.csv")
NATIONAL_DTI = (("2023", "0.7326"), ("2024", "0.7955"))
"""The national index as printed by dantri.com.vn of 21/10/2025."""


def golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyWarehouse]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = tiny_warehouse(tmp_path_factory.mktemp("golden"), monkeypatch)
        registry = whole_catalogue()
        made.accept("national_statistics", "macro_series", long(registry, "national_statistics", "macro_series"))
        made.accept("online_services", "published_rates", long(registry, "online_services", "published_rates"))
        for dataset in ("task_status", "digital_transformation_index", "innovation_index"):
            made.accept("online_services", dataset, wide(registry, "online_services", dataset))
        former = [row for row in wide(registry, "national_statistics", "grdp") if row[1].startswith("F")]
        made.accept("national_statistics", "grdp", former)
        index = [("dti_national.score", "VN", year, value) for year, value in NATIONAL_DTI]
        made.accept("published_rankings", "national_dti", index)
        yield made.built()


def long(registry: Registry, source: str, dataset: str) -> list[Value]:
    """A table of series: one row per value."""
    measures = registry.dataset(source, dataset).measures_by_column
    rows = figures.read(dataset)
    return [(measures[row["series_code"]].id, *place(row), row["value"], how(row)) for row in rows]


def wide(registry: Registry, source: str, dataset: str) -> list[Value]:
    """A table with a column per measure; a blank is a gap."""
    measures = registry.dataset(source, dataset).measures_by_column
    rows = figures.read(dataset)
    return [
        (measure.id, *place(row), row[column], how(row))
        for row in rows
        for column, measure in measures.items()
        if row[column]
    ]


def place(row: Mapping[str, str]) -> tuple[str, str]:
    return row["unit_code"], row.get("period") or row["year"]


def how(row: Mapping[str, str]) -> dict[str, str]:
    columns = {"producer": row.get("producer"), "published_date": row.get("published_date")}
    return {name: text for name, text in columns.items() if text} | {"obs_status": row.get("status", "A")}


def agrees(row: Mapping[str, str]) -> bool:
    return row["agrees"] == "true"


@pytest.mark.parametrize("row", golden(), ids=lambda row: row["id"])
def test_a_published_result_comes_out(warehouse: TinyWarehouse, row: dict[str, str]) -> None:
    [value] = warehouse.score(row["indicator"], row["org_unit"], row["time_period"], "obs_value")
    assert value is not None
    difference = abs(Decimal(str(value)) - Decimal(row["published"]))
    assert (difference <= Decimal(row["tolerance"])) is agrees(row), difference


def test_what_does_not_follow_from_its_figures_is_flagged_and_nothing_else(warehouse: TinyWarehouse) -> None:
    flagged = warehouse.rows(
        "select indicator, org_unit_code, time_period, published from marts.mart_discrepancy where is_flagged"
    )
    trap = {(r["indicator"], r["org_unit"], r["time_period"], float(r["published"])) for r in golden() if not agrees(r)}
    assert set(flagged) == trap
    [[held]] = warehouse.rows("select count(*) from marts.mart_discrepancy where indicator = 'gdp_growth'")
    assert held == 12


def test_three_former_provinces_make_the_new_one(warehouse: TinyWarehouse) -> None:
    columns = ("obs_value", "map", "n_reported", "n_expected")
    row = warehouse.score("grdp", "P79", "2024", *columns)
    assert row == (2717511.0, "current", 3, 3)


def test_provinces_by_kind() -> None:
    """GT20 counts units, not figures: those of the reference tables that stand in November 2026, a city by its name."""
    standing = whole_catalogue().reference.of_kind("province", date(2026, 11, 30))
    cities = [unit.org_unit_code for unit in standing if unit.name_vi.startswith("Thành phố ")]
    assert (len(standing), len(cities), len(standing) - len(cities)) == (34, 9, 25)
    assert {"P75", "P22", "P24"} <= set(cities)
