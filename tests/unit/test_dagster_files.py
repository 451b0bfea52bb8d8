"""Dagster's files are held open while a run lasts, and whole when it has ended; no other file is touched."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.pool import NullPool

from pipelines.dagster_files import held_open

FULL, NORMAL = 2, 1


def written(file: Path, number: int) -> int:
    """Write as Dagster does, with an engine and a connection for each event; how the file is synced."""
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("pragma journal_mode=wal"))
        connection.execute(text("create table if not exists events (number int)"))
        connection.execute(text("insert into events values (:number)"), {"number": number})
        connection.commit()
        synced: int = connection.execute(text("pragma synchronous")).scalar_one()
    engine.dispose()
    return synced


def journal(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def test_files_are_held_open_while_a_run_lasts_and_are_whole_when_it_has_ended(tmp_path: Path) -> None:
    ours, other = tmp_path / "dagster" / "index.db", tmp_path / "ledger.sqlite"
    ours.parent.mkdir()
    with held_open(ours.parent):
        assert [written(ours, number) for number in range(3)] == [NORMAL] * 3
        assert written(other, 0) == FULL
        assert journal(ours).stat().st_size > 0, "not folded at each event"
        assert not journal(other).exists()
    assert not journal(ours).exists()
    assert sqlite3.connect(ours).execute("select number from events").fetchall() == [(0,), (1,), (2,)]
    assert written(ours, 3) == FULL, "nothing stays behind"


def test_a_run_that_fails_lets_go_of_them_too(tmp_path: Path) -> None:
    file = tmp_path / "runs.db"

    def run() -> None:
        assert [written(file, number) for number in range(2)] == [NORMAL] * 2
        assert journal(file).exists(), "there from the second event on: a new file has none at first"
        raise RuntimeError("the run failed")

    with pytest.raises(RuntimeError, match="the run failed"), held_open(tmp_path):
        run()
    assert not journal(file).exists()
    assert written(file, 2) == FULL, "nothing stays behind"


def test_threads_may_connect_while_the_block_begins_and_ends(tmp_path: Path) -> None:
    meet, go_on = Barrier(3, timeout=10), Barrier(3, timeout=10)

    def linger(*_: object) -> None:
        meet.wait()
        go_on.wait()

    event.listen(Engine, "connect", linger)
    try:
        with ThreadPoolExecutor(2) as others:
            writing = [others.submit(written, tmp_path / f"{number}.db", number) for number in range(2)]
            meet.wait()
            with held_open(tmp_path):
                pass
            go_on.wait()
            assert [each.result() for each in writing] == [FULL] * 2
    finally:
        event.remove(Engine, "connect", linger)


def test_one_block_at_a_time(tmp_path: Path) -> None:
    with held_open(tmp_path), pytest.raises(RuntimeError, match="already"), held_open(tmp_path):
        pass
    with held_open(tmp_path):
        assert written(tmp_path / "runs.db", 1) == NORMAL
