"""The result of a query as a file: written as it comes, put in order, kept under its hash.

Owns everything between the server and the evidence store. Memory does not grow with the result: whatever needs all rows
at once (order, comparison with earlier results) is left to DuckDB, which spills to a folder beside the file.
"""

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from connectors import durable
from connectors.databases.sessions import PARQUET, literal
from connectors.durable import TEMPORARY, Evidence, Kept
from indicator_specs import drill
from indicator_specs.home import Home

MEMORY = "1GB"
"""For sorting and comparing; beyond it DuckDB uses the disk."""


@contextmanager
def workspace(home: Home) -> Iterator[Path]:
    """A folder of one pull in the evidence store's own file system, gone afterwards whatever happens."""
    folder = durable.ensure_folder(home.evidence) / f".{secrets.token_hex(8)}{TEMPORARY}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ordered(file: Path, by: Sequence[str]) -> Path:
    """The file with its rows in the order of ``by``: itself where they are, else a sorted one beside it."""
    if not by or _is_ordered(file, by):
        return file
    target = file.with_name("ordered.parquet")
    # the other columns settle what the key leaves open, so that the same rows are the same file
    columns = [name for name, *_ in _run(file.parent, f"describe from {_parquet(file)}")]
    names = ", ".join(_name(str(column)) for column in dict.fromkeys([*by, *columns]))
    _run(file.parent, f"copy (from {_parquet(file)} order by {names}) to {_to(target)}")
    return target


def without(file: Path, known: Sequence[Path], columns: Sequence[str]) -> Path:
    """The records of ``file`` that no earlier result has, whatever order either is in; a file beside it.

    Args:
        file: the result.
        known: earlier results.
        columns: what makes two records equal, as text.
    """
    if not known:
        return file
    target = file.with_name("new.parquet")
    equal = " and ".join(f"n.{_name(c)}::varchar is not distinct from k.{_name(c)}::varchar" for c in columns)
    files = ", ".join(literal(str(path)) for path in known)
    earlier = f"select distinct {', '.join(map(_name, columns))} from read_parquet([{files}], union_by_name = true)"
    _run(
        file.parent,
        f"copy (from {_parquet(file)} as n anti join ({earlier}) as k on {equal}) to {_to(target)}",
    )
    return target


def n_rows(file: Path) -> int:
    """How many rows a result has."""
    return pq.read_metadata(file).num_rows


def newest(file: Path, column: str, *, is_number: bool) -> str | None:
    """The largest value of a column, as text; instants with an offset in UTC. None where there is none."""
    value = f"max({_name(column)}::hugeint)" if is_number else f"max({_name(column)})"
    ((largest,),) = _run(file.parent, f"select {value}::varchar from {_parquet(file)}")
    return None if largest is None else str(largest)


def keep(home: Home, file: Path) -> Kept:
    """Take a finished file into the evidence store: hashed, fsynced, renamed, its folder fsynced."""
    drill.point("result.written")
    return Evidence(home).take(file, ".parquet")


def _is_ordered(file: Path, by: Sequence[str]) -> bool:
    """Whether no row is smaller than the one before it. A null comes last, as in the sorting."""
    row = ", ".join(_name(column) for column in by)
    # a window without partition or order streams: the rows are taken as they stand
    pairs = f"select ({row}) as here, lag(({row})) over () as before from {_parquet(file)}"
    return not _run(file.parent, f"select 1 from ({pairs}) where here < before limit 1")


def _run(folder: Path, statement: str) -> list[tuple[object, ...]]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(folder / "spilled"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(":memory:", config=config) as session:
        session.execute("set TimeZone = 'UTC'")
        return session.execute(statement).fetchall()


def _parquet(file: Path) -> str:
    return f"read_parquet({literal(str(file))})"


def _to(target: Path) -> str:
    return f"{literal(str(target))} ({PARQUET})"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
