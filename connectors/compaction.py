"""Compaction: the many small accepted files of one dataset and period become few Parquet parts, sorted by key.

A part's rows are those of the files, each with its batch; nothing is added, changed or left out, and each file is held
against its address on the way. The ledger's swap alone makes parts data: a part that it does not list is none. The
files stay where they are for whoever is reading them; ``chiso intake prune`` removes them after a while.
"""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from connectors import durable
from connectors.content_address import READING_SCHEMA, content_addresses, file_address
from connectors.ledger import Batch, Group, Lease, Ledger, NewCompaction, NewPart, Part
from indicator_specs import drill
from indicator_specs.errors import PlainError, both
from indicator_specs.home import Home
from indicator_specs.reading import READING

PART_SCHEMA = pl.Schema({"batch_no": pl.Int64(), **READING_SCHEMA})
"""Columns of a part: whose row it is, then the row as it was accepted."""

KEY = ("measure", "org_unit", "time_period", "breakdown", "producer", "published_date", "batch_no", "row_no")
"""Order of the rows: what is computed together lies together, and no two rows are alike."""

FILES_AT_ONCE = 1000
"""Files that are read and checked together: some tens of megabytes, whatever the number of files."""

ROWS_AT_ONCE = 200_000
"""Rows that are read and checked together; of a file that has more, no more than a piece is ever held."""

FOOTER = 4096
"""Bytes at the end of a part for each piece of rows in it, generously: names, places and extremes of 16 columns."""


@dataclass(frozen=True)
class Limits:
    """How large a part may grow, and how many rows are written at once."""

    part_bytes: int = 128_000_000
    row_group: int = 122_880

    @property
    def open_bytes(self) -> int:
        """A compaction smaller than this is merged again with what came since; a larger one stays."""
        return self.part_bytes // 2


@dataclass(frozen=True)
class Compacted:
    """What one compaction did."""

    group: Group
    n_files: int
    n_parts: int
    n_rows: int
    size: int


class CompactionError(PlainError):
    """A file does not hold what was accepted, so nothing of its group was merged."""


def compact(home: Home, ledger: Ledger, group: Group, lease: Lease, limits: Limits | None = None) -> Compacted:
    """Merge the loose files of a group, and the parts that are still small, into new parts.

    Args:
        home: whose stores.
        ledger: its ledger.
        group: dataset and period.
        lease: who compacts alone; checked with the swap.
        limits: sizes.

    Raises:
        CompactionError: a file or a part is gone or was altered. Nothing was changed.
        LeaseLostError: somebody else compacts by now. Nothing was changed.
        OSError: the store cannot be written. Nothing was changed.
    """
    sizes = limits or Limits()
    loose = ledger.compactions.loose_batches(group)
    small = _small_parts(ledger, group, sizes)
    replaced = tuple(sorted({part.compaction_no for part in small}))
    earlier = [number for compaction_no in replaced for number in ledger.compactions.batches_in(compaction_no)]
    with _scratch(home) as scratch:
        _gather(home, scratch, loose, small)
        drill.point("compaction.gathered")
        folder = home.accepted / group.source / group.dataset / "parts"
        parts = list(_write(home, scratch, folder, _name(loose, small), sizes))
    drill.point("compaction.written")
    batches = (*earlier, *(batch.batch_no for batch in loose))
    ledger.compactions.swap(NewCompaction(group, batches, tuple(parts), replaced), lease)
    n_rows, size = sum(part.n_rows for part in parts), sum(part.size for part in parts)
    return Compacted(group, len(loose) + len(small), len(parts), n_rows, size)


def _small_parts(ledger: Ledger, group: Group, limits: Limits) -> list[Part]:
    """Parts of those compactions that can still grow."""
    parts = ledger.compactions.parts(group=group)
    sizes: dict[int, int] = {}
    for part in parts:
        sizes[part.compaction_no] = sizes.get(part.compaction_no, 0) + part.size
    return [part for part in parts if sizes[part.compaction_no] < limits.open_bytes]


