"""The warehouse can be lost: made anew, also from merged files, it is the same table by table."""

from collections.abc import Iterator

import duckdb
import pytest

from indicator_specs.home import Home
from pipelines.compaction import compact_loose
from pipelines.compute import compute
from pipelines.rebuild import content_hashes, rebuild
from tests.small_installation import SmallInstallation, ask, dossiers, small_installation

UNITS = ("P01", "P25")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallInstallation]:
    """Reports of two provinces and two months, corrections of some, one that awaits verification."""
    with small_installation(tmp_path_factory.mktemp("rebuild"), "2026-11-10T09:00:00+07:00") as made:
        for month in ("2026-09", "2026-10"):
            for number, unit in enumerate(UNITS):
                made.accept(dossiers(unit, month, 100 + number, 40 + number), agency=unit)
        made.accept(dossiers("P01", "2026-10", 90, 41), agency="P01")
        made.accept(dossiers("P25", "2026-10", 95, 42), agency="P25", is_provisional=True)
        yield made


def _compute(small: SmallInstallation) -> bool:
    computed = compute(small.now, project=small.project)
    computed.raise_on_failure()
    return computed.is_full


def test_merging_changes_no_table_however_it_is_built(small: SmallInstallation) -> None:
    _compute(small)
    before = content_hashes(small.home)
    assert len(before) > 40
    assert [made.n_files for made in compact_loose(small.now, 2).made] == [2, 4]
    assert not _compute(small)
    assert content_hashes(small.home) == before
    # Staging reads the parts, so that the files may go.
    for batch in small.now.ledger.batches():
        (small.home.root / str(batch.accepted_path)).unlink()
    assert content_hashes(small.home) == before


def test_batches_that_were_merged_before_they_were_computed_count(small: SmallInstallation) -> None:
    small.accept(dossiers("P25", "2026-10", 80, 20), agency="P25")
    compact_loose(small.now, 1)
    assert not _compute(small)
    assert _online(small.home, "P25") == [(25.0,)]


def test_a_warehouse_that_is_made_again_is_the_same(small: SmallInstallation) -> None:
    before = content_hashes(small.home)
    with duckdb.connect(str(small.home.warehouse)) as warehouse:
        warehouse.execute("update indicators.ind_rate set obs_value = 1 where obs_value is not null")
    rebuilt = rebuild(small.now, project=small.project)
    assert rebuilt.tables == before
    assert "indicators.ind_rate" in rebuilt.differing
    small.home.warehouse.unlink()
    rebuilt = rebuild(small.now, project=small.project)
    assert (rebuilt.before, rebuilt.differing) == (None, [])
    assert content_hashes(small.home) == rebuilt.tables == before


def _online(home: Home, unit: str) -> list[tuple[object, ...]]:
    return ask(
        home.warehouse,
        "select obs_value from marts.mart_scoreboard where org_unit_code = ? and time_period = '2026-10' "
        "and indicator = 'rate'",
        unit,
    )
