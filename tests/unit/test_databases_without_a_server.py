"""SQL Server and Oracle as far as no server is needed: addresses, arguments, types, literals, failures."""

import inspect
from types import SimpleNamespace

import oracledb
import pymssql
import pytest

from connectors.databases.cursor import literal
from connectors.databases.drivers import Oracle, SqlServer
from connectors.databases.engines import MYSQL, ORACLE, POSTGRES, SQLITE, SQLSERVER, Address, Engine, address_of
from connectors.databases.meaning import meaning
from connectors.errors import PermanentSourceError
from connectors.secrets import Connection, Secret


def address(url: str) -> Address:
    return address_of(Connection("CHISO_X", Secret(url)), "x.y")


def test_an_address_is_taken_apart_and_decoded() -> None:
    found = address("mssql://doc:m%40t%2Fkhau@may-chu/thong_ke?encryption=require")
    assert (found.engine, found.host, found.port, found.database) == (SQLSERVER, "may-chu", 1433, "thong_ke")
    assert (found.user, found.password, found.options) == ("doc", "m@t/khau", {"encryption": "require"})
    assert "m@t" not in repr(found)
    assert address("oracle://doc:x@may:1600/DICHVU").port == 1600


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mssql://a:b@may/x?encrypt=no", "encrypt"),
        ("oracle://a:b@may/x?sslmode=require", "sslmode"),
        ("db2://a:b@may/x", "mssql://"),
        ("sqlite://", "file is missing"),
    ],
)
def test_what_an_address_may_not_say_is_refused_by_name(url: str, told: str) -> None:
    with pytest.raises(PermanentSourceError, match="E-SRC-SECRET") as refused:
        address(url)
    assert told in str(refused.value)


def test_pymssql_knows_what_it_is_given() -> None:
    given = SqlServer().arguments(address("mssql://doc:x@may/thong_ke"), 2.4)
    known = inspect.signature(pymssql.connect).parameters
    assert set(given) <= set(known)
    assert (given["timeout"], given["read_only"], given["encryption"]) == (2, True, "request")
    assert "set lock_timeout 2000" in given["conn_properties"][-1]


def test_oracledb_takes_what_it_is_given() -> None:
    given = Oracle().arguments(address("oracle://doc:x@may/DICHVU?protocol=tcps"))
    params = oracledb.ConnectParams(**{name: value for name, value in given.items() if name != "password"})
    assert (params.host, params.port, params.service_name, params.protocol) == ("may", 1521, "DICHVU", "tcps")
    assert "set transaction read only" in Oracle().session()


def test_types_are_told_in_the_servers_words() -> None:
    number = ("a", oracledb.DB_TYPE_NUMBER, 0, 0, 18, 4, True)
    bare = ("b", oracledb.DB_TYPE_NUMBER, 0, 0, 0, -127, True)
    text = ("c", SimpleNamespace(name="DB_TYPE_NVARCHAR"), 0, 0, None, None, True)
    assert Oracle().types([number, bare, text]) == ["NUMBER(18,4)", "NUMBER", "NVARCHAR"]
    assert SqlServer().types([("a", 5), ("b", 4), ("c", 99)]) == ["decimal", "instant", ""]


@pytest.mark.parametrize(
    ("engine", "value", "written"),
    [
        (POSTGRES, "-12", "-12"),
        (SQLSERVER, "2026-11-05", "'2026-11-05'"),
        (ORACLE, "2026-11-05", "date '2026-11-05'"),
        (ORACLE, "2026-11-05 08:30:00", "timestamp '2026-11-05 08:30:00.000000'"),
        (ORACLE, "2026-11-05 08:30:00+07:00", "timestamp '2026-11-05 08:30:00.000000 +07:00'"),
        # Seven hours: the same instant as a session in Hà Nội's time writes it, also across midnight.
        (MYSQL, "2026-11-04 22:30:00+00:00", "'2026-11-05 05:30:00'"),
        (SQLITE, "2026-11-04 22:30:00+00:00", "'2026-11-05 05:30:00'"),
    ],
)
def test_a_cursor_is_written_as_the_engine_reads_it(engine: Engine, value: str, written: str) -> None:
    assert literal(value, engine) == written


def test_a_cursor_that_is_none_is_never_written() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        literal("1'; drop table x --", SQLSERVER)


@pytest.mark.parametrize(
    ("said", "code", "is_transient"),
    [
        ("ORA-01017: invalid username/password; logon denied", "E-SRC-AUTH", False),
        ("ORA-00942: table or view does not exist", "E-SRC-AUTH", False),
        ("(18456, b\"Login failed for user 'doc'.\")", "E-SRC-AUTH", False),
        ("(229, b\"The SELECT permission was denied on the object 'x'\")", "E-SRC-AUTH", False),
        ("DPY-4024: call timeout of 2000 ms exceeded", "E-SRC-TIMEOUT", True),
        ("(1222, b'Lock request time out period exceeded.')", "E-SRC-TIMEOUT", True),
        ("(20009, b'DB-Lib error message 20009: Unable to connect')", "E-SRC-UNREACHABLE", True),
        ("ORA-12541: TNS:no listener", "E-SRC-UNREACHABLE", True),
        ("ORA-03113: end-of-file on communication channel", "E-SRC-UNREACHABLE", True),
        ("ORA-00904: invalid identifier", "E-SRC-QUERY", False),
        ("(207, b\"Invalid column name 'x'.\")", "E-SRC-QUERY", False),
    ],
)
def test_a_failure_means_what_the_server_says(said: str, code: str, is_transient: bool) -> None:
    found = meaning(said, "x.y", slow=False)
    assert (found.code, found.is_transient) == (code, is_transient)
