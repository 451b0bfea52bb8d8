"""Kind ``database``: run the dataset's query, keep its result, and make readings of it.

Owns the pull of one dataset and the way back to one value of it.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import stamina

from connectors import contracts, shape
from connectors.content_address import READING_SCHEMA
from connectors.databases import bound_query, cursor, result, slicing
from connectors.databases.attached import attached
from connectors.databases.cursors import opened
from connectors.databases.engines import address_of
from connectors.durable import Kept
from connectors.errors import PermanentSourceError, TransientSourceError
from connectors.extracted import FIRST, Before, Extract, Sliced
from connectors.secrets import Connection, resolve
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source

MOST_ROWS = 50_000_000
"""Rows of one pull: beyond it the dataset is to be pulled by period or from a cursor on."""

MOST_COMPARED = 5_000_000
"""The same where a reading is held against the one before, which needs both in memory."""

_PLACE = re.compile(r"row (\d+)")


@dataclass(frozen=True)
class Fetched:
    """A result in a file: how many rows, and the server's types of its columns."""

    file: Path
    n_rows: int
    types: dict[str, str]


def pull(source: Source, dataset: Dataset, home: Home, partition: str | None, before: Before = FIRST) -> Extract:
    """Run the dataset's query and keep its result.

    Of an incremental dataset only the records that say something new are kept: the window before the cursor is read
    again each time, for rows that came late.

    Raises:
        PermanentSourceError: a person must act (secret, query, rights, shape, nothing returned).
        TransientSourceError: the server cannot be reached or is too slow; it was tried again where that helps.
    """
    assert source.connection.secret is not None  # noqa: S101 - the source's model checks it
    secret = resolve(source.connection.secret)
    address_of(secret, dataset.full_id)
    since = cursor.since(dataset.cursor, before.cursor) if dataset.cursor else None
    sql = _sql(secret, dataset, partition, since)
    with result.workspace(home) as folder:
        fetched = _answer(secret, dataset, sql, float(source.connection.timeout_seconds), folder)
        _check_size(dataset, fetched.n_rows)
        file = fetched.file if since is None else _unknown(home, dataset, fetched.file, before, since)
        n_records = result.n_rows(file)
        kept = result.keep(home, result.ordered(file, slicing.order(dataset, n_records)))
    made = slicing.KeptResult(dataset, home.root / kept.path, fetched.types, n_records, partition)
    origin = {
        "kind": "database",
        "database": secret.label,
        "query_file": dataset.query or "",
        "query": sql,
        "partition": partition or "",
        "n_records": str(n_records),
    }
    extract = replace(_extract(made, kept, origin), n_emitted=fetched.n_rows, columns=fetched.types)
    reached = _reached(dataset, home.root / kept.path, before)
    return replace(extract, cursor=reached, origin=origin | {"reached": reached}) if reached else extract


def _extract(made: slicing.KeptResult, kept: Kept, origin: dict[str, str]) -> Extract:
    if not slicing.is_large(made.dataset, made.n_records):
        return Extract.of(made.dataset, made.readings(), kept, origin, made.partition)
    made.require_one_notation()
    # read through once, so that a source that answers something else is told of before anything is landed
    sliced = Sliced(sum(rows.height for rows in made.slices()), made.slices)
    none = Extract.of(made.dataset, READING_SCHEMA.to_frame(), kept, origin, made.partition)
    return replace(none, sliced=sliced, cursor=made.newest_period())


def fetch(secret: Connection, dataset: Dataset, sql: str, seconds: float, target: Path) -> Fetched:
    """Write the result of ``sql`` into a Parquet file; memory does not grow with it.

    Raises:
        SourceError: as the failure means, or the result breaks the source's contract.
    """
    address = address_of(secret, dataset.full_id)
    if address.engine.reader == "cursor":
        with opened(secret, dataset.full_id, seconds) as database:
            n_rows, types = database.write(sql, target, MOST_ROWS)
            _check_columns(dataset, types)
            return Fetched(target, n_rows, types)
    with attached(secret, dataset.full_id, seconds) as database:
        types = database.columns(f"select * from (\n{sql}\n) as chiso_query")
        _check_columns(dataset, types)
        doubtful = [column for column in shape.value_columns(dataset) if types[column] not in _CARRIED]
        floats = database.floats(sql, [column for column in doubtful if types[column] == "DOUBLE"])
        to_print = [column for column in doubtful if column not in floats]
        exact = bound_query.printed(sql, database.engine, list(types), to_print)
        return Fetched(target, database.write(exact, target), types)


