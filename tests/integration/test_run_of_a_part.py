"""The worker's run after a drop: it intends what is new, does no less than a whole run, tells of all that was built."""

from collections.abc import Collection
from pathlib import Path

import dagster as dg  # noqa: TID251  (what is tested here)
import polars as pl
import pytest

from dbt_project import Changed
from pipelines.assets.intake import SUBMISSIONS
from pipelines.assets.part import part_of
from pipelines.assets.publication import DASHBOARDS, RELEASE
from pipelines.assets.soundness import ACCEPTED
from pipelines.compute import compute, foreseen
from pipelines.dashboards import Dashboards
from pipelines.definitions import defs
from pipelines.installation import Installation
from pipelines.line import publish
from pipelines.release import current
from pipelines.release_file import Note, write_marts
from tests.tiny_warehouse import TinyWarehouse, tiny_warehouse

DOSSIERS = ("online_services", "dossiers")
PLANNED = (dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED, dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED)
OTHERS = {SUBMISSIONS, RELEASE, DASHBOARDS}


def accept(warehouse: TinyWarehouse, received: int) -> str:
    """Accept one value; where its row lies."""
    warehouse.accept(*DOSSIERS, [("public_service.dossiers_received", "P01", "2026-09", received)])
    path = Installation(warehouse.home).ledger.batches()[-1].accepted_path
    assert path is not None
    return path


def alter(path: Path) -> None:
    rows = pl.read_parquet(path)
    path.chmod(0o644)
    rows.with_columns(obs_value=pl.lit("1.000")).write_parquet(path)


def released(here: Installation) -> int:
    release = current(here.home)
    assert release is not None
    return release.number


def names(keys: Collection[dg.AssetKey]) -> set[str]:
    return {key.path[-1] for key in keys}


class Ran:
    """One run of a job: what it intended and what it told of."""

    def __init__(self, job: dg.JobDefinition) -> None:
        self.instance = dg.DagsterInstance.ephemeral()
        # As the worker says it: what is new, although only some models were chosen.
        config = {"ops": {"models": {"config": {"full": False}}}}
        result = job.execute_in_process(instance=self.instance, raise_on_error=False, run_config=config)
        self.success = result.success
        logs = [entry.dagster_event for entry in self.instance.all_logs(result.run_id) if entry.dagster_event]
        self.planned = [event for event in logs if event.event_type in PLANNED]
        made = [event.asset_key for event in logs if event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION]
        self.made = {key for key in made if key} - OTHERS
        self.checked = {(each.asset_key, each.check_name) for each in result.get_asset_check_evaluations()}


def test_a_part_is_run_and_a_whole_where_nothing_is_known(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("part")
    warehouse = tiny_warehouse(folder, monkeypatch).at("2026-11-10T09:00:00+07:00")
    monkeypatch.setenv("CHISO_HOME", str(warehouse.home.root))
    monkeypatch.setattr(Dashboards, "are_synchronised", lambda _: True)
    here, job = Installation(warehouse.home, warehouse.registry), defs.resolve_job_def("intake")
    accept(warehouse, 100)
    assert foreseen(here) is None
    assert part_of(job, here) is job, "no warehouse yet"
    compute(here).raise_on_failure()
    publish(here)

    accept(warehouse, 120)
    changed = foreseen(here)
    assert changed is not None
    ran = Ran(part_of(job, here))
    assert ran.success
    assert names(ran.made) <= set(changed.models)
    assert {"int_observations", "fct_indicator_value", "mart_scoreboard"} <= names(ran.made)
    intended = {event.asset_key for event in ran.planned if event.event_type is PLANNED[0]}
    assert intended == ran.made | OTHERS, "it did what it said"
    assert len(ran.planned) < 120, "a whole run plans 390"
    soundness = {key.path[-1] for key, name in ran.checked if name == ACCEPTED}
    assert {"submissions", "dossiers"} <= soundness, "what is read anew is held against the ledger"
    assert (dg.AssetKey(["intermediate", "int_observations"]), "one_row_a_producer") in ran.checked
    release = current(warehouse.home)
    assert release is not None
    assert release.number == 2
    note = Note.of(2, "regular", "", warehouse.registry.spec_hash)
    assert write_marts(warehouse.home.warehouse, folder / "whole.duckdb", note) == release.tables

    accept(warehouse, 130)
    nothing = Changed.of(warehouse.registry, (), ())
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.assets.part.foreseen", lambda _: nothing)
        part = part_of(job, here)
    unforeseen = Ran(part)
    assert unforeseen.success
    assert unforeseen.made == ran.made, "told although it was not intended"
    assert {key for key, name in ran.checked if name != ACCEPTED} == {
        key for key, name in unforeseen.checked if name != ACCEPTED
    }
    assert released(here) == 3

    file = warehouse.home.root / accept(warehouse, 140)
    alter(file)
    stopped = Ran(part_of(job, here))
    assert not stopped.success
    assert stopped.made == set(), "nothing is computed from a file that has changed since"
    assert released(here) == 3
    file.unlink()
    assert part_of(job, here) is job, "what a file that is gone concerns nobody can tell; the run says that it is gone"

    warehouse.at("2026-11-11T09:00:00+07:00")
    assert foreseen(here) is None, "on another day other lights may change"
