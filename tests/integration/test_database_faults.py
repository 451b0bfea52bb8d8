"""What the wire and the server do to a pull: it is retried or told, never half kept, never waited for without end."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import stamina

from connectors.databases import attached as attaching
from connectors.databases import pull as pulling
from connectors.errors import PermanentSourceError, SourceError, TransientSourceError
from connectors.extract import extract
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from tests.machine_sources import source
from tests.servers import Server, mariadb, postgres
from tests.wire import Fault, Wire, before

N = 20_000
PG = f"""create table lon as select 'P' || lpad((i % 34)::text, 2, '0') as ma, '2026-09' as ky,
  i::numeric(20,2) as v, i as w, md5(i::text) || md5((-i)::text) as note from generate_series(1, {N}) i;"""
MY = f"""use bo; create table lon as select concat('P', lpad(seq % 34, 2, '0')) as ma, '2026-09' as ky,
  cast(seq as decimal(20,2)) as v, seq as w, concat(md5(seq), md5(-seq)) as note from seq_1_to_{N};"""
SQL = "select ma as unit_code, ky as period, v as received, w as full_online, note from lon"
MIDDLE = 300_000
"""Bytes: well within the result, also as MariaDB compresses it."""


@dataclass(frozen=True)
class Line:
    """A server, the wire before it, and its address through that wire."""

    server: Server
    wire: Wire
    url: str


@pytest.fixture(scope="module", params=["postgres", "mariadb"])
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    with postgres() if request.param == "postgres" else mariadb() as server:
        server.run(PG if request.param == "postgres" else MY)
        with before(server.port) as wire:
            yield Line(server, wire, server.url.replace(f":{server.port}/", f":{wire.port}/"))


@pytest.fixture
def probe(line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Source, Dataset]:
    line.wire.set("none")
    monkeypatch.setenv("CHISO_PROBE", line.url)
    monkeypatch.setattr(attaching, "CONNECT_SECONDS", 1)
    return declared(tmp_path)


def declared(folder: Path, sql: str = SQL, timeout: str = "5") -> tuple[Source, Dataset]:
    (folder / "counts.sql").write_text(sql, encoding="utf-8")
    return source("database", folder, query="counts.sql", timeout=timeout)


def leftovers(home: Home) -> list[Path]:
    return [path for path in home.evidence.rglob("*") if path.name.startswith(".") or path.suffix == ".part"]


def test_the_whole_result_comes_through_a_slow_wire(line: Line, probe: tuple[Source, Dataset], home: Home) -> None:
    line.wire.set("delay", times=50, seconds=0.01)
    assert extract(*probe, home).rows.height == 2 * N
    assert line.wire.passed > MIDDLE


@pytest.mark.parametrize("fault", ["cut", "half_close"])
@pytest.mark.parametrize("after", [0, 200, MIDDLE])
def test_a_connection_that_breaks_once_is_made_anew_and_nothing_is_doubled(
    line: Line, probe: tuple[Source, Dataset], home: Home, fault: Fault, after: int
) -> None:
    line.wire.set(fault, after=after, times=1)
    read = extract(*probe, home)
    assert line.wire.struck == 1
    assert read.rows["row_no"].to_list() == list(range(1, 2 * N + 1))
    assert read.n_emitted == N
    assert leftovers(home) == []


def test_a_connection_that_always_breaks_is_told_and_leaves_nothing(
    line: Line, probe: tuple[Source, Dataset], home: Home
) -> None:
    line.wire.set("cut", after=MIDDLE)
    with stamina.set_testing(testing=True, attempts=2), pytest.raises(TransientSourceError, match="E-SRC-UNREACHABLE"):
        extract(*probe, home)
    assert list(home.evidence.rglob("*.parquet")) == []
    assert leftovers(home) == []


@pytest.mark.parametrize(("fault", "after"), [("silent", 0), ("stall", 200), ("stall", MIDDLE)])
def test_a_server_that_falls_silent_is_left_at_the_limit(
    line: Line, probe: tuple[Source, Dataset], tmp_path: Path, home: Home, fault: Fault, after: int
) -> None:
    """The connection stays open: no error ever comes, and no interrupt reaches the library that waits for it."""
    line.wire.set(fault, after=after)
    began = time.monotonic()
    with stamina.set_testing(testing=True, attempts=1), pytest.raises(TransientSourceError) as caught:
        extract(*declared(tmp_path, timeout="1"), home)
    assert caught.value.code in {"E-SRC-TIMEOUT", "E-SRC-UNREACHABLE"}
    assert time.monotonic() - began < 12
    assert leftovers(home) == []


def test_a_garbled_frame_is_an_error_and_keeps_nothing(line: Line, probe: tuple[Source, Dataset], home: Home) -> None:
    """Bytes that change within a value are for TLS to find; what breaks the protocol is found without."""
    for after in (0, 300):
        line.wire.set("garble", after=after)
        with stamina.set_testing(testing=True, attempts=1), pytest.raises(SourceError):
            extract(*probe, home)
    assert list(home.evidence.rglob("*.parquet")) == []


def test_rights_that_are_taken_away_are_told_as_such(
    line: Line, probe: tuple[Source, Dataset], home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    if line.url.startswith("mysql"):
        line.server.run("revoke select on bo.* from chiso_reader@'127.0.0.1';")
        back = "grant select on bo.* to chiso_reader@'127.0.0.1';"
    else:
        line.server.run("revoke pg_read_all_data from chiso_reader;")
        back = "grant pg_read_all_data to chiso_reader;"
    try:
        with pytest.raises(PermanentSourceError, match="E-SRC-AUTH"):
            extract(*probe, home)
    finally:
        line.server.run(back)


def test_a_lock_at_the_ministry_is_waited_for_once_and_no_longer(
    line: Line, probe: tuple[Source, Dataset], tmp_path: Path, home: Home
) -> None:
    slow = "pg_sleep(30)::text" if line.url.startswith("postgres") else "sleep(30)"
    sql = f"select ma as unit_code, ky as period, v as received, {slow} as full_online from lon"
    began = time.monotonic()
    with pytest.raises(TransientSourceError, match="E-SRC-TIMEOUT"):
        extract(*declared(tmp_path, sql, timeout="1"), home)
    assert time.monotonic() - began < 8, "and the query was not started a second time"


def test_the_most_rows_are_an_end(probe: tuple[Source, Dataset], home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "MOST_ROWS", N - 1)
    with pytest.raises(PermanentSourceError, match="E-SRC-SIZE"):
        extract(*probe, home)
    assert leftovers(home) == []
