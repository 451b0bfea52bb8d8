"""A real PostgreSQL server: exact values, bound periods, refusals, time limits, secrets that never show."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
import stamina

from connectors.databases import result
from connectors.databases.pull import fetch
from connectors.durable import sha256_of
from connectors.errors import PermanentSourceError, SourceError, TransientSourceError
from connectors.evidence import reread
from connectors.extract import extract
from connectors.landing import Landing
from connectors.secrets import resolve
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from tests.machine_sources import measure, source
from tests.servers import Server, free_port, postgres

TABLES = """
create schema bo;
create table bo.ho_so (ma text, ky text, tiep_nhan numeric, truc_tuyen numeric(20,2), gia_lap boolean);
insert into bo.ho_so values
  ('P02', '2026-09', 12.10000000000000000001, 5.50, true),
  ('P01', '2026-09', 100000000000000000000, 'NaN', false),
  ('P01', '2026-10', null, 7, false),
  ('P03', '2026-09', 1e19, -0.01, null);
create table bo.chuoi (series text, unit text, nam int, v double precision, cong_bo date, trang_thai text);
insert into bo.chuoi values
  ('ON', 'VN', 2024, 0.1, '2025-07-01', 'A'), ('RC', 'VN', 2023, 'Infinity', null, null),
  ('RC', 'VN', 2024, 1e-7, '2025-01-31', 'E'), ('XX', 'VN', 2024, 3, null, 'L');
