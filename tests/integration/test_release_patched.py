"""A release that is patched onto the one before is, table by table and hash by hash, the one that is written whole."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dbt_project import Changed
from indicator_specs.home import Home
from indicator_specs.keys import stable_key
from pipelines.built import Mark, Slices, at_work, build_stamp, built_since, note_built, to_read
from pipelines.hashing import joint_hash, slice_hashes
from pipelines.release import CURRENT, Release, current, releases, seal, verify
from pipelines.release_file import NOTED, SLICED, Note, write_marts

INDICATORS = ("births", "deaths", "it's, quoted", "marriages")
MEASURES = ("m.one", "m.two", "m.three")
NOTE = Note.of(0, "regular", "", "spec")
MARK = Mark("rules", "models", "/home", 1, "2026-11-10")


def fill(home: Home, values: dict[str, int]) -> None:
    """A warehouse with every sliced table and two others: the number of rows and their content follow ``values``."""
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        for schema in ("marts", "lineage"):
            connection.execute(f"create schema if not exists {schema}")
        for table, (column, period) in SLICED.items():
            schema = "lineage" if table.startswith("lineage") else "marts"
            keys = MEASURES if column == "measure" else INDICATORS
            kind = "integer" if column == "indicator_key" else "varchar"
            connection.execute(
                f"""create or replace table {schema}.{table}
                ({column} {kind}, {period} varchar, obs_value double, batch_no integer)"""
            )
            for key in keys:
                shown = stable_key(key) if column == "indicator_key" else key
                # The newest period follows the value, and how many periods there are; those before stand.
                connection.execute(
                    f"""insert into {schema}.{table}
                    select ?, nullif(n // 2, 0), case when n + 1 = ? then ? else n * 7 end / 3, n
                    from range(?) as t(n)""",
                    [shown, values[key] % 5, values[key], values[key] % 5],
                )
        connection.execute("create or replace table lineage.lineage_batch as select 1 as batch_no")
        total = sum(values.values())
        connection.execute(f"create or replace table marts.mart_submission_status as select {total} as n_expected")


def build(home: Home, values: dict[str, int], changed: Changed | None) -> None:
    fill(home, values)
    with at_work(home) as warehouse:
        note_built(warehouse, MARK, changed)


def change(values: dict[str, int], chance: random.Random) -> Changed:
    """Change some slices, also to none at all, and say which."""
    measures = tuple(chance.sample(MEASURES, k=chance.randint(0, 2)))
    indicators = tuple(chance.sample(INDICATORS, k=chance.randint(0, 2)))
    is_new_day = chance.random() < 0.2
    for name in (*measures, *(INDICATORS if is_new_day else indicators)):
        values[name] = chance.randint(0, 100)
    return Changed(measures, indicators, (), (), 1, is_new_day)


def written_whole(home: Home, folder: Path) -> dict[str, str]:
    with to_read(home) as warehouse:
        return write_marts(warehouse, folder / "whole.duckdb", NOTE)


def stamp(home: Home) -> str:
    with to_read(home) as warehouse:
        return build_stamp(warehouse)


def since(home: Home, build: str) -> Slices | None:
    with to_read(home) as warehouse:
        return built_since(warehouse, build)


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(path), read_only=True) as mart:
        tables = mart.execute(
            "select table_schema, table_name from information_schema.tables where table_schema in ('marts', 'lineage')"
        ).fetchall()
        return {name: mart.execute(f'from "{schema}"."{name}" order by all').fetchall() for schema, name in tables}


@pytest.mark.parametrize("seed", range(4))
def test_random_changes_patched_equal_the_same_written_whole(home: Home, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    values = {name: chance.randint(1, 100) for name in (*INDICATORS, *MEASURES)}
    build(home, values, None)
    seal(home, "spec")
    for _ in range(6):
        build(home, values, change(values, chance))
        if chance.random() < 0.7:  # a release may stand for several builds
            release = seal(home, "spec")
            whole = written_whole(home, tmp_path)
            assert release.tables == whole
            shown, other = contents(release.file_in(home.published)), contents(tmp_path / "whole.duckdb")
            assert shown.keys() == other.keys()
            assert {name: rows for name, rows in shown.items() if name != "mart_release"}.items() <= other.items()
            verify(home, release)
    assert max(release.n_patches for release in releases(home)) > 0


def test_what_was_built_before_a_whole_build_is_not_known(home: Home) -> None:
    values = dict.fromkeys((*INDICATORS, *MEASURES), 7)
    build(home, values, None)
    first = stamp(home)
    build(home, values, Changed(("m.one",), ("births",), (), (), 1))
    build(home, values, Changed(("m.two",), (), (), (), 1, is_new_day=True))
    assert since(home, first) == {"indicator": None, "measure": frozenset({"m.one", "m.two"})}
    assert since(home, stamp(home)) == {"indicator": frozenset(), "measure": frozenset()}
    build(home, values, None)
    assert since(home, first) is None
    assert since(home, "") is None


def test_a_release_is_written_whole_where_the_one_before_was_tampered_with_or_patched_often(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.release.MOST_PATCHES", 2)
    values = dict.fromkeys((*INDICATORS, *MEASURES), 7)
    build(home, values, None)
    seal(home, "spec")

    def next_release() -> Release:
        values["births"] += 1
        build(home, values, Changed((), ("births",), (), (), 1))
        return seal(home, "spec")

    second = next_release()
    assert second.n_patches == 1
    path = second.file_in(home.published)
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    assert next_release().n_patches == 0
    assert [next_release().n_patches for _ in range(4)] == [1, 2, 0, 1]


def test_nothing_built_is_no_new_release_and_costs_no_copy(home: Home) -> None:
    values = dict.fromkeys((*INDICATORS, *MEASURES), 7)
    build(home, values, None)
    first = seal(home, "spec")
    assert seal(home, "spec") == first
    build(home, values, Changed((), ("births",), (), (), 1))
    assert seal(home, "spec") == first, "built anew, to the same figures"


@pytest.mark.parametrize(
    "point", ["release_copied", "release_patched", "release_drafted", "release_sealed", "release_listed"]
)
def test_a_patch_killed_anywhere_leaves_the_release_in_force(home: Home, tmp_path: Path, point: str) -> None:
    values = dict.fromkeys((*INDICATORS, *MEASURES), 7)
    build(home, values, None)
    first = seal(home, "spec")
    build(home, values | {"births": 8}, Changed((), ("births",), (), (), 1))
    code = "from indicator_specs.home import Home; from pipelines.release import seal; seal(Home.current(), 'spec')"
    killed = subprocess.run([sys.executable, "-c", code], env={**os.environ, "CHISO_DRILL": point}, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert current(home) == first
    assert contents((home.published / CURRENT).resolve()) == contents(first.file_in(home.published))
    second = seal(home, "spec")
    assert second.number == 2
    whole = written_whole(home, tmp_path)
    assert second.tables == whole
    assert current(home) == second
    assert list(home.published.glob(".mart@*")) == []


def noted(release: Release, home: Home) -> dict[tuple[str, str], str]:
    """Table and slice → hash, as a file tells it."""
    with duckdb.connect(str(release.file_in(home.published)), read_only=True) as mart:
        rows = mart.execute(f"select name, slice, sha256 from main.{NOTED}").fetchall()
    return {(name, slice_): sha256 for name, slice_, sha256 in rows}


def test_of_what_was_built_only_the_periods_that_differ_are_replaced(home: Home, tmp_path: Path) -> None:
    values = dict.fromkeys((*INDICATORS, *MEASURES), 9)  # four rows each, in two periods
    build(home, values, None)
    before = noted(seal(home, "spec"), home)
    build(home, values | {"births": 14}, Changed(("m.one",), ("births", "deaths"), (), (), 1))
    release = seal(home, "spec")
    after = noted(release, home)
    assert {key for key in before | after if before.get(key) != after.get(key)} == {
        (f"{'lineage' if table.startswith('lineage') else 'marts'}.{table}", f"{birth}@1")
        for table, (column, _) in SLICED.items()
        if column != "measure"
        for birth in [stable_key("births") if column == "indicator_key" else "births"]
    }
    assert release.tables == written_whole(home, tmp_path)


def test_a_file_that_notes_other_slices_is_hashed_anew(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = dict.fromkeys((*INDICATORS, *MEASURES), 7)
    build(home, values, None)
    with monkeypatch.context() as earlier:
        earlier.setattr("pipelines.release_file.NOTED", "as_noted_before")
        seal(home, "spec")
    build(home, values | {"births": 8}, Changed((), ("births",), (), (), 1))
    release = seal(home, "spec")
    assert release.n_patches == 1
    assert release.tables == written_whole(home, tmp_path)


def test_the_joint_hash_knows_slices_and_their_names() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table t as select * from "
            "(values ('a', 1, 1), ('a', 2, 1), ('b', 3, 1), (null, 4, 1), ('a', 1, null)) as t(k, n, p)"
        )
        slices = slice_hashes(connection, "main", "t", ("k", "p"))
        assert set(slices) == {"a@1", "a@", "b@1", "@1"}
        assert slice_hashes(connection, "main", "t", ("k", "p"), {"a@1": "a", "z@1": "z"}) == {"a@1": slices["a@1"]}
        assert slice_hashes(connection, "main", "t", ("k", "p"), {"@1": ""}) == {"@1": slices["@1"]}
        assert joint_hash(slices) == joint_hash(dict(reversed(slices.items())))
        assert joint_hash(slices) != joint_hash({**slices, "b@1": slices["a@1"]})
        connection.execute("update t set n = 5 where k = 'b'")
        after = slice_hashes(connection, "main", "t", ("k", "p"))
        assert after.pop("b@1") != slices.pop("b@1")
        assert after == slices
