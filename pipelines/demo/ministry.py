"""The demo's ministry database: a real PostgreSQL server with the published figures in tables of a ministry's own.

Owns the tables and the role that may only read them. The pipeline is given an address and nothing else.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipelines.demo import figures
from pipelines.demo.postgres import Server, new_password, running

DATABASE = "thong_ke_quoc_gia"
READER = "chiso_doc"

SCHEMA = """
create schema thong_ke;
create table thong_ke.so_lieu_ca_nuoc (
    ma_chuoi varchar(32) not null,
    nam smallint not null,
    gia_tri numeric(28, 9) not null,
    trang_thai char(1) not null,
    co_quan_cong_bo varchar(16) not null,
    ngay_cong_bo date,
    trich_dan text not null,
    unique nulls not distinct (ma_chuoi, nam, co_quan_cong_bo, ngay_cong_bo)
);
comment on table thong_ke.so_lieu_ca_nuoc is 'Chuỗi số liệu cả nước theo năm';
create table thong_ke.kinh_te_so (
    nam smallint not null,
    ti_trong numeric(9, 4) not null check (ti_trong between 0 and 100),
    trang_thai char(1) not null,
    co_quan_cong_bo varchar(16) not null,
    ngay_cong_bo date,
    trich_dan text not null,
    unique nulls not distinct (nam, co_quan_cong_bo, ngay_cong_bo)
);
comment on table thong_ke.kinh_te_so is 'Tỉ trọng kinh tế số trong GDP (%), theo cơ quan và lần công bố';
create table thong_ke.grdp_tinh (
    danh_muc smallint not null check (danh_muc in (34, 63)),
    ma_tinh char(2) not null,
    nam smallint not null,
    grdp_ty_dong numeric(20, 3) not null,
    trang_thai char(1) not null,
    co_quan_cong_bo varchar(16) not null,
    trich_dan text not null,
    primary key (danh_muc, ma_tinh, nam)
);
comment on table thong_ke.grdp_tinh is 'GRDP theo tỉnh (tỷ đồng); danh_muc: danh mục 34 hoặc 63 tỉnh';
"""

ROLE = """
create role {reader} login password '{password}';
alter role {reader} set default_transaction_read_only = on;
alter role {reader} set statement_timeout = '60s';
grant connect on database {database} to {reader};
grant usage on schema thong_ke to {reader};
grant select on all tables in schema thong_ke to {reader};
"""


@contextmanager
def ministry_database(folder: Path) -> Iterator[str]:
    """The address of the database, for as long as the block lasts; its user may read and nothing else.

    Args:
        folder: Whose database it is: the installation's folder names the server, so that one whose owner was killed
            is stopped by the next start for the same installation. Nothing is written there.
    """
    password = new_password()
    with running(f"ministry of {folder.resolve()}") as server:
        server.sql(f"create database {DATABASE};")
        server.sql(SCHEMA + _copies() + ROLE.format(reader=READER, password=password, database=DATABASE), DATABASE)
        yield _address(server, password)


def _address(server: Server, password: str) -> str:
    return f"postgresql://{READER}:{password}@127.0.0.1:{server.port}/{DATABASE}"


def _copies() -> str:
    national = [
        (r["series_code"], r["year"], r["value"], r["status"], r["producer"], r["published_date"], r["citation"])
        for r in figures.read("macro_series")
    ]
    shares = [
        (r["year"], r["value"], r["status"], r["producer"], r["published_date"], r["citation"])
        for r in figures.read("digital_economy")
    ]
    lists = {"P": "34", "F": "63"}
    products = [
        (lists[r["unit_code"][0]], r["unit_code"][1:], r["year"], r["grdp"], r["status"], r["producer"], r["citation"])
        for r in figures.read("grdp")
    ]
    return _copy("so_lieu_ca_nuoc", national) + _copy("kinh_te_so", shares) + _copy("grdp_tinh", products)


def _copy(table: str, rows: Sequence[Sequence[str]]) -> str:
    """A COPY statement with its rows; a blank becomes null."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return f"copy thong_ke.{table} from stdin with (format csv);\n{text.getvalue()}\\.\n"