@contextmanager
def _scratch(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database on disk to sort in, so that memory does not grow with the rows. Whatever was killed before is gone."""
    folder = home.root / "compaction"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": "512MB",
            "temp_directory": str(folder / "spilled"),
        }
        with duckdb.connect(str(folder / "rows.duckdb"), config=settings) as connection:
            yield connection
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _gather(home: Home, scratch: duckdb.DuckDBPyConnection, loose: Sequence[Batch], small: Sequence[Part]) -> None:
    scratch.register("given", pl.DataFrame(schema=PART_SCHEMA).to_arrow())
    scratch.execute("create table gathered as from given")
    for batches in _together(loose):
        if batches[0].n_accepted > ROWS_AT_ONCE:
            _gather_large(home, scratch, batches[0])
            continue
        scratch.register("given", _rows(home, batches).to_arrow())
        scratch.execute("insert into gathered from given")
    for part in small:
        if not _is_whole(home.root / part.path, part.sha256):
            raise _altered(part.path)
        scratch.execute("insert into gathered from read_parquet(?)", [str(home.root / part.path)])


def _together(batches: Sequence[Batch]) -> Iterator[Sequence[Batch]]:
    """Batches in turn, as many as may be read together; a large one by itself."""
    start, n_rows = 0, 0
    for at, batch in enumerate(batches):
        if at > start and (at - start == FILES_AT_ONCE or n_rows + batch.n_accepted > ROWS_AT_ONCE):
            yield batches[start:at]
            start, n_rows = at, 0
        n_rows += batch.n_accepted
    if start < len(batches):
        yield batches[start:]


def _gather_large(home: Home, scratch: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """The same of one batch whose rows are too many to be held."""
    file = home.root / str(batch.accepted_path)
    try:
        found = file_address(file)
    except (pl.exceptions.PolarsError, pa.ArrowException, OSError, ValueError) as error:
        raise _altered(str(batch.accepted_path)) from error
    if found != batch.accepted_sha256:
        raise _altered(str(batch.accepted_path))
    # a window without partition or order streams: the rows are taken as they stand
    steps = "select row_no <= lag(row_no) over () as is_back from read_parquet(?)"
    if scratch.execute(f"select 1 from ({steps}) where is_back limit 1", [str(file)]).fetchone():
        raise _not_in_order(batch.batch_no)
    scratch.execute("insert into gathered select ?::bigint, * from read_parquet(?)", [batch.batch_no, str(file)])


def _rows(home: Home, batches: Sequence[Batch]) -> pl.DataFrame:
    """The accepted rows of some batches, each held against the address that the ledger has of it."""
    heights = [batch.n_accepted for batch in batches]
    try:
        rows = pl.read_parquet([home.root / str(batch.accepted_path) for batch in batches])
        found = content_addresses(rows, heights)
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        if len(batches) == 1:
            raise _altered(str(batches[0].accepted_path)) from error
        return pl.concat([_rows(home, [batch]) for batch in batches])  # finds the one
    numbers = pl.Series("batch_no", [batch.batch_no for batch in batches], dtype=pl.Int64)
    rows = rows.select(numbers.repeat_by(pl.Series(heights)).explode(), pl.all())
    for batch, address in zip(batches, found, strict=True):
        if address != batch.accepted_sha256:
            raise _altered(str(batch.accepted_path))
    _require_order(rows)
    return rows


def _require_order(rows: pl.DataFrame) -> None:
    """``row_no`` must restore the order in which rows were accepted: their address depends on it."""
    is_next = pl.col("row_no") > pl.col("row_no").shift()
    broken = rows.filter((pl.col("batch_no") == pl.col("batch_no").shift()) & ~is_next)
    if broken.height:
        raise _not_in_order(broken["batch_no"][0])


def _write(
    home: Home, scratch: duckdb.DuckDBPyConnection, folder: Path, name: str, limits: Limits
) -> Iterator[NewPart]:
    order = ", ".join(f"{column} nulls first" for column in KEY)
    columns = ", ".join(("batch_no", *READING))
    rows = scratch.execute(f"select {columns} from gathered order by {order}").to_arrow_reader(limits.row_group)
    rest = _Ahead(iter(rows), rows.schema)
    number = 0
    while rest.has_more:
        number += 1
        target = durable.write(folder / f"{name}-{number}.parquet", lambda path: rest.fill(path, limits.part_bytes))
        path = target.relative_to(home.root).as_posix()
        yield NewPart(path, durable.sha256_of(target), pq.read_metadata(target).num_rows, target.stat().st_size)


class _Ahead:
    """Sorted rows on their way into parts, one piece ahead."""

    def __init__(self, rows: Iterator[pa.RecordBatch], schema: pa.Schema) -> None:
        self._rows, self._schema = rows, schema
        self._next = next(rows, None)

    @property
    def has_more(self) -> bool:
        """Whether any row is left."""
        return self._next is not None

    def fill(self, path: Path, most: int) -> None:
        """Write rows until another piece, were it twice as large as the largest, would not fit."""
        largest, footer = 0, 0
        with path.open("wb") as file, pq.ParquetWriter(file, self._schema, compression="zstd") as writer:
            while self._next is not None and (not largest or file.tell() + 2 * largest + footer <= most):
                before = file.tell()
                writer.write_batch(self._next)
                largest = max(largest, file.tell() - before)
                footer += FOOTER
                self._next = next(self._rows, None)


def _name(loose: Sequence[Batch], small: Sequence[Part]) -> str:
    """What is merged names the parts: merged again after a crash, they are the same files."""
    digest = hashlib.sha256()
    for batch in loose:
        digest.update(f"{batch.batch_no} {batch.accepted_sha256}\n".encode())
    for part in small:
        digest.update(f"part {part.sha256}\n".encode())
    return digest.hexdigest()


def _is_whole(path: Path, sha256: str) -> bool:
    return path.is_file() and durable.sha256_of(path) == sha256


def _not_in_order(batch_no: int) -> CompactionError:
    return CompactionError(
        both(
            f"Lô {batch_no} có dòng không theo thứ tự nên chưa thể gộp tệp",
            f"The rows of batch {batch_no} are not in their order, so it cannot be merged",
        )
    )


def _altered(path: str) -> CompactionError:
    return CompactionError(
        both(
            f"{path} không còn đúng như đã tiếp nhận nên chưa thể gộp tệp; đề nghị khôi phục từ bản sao lưu",
            f"{path} does not hold what was accepted, so nothing was merged with it; restore it from a copy",
        )
    )
