"""A database read through its Python driver: rows in batches, every value as exact text, into a Parquet file.

Owns the road that SQLite, SQL Server and Oracle share. Their drivers hand over whole decimals, floats and instants;
each is printed once, here, so that nothing is rounded on the way. ``drivers`` opens the connections.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.databases import drivers
from connectors.databases.engines import Address, address_of
from connectors.databases.meaning import meaning
from connectors.databases.severing import deadline, descriptors
from connectors.errors import SourceError
from connectors.secrets import Connection
from indicator_specs.clock import HANOI

BATCH = 20_000
"""Rows that are held in memory at a time."""

CONNECT_SECONDS = 10


class Driver(Protocol):
    """What one engine's driver does differently from the next."""

    def connect(self, address: Address, seconds: float) -> Any:
        """A connection that reads only, in Hà Nội's time, with this limit of time for a statement."""

    def types(self, description: Sequence[Sequence[Any]]) -> list[str]:
        """What the driver says of the columns' types; blank where it does not know."""

    def errors(self) -> tuple[type[Exception], ...]:
        """What it raises."""

    def interrupt(self, connection: Any) -> None:
        """Stop what the connection is doing."""


class Cursors:
    """An open connection. Each question goes to the server as it stands."""

    def __init__(self, connection: Any, asker: "_Asker", seconds: float) -> None:
        self._connection, self._asker, self._seconds = connection, asker, seconds

    def write(self, sql: str, target: Path, most: int | None = None) -> tuple[int, dict[str, str]]:
        """Write the rows of ``sql`` into a Parquet file of text, in the order in which they come.

        Returns:
            How many they were (at most one more than ``most``), and the type of each column as the server has it.

        Raises:
            SourceError: as the failure means; ``target`` is then no whole file.
        """
        with self._asker.asking(self._connection, self._seconds):
            cursor = self._connection.cursor()
            with suppress(AttributeError):
                cursor.arraysize = BATCH
            cursor.execute(sql)
            names = [str(column[0]) for column in cursor.description]
            types = self._asker.driver.types(cursor.description)
            return _written(cursor, names, types, target, most)


@contextmanager
def opened(secret: Connection, place: str, seconds: float) -> Iterator[Cursors]:
    """Connect to the database of ``secret`` for reading. Arguments and errors as ``attached.attached``."""
    address = address_of(secret, place)
    asker = _Asker(drivers.of(address.engine), address, place, secret, descriptors())
    with asker.asking(None, CONNECT_SECONDS):
        connection = asker.driver.connect(address, seconds)
    try:
        yield Cursors(connection, asker, seconds)
    finally:
        with suppress(*asker.driver.errors()):
            connection.close()


@dataclass(frozen=True)
class _Asker:
    """Who asks whom: what every question needs. ``before``: what was open before we connected."""

    driver: Driver
    address: Address
    place: str
    secret: Connection
    before: frozenset[int]

    @contextmanager
    def asking(self, connection: Any, seconds: float) -> Iterator[None]:
        """Turn what a driver raises into what it means, and stop it at the limit of time."""
        began, errors = time.monotonic(), self.driver.errors()

        def interrupt() -> None:
            if connection is not None:
                with suppress(*errors):
                    self.driver.interrupt(connection)

        with deadline(seconds, self.address.host, self.address.port, interrupt, self.before) as state:
            try:
                yield
            except SourceError:
                raise
            except errors as error:
                slow = state.has_passed or (connection is not None and time.monotonic() - began >= seconds)
                raise meaning(self.secret.scrub(str(error)), self.place, slow=slow) from None


def printed(value: Any) -> str | None:
    """One value as exact text; None stays None.

    Decimals keep their digits and floats get the shortest text that gives the same float; an instant with an offset is
    told in Hà Nội's time; truth is ``true`` or ``false``; bytes are hexadecimal.
    """
    for kinds, text in _PRINTED:
        if isinstance(value, kinds):
            return text(value)
    return None if value is None else str(value)


def _instant(value: datetime) -> str:
    return (value.astimezone(HANOI) if value.tzinfo else value).isoformat(sep=" ")


_PRINTED: tuple[tuple[tuple[type, ...], Callable[[Any], str]], ...] = (
    ((str,), str),
    ((bool,), lambda value: "true" if value else "false"),
    ((float,), repr),
    ((Decimal,), lambda value: format(value, "f") if value.is_finite() else str(value)),
    ((datetime,), _instant),
    ((date,), date.isoformat),
    ((bytes, bytearray, memoryview), lambda value: bytes(value).hex()),
)
"""Kinds of values and how each is printed; a datetime is a date and a truth is a number, so they come first."""


def _written(
    cursor: Any, names: list[str], types: list[str], target: Path, most: int | None
) -> tuple[int, dict[str, str]]:
    schema = pa.schema([(name, pa.string()) for name in names])
    seen: list[set[str]] = [set() for _ in names]
    n = 0
    with pq.ParquetWriter(target, schema, compression="zstd") as file:
        while rows := cursor.fetchmany(BATCH):
            columns = list(zip(*rows, strict=True))
            for kinds, column in zip(seen, columns, strict=True):
                kinds.update(type(value).__name__ for value in column)
            texts = [pa.array([printed(value) for value in column], pa.string()) for column in columns]
            file.write_batch(pa.record_batch(texts, schema=schema))
            n += len(rows)
            if most is not None and n > most:
                break
    told = [known or _kinds(kinds) for known, kinds in zip(types, seen, strict=True)]
    return n, dict(zip(names, told, strict=True))


def _kinds(seen: set[str]) -> str:
    """What a server without declared types sent: SQLite stores each value as what it is."""
    return "|".join(sorted(seen - {"NoneType"})) or "null"
