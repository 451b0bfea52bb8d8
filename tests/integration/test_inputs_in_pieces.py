"""The ledger reaches the warehouse piece by piece, and no piece is kept: memory does not grow with the batches."""

import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from connectors.ledger import Ledger, frames
from dbt_project import load_inputs
from indicator_specs.home import Home
from tests.tiny_warehouse import TinyWarehouse, tiny_warehouse

DOSSIERS = ("online_services", "dossiers")
RECEIVED = "public_service.dossiers_received"


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyWarehouse:
    made = tiny_warehouse(tmp_path, monkeypatch)
    for number, unit in enumerate(("P01", "P04", "P08", "P12", "P14")):
        made.accept(*DOSSIERS, [(RECEIVED, unit, "2026-09", number)], agency=unit, is_provisional=True)
    return made


def in_warehouse(home: Home, name: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return connection.execute(f"from ledger.{name} order by all").fetchall()


def test_pieces_are_the_whole(warehouse: TinyWarehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(warehouse.home) as ledger:
        load_inputs(warehouse.home, warehouse.registry, ledger.tables())
        whole = {name: in_warehouse(warehouse.home, name) for name in ("batch", "submission", "verification")}
        assert [len(rows) for rows in whole.values()] == [5, 5, 5]
        monkeypatch.setattr(frames, "AT_ONCE", 2)
        with ledger.table_parts() as parts:
            assert [frame.height for frame in parts["batch"]] == [0, 2, 2, 1]
        with ledger.table_parts() as parts:
            load_inputs(warehouse.home, warehouse.registry, parts)
    assert {name: in_warehouse(warehouse.home, name) for name in whole} == whole


def test_no_piece_is_kept(warehouse: TinyWarehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[weakref.ref[object]] = []
    to_arrow = pl.DataFrame.to_arrow

    def noted(frame: pl.DataFrame) -> object:
        table = to_arrow(frame)
        given.append(weakref.ref(table))
        return table

    def one_by_one(pieces: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        for piece in pieces:
            assert [each for each in given if each() is not None] == [], "DuckDB holds what it was handed before"
            yield piece

    monkeypatch.setattr(frames, "AT_ONCE", 2)
    monkeypatch.setattr(pl.DataFrame, "to_arrow", noted)
    with Ledger.open(warehouse.home) as ledger, ledger.table_parts() as parts:
        load_inputs(warehouse.home, warehouse.registry, {name: one_by_one(found) for name, found in parts.items()})
    assert len(given) > 9
    assert len(in_warehouse(warehouse.home, "batch")) == 5


def test_the_last_batch_and_those_after_one(warehouse: TinyWarehouse) -> None:
    with Ledger.open(Home(warehouse.home.root / "none")) as empty:
        assert empty.last_batch() == 0
    with Ledger.open(warehouse.home) as ledger:
        assert ledger.last_batch() == 5
        assert [batch.batch_no for batch in ledger.batches(after=3)] == [4, 5]
