"""Running the models: nothing is computed from an unsound table, nothing is lost, and equal input gives equal rows.

Most of it on a catalogue of two indicators, whose models take a second.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from connectors.landing import Landing
from connectors.ledger import Ledger
from dbt_project import Changed, InputError, load_inputs
from dbt_project.build import BuildError, build, parse
from dbt_project.selection import FROM_CATALOGUE
from indicator_specs.registry import Registry
from pipelines.release_file import CATALOGUE
from tests.small_catalogue import Small
from tests.small_installation import DOSSIERS, ONLINE, PAID, RECEIVED, dossiers
from tests.small_project import small_project
from tests.tiny_warehouse import TinyWarehouse, reading, tiny_warehouse


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Registry, Path]:
    """A small catalogue, and the project with its models."""
    root = tmp_path_factory.mktemp("few")
    registry = Small.at(root / "specs").load()
    return registry, small_project(root / "dbt_project", registry)


@pytest.fixture
def warehouse(few: tuple[Registry, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyWarehouse:
    return tiny_warehouse(tmp_path, monkeypatch, *few)


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyWarehouse:
    """Of the whole catalogue."""
    return tiny_warehouse(tmp_path, monkeypatch)


def test_an_empty_ledger_builds_and_every_example_holds(whole: TinyWarehouse) -> None:
    result = whole.build(unit_tests=True)
    assert result.failures == ()
    tested = {node.unique_id for node in result.nodes if node.unique_id.startswith("unit_test.")}
    with_examples = [spec for spec in whole.registry.indicators.values() if spec.examples]
    assert len(tested) == len(with_examples) > 0
    shown = whole.rows("select distinct indicator, light from marts.mart_scoreboard order by all")
    assert shown == [(indicator, "no_data") for indicator in sorted(whole.registry.indicators)]


def test_two_values_of_one_grain_stop_everything_below(warehouse: TinyWarehouse) -> None:
    warehouse.accept(*DOSSIERS, [(RECEIVED, "P01", "2026-09", 100), (RECEIVED, "P01", "2026-09", 200)])
    result = warehouse.build()
    assert not result.succeeded
    assert any("one_version_a_vintage" in failure for failure in result.failures)
    status = {node.unique_id: node.status for node in result.nodes}
    below = [name for name in status if name.startswith(("model.chiso.ind_", "model.chiso.mart_score"))]
    assert below
    assert {status[name] for name in below} == {"skipped"}


@pytest.mark.parametrize(
    ("value", "missing"),
    [
        ((RECEIVED, "P99", "2026-09", 100), "org unit"),
        ((RECEIVED, "P01", "2026-13", 100), "period"),
        (("service.unheard_of", "P01", "2026-09", 100), "measure"),
        ((RECEIVED, "P01", "2026-09", 100, {"producer": "NOBODY"}), "producer"),
    ],
    ids=["unit", "period", "measure", "producer"],
)
def test_a_code_that_nobody_knows_is_refused_not_dropped(
    warehouse: TinyWarehouse, value: tuple[object, ...], missing: str
) -> None:
    warehouse.accept(*DOSSIERS, [value])
    load_and = warehouse.build(["stg_service__dossiers"])
    assert any("conforms" in failure and f": {missing}" in failure for failure in load_and.failures)


def test_rows_that_the_ledger_counts_and_the_files_lack_are_missed(warehouse: TinyWarehouse) -> None:
    warehouse.accept(*DOSSIERS, [(RECEIVED, "P01", "2026-09", 100), (RECEIVED, "P25", "2026-09", 100)])
    (accepted,) = (warehouse.home.accepted / "service" / "dossiers").glob("*.parquet")
    rows = pl.read_parquet(accepted)
    accepted.chmod(0o644)
    rows.head(1).write_parquet(accepted)
    result = warehouse.build(["stg_service__dossiers"])
    assert any("n_accepted=2, n_empty=0, n_conformed=1" in failure for failure in result.failures)


def test_only_files_that_the_ledger_lists_are_read(warehouse: TinyWarehouse) -> None:
    warehouse.accept(*DOSSIERS, [(RECEIVED, "P01", "2026-09", 100), (RECEIVED, "P25", "2026-09", None)])
    orphan = reading([(RECEIVED, "P25", "2026-09", 7)], "G22")
    Landing(warehouse.home).accept(*DOSSIERS, orphan)
    assert warehouse.build(["stg_service__dossiers"]).failures == ()
    assert warehouse.rows("select obs_value from staging.stg_service__dossiers") == [(100,)]


def test_the_later_report_holds_and_the_earlier_stays_on_record(warehouse: TinyWarehouse) -> None:
    warehouse.accept(*DOSSIERS, [(RECEIVED, "P01", "2026-09", 100), (ONLINE, "P01", "2026-09", 40)])
    warehouse.accept(*DOSSIERS, [(RECEIVED, "P01", "2026-09", 100), (ONLINE, "P01", "2026-09", 60)])
    warehouse.built()
    assert warehouse.score("rate", "P01", "2026-09", "obs_value") == (60.0,)
    kept = warehouse.rows(
        "select count(*), sum(case when is_current then 1 else 0 end) from intermediate.int_observation_versions"
    )
    assert kept == [(4, 2)]


def test_a_source_is_late_only_where_we_looked_and_it_was_not_there(warehouse: TinyWarehouse) -> None:
    measures = [measure.id for measure in warehouse.registry.dataset(*DOSSIERS).measures]
    units = [unit.org_unit_code for unit in warehouse.registry.reference.of_kind("province")]

    def values(time_period: str) -> list[tuple[object, ...]]:
        return [(measure, unit, time_period, 1) for measure in measures for unit in units]

    def states() -> list[tuple[object, ...]]:
        assert warehouse.build(["+mart_submission_status"]).failures == ()
        return warehouse.rows(
            """select time_period, state, days_late, n_missing from marts.mart_submission_status
            where reporter_code = 'G22' and time_period >= '2026-09' order by 1"""
        )

    # September is due on 20 October, October on 20 November.
    warehouse.at("2026-10-21T09:00:00+07:00").accept(*DOSSIERS, values("2026-09")[1:])
    assert states() == [("2026-09", "partial", 1, 1)]
    warehouse.at("2026-11-23T09:00:00+07:00").accept(*DOSSIERS, [*values("2026-09")[:1], *values("2026-10")])
    assert states() == [("2026-09", "late", 34, 0), ("2026-10", "late", 3, 0)]


def test_a_change_builds_what_hangs_on_it_and_no_other_indicator(warehouse: TinyWarehouse) -> None:
    warehouse.accept(*DOSSIERS, [*dossiers("P01", "2026-09", 100, 80), (PAID, "P01", "2026-09", 30)])
    warehouse.built()
    selection = Changed.of(warehouse.registry, [PAID], [".".join(DOSSIERS)], since_batch=1)
    warehouse.accept(*DOSSIERS, [(PAID, "P01", "2026-09", 35)])
    result = warehouse.build(changed=selection)
    assert result.failures == ()
    built = {node.unique_id.rsplit(".", 1)[-1] for node in result.nodes if node.is_model}
    assert {name for name in built if name.startswith(("ind_", "stg_"))} == {"stg_service__dossiers", "ind_pair"}
    assert {"int_observations", "mart_scoreboard"} <= built
    assert built.isdisjoint(FROM_CATALOGUE)
    assert warehouse.score("pair", "P01", "2026-09", "obs_value") == (80.0 - 35.0,)


def lineage_of(parents: dict[str, list[str]], node: str) -> set[str]:
    return {found for parent in parents.get(node, []) for found in {parent, *lineage_of(parents, parent)}}


def test_what_no_figure_changes_reads_no_figure(whole: TinyWarehouse) -> None:
    manifest = json.loads(parse(whole.home).read_text(encoding="utf-8"))
    parents = manifest["parent_map"]

    def sources_of(node: str) -> set[str]:
        if node.startswith("source."):
            return {node.split(".")[2]}
        return {found for parent in parents[node] for found in sources_of(parent)}

    read = {name: sources_of(f"model.chiso.{name}") for name in FROM_CATALOGUE}
    assert {name: found for name, found in read.items() if "ledger" in found} == {}
    released = {name for name in CATALOGUE if name.startswith(("dim_", "mart_", "lineage_"))}
    for name in released:
        told = lineage_of(parents, f"model.chiso.{name}")
        assert "source.chiso.spec.assignment" not in told, f"{name}: duties fall due on another day"
        assert not any(each.startswith("source.chiso.ledger.") for each in told), name
    assert sources_of("model.chiso.mart_scoreboard") == {"ledger", "reference", "spec"}


def test_an_example_that_does_not_hold_fails_its_unit_test(warehouse: TinyWarehouse, tmp_path: Path) -> None:
    assert warehouse.build().failures == ()
    copy = tmp_path / "dbt_project"
    shutil.copytree(warehouse.project, copy, ignore=shutil.ignore_patterns("target", "*.py", "__pycache__"))
    properties = copy / "models" / "indicators" / "ind_rate.yml"
    text = properties.read_text(encoding="utf-8")
    of_the_example = "      obs_value: 80.0\n    - org_unit_key: 2"
    assert of_the_example in text
    properties.write_text(text.replace(of_the_example, of_the_example.replace("80.0", "80.00001")), encoding="utf-8")
    result = build(warehouse.home, ["ind_rate"], project=copy)
    assert [node.unique_id.split(".")[-1] for node in result.nodes if node.failed] == ["ind_rate_examples"]


def test_another_process_can_write_the_warehouse_after_a_build(warehouse: TinyWarehouse) -> None:
    warehouse.build(["dim_period"])
    path = str(warehouse.home.warehouse)
    code = f"import duckdb; duckdb.connect({path!r}).execute('create table main.mine as select 1')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_project_that_does_not_parse_is_said_so(warehouse: TinyWarehouse, tmp_path: Path) -> None:
    copy = tmp_path / "dbt_project"
    shutil.copytree(warehouse.project, copy, ignore=shutil.ignore_patterns("target", "*.py", "__pycache__"))
    (copy / "models" / "marts" / "mart_broken.sql").write_text("select * from {{ ref('no_such_model') }}")
    with pytest.raises(BuildError, match="no_such_model"):
        build(warehouse.home, ["mart_broken"], project=copy)


def test_a_ledger_without_its_tables_is_refused_before_anything_is_written(warehouse: TinyWarehouse) -> None:
    with Ledger.open(warehouse.home) as ledger:
        tables = ledger.tables()
    with pytest.raises(InputError, match="finding"):
        load_inputs(warehouse.home, warehouse.registry, {name: tables[name] for name in ("batch", "submission")})
    with pytest.raises(InputError, match="accepted_path"):
        load_inputs(warehouse.home, warehouse.registry, tables | {"batch": tables["batch"].drop("accepted_path")})
    assert not warehouse.home.warehouse.exists()
