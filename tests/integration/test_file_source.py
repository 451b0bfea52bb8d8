"""Files on a disk, an SFTP server and an S3-style store: taken whole, found again, and never mistaken for nothing."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
import pytest
import xlsxwriter

from connectors.content_address import content_address
from connectors.errors import PermanentSourceError, SourceError, TransientSourceError
from connectors.evidence import reread
from connectors.extract import extract
from connectors.extracted import Extract
from indicator_specs.home import Home
from tests.machine_sources import source
from tests.servers import free_port
from tests.store_servers import Sftp, s3, sftp

pytestmark = pytest.mark.usefixtures("no_pauses")
ATTEMPTS = 2
"""Tries of a fetch, at the most."""

CSV = "unit_code,period,received,full_online\nP01,2026-09,10,0.10\nP04,2026-09,9007199254740993,\nP08,2026-09,1e3,x\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "kho"
    made.mkdir()
    monkeypatch.setenv("CHISO_PROBE", f"file://{made}")
    return made


def pull(home: Home, settle: str = "0", connection: dict[str, object] | None = None, **file: str) -> Extract:
    declared = {"path": "so_{period}.csv", "format": "csv", **file}
    made, dataset = source(
        "file", Path(), partition="period", file=declared, connection={"settle_seconds": settle, **(connection or {})}
    )
    pulled = extract(made, dataset, home, "2026-09")
    for row in pulled.rows.to_dicts():
        assert reread(home, pulled.evidence.path, dataset, row["place"], row["measure"]) == row["value_text"]
    return pulled


def values(pulled: Extract) -> list[tuple[Any, ...]]:
    return pulled.rows.select("place", "obs_value", "value_text", "problem").rows()


def test_a_csv_is_exact(home: Home, folder: Path) -> None:
    (folder / "so_2026-09.csv").write_text(CSV)
    assert values(pull(home)) == [
        ("row 1", "10", "10", None),
        ("row 1", "0.10", "0.10", None),
        ("row 2", "9007199254740993", "9007199254740993", None),
        ("row 2", None, None, None),
        ("row 3", "1000", "1e3", None),
        ("row 3", None, "x", "not_a_number"),
    ]


def test_a_semicolon_and_another_encoding(home: Home, folder: Path) -> None:
    (folder / "so_2026-09.csv").write_text(CSV.replace(",", ";"), encoding="utf-16")
    assert pull(home, delimiter=";", encoding="utf-16").rows.height == 6


def test_parquet(home: Home, folder: Path) -> None:
    rows = {"unit_code": ["P01"], "period": ["2026-09"], "received": [2**53 + 1], "full_online": ["7.50"]}
    pl.DataFrame(rows).write_parquet(folder / "a.parquet")
    pulled = pull(home, path="a.parquet", format="parquet")
    assert values(pulled) == [("row 1", "9007199254740993", "9007199254740993", None), ("row 1", "7.50", "7.50", None)]
    assert pulled.rows["conversion"].to_list() == [None, "text_to_number"]


def workbook(path: Path, online: str = "") -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Số liệu")
        sheet.write_row(0, 0, ["Báo cáo"])
        sheet.write_row(2, 0, ["unit_code", "period", "received", "full_online"])
        sheet.write_row(3, 0, ["P01", "2026-09", 12.5, "0.10"])
        sheet.write_row(5, 0, ["P04", "2026-09", 7])
        if online:
            sheet.write_formula(5, 3, online, None, "")


def test_a_sheet(home: Home, folder: Path) -> None:
    workbook(folder / "a.xlsx")
    pulled = pull(home, path="a.xlsx", format="xlsx", sheet="Số liệu", header_row="3")
    assert values(pulled) == [
        ("row 4", "12.5", "12.5", None),
        ("row 4", "0.10", "0.10", None),
        ("row 6", "7", "7", None),
        ("row 6", None, None, None),
    ]
    workbook(folder / "a.xlsx", online="=C6/2")
    with pytest.raises(PermanentSourceError, match=r"E-SRC-SHAPE.*Số liệu!D6"):
        pull(home, path="a.xlsx", format="xlsx", header_row="3")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E-SRC-EMPTY"),
        ("unit_code,period,received,full_online\n", "E-SRC-EMPTY"),
        (CSV[:-4], "E-SRC-TRUNCATED"),
        (CSV + "P09,2026-09,1\n", "E-SRC-SHAPE.*line 5"),
        ("unit_code,period,received\nP01,2026-09,1\n", "E-SRC-SHAPE.*full_online"),
        ("unit_code,period,received,received\nP01,2026-09,1,1\n", "E-SRC-SHAPE.*repeats received"),
        (CSV.replace("P01", '"P01'), "E-SRC-SHAPE"),
        (CSV.replace("2026-09", "2026-08"), "E-SRC-PERIOD"),
    ],
)
def test_what_is_not_the_agreed_file_is_refused(home: Home, folder: Path, text: str, code: str) -> None:
    (folder / "so_2026-09.csv").write_text(text)
    with pytest.raises(SourceError, match=code):
        pull(home)


def test_a_parquet_or_workbook_cut_in_the_middle_is_refused(home: Home, folder: Path) -> None:
    workbook(folder / "a.xlsx")
    pl.DataFrame({"unit_code": ["P01"]}).write_parquet(folder / "a.parquet")
    for name in ("a.xlsx", "a.parquet"):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])
        with pytest.raises(PermanentSourceError, match="E-SRC-SHAPE"):
            pull(home, path=name, format=name[2:])


def test_a_file_that_is_being_written_is_left_for_the_next_time(home: Home, folder: Path) -> None:
    file = folder / "so_2026-09.csv"
    file.write_text(CSV)
    stop = threading.Event()

    def drip() -> None:
        with file.open("a") as open_file:
            while not stop.is_set():
                open_file.write("P09,2026-09,1,1\n")
                open_file.flush()
                time.sleep(0.02)

    writer = threading.Thread(target=drip)
    writer.start()
    try:
        with pytest.raises(TransientSourceError, match="E-SRC-BEING-WRITTEN"):
            pull(home, settle="0.2")
    finally:
        stop.set()
        writer.join()
    assert pull(home).rows.height > 6


@pytest.fixture(scope="module")
def far_sftp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sftp]:
    folder = tmp_path_factory.mktemp("sftp")
    (folder / "hop_thu").mkdir()
    with sftp(folder) as server:
        yield server


@pytest.fixture(scope="module")
def far_s3() -> Iterator[str]:
    with s3() as url:
        yield url


@pytest.fixture(params=["file", "sftp", "s3"])
def store(
    request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Callable[[str], None], dict[str, object], str]:
    """How a file is put there, what the declaration says of it, and the address of such a store that is away."""
    if request.param == "file":
        return lambda text: (folder / "so_2026-09.csv").write_text(text) and None, {}, ""
    if request.param == "sftp":
        server: Sftp = request.getfixturevalue("far_sftp")
        monkeypatch.setenv("CHISO_PROBE", json.dumps({"url": server.url}))
        box = server.folder / "hop_thu" / "so_2026-09.csv"
        box.unlink(missing_ok=True)
        away = server.url.replace(str(server.port), str(free_port()))
        return lambda text: box.write_text(text) and None, {"host_key": server.host_key}, away
    url: str = request.getfixturevalue("far_s3")
    monkeypatch.setenv("CHISO_PROBE", url)
    host = url.rpartition("@")[2].partition("/")[0]
    files = fsspec.filesystem("s3", key="khoa", secret="bimat", endpoint_url=f"http://{host}", use_listings_cache=False)
    if files.exists("hop-thu/bao-cao/so_2026-09.csv"):
        files.rm_file("hop-thu/bao-cao/so_2026-09.csv")
    away = url.replace(host, f"127.0.0.1:{free_port()}")
    return lambda text: files.pipe_file("hop-thu/bao-cao/so_2026-09.csv", text.encode()), {}, away


def test_every_store_gives_the_same(
    store: tuple[Callable[[str], None], dict[str, object], str], home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, connection, away = store
    with pytest.raises(PermanentSourceError, match="E-SRC-ABSENT") as absent:
        pull(home, connection=connection)
    put(CSV)
    first, again = pull(home, connection=connection), pull(home, connection=connection)
    assert first.rows.height == 6
    assert content_address(first.rows) == content_address(again.rows)
    put(CSV.replace(",10,", ",11,"))
    assert content_address(pull(home, connection=connection).rows) != content_address(first.rows)
    told = [str(absent.value), json.dumps(first.origin)]
    if away:
        monkeypatch.setenv("CHISO_PROBE", away)
        with pytest.raises(TransientSourceError, match="E-SRC-UNREACHABLE") as out_of_reach:
            pull(home, connection={**connection, "timeout_seconds": "2"})
        told.append(str(out_of_reach.value))
    assert not any(secret in text for text in told for secret in ("bimat", "b%C3%AD", "bí mật"))


def test_an_sftp_server_must_be_known(far_sftp: Sftp, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHISO_PROBE", far_sftp.url)
    with pytest.raises(PermanentSourceError, match=r"E-SRC-SECRET.*host_key"):
        pull(home)
    other = far_sftp.host_key[:-6] + "AAAAAA"
    with pytest.raises(PermanentSourceError, match=r"E-SRC-AUTH.*another host key"):
        pull(home, connection={"host_key": other})
