"""The seal on DuckDB connections, tried with DuckDB itself."""

from pathlib import Path

import duckdb
import pytest
from sqlalchemy.engine import make_url

from superset_config.seal import OutsidePublishedError, seal


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    folder.mkdir()
    for number in (1, 2):
        with duckdb.connect(str(folder / f"mart@{number}.duckdb")) as connection:
            connection.execute(f"create schema marts; create table marts.n as select {number} as n")
    (folder / "mart.duckdb").symlink_to("mart@1.duckdb")
    return folder


def opened(published: Path, uri: str | None = None) -> duckdb.DuckDBPyConnection:
    url, params = seal(make_url(uri or f"duckdb:///{published / 'mart.duckdb'}"), {}, published)
    connect = params["connect_args"]
    return duckdb.connect(
        url.database or ":memory:", read_only=connect.get("read_only", False), config=connect["config"]
    )


def test_the_symlink_is_resolved_at_every_connection(published: Path) -> None:
    with opened(published) as old:
        (published / "next").symlink_to("mart@2.duckdb")
        (published / "next").replace(published / "mart.duckdb")
        with opened(published) as new:
            assert old.execute("select n from marts.n").fetchall() == [(1,)]
            assert new.execute("select n from marts.n").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select * from read_text('{file}')", "disabled"),
        ("select * from read_csv('{file}')", "disabled"),
        ("copy (select 1) to '{file}.csv'", "disabled"),
        ("attach '{file}.duckdb' as other", "disabled"),
        ("export database '{file}.d'", "disabled"),
        ("load httpfs", "disabled"),
        ("set enable_external_access = true", "locked"),
        ("set memory_limit = '99GB'", "locked"),
        ("create table marts.x as select 1", "read-only"),
        ("delete from marts.n", "read-only"),
    ],
)
def test_no_file_is_reached_and_nothing_is_written(published: Path, tmp_path: Path, sql: str, reason: str) -> None:
    file = tmp_path / "secret"
    file.write_text("a,b\n1,2\n")
    with opened(published) as connection, pytest.raises(duckdb.Error, match=reason):
        connection.execute(sql.format(file=file)).fetchall()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["published", "secret"]


def test_a_connection_of_somebody_else_keeps_no_setting_of_its_own(published: Path) -> None:
    given = {"connect_args": {"config": {"enable_external_access": True}, "read_only": False}}
    _, params = seal(make_url(f"duckdb:///{published / 'mart.duckdb'}"), given, published)
    assert params["connect_args"]["config"]["enable_external_access"] is False
    assert params["connect_args"]["read_only"] is True


@pytest.mark.parametrize("name", ["../ledger.duckdb", "sub/mart.duckdb", "../published2/mart.duckdb"])
def test_only_releases_may_be_opened(published: Path, name: str) -> None:
    with pytest.raises(OutsidePublishedError):
        seal(make_url(f"duckdb:///{published / name}"), {}, published)


def test_a_symlink_out_of_the_folder_is_not_a_release(published: Path, tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "elsewhere.duckdb")).close()
    (published / "mart@3.duckdb").symlink_to(tmp_path / "elsewhere.duckdb")
    with pytest.raises(OutsidePublishedError):
        opened(published, f"duckdb:///{published / 'mart@3.duckdb'}")


def test_memory_is_sealed_and_other_drivers_are_left_alone(published: Path) -> None:
    with opened(published, "duckdb:///:memory:") as connection, pytest.raises(duckdb.Error, match="disabled"):
        connection.execute("select * from read_text('/etc/hostname')")
    url = make_url("postgresql://h/d")
    assert seal(url, {}, published) == (url, {})
