"""How a dataset is pulled again: from a cursor on, nothing lost or doubled, or whole with every change told."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from connectors.errors import PermanentSourceError
from connectors.evidence import reread
from connectors.extract import extract
from connectors.extracted import FIRST, Before, EarlierBatch, Extract
from connectors.landing import Landing
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from tests.machine_sources import source
from tests.servers import Server, mariadb, postgres

INCREMENTAL = {"mode": "incremental", "cursor": {"column": "seen", "start": "2026-01-01 00:00:00", "lag": "2 days"}}
SINCE = (
    "select ma as unit_code, ky as period, tiep_nhan as received, truc_tuyen as full_online, cap_nhat as seen "
    "from ho_so where cap_nhat >= :since"
)
WHOLE = "select ma as unit_code, ky as period, tiep_nhan as received, truc_tuyen as full_online from ho_so"
TABLE = (
    "create table ho_so (ma varchar(8), ky varchar(8), tiep_nhan decimal(20,2), truc_tuyen int, cap_nhat {instant});"
)


class Database:
    """One table ``ho_so`` in a database that is written by its owner and read by us."""

    def __init__(self, url: str, run: Callable[[str], object]) -> None:
        self.url, self.run = url, run

    def add(self, *rows: tuple[str, str, str, int, str]) -> None:
        for ma, ky, tiep_nhan, truc_tuyen, cap_nhat in rows:
            self.run(f"insert into ho_so values ('{ma}', '{ky}', {tiep_nhan}, {truc_tuyen}, '{cap_nhat}');")


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Server]]:
    with postgres() as pg, mariadb() as my:
        yield {"postgres": pg, "mariadb": my}


@pytest.fixture(params=["postgres", "mariadb", "sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    if request.param == "sqlite":
        file = tmp_path / "hồ sơ.db"

        def run(sql: str) -> None:
            with sqlite3.connect(file) as connection:
                connection.executescript(sql)

        made = Database(f"sqlite:///{file}", run)
        made.run(TABLE.format(instant="text"))
    else:
        server: Server = request.getfixturevalue("servers")[request.param]
        use = "use bo; " if request.param == "mariadb" else ""
        made = Database(server.url, lambda sql: server.run(use + sql))
        instant = "timestamptz" if request.param == "postgres" else "datetime"
        made.run("drop table if exists ho_so; " + TABLE.format(instant=instant))
    monkeypatch.setenv("CHISO_PROBE", made.url)
    return made


def declared(folder: Path, sql: str, **more: object) -> tuple[Source, Dataset]:
    (folder / "counts.sql").write_text(sql, encoding="utf-8")
    return source("database", folder, query="counts.sql", **more)


def after(home: Home, before: Before, read: Extract) -> Before:
    """What the ledger lists once ``read`` is committed."""
    landed = Landing(home).land(read)
    batch = EarlierBatch(read.evidence.path, landed.path, read.origin.get("reached"))
    return replace(before, batches=(*before.batches, batch), cursor=read.cursor)


def keys(read: Extract) -> list[str]:
    return sorted(
        {f"{row['org_unit']} {row['obs_value']}" for row in read.rows.to_dicts() if row["measure"].endswith("received")}
    )


def test_late_rows_are_found_and_known_ones_are_not_doubled(database: Database, tmp_path: Path, home: Home) -> None:
    pulled = declared(tmp_path, SINCE, **INCREMENTAL)
    database.add(
        ("P01", "2026-09", "1.10", 1, "2026-10-01 08:00:00"), ("P02", "2026-09", "2", 1, "2026-10-05 08:00:00")
    )
    first = extract(*pulled, home, None, FIRST)
    assert (first.n_emitted, first.rows.height) == (2, 4)
    assert "1.10" in first.rows["obs_value"].to_list() or "1.1" in first.rows["obs_value"].to_list()
    before = after(home, FIRST, first)
    # one row comes late but within the window, one is new, one is older than the window and is for another mode
    database.add(
        ("P03", "2026-09", "3", 1, "2026-10-03 12:00:00"),
        ("P04", "2026-09", "4", 1, "2026-10-06 08:00:00"),
        ("P05", "2026-09", "5", 1, "2026-09-01 08:00:00"),
    )
    second = extract(*pulled, home, None, before)
    assert [key.split()[0] for key in keys(second)] == ["P03", "P04"]
    assert second.n_emitted == 3, "the newest one of before is read again, and known"
    before = after(home, before, second)
    third = extract(*pulled, home, None, before)
    assert third.rows.is_empty()
    assert third.cursor == second.cursor, "the cursor does not go back"
    for row in second.rows.to_dicts():
        assert reread(home, second.evidence.path, pulled[1], row["place"], row["measure"]) == row["value_text"]


def test_a_row_that_changes_within_the_window_is_read_again(database: Database, tmp_path: Path, home: Home) -> None:
    pulled = declared(tmp_path, SINCE, **INCREMENTAL)
    database.add(("P01", "2026-09", "1", 1, "2026-10-01 08:00:00"), ("P02", "2026-09", "2", 1, "2026-10-01 09:00:00"))
    before = after(home, FIRST, extract(*pulled, home, None, FIRST))
    database.run("update ho_so set tiep_nhan = 7 where ma = 'P01';")
    again = extract(*pulled, home, None, before)
    assert [key.split()[0] for key in keys(again)] == ["P01"]
    assert again.rows["obs_value"].str.starts_with("7").any()


def test_an_incremental_source_that_gives_nothing_at_all_is_an_alarm(
    database: Database, tmp_path: Path, home: Home
) -> None:
    pulled = declared(tmp_path, SINCE, **INCREMENTAL)
    database.add(("P01", "2026-09", "1", 1, "2026-10-01 08:00:00"))
    before = after(home, FIRST, extract(*pulled, home, None, FIRST))
    database.run("delete from ho_so;")
    with pytest.raises(PermanentSourceError, match="E-SRC-EMPTY"):
        extract(*pulled, home, None, before)


def test_deletions_and_restatements_are_told_and_withdrawn(database: Database, tmp_path: Path, home: Home) -> None:
    pulled = declared(tmp_path, WHOLE, mode="snapshot_diff")
    at = "2026-10-01 08:00:00"
    database.add(*((f"P0{n}", "2026-09", str(n), n, at) for n in range(1, 5)))
    first = extract(*pulled, home, None, FIRST)
    assert first.findings == ()
    before = after(home, FIRST, first)
    database.run("delete from ho_so where ma = 'P01'; update ho_so set truc_tuyen = 9 where ma = 'P02';")
    second = extract(*pulled, home, None, before)
    withdrawn = second.rows.filter(pl.col("place") == "withdrawn")
    assert withdrawn["org_unit"].to_list() == ["P01", "P01"]
    assert withdrawn["obs_value"].to_list() == [None, None]
    assert withdrawn["obs_status"].to_list() == ["O", "O"]
    assert [finding.rule for finding in second.findings] == [*["withdrawn_by_source"] * 2, "restated_by_source"]
    assert "2 → 9" in second.findings[-1].message_vi
    assert reread(home, second.evidence.path, pulled[1], "withdrawn", "probe.online") is None
    before = after(home, before, second)
    third = extract(*pulled, home, None, before)
    assert third.findings == ()
    assert Landing(home).land(third).path == before.batches[-1].landing_path, "the same source is the same batch"
    database.add(("P01", "2026-09", "1", 1, at))
    fourth = extract(*pulled, home, None, after(home, before, third))
    assert fourth.rows.filter(pl.col("place") == "withdrawn").is_empty()
    assert {finding.rule for finding in fourth.findings} == {"restated_by_source"}
