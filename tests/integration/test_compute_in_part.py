"""Building in part: whatever came in whatever order, the warehouse is the one that a full build makes."""

import random
import re
from collections.abc import Iterator

import duckdb
import pytest

from dbt_project.layout import PROJECT_DIR
from indicator_specs.registry import Registry
from pipelines.built import to_read
from pipelines.compute import compute
from pipelines.hashing import table_hash
from pipelines.installation import Installation
from pipelines.line import publish
from pipelines.release import current
from pipelines.release_file import SLICED, Note, write_marts
from tests.tiny_warehouse import TinyWarehouse, tiny_warehouse

SCHEMAS = ("ledger", "reference", "spec", "staging", "intermediate", "indicators", "marts", "lineage")
DAYS = ("2026-11-10", "2026-12-13")
"""A day on which nothing falls due, and one after the end of a month, by which dossiers have."""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyWarehouse]:
    """Built whole once; every test goes on from there."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = tiny_warehouse(tmp_path_factory.mktemp("in_part"), monkeypatch)
        dossiers = some_values(made.registry, "online_services.dossiers", random.Random(5))
        made.accept("online_services", "dossiers", dossiers)
        compute(Installation(made.home, made.registry)).raise_on_failure()
        yield made


def hashes(warehouse: TinyWarehouse) -> dict[str, str]:
    with duckdb.connect(str(warehouse.home.warehouse), read_only=True) as connection:
        tables = connection.execute(
            """select table_schema, table_name from information_schema.tables
            where list_contains(?, table_schema) order by all""",
            [list(SCHEMAS)],
        ).fetchall()
        return {f"{schema}.{table}": table_hash(connection, schema, table) for schema, table in tables}


def some_values(registry: Registry, dataset: str, chance: random.Random) -> list[tuple[object, ...]]:
    """Values of some measures of a dataset, for some units and months: new ones, and corrections of earlier ones."""
    declared = registry.datasets[dataset]
    kinds = ("commune",) if dataset == "commune_report.administration" else ("province", "former_province")
    units = [unit.org_unit_code for kind in kinds for unit in registry.reference.of_kind(kind)][:6]
    measures = chance.sample([measure.id for measure in declared.measures], k=min(3, len(declared.measures)))
    periods = ["2025"] if declared.frequency == "yearly" else ["2025-09", "2026-09", "2026-10"]
    values: list[tuple[object, ...]] = []
    for measure in measures:
        for unit in chance.sample(units, k=3):
            value = chance.choice([None, chance.randint(1, 99), f"{chance.randint(1, 10**12)}.5"])
            published = chance.choice([None, f"2026-11-{chance.randint(1, 9):02}"])
            values.append((measure, unit, chance.choice(periods), value, {"published_date": published}))
    return values


def test_a_sequence_of_batches_gives_the_warehouse_of_a_full_build(warehouse: TinyWarehouse) -> None:
    chance = random.Random(5)
    datasets = ["online_services.dossiers", "commune_report.administration", "national_statistics.grdp"]
    for day in DAYS:
        warehouse.at(f"{day}T09:00:00+07:00")
        for dataset in chance.sample(datasets, k=chance.randint(1, 2)):
            agency = "P01" if dataset == "commune_report.administration" else ""
            values = [
                value
                for value in some_values(warehouse.registry, dataset, chance)
                if not agency or value[2] == "2026-10"
            ]
            if values:
                warehouse.accept(*dataset.split("."), values, agency=agency)
        computed = compute(Installation(warehouse.home, warehouse.registry))
        assert computed.failures == []
        assert not computed.is_full
        publish(Installation(warehouse.home, warehouse.registry))
    in_part = hashes(warehouse)
    assert compute(Installation(warehouse.home, warehouse.registry), full=True).failures == []
    assert hashes(warehouse) == in_part
    assert len(in_part) > 60
    assert_patched_as_written_whole(warehouse)


def test_a_published_figure_that_comes_later_is_held_against_what_stands(warehouse: TinyWarehouse) -> None:
    def published() -> list[tuple[object, ...]]:
        compute(Installation(warehouse.home, warehouse.registry)).raise_on_failure()
        return warehouse.rows(
            "select time_period, published from marts.mart_discrepancy where indicator = 'gdp_growth'"
        )

    series = ("national_statistics", "macro_series")
    gdp = [("economy.gdp_constant_2010", "VN", str(year), 1_000_000 + year) for year in (2022, 2023, 2024)]
    warehouse.accept(*series, [*gdp, ("economy.gdp_growth_published", "VN", "2023", "5.05")])
    assert published() == [("2023", 5.05)]
    # Nothing that the indicator reads has changed.
    warehouse.accept(*series, [("economy.gdp_growth_published", "VN", "2024", "7.09")])
    assert published() == [("2023", 5.05), ("2024", 7.09)]


def assert_patched_as_written_whole(warehouse: TinyWarehouse) -> None:
    release = current(warehouse.home)
    assert release is not None
    assert release.n_patches > 0
    note = Note.of(0, "regular", "", warehouse.registry.spec_hash)
    with to_read(warehouse.home) as opened:
        assert release.tables == write_marts(opened, warehouse.home.published / "whole.duckdb", note)


def test_what_is_patched_of_a_mart_is_what_is_built_of_it() -> None:
    declared = {}
    for path in (PROJECT_DIR / "models" / "marts").glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        found = re.search(r"meta=\{'slice': '(\w+)'\}", text)
        # A view's slice tells its test which rows were built.
        if found and "materialized='view'" not in text:
            declared[path.stem] = found[1]
    assert declared == {name: column for name, (column, _) in SLICED.items() if name.startswith("mart_")}
