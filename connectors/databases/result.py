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

_BATCH = "chiso_batch"
"""The column that says in which of the earlier results a record stands, counted from 1."""
_COMES = "chiso_comes"
"""The column that says whether it is among what came now."""


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
    return _made(target, f"from {_parquet(file)} order by {names}")


def without(file: Path, known: Sequence[Path], columns: Sequence[str], key: Sequence[str]) -> Path:
    """The records of ``file`` that say something new, whatever order they are in; a file beside it.

    Those are new that no earlier result has, and those that the source has gone back to: the newest known records of
    the same key came no more.

    Args:
        file: the result.
        known: earlier results, the newest last.
        columns: what makes two records equal, as text.
        key: the columns among them that tell which figures a record gives; none where it gives always the same.
    """
    if not known:
        return file
    folder, names, keys = file.parent, ", ".join(map(_name, columns)), "".join(f", {_name(column)}" for column in key)
    # one statement after the other takes less memory than all in one
    again = _again(file, known, columns, key)
    met = _made(
        folder / "met.parquet",
        f"""select {names}, max({_BATCH}) as {_BATCH}, bool_or({_COMES}) as {_COMES} from (
            select {_texts(columns)}, 0 as {_BATCH}, true as {_COMES} from {_parquet(file)}
            union all from {_parquet(again)}
        ) group by all having max({_BATCH}) > 0""",
    )
    # of a key the largest is odd if, and only if, a record of its newest batch is among what came
    largest = f"max(2 * {_BATCH} + {_COMES}::int)"
    standing = _made(
        folder / "standing.parquet",
        f"select true{keys} from {_parquet(met)} group by all having {largest} % 2 = 1",
    )
    left_out = f"from {_parquet(met)} as a semi join {_parquet(standing)} as b on {_equal(key)} where {_COMES}"
    return _made(
        folder / "new.parquet",
        f"from {_parquet(file)} as a anti join ({left_out}) as b on {_equal(columns)}",
    )


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


def _equal(columns: Sequence[str]) -> str:
    """That ``a`` and ``b`` have the same texts in these columns."""
    pairs = [f"a.{_name(column)}::varchar is not distinct from b.{_name(column)}::varchar" for column in columns]
    return " and ".join(pairs) or "true"


def _texts(columns: Sequence[str]) -> str:
    return ", ".join(f"{_name(column)}::varchar as {_name(column)}" for column in columns)


def _again(file: Path, known: Sequence[Path], columns: Sequence[str], key: Sequence[str]) -> Path:
    """The known records of those keys that come again, each with the number of its result."""
    # the same records are the same file: it is as new as the last time that they came
    files = ", ".join(literal(str(path)) for path in reversed(dict.fromkeys(reversed(known))))
    return _made(
        file.with_name("again.parquet"),
        f"""select {_texts(columns)}, list_position([{files}], {_BATCH}) as {_BATCH}, false as {_COMES}
        from read_parquet([{files}], union_by_name = true, filename = {_BATCH}) as a
        semi join {_parquet(file)} as b on {_equal(key)}""",
    )


def _made(target: Path, query: str) -> Path:
    """The result of ``query`` as a file."""
    _run(target.parent, f"copy ({query}) to {_to(target)}")
    return target


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
