"""Landing and accepted rows: Parquet under a content address.

Owns the two stores and their address. An address is a hash of the *rows*, not of the file: the same
rows get the same address from any version of the Parquet library, so that an upgrade never makes old
content look new. A file that no ledger row names is not data; nobody may list these folders to find any.
"""

import hashlib
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
        if not target.is_file():
            return False
        try:
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
    if rows.schema != READING_SCHEMA:
        wrong = {name: str(kind) for name, kind in rows.schema.items() if READING_SCHEMA.get(name) != kind}
        absent = [name for name in READING if name not in rows.columns]
        raise ValueError(f"not a reading: unexpected {wrong}, missing {absent}, order {rows.columns}")
    digest = hashlib.sha256(f"reading/1 {rows.height}\n".encode())
    for column in rows.iter_columns():
        digest.update(f"{column.name}\n".encode())
        digest.update(column.is_null().cast(pl.UInt8).to_numpy().tobytes())
        if column.dtype == pl.String():
            _digest_text(column, digest)
        else:
            digest.update(column.cast(pl.Int64).fill_null(0).to_numpy().astype("<i8").tobytes())
    return digest.hexdigest()


def _digest_text(column: pl.Series, digest: "hashlib._Hash") -> None:
    filled = column.fill_null("")
    digest.update(filled.str.len_bytes().to_numpy().astype("<u4").tobytes())
    text = filled.rechunk().to_arrow().cast(pa.large_string())
    _, offsets, data = text.buffers()
    if len(text) and offsets is not None and data is not None:
        bounds = np.frombuffer(memoryview(offsets), dtype=np.int64)[text.offset : text.offset + len(text) + 1]
        digest.update(memoryview(data)[bounds[0] : bounds[-1]])


def _write_parquet(rows: pl.DataFrame, path: Path) -> None:
    rows.write_parquet(path, compression="zstd", compression_level=3, statistics=True)
