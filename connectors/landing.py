"""Landing and accepted rows: Parquet under a content address.

Owns the two stores and their address. An address is a hash of the *rows*, not of the file: the same
rows get the same address from any version of the Parquet library, so that an upgrade never makes old
content look new. A file that no ledger row names is not data; nobody may list these folders to find any.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import polars as pl
import pyarrow as pa

from connectors import durable
from indicator_specs import drill
from indicator_specs.home import Home
from indicator_specs.reading import READING

READING_SCHEMA = pl.Schema(
    {column: {"row_no": pl.Int64(), "is_synthetic": pl.Boolean()}.get(column, pl.String()) for column in READING}
)
"""Columns and types of every reading, in order."""

_Pieces = Callable[[int, int], Iterable[bytes | memoryview]]
"""What of a column enters the address of its rows from one to another."""


class HasRows(Protocol):
    """What ``land`` needs of an extract."""

    @property
    def source(self) -> str:
        """Whose rows they are."""

    @property
    def dataset(self) -> str:
        """Which of its datasets."""

    @property
    def rows(self) -> pl.DataFrame:
        """Rows of ``READING_SCHEMA``."""


@dataclass(frozen=True)
class Landed:
    """Rows in a store: ``path`` is relative to the home, ``sha256`` is the address of the rows."""

    path: str
    sha256: str
    n_rows: int


class RottenFileError(Exception):
    """A stored file no longer holds the rows that its name promises."""


class Landing:
    """The stores ``landing/`` and ``accepted/`` of one home."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def land(self, extract: HasRows) -> Landed:
        """Keep what a connector read, whole.

        Raises:
            ValueError: the rows have not exactly the columns and types of ``READING_SCHEMA``.
            OSError: the store cannot be written.
        """
        landed = self._store(self._home.landing, extract.source, extract.dataset, extract.rows)
        drill.point("landed")
        return landed

    def accept(self, source: str, dataset: str, rows: pl.DataFrame) -> Landed:
        """Keep the rows that judgement let through. Raises as ``land``."""
        landed = self._store(self._home.accepted, source, dataset, rows)
        drill.point("accepted")
        return landed

    def read(self, path: str) -> pl.DataFrame:
        """The rows of one stored file, checked against the address in its name.

        Raises:
            RottenFileError: the content is not what the name says.
            FileNotFoundError: there is no such file.
        """
        file = self._home.root / path
        rows = pl.read_parquet(file)
        if content_address(rows) != file.stem:
            raise RottenFileError(f"{path} does not hold the rows that its name promises; restore it from a copy")
        return rows

    def _store(self, store: Path, source: str, dataset: str, rows: pl.DataFrame) -> Landed:
        address = content_address(rows)
        target = store / source / dataset / f"{address}.parquet"
        relative = target.relative_to(self._home.root).as_posix()
        if not self._holds(target, relative):
            durable.write(target, lambda temporary: _write_parquet(rows, temporary))
        return Landed(relative, address, rows.height)

    def _holds(self, target: Path, relative: str) -> bool:
        try:
            os.utime(target)  # wanted again: its time in the store begins anew
            self.read(relative)
        except (RottenFileError, pl.exceptions.PolarsError, OSError):
            return False  # written anew below, from the same rows
        return True


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
    _require_reading(rows, heights)
    digests = [hashlib.sha256(f"reading/1 {height}\n".encode()) for height in heights]
    bounds = np.cumsum([0, *heights])
    nulls = rows.select(pl.all().is_null().cast(pl.UInt8))
    filled = rows.select(pl.col(pl.String).fill_null(""), pl.col(pl.Int64, pl.Boolean).cast(pl.Int64).fill_null(0))
    lengths = rows.select(pl.col(pl.String).fill_null("").str.len_bytes())
    for name, kind in READING_SCHEMA.items():
        is_null = nulls[name].to_numpy()
        values = _texts(filled[name], lengths[name]) if kind == pl.String() else _numbers(filled[name])
        for digest, start, end in zip(digests, bounds[:-1], bounds[1:], strict=True):
            digest.update(f"{name}\n".encode())
            digest.update(is_null[start:end].tobytes())
            for piece in values(start, end):
                digest.update(piece)
    return [digest.hexdigest() for digest in digests]


def _require_reading(rows: pl.DataFrame, heights: Sequence[int]) -> None:
    if rows.schema != READING_SCHEMA:
        wrong = {name: str(kind) for name, kind in rows.schema.items() if READING_SCHEMA.get(name) != kind}
        absent = [name for name in READING if name not in rows.columns]
        raise ValueError(f"not a reading: unexpected {wrong}, missing {absent}, order {rows.columns}")
    if sum(heights) != rows.height:
        raise ValueError(f"{rows.height} rows are not those of readings of {sum(heights)} rows")


def _numbers(filled: pl.Series) -> _Pieces:
    values = filled.to_numpy().astype("<i8")
    return lambda start, end: (values[start:end].tobytes(),)


def _texts(filled: pl.Series, lengths: pl.Series) -> _Pieces:
    """Lengths, then the bytes; no bytes at all where there is no row."""
    sizes = lengths.to_numpy().astype("<u4")
    text = filled.rechunk().to_arrow().cast(pa.large_string())
    _, offsets, data = text.buffers()
    if not len(text) or offsets is None or data is None:
        return lambda start, end: (sizes[start:end].tobytes(),)
    bounds = np.frombuffer(memoryview(offsets), dtype=np.int64)[text.offset :]
    content = memoryview(data)
    return lambda start, end: (sizes[start:end].tobytes(), content[bounds[start] : bounds[end]])


def _write_parquet(rows: pl.DataFrame, path: Path) -> None:
    rows.write_parquet(path, compression="zstd", compression_level=3, statistics=True)
