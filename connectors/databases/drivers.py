"""How each Python driver is opened: read-only, in Hà Nội's time, with limits of time.

SQLite is the standard library's, which gives each value as it is stored (DuckDB's reader makes of it what the column
declares). SQL Server and Oracle have never met a server here: what needs none is tested, what needs one follows their
documentation.
"""

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from connectors.databases.engines import ORACLE, SQLITE, SQLSERVER, Address, Engine

if TYPE_CHECKING:
    from connectors.databases.cursors import Driver

TIMEZONE = "Asia/Ho_Chi_Minh"
CONNECT_SECONDS = 10


class Sqlite:
    """A file, opened read-only."""

    def connect(self, address: Address, seconds: float) -> Any:
        """See ``Driver``."""
        uri = f"file:{quote(address.database)}?mode=ro"
        return sqlite3.connect(uri, uri=True, timeout=seconds, check_same_thread=False, isolation_level=None)

    def types(self, description: Sequence[Sequence[Any]]) -> list[str]:
        """SQLite has types of values, not of columns."""
        return [""] * len(description)

    def errors(self) -> tuple[type[Exception], ...]:
        """See ``Driver``."""
        return (sqlite3.Error, UnicodeDecodeError)

    def interrupt(self, connection: Any) -> None:
        """See ``Driver``."""
        connection.interrupt()


class SqlServer:
    """SQL Server by pymssql (FreeTDS)."""

    def connect(self, address: Address, seconds: float) -> Any:
        """See ``Driver``. ``ApplicationIntent=ReadOnly`` lets an availability group send us to a replica."""
        import pymssql  # noqa: PLC0415 - only where it is used

        return pymssql.connect(**self.arguments(address, seconds))

    def arguments(self, address: Address, seconds: float) -> dict[str, Any]:
        """What pymssql is given."""
        limit = max(1, round(seconds))
        return {
            "server": address.host,
            "port": str(address.port),
            "user": address.user,
            "password": address.password,
            "database": address.database,
            "timeout": limit,
            "login_timeout": CONNECT_SECONDS,
            "charset": "UTF-8",
            "appname": "chiso",
            "tds_version": "7.4",
            "read_only": True,
            "encryption": address.options.get("encryption", "request"),
            # one picture of the data without locks that would hold up the ministry's own work
            "conn_properties": [
                "set ansi_warnings on; set quoted_identifier on; set ansi_nulls on;",
                "set transaction isolation level read committed;",
                f"set lock_timeout {limit * 1000}; set dateformat ymd;",
            ],
        }

    def types(self, description: Sequence[Sequence[Any]]) -> list[str]:
        """The five families that DB-Library tells apart."""
        families = {1: "text", 2: "binary", 3: "number", 4: "instant", 5: "decimal"}
        return [families.get(column[1], "") for column in description]

    def errors(self) -> tuple[type[Exception], ...]:
        """See ``Driver``."""
        import pymssql  # noqa: PLC0415

        return (pymssql.Error, OSError)

    def interrupt(self, connection: Any) -> None:
        """DB-Library has no way to stop from outside: its own ``timeout`` does, and the socket is shut."""


class Oracle:
    """Oracle by python-oracledb in thin mode."""

    def connect(self, address: Address, seconds: float) -> Any:
        """See ``Driver``."""
        import oracledb  # noqa: PLC0415

        oracledb.defaults.fetch_lobs = False
        oracledb.defaults.fetch_decimals = True  # a float has 53 bits, NUMBER 38 digits
        connection = oracledb.connect(**self.arguments(address))
        connection.call_timeout = round(seconds * 1000)
        with connection.cursor() as cursor:
            for statement in self.session():
                cursor.execute(statement)
        return connection

    def arguments(self, address: Address) -> dict[str, Any]:
        """What oracledb is given; the path of the address is the service's name."""
        return {
            "user": address.user,
            "password": address.password,
            "host": address.host,
            "port": address.port,
            "service_name": address.database,
            "tcp_connect_timeout": CONNECT_SECONDS,
            "retry_count": 0,
            **address.options,
        }

    def session(self) -> tuple[str, ...]:
        """Statements at the start: Hà Nội's time, numbers with a point, and a transaction that cannot write."""
        return (
            f"alter session set time_zone = '{TIMEZONE}'",
            "alter session set nls_numeric_characters = '.,'",
            "alter session set nls_date_format = 'YYYY-MM-DD HH24:MI:SS'",
            "set transaction read only",
        )

    def types(self, description: Sequence[Sequence[Any]]) -> list[str]:
        """The server's own names, numbers with precision and scale where they are declared."""
        return [_oracle_type(column) for column in description]

    def errors(self) -> tuple[type[Exception], ...]:
        """See ``Driver``."""
        import oracledb  # noqa: PLC0415

        return (oracledb.Error, OSError)

    def interrupt(self, connection: Any) -> None:
        """See ``Driver``."""
        connection.cancel()


def of(engine: Engine) -> "Driver":
    """The driver of an engine that is read by cursors."""
    drivers: dict[Engine, Driver] = {SQLITE: Sqlite(), SQLSERVER: SqlServer(), ORACLE: Oracle()}
    return drivers[engine]


def _oracle_type(column: Sequence[Any]) -> str:
    name = str(getattr(column[1], "name", column[1])).removeprefix("DB_TYPE_")
    precision, scale = column[4], column[5]
    return f"{name}({precision},{scale})" if name == "NUMBER" and precision else name
