"""The address of rows: a hash of what they say, not of the file that holds them.

The same rows get the same address from any version of the Parquet library, and whether they are held in memory or come
out of a file in pieces, so that an upgrade never makes old content look new.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from indicator_specs.reading import READING

READING_SCHEMA = pl.Schema(
    {column: {"row_no": pl.Int64(), "is_synthetic": pl.Boolean()}.get(column, pl.String()) for column in READING}
)
"""Columns and types of every reading, in order."""

AT_ONCE = 100_000
"""Rows that are looked at together where there are too many to be held; in judgement some hundreds of megabytes."""

_Pieces = Callable[[int, int], Sequence[bytes | memoryview]]
"""What of a column enters the address of its rows from one to another."""


def content_address(rows: pl.DataFrame) -> str:
    """SHA-256 of the rows in a canonical form: column by column, null flags, lengths, then the bytes.

    It depends on names, order, nulls and text alone; not on chunks, compression or library version.

    Raises:
        ValueError: the columns or types differ from ``READING_SCHEMA``.
    """
    return content_addresses(rows, [rows.height])[0]


def content_addresses(rows: pl.DataFrame, heights: Sequence[int]) -> list[str]:
    """The addresses of readings that stand one below the other, each so many rows high.

    Many small readings are addressed together twenty times faster than one by one.

    Raises:
        ValueError: the columns or types differ from ``READING_SCHEMA``, or the heights do not add up.
    """
    _require_reading(rows.schema)
    if sum(heights) != rows.height:
        raise ValueError(f"{rows.height} rows are not those of readings of {sum(heights)} rows")
    digests = [hashlib.sha256(f"reading/1 {height}\n".encode()) for height in heights]
    bounds = np.cumsum([0, *heights])
    for column in rows.iter_columns():
        name = f"{column.name}\n".encode()
        pieces = _pieces(column)
        for digest, start, end in zip(digests, bounds[:-1], bounds[1:], strict=True):
            digest.update(name)
            for piece in pieces(start, end):
                digest.update(piece)
    return [digest.hexdigest() for digest in digests]


def file_address(file: Path) -> str:
    """The address of the rows of a Parquet file; memory does not grow with them.

    Each column is read as often as it has kinds of pieces: all null flags come before all lengths, and these before
    all bytes.

    Raises:
        ValueError: the columns or types differ from ``READING_SCHEMA``.
        pyarrow.ArrowException: the file is no Parquet.
        OSError: it cannot be read.
    """
    _require_reading(pl.Schema(pl.read_parquet_schema(file)))
    with pq.ParquetFile(file, buffer_size=1 << 20) as stored:
        digest = hashlib.sha256(f"reading/1 {stored.metadata.num_rows}\n".encode())
        for name, kind in READING_SCHEMA.items():
            digest.update(f"{name}\n".encode())
            for number in range(3 if kind == pl.String() else 2):
                for column in _column(stored, name):
                    pieces = _pieces(column)(0, len(column))
                    digest.update(pieces[number] if number < len(pieces) else b"")
    return digest.hexdigest()


def _column(stored: pq.ParquetFile, name: str) -> Iterator[pl.Series]:
    for batch in stored.iter_batches(batch_size=AT_ONCE, columns=[name], use_threads=False):
        yield pl.Series(name, batch.column(0)).cast(READING_SCHEMA[name])


def _require_reading(schema: pl.Schema) -> None:
    if schema != READING_SCHEMA:
        wrong = {name: str(kind) for name, kind in schema.items() if READING_SCHEMA.get(name) != kind}
        absent = [name for name in READING if name not in schema]
        raise ValueError(f"not a reading: unexpected {wrong}, missing {absent}, order {list(schema)}")


def _pieces(column: pl.Series) -> _Pieces:
    """Few calls for a column: an address is made of a form's reading twice, and each call costs more than its rows.

    Arrow's are taken where Polars would plan and run a query for each.
    """
    values = column.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    n_missing = values.null_count
    if 0 < n_missing < len(values):
        is_null = values.is_null().to_numpy(zero_copy_only=False).astype(np.uint8)
    else:
        is_null = np.full(len(values), n_missing > 0, dtype=np.uint8)
    told = _texts(values) if column.dtype == pl.String() else _numbers(values)
    return lambda start, end: (is_null[start:end].tobytes(), *told(start, end))


def _numbers(column: "pa.Array[Any]") -> _Pieces:
    values = column.cast(pa.int64()).fill_null(0).to_numpy().astype("<i8")
    return lambda start, end: (values[start:end].tobytes(),)


def _texts(column: "pa.Array[Any]") -> _Pieces:
    """Lengths, then the bytes; no bytes at all where there is no row."""
    if column.null_count == len(column):
        return lambda start, end: (bytes(4 * (end - start)),)
    text = column.fill_null("") if column.null_count else column
    _, offsets, data = text.buffers()
    assert offsets is not None  # noqa: S101 - there is a row
    bounds = np.frombuffer(memoryview(offsets), dtype=np.int64)[text.offset : text.offset + len(text) + 1]
    lengths, content = np.diff(bounds).astype("<u4"), memoryview(data or b"")
    return lambda start, end: (lengths[start:end].tobytes(), content[bounds[start] : bounds[end]])
