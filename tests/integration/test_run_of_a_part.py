"""The worker computes and seals ahead of its run, and the run tells of it: of what is new, of all of it, and once."""

from collections.abc import Collection, Iterator
from pathlib import Path

import dagster as dg  # noqa: TID251  (what is tested here)
import polars as pl
import pytest

from connectors.ledger import LeaseHeldError, LedgerUnreachableError
from pipelines.assets import ahead
from pipelines.assets.ahead import go_ahead
from pipelines.assets.intake import SUBMISSIONS
from pipelines.assets.part import part_of
from pipelines.assets.publication import DASHBOARDS, RELEASE
from pipelines.assets.soundness import ACCEPTED
from pipelines.built import to_read
from pipelines.compute import Computed
from pipelines.dashboards import Dashboards
from pipelines.definitions import defs
from pipelines.installation import Installation
from pipelines.release import current
from pipelines.release_file import Note, write_marts
from tests.tiny_warehouse import TinyWarehouse, tiny_warehouse

DOSSIERS = ("online_services", "dossiers")
PLANNED = (dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED, dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED)
OTHERS = {SUBMISSIONS, RELEASE, DASHBOARDS}


def accept(warehouse: TinyWarehouse, received: int, measure: str = "public_service.dossiers_received") -> str:
    """Accept one value; where its row lies."""
    warehouse.accept(*DOSSIERS, [(measure, "P01", "2026-09", received)])
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
        self.said = [entry.user_message for entry in self.instance.all_logs(result.run_id)]
        logs = [entry.dagster_event for entry in self.instance.all_logs(result.run_id) if entry.dagster_event]
        self.planned = [event for event in logs if event.event_type in PLANNED]
        made = [event.asset_key for event in logs if event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION]
        self.made = {key for key in made if key} - OTHERS
        self.checked = {(each.asset_key, each.check_name): each.passed for each in result.get_asset_check_evaluations()}


def in_force(here: Installation) -> list[str]:
    return [event.subject for event in here.ledger.events(kinds=("release_in_force",))]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinyWarehouse]:
    """One for both tests, in their order: to build it whole takes a quarter of a minute."""
    with pytest.MonkeyPatch.context() as patch:
        made = tiny_warehouse(tmp_path_factory.mktemp("part"), patch).at("2026-11-10T09:00:00+07:00")
        patch.setenv("CHISO_HOME", str(made.home.root))
        patch.setattr(Dashboards, "are_synchronised", lambda _: True)
        accept(made, 100)
        yield made


@pytest.fixture
def here(warehouse: TinyWarehouse) -> Installation:
    return Installation(warehouse.home, warehouse.registry)


def test_what_is_new_is_sealed_before_the_run_that_tells_of_it(
    warehouse: TinyWarehouse, here: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = defs.resolve_job_def("intake")
    whole = go_ahead(here)
    assert whole is not None
    assert whole.is_full
    assert part_of(job, whole, here) is job, "there was no warehouse: everything was built"
    assert released(here) == 1
    assert Ran(job).success

    accept(warehouse, 120)
    computed = go_ahead(here)
    assert computed is not None
    assert computed.changed is not None
    assert released(here) == 2, "it is shown; no run has begun"
    with monkeypatch.context() as patch:
        patch.setattr(ahead, "compute", None)
        ran = Ran(part_of(job, computed, here))
    assert ran.success
    assert any("before this run began" in said for said in ran.said)
    assert names(ran.made) == {node.unique_id.rpartition(".")[2] for node in computed.nodes if node.is_model}
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
    with to_read(warehouse.home) as opened:
        assert write_marts(opened, tmp_path / "whole.duckdb", note) == release.tables

    accept(warehouse, 130)
    assert go_ahead(here) is not None
    accept(warehouse, 140)
    part = part_of(job, go_ahead(here), here)
    accept(warehouse, 150)
    more = Ran(part)
    assert more.success
    assert more.made == ran.made, "of three computations, two of them ahead, each model is told of once"
    assert more.checked == ran.checked
    assert released(here) == 5
    assert in_force(here) == [f"mart@{number}" for number in range(1, 6)], "each is told of once"
    assert "int_observations" not in names(Ran(part).made), "told once"


def test_what_cannot_be_computed_ahead_is_left_to_the_run_which_says_why(
    warehouse: TinyWarehouse,
    here: Installation,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    job, before = defs.resolve_job_def("intake"), released(here)
    accept(warehouse, 210)

    def fails(reason: Exception) -> Computed | None:
        def compute_and_publish(*_: object) -> None:
            raise reason

        with monkeypatch.context() as patch:
            patch.setattr(ahead, "compute_and_publish", compute_and_publish)
            return go_ahead(here)

    assert fails(LeaseHeldError("another process")) is None
    assert fails(KeyError("what nobody foresaw")) is None
    assert "what nobody foresaw" in caplog.text, "it ends no worker, and is on record"
    with pytest.raises(LedgerUnreachableError):
        fails(LedgerUnreachableError("the worker waits for it"))
    by_itself = Ran(part_of(job, None, here))
    assert by_itself.success
    assert not any("before this run began" in said for said in by_itself.said), "it computes by itself"
    assert released(here) == before + 1

    warehouse.accept("national_statistics", "grdp", [("economy.grdp", "P01", "2024", 7)])
    assert go_ahead(here) is not None
    grdp = warehouse.home.root / str(here.ledger.batches()[-1].accepted_path)
    whole = grdp.read_bytes()
    alter(grdp)
    accept(warehouse, 220)
    part = part_of(job, go_ahead(here), here)
    assert Ran(part).success, "what is not read holds nobody up"
    assert released(here) == before + 3
    grdp.write_bytes(whole)

    file = warehouse.home.root / accept(warehouse, 140)
    sound = file.read_bytes()
    alter(file)
    assert go_ahead(here) is None
    stopped = Ran(part_of(job, None, here))
    assert not stopped.success
    assert stopped.made == set(), "nothing is computed from a file that has changed since"
    file.unlink()
    assert go_ahead(here) is None
    assert not Ran(part_of(job, None, here)).success
    assert released(here) == before + 3
    file.write_bytes(sound)

    accept(warehouse, 150, measure="public_service.nobody_declares_it")
    broken = go_ahead(here)
    assert broken is not None
    assert broken.failures
    told = Ran(part_of(job, broken, here))
    assert not told.success
    assert any(not passed for passed in told.checked.values()), "which test it was"
    assert released(here) == before + 3, "nothing is sealed of what is broken"
