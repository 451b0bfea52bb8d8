"""A real MariaDB server: the same promises as for PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.errors import PermanentSourceError, TransientSourceError
from connectors.evidence import reread
from connectors.extract import extract
from indicator_specs.home import Home
from tests.machine_sources import source
from tests.servers import Server, has_mariadb, mariadb

TABLES = """
use bo;
create table ho_so
  (ma varchar(8), ky varchar(8), tiep_nhan decimal(38,10), truc_tuyen bigint unsigned, ten varchar(40));
insert into ho_so values ('P79', '2026-09', 12345678901234567890.1000000001, 18446744073709551615, 'Hồ Chí Minh'),
  ('P01', '2026-09', null, 0, 'Hà Nội'), ('P01', '2026-10', 1, 2, 'Hà Nội');
"""
WIDE = "select ma as unit_code, ky as period, tiep_nhan as received, truc_tuyen as full_online, ten from ho_so"

pytestmark = pytest.mark.skipif(
    not has_mariadb(), reason="the system program mariadbd (package mariadb-server) is missing"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with mariadb() as running:
        running.run(TABLES)
        yield running


@pytest.fixture(autouse=True)
def _secret(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_PROBE", server.url)


def test_exact_values_and_vietnamese_text(tmp_path: Path, home: Home) -> None:
    (tmp_path / "q.sql").write_text(f"{WIDE} where ky = :period", encoding="utf-8")
    columns = {"org_unit": "unit_code", "time_period": "period", "citation": "ten"}
    declared, dataset = source("database", tmp_path, query="q.sql", partition="period", columns=columns)
    pulled = extract(declared, dataset, home, "2026-09")
    assert pulled.rows["obs_value"].to_list() == [None, "0", "12345678901234567890.1000000001", "18446744073709551615"]
    assert pulled.rows["obs_status"].to_list() == ["O", "A", "A", "A"]
    assert pulled.rows["citation"].to_list() == ["Hà Nội", "Hà Nội", "Hồ Chí Minh", "Hồ Chí Minh"]
    for row in pulled.rows.to_dicts():
        assert reread(home, pulled.evidence.path, dataset, row["place"], row["measure"]) == row["value_text"]


def test_a_slow_query_is_stopped(tmp_path: Path, home: Home) -> None:
    (tmp_path / "q.sql").write_text(f"select q.* from ({WIDE}) q where sleep(10) = 0", encoding="utf-8")
    declared, dataset = source("database", tmp_path, query="q.sql", timeout="1")
    with pytest.raises(TransientSourceError, match="E-SRC-TIMEOUT"):
        extract(declared, dataset, home)


def test_a_lost_permission_is_permanent_and_shows_no_password(
    server: Server, tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "q.sql").write_text(WIDE, encoding="utf-8")
    declared, dataset = source("database", tmp_path, query="q.sql")
    monkeypatch.setenv("CHISO_PROBE", server.url.replace("bi%40mat", "s%40i-mat-khau"))
    with pytest.raises(PermanentSourceError, match="E-SRC-AUTH") as caught:
        extract(declared, dataset, home)
    assert "mat-khau" not in str(caught.value)
