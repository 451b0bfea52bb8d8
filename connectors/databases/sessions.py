"""DuckDB sessions that can read a server: an in-memory database with the reader of one engine loaded from its wheel.

Owns how the reader comes in: from the installed package, by its path; nothing is ever downloaded.
"""

import importlib.util
from functools import cache
from pathlib import Path

import duckdb

PARQUET = "format parquet, parquet_version 'V2', compression zstd, row_group_size 30720"
"""How results are written: the second version's encodings take a fifth less time than the first's and, where numbers,
dates and lengths rise from row to row, a fraction of the room (measured, DuckDB 1.5.5).

A row group is no more than the network holds: while one is being compressed nobody reads from the server, which goes on
until the sockets are full and then stands still.
"""

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
    # one connection feeds one thread; a second would only wait for it, and DuckDB waits by turning round and round
    "threads": 1,
}


def session(engine: str) -> duckdb.DuckDBPyConnection:
    """A new session that can attach a server of ``engine`` (``postgres``, ``mysql``); the caller closes it.

    Raises:
        ModuleNotFoundError: the reader's package is not installed.
        duckdb.IOException: the reader was altered: its signature does not hold.
    """
    file = _verified(engine)
    opened = duckdb.connect(":memory:", config=_SETTINGS | {"allow_unsigned_extensions": "true"})
    opened.execute(f"load {literal(str(file))}")
    return opened


def literal(value: str) -> str:
    """A text as DuckDB writes it."""
    return "'" + value.replace("'", "''") + "'"


@cache
def _verified(engine: str) -> Path:
    """The reader's file, its signature checked once: of forty megabytes that takes a fifth of a second each time."""
    package = f"duckdb_extension_{engine}_scanner"
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed")
    folder = Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}"
    file = folder / f"{engine}_scanner.duckdb_extension"
    with duckdb.connect(":memory:", config=_SETTINGS) as strict:
        strict.execute(f"load {literal(str(file))}")
    return file
