"""Kind ``database``: one query, its result kept exactly typed, and its rows as readings.

Owns the pull of one dataset from PostgreSQL or MySQL/MariaDB and the way back to one value of it.
"""

import io
import re
from pathlib import Path

import polars as pl
import stamina

from connectors import bound_query, shape
from connectors.attached import Attached, attached
from connectors.durable import Evidence, Kept
from connectors.errors import PermanentSourceError, TransientSourceError
from connectors.extracted import Extract
from connectors.secrets import Connection, resolve
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source

MOST_ROWS = 5_000_000
"""Rows of one pull: beyond it the dataset is to be pulled by period."""

_TEXT_TYPES = ("VARCHAR",)
_PLACE = re.compile(r"row (\d+)")


def pull(source: Source, dataset: Dataset, home: Home, partition: str | None) -> Extract:
    """Run the dataset's query and keep its result.

    Raises:
        PermanentSourceError: a person must act (secret, query, rights, shape, nothing returned).
        TransientSourceError: the server cannot be reached or is too slow; it was tried again where that helps.
    """
    assert source.connection.secret is not None  # noqa: S101 - the source's model checks it
    secret = resolve(source.connection.secret)
    sql = bound_query.bound(dataset, partition)
    seconds = float(source.connection.timeout_seconds)
    result, quoted = _answer(secret, dataset, sql, seconds)
    rows = shape.readings(dataset, _records(dataset, result, quoted), partition)
    kept = _keep(home, result)
    origin = {
        "kind": "database",
        "database": secret.label,
        "query_file": dataset.query or "",
        "query": sql,
        "partition": partition or "",
        "n_records": str(result.height),
    }
    return Extract.of(dataset, rows, kept, origin, partition)


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
    return shape.value_of(dataset, measure, {name: found[name].cast(pl.String).item() for name in columns})


def _answer(secret: Connection, dataset: Dataset, sql: str, seconds: float) -> tuple[pl.DataFrame, set[str]]:
    """The result in the order of the dataset's key, and which of its value columns are text at the server."""
    for attempt in stamina.retry_context(on=_may_pass, attempts=4, timeout=60, wait_initial=0.5, wait_max=8):
        with attempt, attached(secret, dataset.full_id, seconds) as database:
            types = database.columns(f"select * from (\n{sql}\n) as chiso_query")
            _has_columns(dataset, types)
            result = _fetch(database, dataset, sql, types)
    texts = {name for name in shape.value_columns(dataset) if types[name] in _TEXT_TYPES}
    by = [column for role, column in dataset.columns.items() if role in dataset.key]
    return (result.sort(by, maintain_order=True) if by else result), texts


def _may_pass(error: Exception) -> bool:
    """A server that is away may come back; a slow query is not started a second time beside the first."""
    return isinstance(error, TransientSourceError) and error.code == "E-SRC-UNREACHABLE"


def _fetch(database: Attached, dataset: Dataset, sql: str, types: dict[str, str]) -> pl.DataFrame:
    exact = bound_query.value_text(sql, database.engine, list(types), shape.value_columns(dataset))
    result = database.fetch(f"{exact} limit {MOST_ROWS + 1}")
    if result.height > MOST_ROWS:
        raise PermanentSourceError(
            "E-SRC-SIZE",
            dataset.full_id,
            f"Kết quả vượt {MOST_ROWS} dòng; đề nghị chia theo kỳ (partition: period).",
            f"More than {MOST_ROWS} rows; pull it by period (partition: period).",
        )
    if result.is_empty():
        raise PermanentSourceError(
            "E-SRC-EMPTY",
            dataset.full_id,
            "Truy vấn không trả về dòng nào; số liệu đang có được giữ nguyên. Đề nghị kiểm tra quyền đọc và nguồn.",
            "The query returned no row; what was published stands. Check the rights and the source.",
        )
    return result


def _has_columns(dataset: Dataset, types: dict[str, str]) -> None:
    absent = [column for column in shape.named_columns(dataset) if column not in types]
    if absent:
        raise PermanentSourceError(
            "E-SRC-SHAPE",
            f"{dataset.full_id} {dataset.query}",
            f"Kết quả không có cột {', '.join(absent)}; có {', '.join(types)}. Nguồn có thể đã đổi cấu trúc.",
            f"The result lacks {', '.join(absent)}; it has {', '.join(types)}. The source may have changed shape.",
        )


def _keep(home: Home, result: pl.DataFrame) -> Kept:
    file = io.BytesIO()
    result.write_parquet(file, compression="zstd", compression_level=3)
    return Evidence(home).keep(file.getvalue(), ".parquet")


def _records(dataset: Dataset, result: pl.DataFrame, texts: set[str]) -> shape.Records:
    size = result.height
    fields = result.select(pl.col(shape.named_columns(dataset)).cast(pl.String))
    places = pl.select("row " + pl.int_range(1, size + 1).cast(pl.String)).to_series()
    values = shape.value_columns(dataset)
    quoted = pl.DataFrame({name: pl.repeat(name in texts, size, dtype=pl.Boolean, eager=True) for name in values})
    return shape.Records(fields, places, quoted)