def columns(source: Source, dataset: Dataset, home: Home, partition: str | None) -> dict[str, str]:
    """Columns and types of the dataset's query as the server has them now, whatever the contract says.

    Raises:
        SourceError: as ``pull``.
    """
    assert source.connection.secret is not None  # noqa: S101 - the source's model checks it
    secret, seconds = resolve(source.connection.secret), float(source.connection.timeout_seconds)
    sql = _sql(secret, dataset, partition, cursor.since(dataset.cursor, None) if dataset.cursor else None)
    if address_of(secret, dataset.full_id).engine.reader == "cursor":
        with result.workspace(home) as folder, opened(secret, dataset.full_id, seconds) as database:
            return database.write(sql, folder / "all.parquet", MOST_ROWS)[1]
    with attached(secret, dataset.full_id, seconds) as server:
        return server.columns(f"select * from (\n{sql}\n) as chiso_query")


def original_text(evidence: Path, dataset: Dataset, place: str, measure: str) -> str | None:
    """The text of one value in the kept result of a query, as the server printed it.

    Args:
        evidence: the kept file.
        dataset: whose result it is.
        place: ``row 12``, counted from 1.
        measure: measure id.

    Raises:
        LookupError: there is no such row, or it does not carry that measure.
    """
    match = _PLACE.fullmatch(place)
    row = int(match[1]) if match else 0
    columns = [name for name in shape.named_columns(dataset) if name in pl.read_parquet_schema(evidence)]
    found = pl.scan_parquet(evidence).select(columns).slice(max(row, 1) - 1, 1).collect()
    if row < 1 or found.is_empty():
        raise LookupError(f"{place!r} is not in {evidence.name}")
    return shape.value_of(dataset, measure, {name: shape.as_text(found[name]).item() for name in columns})


def _sql(secret: Connection, dataset: Dataset, partition: str | None, since: str | None) -> str:
    engine = address_of(secret, dataset.full_id).engine
    return bound_query.bound(dataset, partition, None if since is None else cursor.literal(since, engine))


def _answer(secret: Connection, dataset: Dataset, sql: str, seconds: float, folder: Path) -> Fetched:
    for attempt in stamina.retry_context(on=_may_pass, attempts=4, timeout=60, wait_initial=0.5, wait_max=8):
        with attempt:
            return fetch(secret, dataset, sql, seconds, folder / f"{attempt.num}.parquet")
    raise AssertionError("an attempt returns or raises")


def _may_pass(error: Exception) -> bool:
    """A server that is away may come back; a slow query is not started a second time beside the first."""
    return isinstance(error, TransientSourceError) and error.code == "E-SRC-UNREACHABLE"


def _check_columns(dataset: Dataset, types: dict[str, str]) -> None:
    """Before anything is fetched, where the reader knows the types by then."""
    contracts.hold(dataset, types)
    absent = [column for column in _needed(dataset) if column not in types]
    if absent:
        raise PermanentSourceError(
            "E-SRC-SHAPE",
            f"{dataset.full_id} {dataset.query}",
            f"Kết quả không có cột {', '.join(absent)}; có {', '.join(types)}. Nguồn có thể đã đổi cấu trúc.",
            f"The result lacks {', '.join(absent)}; it has {', '.join(types)}. The source may have changed shape.",
        )


def _needed(dataset: Dataset) -> list[str]:
    return list(dict.fromkeys([*shape.named_columns(dataset), *([dataset.cursor.column] if dataset.cursor else [])]))


_CARRIED = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "VARCHAR"}
"""DuckDB's types that carry what the server has to the last digit: the server need not print them."""


def _check_size(dataset: Dataset, n_rows: int) -> None:
    most = MOST_COMPARED if dataset.is_compared_whole else MOST_ROWS
    if n_rows > most:
        raise PermanentSourceError(
            "E-SRC-SIZE",
            dataset.full_id,
            f"Kết quả vượt {most} dòng; đề nghị chia theo kỳ (partition: period).",
            f"More than {most} rows; pull it by period (partition: period).",
        )
    if n_rows == 0 and not dataset.volume.may_be_empty:
        raise PermanentSourceError(
            "E-SRC-EMPTY",
            dataset.full_id,
            "Truy vấn không trả về dòng nào; số liệu đang có được giữ nguyên. Đề nghị kiểm tra quyền đọc và nguồn.",
            "The query returned no row; what was published stands. Check the rights and the source.",
        )


def _unknown(home: Home, dataset: Dataset, file: Path, before: Before, since: str) -> Path:
    """The records that say something new. A batch that ended before ``since`` can hold none of them."""
    assert dataset.cursor is not None  # noqa: S101 - only incremental datasets have a since
    begin = cursor.order(dataset.cursor, since)
    known = [
        home.root / batch.evidence_path
        for batch in before.batches
        if batch.reached is None or cursor.order(dataset.cursor, batch.reached) >= begin
    ]
    return result.without(file, known, _needed(dataset), shape.key_columns(dataset))


def _reached(dataset: Dataset, file: Path, before: Before) -> str | None:
    """The newest cursor of all that was ever read: it never goes back."""
    column = dataset.cursor
    if column is None:
        return None
    values = [result.newest(file, column.column, is_number=column.is_number), before.cursor]
    return max((value for value in values if value), key=lambda value: cursor.order(column, value), default=None)
