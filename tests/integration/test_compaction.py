"""Compaction: the same rows before and after, whenever it is killed, and an altered file is never merged."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from connectors.compaction import KEY, Limits, compact
from connectors.ledger import Group, Lease, LeaseLostError, Ledger, NewCompaction, NewPart, SwapError
from indicator_specs.home import Home
from pipelines import retention
from pipelines.assets.soundness import faults_of_all
from pipelines.auditing import faults
from pipelines.compaction import compact_loose
from pipelines.installation import Installation
from pipelines.rooms import Troubles
from tests.drill_points import drills
from tests.forked import Drill, drilling
from tests.loose_files import DATASET, SOURCE, accept, each_alone, listed_rows, some_files

OCTOBER = Group(SOURCE, DATASET, "2026-10")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seventy files of October, three of September."""
    home = Home(tmp_path_factory.mktemp("loose") / "made")
    home.root.mkdir()
    with Ledger.open(home) as ledger:
        some_files(home, ledger, "2026-09", range(3))
        some_files(home, ledger, "2026-10", range(70))
    return home.root


@pytest.fixture
def here(made: Path, tmp_path: Path) -> Installation:
    return Installation(Home(shutil.copytree(made, tmp_path / "data")))


def test_rows_and_their_batches_are_the_same(here: Installation) -> None:
    rows, alone = listed_rows(here.home, here.ledger), each_alone(here.home, here.ledger)
    (made,) = compact_loose(here).made
    assert (made.group, made.n_files, made.n_parts, made.n_rows) == (OCTOBER, 70, 1, 140)
    assert listed_rows(here.home, here.ledger).equals(rows)
    (part,) = here.ledger.compactions.parts()
    stored = pl.read_parquet(here.home.root / part.path)
    assert stored.equals(stored.sort(KEY, nulls_last=False))
    for batch in here.ledger.compactions.batches_in(1):
        (here.home.root / str(here.ledger.batches()[batch - 1].accepted_path)).unlink()
    assert all(rows.equals(alone[number]) for number, rows in each_alone(here.home, here.ledger).items())


def test_few_files_wait_for_the_night(here: Installation) -> None:
    compact_loose(here)
    assert here.ledger.compactions.loose_groups(2) == [Group(SOURCE, DATASET, "2026-09")]
    assert [made.n_files for made in compact_loose(here, 2).made] == [3]
    assert compact_loose(here, 2).made == []


def test_small_parts_grow_and_full_ones_stay(here: Installation) -> None:
    rows = listed_rows(here.home, here.ledger)
    compact_loose(here)
    some_files(here.home, here.ledger, "2026-10", range(70, 75))
    (made,) = [made for made in compact_loose(here, 4).made if made.group == OCTOBER]
    assert (made.n_files, made.n_parts, made.n_rows) == (6, 1, 150)
    assert len(here.ledger.compactions.parts(group=OCTOBER)) == 1
    some_files(here.home, here.ledger, "2026-10", range(75, 80))
    (made,) = compact_loose(here, 4, Limits(part_bytes=1000)).made
    assert (made.n_files, made.n_rows) == (5, 10)
    assert listed_rows(here.home, here.ledger).filter(pl.col("batch_no") <= 73).equals(rows)


def test_no_part_is_larger_than_the_limit(here: Installation) -> None:
    rows = listed_rows(here.home, here.ledger)
    limits = Limits(part_bytes=40_000, row_group=10)
    with here.ledger.lease("compaction") as lease:
        made = compact(here.home, here.ledger, OCTOBER, lease, limits)
    parts = here.ledger.compactions.parts(group=OCTOBER)
    assert made.n_parts == len(parts) > 1
    assert all(part.size <= limits.part_bytes for part in parts)
    stored = [pq.ParquetFile(here.home.root / part.path).metadata.row_group(0).column(0) for part in parts]
    assert {column.compression for column in stored} == {"ZSTD"}
    assert listed_rows(here.home, here.ledger).equals(rows)
    assert faults_of_all(here, here.ledger.batches()) == []


