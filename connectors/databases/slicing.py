"""The kept result of a query as readings: all at once, or, where they are too many to be held, a slice at a time.

Owns where a slice ends: never within an org unit where that can be helped, so that whoever judges a slice has the whole
past of its units and every figure of a record before him.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from connectors import shape
from connectors.content_address import AT_ONCE
from connectors.errors import PermanentSourceError
from indicator_specs.source_sections import Role
from indicator_specs.source_spec import Dataset

TEXT_TYPES = {"VARCHAR", "text", "str", "VARCHAR2", "NVARCHAR2", "CHAR", "NCHAR", "CLOB", "NCLOB"}
"""Servers' types of text: a number in such a column is told as one that came as text."""

_UNIT_FIRST: tuple[Role, ...] = ("org_unit", "time_period")


def order(dataset: Dataset, n_records: int) -> list[str]:
    """Columns by which the kept result is in order: its key; of a large one, unit by unit and period by period."""
    key = [role for role in dataset.columns if role in dataset.key]
    if is_large(dataset, n_records):
        key = [*(role for role in _UNIT_FIRST if role in key), *(role for role in key if role not in _UNIT_FIRST)]
    return [dataset.columns[role] for role in key]


def is_large(dataset: Dataset, n_records: int) -> bool:
    """Whether so many records are read a slice at a time. A comparison with the reading before needs all at once."""
    return not dataset.is_compared_whole and n_records * _values_of_record(dataset) > 2 * AT_ONCE


@dataclass(frozen=True)
class KeptResult:
    """A result in the evidence store, with the server's types of its columns. ``partition`` as it was asked for."""

    dataset: Dataset
    file: Path
    types: Mapping[str, str]
    n_records: int
    partition: str | None

    def require_one_notation(self) -> None:
        """Refuse a unit that is written in two ways: its rows would come in different slices, and be nobody's twin.

        Raises:
            PermanentSourceError: ``E-SRC-SHAPE``, with both ways.
        """
        column = self.dataset.columns.get("org_unit")
        if column is None:
            return
        written = pl.scan_parquet(self.file).select(pl.col(column).unique()).collect(engine="streaming")[column]
        seen: dict[str, str] = {}
        for text in shape.as_text(written).drop_nulls().sort():
            code = " ".join(unicodedata.normalize("NFC", text).split()).upper()
            if seen.setdefault(code, text) != text:
                raise PermanentSourceError(
                    "E-SRC-SHAPE",
                    self.dataset.full_id,
                    f"Một đơn vị được viết hai cách: {seen[code]!r} và {text!r}; đề nghị thống nhất trong truy vấn.",
                    f"One unit is written in two ways, {seen[code]!r} and {text!r}: let the query write it in one.",
                )

    def readings(self) -> pl.DataFrame:
        """All of it.

        Raises:
            PermanentSourceError: as ``shape.readings``.
        """
        return self._readings(self._fields(0, self.n_records), 0)

    def slices(self) -> Iterator[pl.DataFrame]:
        """The same rows, about ``AT_ONCE`` at a time. Raises as ``readings``."""
        most, start, n_rows = max(1, AT_ONCE // _values_of_record(self.dataset)), 0, 0
        while start < self.n_records:
            fields = self._fields(start, most)
            if start + fields.height < self.n_records:
                fields = fields.head(self._end(fields))
            rows = self._readings(fields, start)
            yield rows.with_columns(pl.col("row_no") + n_rows)
            start, n_rows = start + fields.height, n_rows + rows.height

    def newest_period(self) -> str | None:
        """The newest period of all rows."""
        column = self.dataset.columns.get("time_period")
        if column is None:
            return self.dataset.constants.get("time_period", self.partition)
        newest = pl.scan_parquet(self.file).select(pl.col(column).max()).collect(engine="streaming")[column]
        text = shape.as_text(newest).item()
        return None if text is None else str(text)

    def _fields(self, start: int, most: int) -> pl.DataFrame:
        return pl.scan_parquet(self.file).select(shape.named_columns(self.dataset)).slice(start, most).collect()

    def _end(self, fields: pl.DataFrame) -> int:
        """How many of the records end with a whole unit; with a whole period of it, where the unit is larger still."""
        names = [self.dataset.columns[role] for role in _UNIT_FIRST if role in self.dataset.columns]
        for depth in range(1, len(names) + 1):
            record = pl.struct(names[:depth])
            begins = fields.select((record != record.shift()).arg_true()).to_series()
            if last := begins.max():
                return int(str(last))
        return fields.height

    def _readings(self, fields: pl.DataFrame, start: int) -> pl.DataFrame:
        size = fields.height
        texts = fields.select(shape.as_text(fields[name]) for name in fields.columns)
        places = pl.select("row " + pl.int_range(start + 1, start + size + 1).cast(pl.String)).to_series()
        quoted = {
            name: pl.repeat(self.types[name] in TEXT_TYPES, size, dtype=pl.Boolean, eager=True)
            for name in shape.value_columns(self.dataset)
        }
        return shape.readings(self.dataset, shape.Records(texts, places, pl.DataFrame(quoted)), self.partition)


def _values_of_record(dataset: Dataset) -> int:
    return 1 if dataset.layout == "long" else len(dataset.measures)
