"""Dagster's events are stored by an engine kept for each file: the same files, each statement compiled once."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import dagster as dg  # noqa: TID251  (what is tested here)
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage  # noqa: TID251
from sqlalchemy import Connection, text

from indicator_specs.home import Home
from pipelines import dagster_events
from pipelines.dagster_events import EventFiles
from pipelines.dagster_files import held_open
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


def test_a_connection_is_kept_while_the_files_are_held_and_closed_before_they_are_let_go(
    instance: dg.DagsterInstance, home: Home
) -> None:
    storage = instance.event_log_storage
    assert isinstance(storage, EventFiles)
    file = home.dagster / "history" / "runs" / "7.db"

    def written(number: int, fault: str = "") -> Connection:
        with storage.run_connection("7") as connection:
            kept: Connection = connection
            kept.execute(text("create table if not exists told (number int)"))
            kept.execute(text("insert into told values (:number)"), {"number": number})
            if fault:
                raise RuntimeError(fault)
        return kept

    with held_open(home.dagster), ThreadPoolExecutor(1) as another:
        first = written(1)
        assert another.submit(written, 2).result() is first
        with pytest.raises(RuntimeError, match="half"):
            written(3, fault="half of it")
        assert written(4) is first
    assert first.closed
    assert not file.with_name("7.db-wal").exists(), "folded, by which the page knows that there is something new"
    assert written(5) is not first
    with sqlite3.connect(file) as plain:
        assert plain.execute("select number from told").fetchall() == [(1,), (2,), (4,), (5,)]


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


def test_a_table_that_is_there_is_looked_up_once_and_one_that_is_not_again(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    look = SqliteEventLogStorage.has_table

    def noted(storage: SqliteEventLogStorage, name: str) -> bool:
        looked.append(name)
        return look(storage, name)

    monkeypatch.setattr(SqliteEventLogStorage, "has_table", noted)
    storage = instance.event_log_storage
    assert isinstance(storage, EventFiles)
    assert [storage.has_table("asset_keys"), storage.has_table("asset_keys")] == [True, True]
    assert looked == ["asset_keys"]
    assert [storage.has_table("later"), storage.has_table("later")] == [False, False]
    with storage.index_connection() as connection:
        connection.execute(text("create table later (n integer)"))
    assert storage.has_table("later")
    assert looked == ["asset_keys", "later", "later", "later"]
