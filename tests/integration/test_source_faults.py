"""What owners of databases do to a pull without meaning harm: accounts, rights, clocks, zones, encodings.

Real PostgreSQL and MariaDB servers. What the wire does stands in ``test_database_faults``, what services do in
``test_rest_faults`` and ``test_rest_hostile``; the list of all is ``docs/source-faults.md``.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from connectors.acceptance import commit
from connectors.errors import PermanentSourceError
from connectors.extract import extract
from connectors.extracted import FIRST, Before, EarlierBatch, Extract
from connectors.landing import Landing
from connectors.secrets import resolve
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from pipelines.installation import Installation
from pipelines.pulling import pull
from tests.machine_sources import source
from tests.servers import Server, mariadb, postgres
from tests.whole_catalogue import whole_catalogue

pytestmark = pytest.mark.usefixtures("no_pauses")


@dataclass(frozen=True)
class Ministry:
    """A server with its dialect, and the account that reads it."""

    name: str
    server: Server

    @property
    def is_postgres(self) -> bool:
        return self.name == "postgres"

    def run(self, postgres: str, mariadb: str = "") -> str:
        """Statements of the administrator, in the words of each server where they differ."""
        return self.server.run(postgres if self.is_postgres else "use bo; " + (mariadb or postgres))

    def table(self, columns: str, rows: str) -> None:
        self.run(f"drop table if exists so cascade; create table so ({columns}); insert into so values {rows};")


@pytest.fixture(scope="module", params=["postgres", "mariadb"])
def ministry(request: pytest.FixtureRequest) -> Iterator[Ministry]:
    with postgres() if request.param == "postgres" else mariadb() as server:
        yield Ministry(request.param, server)


@pytest.fixture(autouse=True)
def _secret(ministry: Ministry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_PROBE", ministry.server.url)


def declared(folder: Path, sql: str, **more: object) -> tuple[Source, Dataset]:
    (folder / "counts.sql").write_text(sql, encoding="utf-8")
    return source("database", folder, query="counts.sql", **more)


def records(read: Extract) -> list[tuple[str, str, str]]:
    rows = read.rows.to_dicts()
    return [
        (row["org_unit"], row["time_period"], row["obs_value"]) for row in rows if row["measure"] == "probe.received"
    ]


FOUR = "ma as unit_code, ky as period, v as received, v as full_online"
PLAIN = f"select {FOUR} from so"


def test_who_is_thrown_out_in_the_middle_asks_again(ministry: Ministry, tmp_path: Path, home: Home) -> None:
    ministry.table("ma varchar(8), ky varchar(8), v int", "('P01', '2026-09', 5)")
    slow = "pg_sleep(1.5)::text" if ministry.is_postgres else "sleep(1.5)"
    thrown = threading.Event()

    def throw_out() -> None:
        """The administrator ends our connection once, while the query runs."""
        until = time.monotonic() + 20
        while not thrown.is_set() and time.monotonic() < until:
            found = ministry.run(
                "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(1%' "
                "and usename = 'chiso_reader' and state = 'active'",
                "select id from information_schema.processlist where user = 'chiso_reader' and info like '%sleep(1%'",
            ).split()
            if found and not ministry.is_postgres:
                ministry.run("", f"kill {found[0]};")
            if found:
                thrown.set()
            time.sleep(0.02)

    administrator = threading.Thread(target=throw_out)
    administrator.start()
    try:
        read = extract(*declared(tmp_path, f"select {FOUR}, {slow} as waited from so", timeout="10"), home)
    finally:
        administrator.join()
    assert thrown.is_set()
    assert records(read) == [("P01", "2026-09", "5")]


# Clocks and zones.

CURSOR = {"mode": "incremental", "cursor": {"column": "seen", "start": "2026-01-01 00:00:00", "lag": "1 hours"}}


def after(home: Home, before: Before, read: Extract) -> Before:
    batch = EarlierBatch(read.evidence.path, Landing(home).land(read).path, read.origin.get("reached"))
    return replace(before, batches=(*before.batches, batch), cursor=read.cursor)


def test_equal_instants_and_a_clock_that_is_set_back_lose_nothing(
    ministry: Ministry, tmp_path: Path, home: Home
) -> None:
    instant = "timestamp" if ministry.is_postgres else "datetime"
    ministry.table(
        f"ma varchar(8), ky varchar(8), v int, seen {instant}", "('P01', '2026-09', 1, '2026-10-05 08:00:00')"
    )
    asked = declared(tmp_path, f"select {FOUR}, seen from so where seen >= :since", **CURSOR)
    first = extract(*asked, home, None, FIRST)
    before = after(home, FIRST, first)
    ministry.run(
        "insert into so values ('P04', '2026-09', 2, '2026-10-05 08:00:00');"
        "insert into so values ('P08', '2026-09', 3, '2026-10-05 08:00:00');"
    )
    second = extract(*asked, home, None, before)
    assert [unit for unit, *_ in records(second)] == ["P04", "P08"], "the same instant as the cursor, and new"
    before = after(home, before, second)
    ministry.run("insert into so values ('P10', '2026-09', 4, '2026-10-05 07:20:00');")
    third = extract(*asked, home, None, before)
    assert [unit for unit, *_ in records(third)] == ["P10"], "its clock was set back by forty minutes"
    assert third.cursor == second.cursor


def test_months_are_those_of_ha_noi_on_either_side_of_their_edge(
    ministry: Ministry, tmp_path: Path, home: Home
) -> None:
    instants = {
        "P01": ("2026-05-31 16:30:00", "2026-05"),  # 23:30 in Hà Nội
        "P04": ("2026-05-31 17:30:00", "2026-06"),  # half past midnight there
        "P08": ("2026-05-31 23:59:59", "2026-06"),
        "P10": ("2026-06-01 00:00:00", "2026-06"),
        "P11": ("2026-06-30 16:59:59", "2026-06"),
        "P12": ("2026-06-30 17:00:00", "2026-07"),
    }
    rows = ", ".join(f"('{unit}', '{utc}', 1)" for unit, (utc, _) in instants.items())
    at_utc = "set time zone 'UTC'; " if ministry.is_postgres else "set time_zone = '+00:00'; "
    kind = "timestamptz" if ministry.is_postgres else "timestamp"
    ministry.run(
        f"{at_utc}drop table if exists so cascade; create table so (ma varchar(8), luc {kind}, v int); "
        f"insert into so values {rows};"
    )
    month = "to_char(luc, 'YYYY-MM')" if ministry.is_postgres else "date_format(luc, '%Y-%m')"
    read = extract(
        *declared(tmp_path, f"select ma as unit_code, {month} as period, v as received, v as full_online from so"), home
    )
    assert {unit: period for unit, period, _ in records(read)} == {unit: told for unit, (_, told) in instants.items()}


# Accounts and rights.


@pytest.mark.parametrize(
    ("postgres_does", "mariadb_does"),
    [
        ("alter role chiso_reader nologin", "alter user chiso_reader@'127.0.0.1' account lock"),
        ("alter role chiso_reader password 'khác'", "set password for chiso_reader@'127.0.0.1' = password('khác')"),
        (
            "alter role chiso_reader valid until '2020-01-01'",
            "alter user chiso_reader@'127.0.0.1' password expire",
        ),
        ("drop owned by chiso_reader; drop role chiso_reader", "drop user chiso_reader@'127.0.0.1'"),
    ],
    ids=["locked", "rotated", "expired", "removed"],
)
def test_an_account_that_lets_us_in_no_more_is_told_as_that(
    ministry: Ministry, tmp_path: Path, home: Home, postgres_does: str, mariadb_does: str
) -> None:
    ministry.table("ma varchar(8), ky varchar(8), v int", "('P01', '2026-09', 5)")
    asked = declared(tmp_path, PLAIN)
    assert records(extract(*asked, home)) == [("P01", "2026-09", "5")]
    ministry.run(postgres_does + ";", mariadb_does + ";")
    try:
        with pytest.raises(PermanentSourceError, match="E-SRC-AUTH") as told:
            extract(*asked, home)
    finally:
        give_back(ministry)
    assert not resolve("CHISO_PROBE").is_in(str(told.value).encode())
    assert records(extract(*asked, home)) == [("P01", "2026-09", "5")], "a secret that is right again counts at once"


def give_back(ministry: Ministry) -> None:
    ministry.run(
        "do $$ begin create role chiso_reader; exception when duplicate_object then null; end $$;"
        "alter role chiso_reader login password 'mật khẩu 1' valid until 'infinity';"
        "grant pg_read_all_data to chiso_reader;",
        "create or replace user chiso_reader@'127.0.0.1' identified by 'bi@mat';"
        "grant select on bo.* to chiso_reader@'127.0.0.1';",
    )


@contextmanager
def fewer_rows(ministry: Ministry) -> Iterator[None]:
    """Rows that we may no longer see, without an error: a policy of the table, or a view that has changed."""
    ministry.run(
        "alter table so enable row level security; create policy it on so for select to chiso_reader using (v <= 4);",
        "rename table so to so_that; create view so as select * from so_that where v <= 4;",
    )
    try:
        yield
    finally:
        ministry.run(
            "drop policy it on so; alter table so disable row level security;",
            "drop view so; rename table so_that to so;",
        )


def test_rows_that_we_may_no_longer_see_are_an_alarm_and_not_a_success(
    ministry: Ministry, tmp_path: Path, home: Home
) -> None:
    ministry.table(
        "ma varchar(8), ky varchar(8), v int", ", ".join(f"('P{n:02}', '2026-09', {n})" for n in range(1, 13))
    )
    home.root.mkdir(parents=True)
    here = Installation(home, whole_catalogue())
    asked = declared(tmp_path, PLAIN)
    first = pull(here, *asked, None)
    assert first is not None
    commit(home, here.ledger, first.extract)
    with fewer_rows(ministry), pytest.raises(PermanentSourceError, match=r"E-SRC-FALL.*4 rows where 12"):
        pull(here, *asked, None)
    again = pull(here, *asked, None)
    assert again is not None
    assert again.extract.rows.height == 24
    assert len(here.ledger.batches()) == 1


# How texts are kept.


def test_codes_in_fields_of_fixed_width_and_other_encodings_arrive_as_they_are(
    ministry: Ministry, tmp_path: Path, home: Home
) -> None:
    rows = "('P01', '2026-09', 5, 'Thừa Thiên – Huế'), ('P04', '2026-09', 6, '')"
    ministry.run(
        "drop table if exists so cascade; create table so (ma char(8), ky char(7), v int, ten text);"
        f"insert into so values {rows};",
        "drop table if exists so; create table so (ma char(8), ky char(7), v int, ten varchar(40) character set utf16)"
        f" character set latin1; insert into so values {rows};",
    )
    columns = {"org_unit": "unit_code", "time_period": "period", "citation": "ten"}
    read = extract(*declared(tmp_path, f"select {FOUR}, ten from so", columns=columns), home)
    assert records(read) == [("P01", "2026-09", "5"), ("P04", "2026-09", "6")]
    assert read.rows["citation"].unique(maintain_order=True).to_list() == ["Thừa Thiên – Huế", ""]
