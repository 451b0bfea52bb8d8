"""The published and the synthetic figures: each with its source, on known units, true to what was printed."""

import csv
import hashlib
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from indicator_specs.home import PROJECT
from pipelines.demo import figures, synthetic

TABLES = sorted(path.stem for path in figures.FOLDER.glob("*.csv"))
SYNTHETIC_SHA256 = "bc927ff7f178d3756bac772d6009a3a352d7ee55ac4e07a7a76198d23aab56b1"
"""Of all synthetic figures: a change here changes every screenshot and every example of the guides."""
SOURCE_COLUMNS = ("citation", "source_note", "source")


@pytest.fixture(scope="module")
def codes() -> set[str]:
    with (PROJECT / "indicator_specs" / "reference" / "org_unit.csv").open(encoding="utf-8", newline="") as file:
        return {row["org_unit_code"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_source_a_known_unit_and_plain_numbers(name: str, codes: set[str]) -> None:
    rows = figures.read(name)
    assert rows
    texts = {"unit_code", "series_code", "status", "producer", "published_date", *SOURCE_COLUMNS}
    for row in rows:
        assert any(row.get(column) for column in SOURCE_COLUMNS), row
        assert row["unit_code"] in codes, row
        assert row.get("producer", "NSO") in codes, row
        assert row.get("status", "A") in {"A", "E", "P", "V"}, row
        assert re.fullmatch(r"(\d{4}-\d{2}-\d{2})?", row.get("published_date", "")), row
        numbers = {column: value for column, value in row.items() if column not in texts}
        assert all(re.fullmatch(r"(\d{4}-\d{2}|\d+(\.\d+)?)?", value) for value in numbers.values()), row


def test_two_producers_and_two_vintages_of_the_digital_economy_stand_side_by_side() -> None:
    printed = figures.read("digital_economy")
    rows = {(row["producer"], row["year"], row["published_date"]): row["value"] for row in printed}
    assert len(rows) == 14
    assert (rows["NSO", "2023", "2023-12-29"], rows["NSO", "2023", "2025-01-06"]) == ("12.33", "12.87")
    assert (rows["NSO", "2024", "2025-01-06"], rows["G06", "2024", ""]) == ("13.17", "18.3")


def test_published_gaps_stay_gaps() -> None:
    index = {row["unit_code"]: row for row in figures.read("digital_transformation_index")}
    assert len(index) == 63
    assert sum(1 for row in index.values() if row["awareness"]) == 5
    assert [row["rank"] for row in index.values()].count("15") == 2
    spending = [row["year"] for row in figures.read("macro_series") if row["series_code"] == "GB.XPD.RSDV.GD.ZS"]
    assert spending == ["2002", "2011", "2013", "2015", "2017"]
    assert len([row for row in figures.read("grdp") if row["unit_code"][0] == "P"]) == 25


@pytest.mark.parametrize(
    ("unit", "published"),
    [("F48", "0.8002"), ("F79", "0.7163"), ("F22", "0.7024"), ("F46", "0.6975"), ("F92", "0.6924")],
)
def test_main_indices_of_2022_give_the_published_score(unit: str, published: str) -> None:
    weights = {
        "awareness": 100,
        "institutions": 100,
        "infrastructure": 100,
        "workforce": 100,
        "security": 100,
        "government": 200,
        "economy": 150,
        "society": 150,
    }
    [row] = [row for row in figures.read("digital_transformation_index") if row["unit_code"] == unit]
    score = sum((weight * Decimal(row[name]) for name, weight in weights.items()), Decimal(0)) / 1000
    assert abs(score - Decimal(published)) <= Decimal("0.0001")


def test_other_published_results_follow_from_their_parts() -> None:
    [tasks] = figures.read("task_status")
    parts = ("completed", "in_progress", "overdue", "regular")
    assert sum(int(tasks[part]) for part in parts) == int(tasks["assigned"])
    [hue] = [row for row in figures.read("innovation_index") if row["unit_code"] == "P46"]
    mean = (Decimal(hue["input_score"]) + Decimal(hue["output_score"])) / 2
    assert abs(mean - Decimal(hue["score"])) <= Decimal("0.006")
    products = {row["unit_code"]: Decimal(row["grdp"]) for row in figures.read("grdp")}
    assert abs(products["F79"] + products["F74"] + products["F77"] - products["P79"]) <= 1800


def test_names_that_two_maps_share_went_to_the_right_one() -> None:
    index = {(row["unit_code"], row["period"]): row["score"] for row in figures.read("innovation_index")}
    assert (index["F64", "2024"], index["P52", "2025"], index["F52", "2024"]) == ("26.31", "37.66", "37.88")
    ranks = {row["unit_code"]: row["rank"] for row in figures.read("digital_transformation_index")}
    assert (ranks["F46"], ranks["F79"], ranks["F64"]) == ("4", "2", "62")


def test_synthetic_dossiers_say_so_and_never_contradict_themselves(codes: set[str]) -> None:
    rows = synthetic.dossiers()
    assert len(rows) == 34 * 16
    assert Counter(row["period"] for row in rows) == dict.fromkeys(synthetic.DOSSIER_PERIODS, 34)
    whole = {
        "full_online": "received",
        "digitised": "received",
        "reusing_data": "received",
        "with_fee": "received",
        "paid_online": "with_fee",
        "results_electronic": "results_issued",
    }
    for row in rows:
        assert row["synthetic"] is True
        assert row["unit_code"] in codes
        assert all(0 <= int(row[part]) <= int(row[total]) for part, total in whole.items()), row


def test_synthetic_levels_are_of_the_order_of_the_published_rates_and_rise() -> None:
    rates: dict[str, list[float]] = {}
    for row in synthetic.dossiers():
        rates.setdefault(str(row["period"]), []).append(100 * int(row["full_online"]) / int(row["received"]))
    first, last = rates["2025-07"], rates["2026-10"]
    assert min(first) >= 10
    assert max(last) <= 80
    assert sum(last) / 34 > sum(first) / 34 + 5


def test_one_commune_in_a_hundred_is_silent_and_not_the_same_ones(codes: set[str]) -> None:
    communes = {code for code in codes if re.fullmatch(r"C\d{5}", code)}
    silent = {}
    for period in synthetic.COMMUNE_PERIODS:
        made = synthetic.commune_figures(period)
        silent[period] = communes - set(made)
        assert set(made) <= communes
        assert len(silent[period]) == 33
        for values in made.values():
            assert values["administration.documents_full_electronic"] <= values["administration.documents_processed"]
            assert values["administration.tasks_monitored_electronically"] <= values["administration.tasks_assigned"]
    september, october = silent.values()
    assert september != october


def test_synthetic_figures_are_the_same_on_every_machine() -> None:
    made = [synthetic.dossiers(), *(synthetic.commune_figures(period) for period in synthetic.COMMUNE_PERIODS)]
    text = json.dumps(made, sort_keys=True, ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == SYNTHETIC_SHA256


def test_no_figures_are_made_for_another_period() -> None:
    with pytest.raises(ValueError, match="2026-11"):
        synthetic.commune_figures("2026-11")


def test_no_table_is_without_a_line_in_the_provenance_page() -> None:
    page = Path(PROJECT / "docs" / "data.md").read_text(encoding="utf-8")
    assert [name for name in TABLES if f"`{name}.csv`" not in page] == []
