"""A ministry's PostgreSQL or MySQL/MariaDB, attached to an in-memory DuckDB: read-only, with time limits.

Owns that connection. Results stream from the server into the file, so that memory does not grow with them.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from connectors.databases.bound_query import declared_types, limited
from connectors.databases.engines import MYSQL, POSTGRES, Address, address_of
from connectors.databases.meaning import meaning
from connectors.databases.sessions import PARQUET, literal, session
from connectors.databases.severing import deadline, descriptors
from connectors.secrets import Connection

TIMEZONE = "Asia/Ho_Chi_Minh"
"""Of the session: where a query turns an instant into a day or a month, it is that of Hà Nội."""

OFFSET = "+07:00"
"""The same for MySQL, which may not know names of zones."""

CONNECT_SECONDS = 10


class Attached:
    """An attached database. Each question goes to the server as it stands."""

    def __init__(
        self,
        session: duckdb.DuckDBPyConnection,
        address: Address,
        place: str,
        secret: Connection,
        seconds: float,
        before: frozenset[int],
    ) -> None:
        self.engine = address.engine
        self._session, self._address, self._place = session, address, place
        self._secret, self._seconds, self._before = secret, seconds, before

    def columns(self, sql: str) -> dict[str, str]:
        """Names and DuckDB types of what ``sql`` returns; nothing is fetched."""
        frame = self._ask(f"describe select * from {self._source(sql)}")
        return dict(zip(frame["column_name"], frame["column_type"], strict=True))

    def floats(self, sql: str, columns: list[str]) -> set[str]:
        """Those of some DOUBLE columns of ``sql`` that are floats at the server too, so that they arrive as they are.

        A decimal without bounds is a DOUBLE to the reader, and digits of it are lost. Only PostgreSQL can be asked.
        """
        if self.engine is not POSTGRES or not columns:
            return set()
        found = self._ask(f"select * from {self._source(declared_types(sql, columns))}").row(0)
        return {column for column, kind in zip(columns, found, strict=True) if kind == "double precision"}

    def fetch(self, sql: str) -> pl.DataFrame:
        """The rows of ``sql``, exactly typed, in memory.

        Raises:
            SourceError: as the failure means; see ``meaning``.
        """
        return self._ask(f"select * from {self._source(sql)}")

    def write(self, sql: str, target: Path) -> int:
        """Stream the rows of ``sql`` into a Parquet file, in the order in which they come; how many they were.

        Raises:
            SourceError: as the failure means; ``target`` is then no whole file.
        """
        copied = self._ask(f"copy (select * from {self._source(sql)}) to {literal(str(target))} ({PARQUET})")
        return int(copied.item())

    def _source(self, sql: str) -> str:
        # a literal, not a parameter: DuckDB imports pandas to look at parameters
        return f"{self.engine.name}_query('src', {literal(self._limited(sql))})"

    def _limited(self, sql: str) -> str:
        is_mariadb = self.engine is MYSQL and self._is_mariadb
        return limited(sql, self.engine, self._seconds, is_mariadb=is_mariadb)

    @cached_property
    def _is_mariadb(self) -> bool:
        version = self._ask("select * from mysql_query('src', 'select version() as v')")
        return "mariadb" in str(version.item()).lower()

    def _ask(self, statement: str) -> pl.DataFrame:
        began, address = time.monotonic(), self._address
        limit = self._seconds + CONNECT_SECONDS
        with deadline(limit, address.host, address.port, self._session.interrupt, self._before) as state:
            try:
                return self._session.execute(statement).pl()
            except (duckdb.Error, UnicodeDecodeError) as error:
                slow = state.has_passed or time.monotonic() - began >= self._seconds
                raise meaning(self._secret.scrub(str(error)), self._place, slow=slow) from None


@contextmanager
def attached(secret: Connection, place: str, seconds: float) -> Iterator[Attached]:
    """Attach the database of ``secret`` for reading.

    Args:
        secret: its address.
        place: which dataset asks, for messages.
        seconds: the longest that one statement may take at the server.

    Raises:
        SourceError: the address is of no known kind, or the server cannot be reached or refuses us.
    """
    address = address_of(secret, place)
    engine = address.engine
    with session(engine.name) as opened:
        if engine is not POSTGRES:
            # a number stays a number: TINYINT(1) may hold a 5
            opened.execute("set mysql_tinyint1_as_boolean = false; set mysql_bit1_as_boolean = false")
            opened.execute(f"set mysql_session_time_zone = '{OFFSET}'")
        before = descriptors()
        with deadline(2 * CONNECT_SECONDS, address.host, address.port, opened.interrupt, before) as state:
            try:
                opened.execute(_credentials(address))
                options = literal(_options(address, seconds))
                opened.execute(f"attach {options} as src (type {engine.name}, secret chiso_source, read_only)")
            except (duckdb.Error, UnicodeDecodeError) as error:
                text = secret.scrub(str(error))
                raise meaning(f"{text} timed out" if state.has_passed else text, place, slow=False) from None
        yield Attached(opened, address, place, secret, seconds, before)


def _credentials(address: Address) -> str:
    fields = {
        "host": address.host,
        "port": str(address.port),
        "database": address.database,
        "user": address.user,
        "password": address.password,
    }
    given = ", ".join(f"{name} {literal(value)}" for name, value in fields.items() if value)
    return f"create secret chiso_source (type {address.engine.name}, {given})"


def _options(address: Address, seconds: float) -> str:
    """What goes along with the credentials: TLS as the address says, limits as we say."""
    given = dict(address.options)
    if address.engine is POSTGRES:
        limit = round(seconds * 1000)
        settings = {
            "statement_timeout": limit,
            "lock_timeout": limit,
            "default_transaction_read_only": "on",
            "TimeZone": TIMEZONE,
            "synchronize_seqscans": "off",  # a scan begins at the beginning, not where another session's is
        }
        given |= {
            "connect_timeout": str(CONNECT_SECONDS),
            "keepalives_idle": "30",
            "tcp_user_timeout": str(limit + 1000 * CONNECT_SECONDS),
            "application_name": "chiso",
            "client_encoding": "UTF8",
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        }
    quote = (
        "'" if address.engine is POSTGRES else '"'
    )  # each reader has its own, and takes the other for part of a value
    return " ".join(f"{name}={quote}{value}{quote}" for name, value in given.items())
