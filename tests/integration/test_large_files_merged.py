"""Files that are too large to be held are merged as small ones are, and an altered one as little."""

from pathlib import Path

import polars as pl
import pytest

from connectors import compaction
from connectors.content_address import content_address
from connectors.ledger import Ledger
from indicator_specs.home import Home
from pipelines.compaction import compact_loose
from pipelines.installation import Installation
from tests.loose_files import accept, each_alone, listed_rows, some_files


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Among files of two rows one of forty, where thirty are too many."""
    monkeypatch.setattr(compaction, "ROWS_AT_ONCE", 30)
    home = Home(tmp_path / "data")
    home.root.mkdir()
    with Ledger.open(home) as ledger:
        some_files(home, ledger, "2026-10", range(20))
        accept(home, ledger, "2026-10", [(f"m.{n}", f"P{n:02}", "2026-10", n) for n in range(40)])
        some_files(home, ledger, "2026-10", range(20, 25))
    return Installation(home)


def test_every_row_and_batch_is_the_same(here: Installation) -> None:
    rows, alone = listed_rows(here.home, here.ledger), each_alone(here.home, here.ledger)
    (made,) = compact_loose(here, 2).made
    assert (made.n_files, made.n_rows) == (26, 90)
    assert listed_rows(here.home, here.ledger).equals(rows)
    for batch in here.ledger.batches():
        (here.home.root / str(batch.accepted_path)).unlink()
    assert all(rows.equals(alone[number]) for number, rows in each_alone(here.home, here.ledger).items())


@pytest.mark.parametrize("damage", ["a figure", "the bytes", "the order"])
def test_an_altered_one_is_not_merged(here: Installation, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (large,) = [batch for batch in here.ledger.batches() if batch.n_accepted == 40]
    file = here.home.root / str(large.accepted_path)
    rows = pl.read_parquet(file)
    if damage == "a figure":
        rows.with_columns(obs_value=pl.lit("7")).write_parquet(file)
    elif damage == "the bytes":
        file.write_bytes(file.read_bytes()[:-9])
    else:
        monkeypatch.setattr(compaction, "file_address", lambda _: large.accepted_sha256)
        rows.reverse().write_parquet(file)
        assert content_address(rows.reverse()) != large.accepted_sha256
    done = compact_loose(here, 2)
    assert not done.made
    assert len(done.faults) == 1
    assert here.ledger.compactions.parts() == []
