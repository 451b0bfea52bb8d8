"""Landing and accepted rows: Parquet under a content address.

Owns the two stores. A file that no ledger row names is not data; nobody may list these folders to find any.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from connectors import durable
from connectors.content_address import READING_SCHEMA, content_address, file_address
from indicator_specs import drill
from indicator_specs.home import Home


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

    @contextmanager
    def landing(self, source: str, dataset: str) -> Iterator["Gathering"]:
        """Rows that come in slices, on their way into landing; none are left where they are not kept."""
        with _gathering(self._home, self._home.landing / source / dataset) as gathering:
            yield gathering

    @contextmanager
    def accepting(self, source: str, dataset: str) -> Iterator["Gathering"]:
        """The same of rows that judgement let through."""
        with _gathering(self._home, self._home.accepted / source / dataset) as gathering:
            yield gathering

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

    def hold(self, path: str) -> None:
        """Check a stored file against the address in its name; memory does not grow with it. Raises as ``read``."""
        file = self._home.root / path
        if file_address(file) != file.stem:
            raise RottenFileError(f"{path} does not hold the rows that its name promises; restore it from a copy")

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


class Gathering:
    """Rows of one reading that are too many to be held: written as they come, addressed when all are there."""

    def __init__(self, home: Home, folder: Path, file: Path, writer: pq.ParquetWriter) -> None:
        self._home, self._folder, self._file, self._writer = home, folder, file, writer
        self.n_rows = 0

    def add(self, rows: pl.DataFrame) -> None:
        """The next rows.

        Raises:
            ValueError: they have not exactly the columns and types of ``READING_SCHEMA``.
        """
        if rows.schema != READING_SCHEMA:
            raise ValueError(f"not a reading: {rows.schema}")
        self._writer.write_table(rows.to_arrow().cast(_ARROW))
        self.n_rows += rows.height

    def keep(self) -> Landed:
        """All rows are there: put the file in place.

        Raises:
            OSError: the store cannot be written.
        """
        self._writer.close()
        address = file_address(self._file)
        target = self._folder / f"{address}.parquet"
        durable.place(self._file, target)
        return Landed(target.relative_to(self._home.root).as_posix(), address, self.n_rows)


@contextmanager
def _gathering(home: Home, folder: Path) -> Iterator[Gathering]:
    file = durable.ensure_folder(folder) / f".{secrets.token_hex(8)}{durable.TEMPORARY}"
    try:
        with pq.ParquetWriter(file, _ARROW, compression="zstd", compression_level=3) as writer:
            yield Gathering(home, folder, file, writer)
    finally:
        file.unlink(missing_ok=True)


_ARROW = pa.schema(
    [
        (name, pa.string() if kind == pl.String() else pa.bool_() if kind == pl.Boolean() else pa.int64())
        for name, kind in READING_SCHEMA.items()
    ]
)


def _write_parquet(rows: pl.DataFrame, path: Path) -> None:
    rows.write_parquet(path, compression="zstd", compression_level=3, statistics=True)
