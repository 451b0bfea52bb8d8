"""Sealed releases: numbered, read-only, equal when nothing differs, and one command away from each other."""

import os
import stat
from pathlib import Path

import duckdb
import pytest

from dbt_project.build import BuildError
from indicator_specs.home import Home
from pipelines.installation import Installation
from pipelines.line import publish
from pipelines.release import CURRENT, current, releases, rollback, seal, verify
from pipelines.release_file import ReleaseError


def warehouse(home: Home, value: float) -> None:
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute("create schema if not exists lineage")
        connection.execute("create or replace table marts.mart_x as select * from range(3) as t(n)")
        connection.execute("create or replace table marts.mart_y as select ? as obs_value, now() as seen_at", [value])
        connection.execute("create or replace table lineage.lineage_batch as select 1 as batch_no")


def shown(home: Home) -> object:
    path = (home.published / CURRENT).resolve()
    with duckdb.connect(str(path), read_only=True) as mart:
        row = mart.execute("select obs_value from marts.mart_y").fetchone()
    assert row is not None
    return row[0]


def test_a_release_is_sealed_read_only_and_shown(home: Home) -> None:
    warehouse(home, 1.5)
    release = seal(home, "spec")
    path = release.file_in(home.published)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert (home.published / CURRENT).readlink() == Path("mart@1.duckdb")
    assert shown(home) == 1.5
    verify(home, release)


def test_nothing_new_is_no_new_release(home: Home) -> None:
    warehouse(home, 1.5)
    first = seal(home, "spec")
    warehouse(home, 1.5)
    assert seal(home, "spec") == first
    assert [release.number for release in releases(home)] == [1]


def test_a_changed_value_is_a_new_release_and_rollback_goes_back(home: Home) -> None:
    warehouse(home, 1.5)
    seal(home, "spec")
    warehouse(home, 2.5)
    assert seal(home, "spec").number == 2
    assert shown(home) == 2.5
    rollback(home, 1)
    assert shown(home) == 1.5
    in_force = current(home)
    assert in_force is not None
    assert in_force.number == 1
    assert [release.number for release in releases(home)] == [1, 2]


def test_a_release_that_was_gone_back_to_stays_until_figures_change(home: Home) -> None:
    warehouse(home, 1.5)
    seal(home, "spec")
    warehouse(home, 2.5)
    seal(home, "spec")
    rollback(home, 1)
    assert seal(home, "spec").number == 1, "nothing differs from the newest: the one in force stays"
    assert shown(home) == 1.5
    warehouse(home, 3.5)
    assert seal(home, "spec").number == 3
    assert shown(home) == 3.5


def test_a_symlink_that_a_crash_left_behind_is_moved_on(home: Home) -> None:
    warehouse(home, 1.5)
    seal(home, "spec")
    link = home.published / CURRENT
    kept = link.lstat()
    warehouse(home, 2.5)
    seal(home, "spec")
    link.unlink()
    link.symlink_to("mart@1.duckdb")
    os.utime(link, ns=(kept.st_atime_ns, kept.st_mtime_ns), follow_symlinks=False)
    assert seal(home, "spec").number == 2
    assert shown(home) == 2.5


def test_a_tampered_file_is_not_gone_back_to(home: Home) -> None:
    warehouse(home, 1.5)
    first = seal(home, "spec")
    warehouse(home, 2.5)
    seal(home, "spec")
    path = first.file_in(home.published)
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    with pytest.raises(ReleaseError, match="not the file that was sealed"):
        rollback(home, 1)
    assert shown(home) == 2.5


def test_a_release_that_is_not_kept_is_refused_with_those_that_are(home: Home) -> None:
    warehouse(home, 1.5)
    seal(home, "spec")
    with pytest.raises(ReleaseError, match="kept: 1"):
        rollback(home, 7)


def test_a_correction_needs_its_reason_and_is_always_a_release(home: Home) -> None:
    warehouse(home, 1.5)
    seal(home, "spec")
    with pytest.raises(ReleaseError, match="reason"):
        seal(home, "spec", kind="correction")
    correction = seal(home, "spec", kind="correction", reason="Số liệu tháng 9 của Đà Nẵng")
    assert (correction.number, correction.kind) == (2, "correction")


def test_old_releases_are_retired_but_never_the_one_in_force(home: Home) -> None:
    for value in range(1, 5):
        warehouse(home, float(value))
        seal(home, "spec", keep=2)
    assert [release.number for release in releases(home)] == [3, 4]
    rollback(home, 3)
    for value in range(5, 8):
        warehouse(home, float(value))
        seal(home, "spec", keep=2)
    assert {path.name for path in home.published.glob("mart@*.duckdb")} == {"mart@6.duckdb", "mart@7.duckdb"}


def test_leavings_of_a_crash_are_swept_and_no_reader_sees_them(home: Home) -> None:
    warehouse(home, 1.5)
    seal(home, "spec")
    (home.published / ".mart@2.draft").write_bytes(b"half")
    (home.published / "mart@2.duckdb").write_bytes(b"sealed, never listed")
    warehouse(home, 2.5)
    assert seal(home, "spec").number == 2
    assert shown(home) == 2.5
    assert [path.name for path in home.published.glob(".mart@*")] == []


def test_a_warehouse_without_marts_is_refused(home: Home) -> None:
    home.warehouse.parent.mkdir(parents=True)
    duckdb.connect(str(home.warehouse)).close()
    with pytest.raises(ReleaseError, match="no marts"):
        seal(home, "spec")
    assert not (home.published / CURRENT).exists()


def test_a_reader_keeps_its_release_while_the_next_is_sealed(home: Home) -> None:
    warehouse(home, 1.5)
    seal(home, "spec")
    path = Path((home.published / CURRENT).resolve())
    with duckdb.connect(str(path), read_only=True) as reader:
        warehouse(home, 2.5)
        seal(home, "spec")
        assert reader.execute("select obs_value from marts.mart_y").fetchone() == (1.5,)
    assert shown(home) == 2.5


def test_a_computation_that_did_not_end_cannot_be_released(home: Home) -> None:
    warehouse(home, 1.5)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("create table main.built_from as select '{}' as mark, false as is_whole")
    with pytest.raises(BuildError, match="compute again"):
        publish(Installation(home))
    assert current(home) is None
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("update main.built_from set is_whole = true")
    assert publish(Installation(home)).number == 1