"""
WIDE = "select ma as unit_code, ky as period, tiep_nhan as received, truc_tuyen as full_online, gia_lap from bo.ho_so"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        running.run(TABLES)
        yield running


@pytest.fixture(autouse=True)
def _secret(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_PROBE", server.url)


def wide(folder: Path, sql: str, **more: object) -> tuple[Source, Dataset]:
    (folder / "counts.sql").write_text(sql, encoding="utf-8")
    return source("database", folder, query="counts.sql", **more)


def by_place(rows: pl.DataFrame) -> dict[tuple[str, str], dict[str, object]]:
    return {(row["place"], row["measure"]): row for row in rows.to_dicts()}


def test_values_arrive_as_the_server_prints_them(tmp_path: Path, home: Home) -> None:
    columns = {"org_unit": "unit_code", "time_period": "period", "is_synthetic": "gia_lap"}
    rows = by_place(extract(*wide(tmp_path, WIDE + ";\n-- end", columns=columns), home).rows)
    # in the order of the key: P01 2026-09, P01 2026-10, P02, P03
    assert rows["row 3", "probe.received"]["obs_value"] == "12.10000000000000000001"
    assert rows["row 3", "probe.online"]["obs_value"] == "5.50"
    assert rows["row 3", "probe.online"]["is_synthetic"] is True
    assert rows["row 4", "probe.received"]["obs_value"] == "10000000000000000000"
    assert rows["row 4", "probe.online"]["obs_value"] == "-0.01"
    assert rows["row 4", "probe.online"]["is_synthetic"] is False
    assert rows["row 1", "probe.received"]["org_unit"] == "P01"
    assert rows["row 1", "probe.received"]["producer"] == "NSO"


def test_what_is_no_figure_is_named_not_dropped(tmp_path: Path, home: Home) -> None:
    rows = by_place(extract(*wide(tmp_path, WIDE), home).rows)
    assert len(rows) == 8
    nan, huge, null = rows["row 1", "probe.online"], rows["row 1", "probe.received"], rows["row 2", "probe.received"]
    assert (nan["value_text"], nan["obs_value"], nan["problem"]) == ("NaN", None, "out_of_range")
    assert (huge["value_text"], huge["obs_value"], huge["problem"]) == ("1" + "0" * 20, None, "out_of_range")
    assert (null["value_text"], null["obs_value"], null["obs_status"], null["problem"]) == (None, None, "O", None)


def test_long_layout_keeps_codes_that_nobody_declared(tmp_path: Path, home: Home) -> None:
    declared = wide(
        tmp_path,
        "select * from bo.chuoi",
        layout="long",
        columns={
            "measure": "series",
            "value": "v",
            "org_unit": "unit",
            "time_period": "nam",
            "published_date": "cong_bo",
            "obs_status": "trang_thai",
        },
        key=["measure", "org_unit", "time_period"],
        measures=[measure("received", "RC"), measure("online", "ON")],
    )
    rows = extract(*declared, home).rows
    assert rows["measure"].to_list() == ["probe.online", "probe.received", "probe.received", "XX"]
    assert rows["obs_value"].to_list() == ["0.1", None, "0.0000001", "3"]
    assert rows["problem"].to_list() == [None, "out_of_range", None, None]
    assert rows["obs_status"].to_list() == ["A", "A", "E", "L"]
    assert rows["published_date"].to_list() == ["2025-07-01", None, "2025-01-31", None]
    assert rows["time_period"].to_list() == ["2024", "2023", "2024", "2024"]


def test_the_period_is_bound_and_only_a_period(tmp_path: Path, home: Home) -> None:
    sql = "select ma as unit_code, tiep_nhan as received, truc_tuyen as full_online -- not :period here\n"
    sql += "from bo.ho_so where ky::text = :period and ':period' <> ky"
    declared = wide(tmp_path, sql, partition="period", columns={"org_unit": "unit_code"})
    pulled = extract(*declared, home, "2026-09")
    assert set(pulled.rows["time_period"]) == {"2026-09"}
    assert pulled.rows.height == 6
    assert pulled.partition == pulled.cursor == "2026-09"
    assert "ky::text = '2026-09' and ':period' <> ky" in pulled.origin["query"]
    with pytest.raises(PermanentSourceError, match="E-SRC-QUERY"):
        extract(*declared, home, "2026-09' or true --")
    with pytest.raises(PermanentSourceError, match="E-SRC-PERIOD"):
        extract(*declared, home)


def test_an_answer_for_another_period_is_refused(tmp_path: Path, home: Home) -> None:
    declared = wide(tmp_path, f"select * from ({WIDE}) q where :period <> ''", partition="period")
    with pytest.raises(PermanentSourceError, match=r"E-SRC-PERIOD.*2026-10"):
        extract(*declared, home, "2026-09")


def test_every_value_can_be_read_again_from_the_evidence(tmp_path: Path, home: Home) -> None:
    declared, dataset = wide(tmp_path, WIDE)
    pulled = extract(declared, dataset, home)
    for row in pulled.rows.to_dicts():
        again = reread(home, pulled.evidence.path, dataset, row["place"], row["measure"])
        assert again == row["value_text"]
    with pytest.raises(LookupError):
        reread(home, pulled.evidence.path, dataset, "row 99", "probe.online")


def test_the_same_table_lands_under_the_same_address_in_any_row_order(tmp_path: Path, home: Home) -> None:
    first = extract(*wide(tmp_path, f"{WIDE} order by ma"), home)
    second = extract(*wide(tmp_path, f"{WIDE} order by ma desc"), home)
    assert first.evidence == second.evidence
    assert Landing(home).land(first) == Landing(home).land(second)


def test_many_row_groups_are_the_same_file_in_any_row_order(server: Server, tmp_path: Path) -> None:
    server.run("create table bo.nhieu as select i, 'P' || i % 63 as ma, i * 0.1 as so from generate_series(1, 70000) i")
    sql = "select i as row, ma as unit_code, '2026-09' as period, so as received, i as full_online from bo.nhieu"
    _, dataset = wide(tmp_path, sql)
    kept = []
    for way in ("asc", "desc"):
        (tmp_path / way).mkdir()
        made = fetch(resolve("CHISO_PROBE"), dataset, f"{sql} order by i {way}", 5.0, tmp_path / way / "1.parquet")
        kept.append(result.ordered(made.file, ["row"]))
    assert [file.name for file in kept] == ["1.parquet", "ordered.parquet"]
    assert pq.read_metadata(kept[0]).num_row_groups > 2
    assert sha256_of(kept[0]) == sha256_of(kept[1])


def test_a_scan_begins_at_the_beginning_wherever_another_session_left_one(server: Server, tmp_path: Path) -> None:
    """Of a table larger than a quarter of its buffers the server goes on where somebody else's scan has come to."""
    server.run(
        """create table bo.lon (i int, dem text); alter table bo.lon alter dem set storage plain;
        insert into bo.lon select i, repeat('x', 4200) from generate_series(1, 6000) i;
        begin; declare giua cursor for select * from bo.lon; move 3000 in giua; rollback;"""
    )
    assert int(server.run("select i from bo.lon limit 1")) > 1, "the other session's scan was left in the middle"
    sql = "select i, 'P01' as unit_code, '2026-09' as period, i as received, i as full_online from bo.lon"
    _, dataset = wide(tmp_path, sql)
    made = fetch(resolve("CHISO_PROBE"), dataset, sql, 5.0, tmp_path / "1.parquet")
    assert pl.read_parquet(made.file)["i"].to_list() == list(range(1, 6001))