def test_batches_of_one_content_keep_their_rows_apart(here: Installation) -> None:
    before = [("m.1", "P01", "2026-08", 5)]
    first = accept(here.home, here.ledger, "2026-08", before)
    accept(here.home, here.ledger, "2026-08", [("m.1", "P01", "2026-08", 6)])
    again = accept(here.home, here.ledger, "2026-08", before)
    assert first.accepted_path == again.accepted_path
    rows = listed_rows(here.home, here.ledger)
    compact_loose(here, 2)
    assert listed_rows(here.home, here.ledger).equals(rows)


@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_an_altered_file_stops_its_own_group_only(here: Installation, damage: str) -> None:
    victim = here.home.root / str(here.ledger.batches()[-1].accepted_path)
    if damage == "gone":
        victim.unlink()
    else:
        pl.read_parquet(victim).with_columns(obs_value=pl.lit("1")).write_parquet(victim)
    done = compact_loose(here, 2)
    assert [made.group.partition for made in done.made] == ["2026-09"]
    (told,) = done.faults
    assert victim.name in told
    assert len(here.ledger.compactions.loose_batches(OCTOBER)) == 70


def test_an_altered_part_is_told_and_never_merged_again(here: Installation) -> None:
    compact_loose(here)
    (part,) = here.ledger.compactions.parts()
    path = here.home.root / part.path
    pl.read_parquet(path).with_columns(obs_value=pl.lit("1")).write_parquet(path)
    assert any(part.path in fault for fault in faults_of_all(here, here.ledger.batches()))
    assert any(part.path in fault for fault in faults(here))
    some_files(here.home, here.ledger, "2026-10", range(70, 75))
    assert any(part.path in fault for fault in compact_loose(here, 5).faults)


def test_a_late_merger_changes_nothing(here: Installation) -> None:
    rows = listed_rows(here.home, here.ledger)
    with here.ledger.lease("compaction") as lease, pytest.raises(LeaseLostError):
        compact(here.home, here.ledger, OCTOBER, Lease(lease.engine, lease.name, "", lease.fence - 1))
    with here.ledger.lease("compaction") as lease:
        compact(here.home, here.ledger, OCTOBER, lease)
        taken = here.ledger.compactions.batches_in(1)
        with pytest.raises(SwapError):
            here.ledger.compactions.swap(NewCompaction(OCTOBER, tuple(taken), (_part(here),)), lease)
    assert listed_rows(here.home, here.ledger).equals(rows)
    assert here.ledger.compactions.last() == 1


def _part(here: Installation) -> NewPart:
    (part,) = here.ledger.compactions.parts()
    return NewPart(f"{part.path}2", part.sha256, part.n_rows, part.size)


def test_files_are_pruned_after_their_days_and_not_before(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    compact_loose(here)
    alone = each_alone(here.home, here.ledger)
    assert retention.prunable(here, Troubles()) == []
    monkeypatch.setenv("CHISO_NOW", "2099-01-01T00:00:00+00:00")
    gone = retention.prune(here, Troubles())
    assert {each.store for each in gone} == {"merged"}
    assert len(gone) == 70
    assert all(rows.equals(alone[number]) for number, rows in each_alone(here.home, here.ledger).items())
    assert faults_of_all(here, here.ledger.batches()) == []


@pytest.fixture(scope="module")
def drill() -> Iterator[Drill]:
    with drilling("tests.compaction_drill") as process:
        yield process


def test_a_kill_at_any_instant_changes_nothing(here: Installation, drill: Drill) -> None:
    rows = listed_rows(here.home, here.ledger)
    here.ledger.close()
    before = here.home.root.with_name("before")
    shutil.copytree(here.home.root, before)
    passed = 0
    for drilled in drills(2):
        shutil.rmtree(here.home.root)
        shutil.copytree(before, here.home.root)
        status = drill.run(here.home.root, drilled)
        with Ledger.open(here.home) as ledger:
            assert listed_rows(here.home, ledger).equals(rows), f"killed at {drilled}"
        if not os.WIFSIGNALED(status):
            assert status == 0
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        passed += 1
        assert drill.run(here.home.root, "") == 0
        with Ledger.open(here.home) as ledger:
            assert listed_rows(here.home, ledger).equals(rows)
            assert len(ledger.compactions.parts()) == 2
    assert passed >= 6
