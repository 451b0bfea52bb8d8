"""Dagster's events are stored by an engine kept for each file: the same files, each statement compiled once."""

from collections.abc import Iterator

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage  # noqa: TID251

from indicator_specs.home import Home
from pipelines import dagster_events
from pipelines.dagster_events import EventFiles
from pipelines.serving import prepare_dagster


@pytest.fixture
def instance(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    for name, value in prepare_dagster(home).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as prepared:
        yield prepared


def test_dagster_keeps_its_events_so_and_where_it_kept_them_before(instance: dg.DagsterInstance, home: Home) -> None:
    key = dg.AssetKey("a")

    @dg.asset(key=key, check_specs=[dg.AssetCheckSpec("holds", asset=key)])
    def made() -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=True)])

    storage = instance.event_log_storage
    assert isinstance(storage, EventFiles)
    result = dg.materialize([made], instance=instance)
    assert result.success
    folder = home.dagster / "history" / "runs"
    assert {"index.db", f"{result.run_id}.db"} <= {path.name for path in folder.iterdir()}
    plain = SqliteEventLogStorage(str(folder))
    for events in (storage, plain):
        (record,) = events.get_asset_records([key])
        last = record.asset_entry.last_materialization
        assert last is not None
        assert last.asset_materialization is not None
        assert last.asset_materialization.metadata["rows"].value == 3
    mine, theirs = (each.get_logs_for_run(result.run_id) for each in (storage, plain))
    assert mine == theirs


def test_an_engine_is_kept_for_each_file_and_not_for_ever(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dagster_events, "MOST_ENGINES", 2)
    storage = instance.event_log_storage
    assert isinstance(storage, EventFiles)

    def engine(run: str) -> object:
        with storage.run_connection(run) as connection:
            return connection.engine

    first = engine("0")
    assert engine("0") is first
    with storage.index_connection() as one:
        index = one.engine
    with storage.index_connection() as another:
        assert another.engine is index
    engine("1")
    assert engine("0") is not first