def test_nothing_can_be_written(server: Server, tmp_path: Path, home: Home) -> None:
    sql = "with gone as (delete from bo.ho_so returning *) "
    sql += "select ma as unit_code, ky as period, 1 as received, 1 as full_online from gone"
    with pytest.raises(PermanentSourceError, match="E-SRC-QUERY"):
        extract(*wide(tmp_path, sql), home)
    assert server.run("select count(*) from bo.ho_so").strip() == "4"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select ma as unit_code, ky as period, tiep_nhan as received from bo.ho_so", "E-SRC-SHAPE.*full_online"),
        ("select * from bo.khong_co", "E-SRC-QUERY.*khong_co"),
        (f"{WIDE} where false", "E-SRC-EMPTY"),
        (f"{WIDE} where ky = :thang", "E-SRC-QUERY.*:thang"),
    ],
)
def test_what_a_person_must_mend_is_permanent(tmp_path: Path, home: Home, sql: str, code: str) -> None:
    with pytest.raises(PermanentSourceError, match=f"(?s){code}"):
        extract(*wide(tmp_path, sql), home)


def test_a_slow_query_is_stopped_and_not_started_again(server: Server, tmp_path: Path, home: Home) -> None:
    sql = f"select q.* from ({WIDE}) q, lateral (select pg_sleep(20)) s"
    with pytest.raises(TransientSourceError, match="E-SRC-TIMEOUT"):
        extract(*wide(tmp_path, sql, timeout="0.5"), home)
    running = "select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep(20)%'"
    assert server.run(f"{running} and pid <> pg_backend_pid()").strip() == "0"


def test_no_error_shows_the_password(
    server: Server, tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = wide(tmp_path, WIDE)
    wrong = f"postgresql://chiso_reader:s%C3%A9cret-7@127.0.0.1:{server.port}/postgres"
    away = f"postgresql://chiso_reader:s%C3%A9cret-7@127.0.0.1:{free_port()}/postgres"
    for url, kind in ((wrong, PermanentSourceError), (away, TransientSourceError)):
        monkeypatch.setenv("CHISO_PROBE", url)
        with stamina.set_testing(testing=True, attempts=2), pytest.raises(kind) as caught:
            extract(*declared, home)
        told: SourceError = caught.value
        assert "cret-7" not in f"{told} {told!r} {told.__cause__} {told.message_en}"
        assert told.__suppress_context__


def test_origin_says_where_from_without_the_password(server: Server, tmp_path: Path, home: Home) -> None:
    origin = extract(*wide(tmp_path, WIDE), home).origin
    assert origin["database"] == f"postgresql://127.0.0.1:{server.port}/postgres"
    assert not any("mật" in text or "%E1" in text for text in origin.values())
