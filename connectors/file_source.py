"""Kind ``file``: one file of a store, kept byte for byte, and its rows as readings.

Owns the pull of one dataset from a folder, an SFTP server or an S3-style store, and the way back to one value of it.
"""

import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import stamina

from connectors import shape, stored, stored_rows
from connectors.durable import Evidence
from connectors.errors import InconsistentSourceError, OtherShapeError, PermanentSourceError
from connectors.extracted import Extract
from indicator_specs import periods
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source
from indicator_specs.stored_sections import StoredFile

_PLACE = re.compile(r"row (\d+)")


def pull(source: Source, dataset: Dataset, home: Home, partition: str | None) -> Extract:
    """Fetch the dataset's file and keep it. The same content is the same batch; other content is a new one.

    Raises:
        PermanentSourceError: a person must act (secret, no such file, shape, no rows).
        TransientSourceError: the store is away, or the file is being written or cut.
    """
    declared = _declared(dataset)
    if partition is not None:
        partition = periods.parse(partition).time_period
    path = declared.path.replace("{period}", partition or "")
    content, shown, rows = _whole(source, declared, path, dataset.full_id)
    if not rows.numbers and not dataset.volume.may_be_empty:
        raise _refused("E-SRC-EMPTY", dataset, "tệp không có dòng số liệu nào", "the file has no row of data")
    made = shape.readings(dataset, _records(dataset, rows), partition)
    kept = Evidence(home).keep(content, f".{declared.format}")
    origin = {"kind": "file", "file": shown, "partition": partition or "", "n_records": str(len(rows.numbers))}
    read = Extract.of(dataset, made, kept, origin, partition)
    return replace(read, n_emitted=len(rows.numbers), columns=rows.types)


def original_text(evidence: Path, dataset: Dataset, place: str, measure: str) -> str | None:
    """The text of one value in the kept file.

    Args:
        evidence: the kept file.
        dataset: whose file it is.
        place: ``row 12``: of a sheet its own row, else the record counted from 1.
        measure: measure id.

    Raises:
        LookupError: there is no such row, or it does not carry that measure.
    """
    match = _PLACE.fullmatch(place)
    rows = stored_rows.read(evidence.read_bytes(), _declared(dataset), dataset.full_id)
    number = int(match[1]) if match else 0
    if number not in rows.numbers:
        raise LookupError(f"{place!r} is not in {evidence.name}")
    at = rows.numbers.index(number)
    names = [name for name in shape.named_columns(dataset) if name in rows.fields.columns]
    return shape.value_of(dataset, measure, {name: rows.fields[name][at] for name in names})


def _whole(source: Source, declared: StoredFile, path: str, place: str) -> tuple[bytes, str, stored_rows.StoredRows]:
    """The file and its rows; one that ends in the middle is fetched again, for somebody may be putting it there."""
    for attempt in stamina.retry_context(on=InconsistentSourceError, attempts=3, timeout=None, wait_initial=0.3):
        with attempt:
            content, shown = stored.fetch(source.connection, path, place)
            return content, shown, stored_rows.read(content, declared, place)
    raise AssertionError("stamina yields at least one attempt")


def _declared(dataset: Dataset) -> StoredFile:
    assert dataset.file is not None  # noqa: S101 - a file dataset has one: the source's model checks it
    return dataset.file


def _records(dataset: Dataset, rows: stored_rows.StoredRows) -> shape.Records:
    names = shape.named_columns(dataset)
    if absent := [name for name in names if name not in rows.fields.columns]:
        has = ", ".join(rows.fields.columns)
        raise OtherShapeError(
            "E-SRC-SHAPE",
            dataset.full_id,
            f"Không lấy được số liệu: không có cột {', '.join(absent)}; có {has}.",
            f"No data taken: no column {', '.join(absent)}; there are {has}.",
            rows.types,
        )
    places = pl.Series("place", [f"row {number}" for number in rows.numbers], dtype=pl.String())
    return shape.Records(rows.fields.select(names), places, rows.quoted.select(shape.value_columns(dataset)))


def _refused(code: str, dataset: Dataset, vi: str, en: str) -> PermanentSourceError:
    return PermanentSourceError(code, dataset.full_id, f"Không lấy được số liệu: {vi}.", f"No data taken: {en}.")
