"""Accepted rows of one batch, wherever they lie: in the file that was accepted, or in the parts of a compaction.

The file comes first while it is kept: its content was addressed when it was accepted. Rows out of parts are held
against the same address, so that nobody reads a figure that a compaction has changed.
"""

from collections.abc import Iterable

import polars as pl

from connectors.content_address import READING_SCHEMA, content_address
from connectors.landing import RottenFileError
from connectors.ledger import Batch, Ledger
from indicator_specs.home import Home
from indicator_specs.reading import READING


def accepted_rows(home: Home, ledger: Ledger, batch: Batch) -> pl.DataFrame:
    """Accepted rows of a batch, columns of ``READING_SCHEMA``, in the order of the source.

    Raises:
        RottenFileError: the parts do not hold the rows that were accepted.
        FileNotFoundError: neither the file nor a part of it is there.
        ValueError: the batch has no accepted rows.
    """
    if batch.accepted_path is None:
        raise ValueError(f"batch {batch.batch_no} has no accepted rows")
    own = home.root / batch.accepted_path
    if batch.compaction_no is None or own.is_file():
        return pl.read_parquet(own)
    paths = [home.root / part.path for part in ledger.compactions.parts(compaction_no=batch.compaction_no)]
    found = pl.scan_parquet(paths).filter(pl.col("batch_no") == batch.batch_no).select(READING)
    rows = found.sort("row_no").collect()
    if content_address(rows) != batch.accepted_sha256:
        raise RottenFileError(f"the parts of compaction {batch.compaction_no} do not hold batch {batch.batch_no}")
    return rows


def accepted_figures(home: Home, ledger: Ledger, batches: Iterable[Batch]) -> pl.LazyFrame:
    """Accepted rows of many batches, ``batch_no`` before the columns of ``READING``; in no promised order.

    They are not read before they are asked for. For counting: unlike ``accepted_rows`` it does not hold what comes out
    of parts against its address.
    """
    loose: list[tuple[int, str]] = []
    merged: dict[int, set[int]] = {}
    for batch in batches:
        if batch.compaction_no is not None:
            merged.setdefault(batch.compaction_no, set()).add(batch.batch_no)
        elif batch.accepted_path is not None:
            loose.append((batch.batch_no, str(home.root / batch.accepted_path)))
    frames = []
    if loose:
        # Two batches may be one file: a report, and its verification.
        numbers = pl.LazyFrame(loose, schema={"batch_no": pl.Int64(), "file": pl.String()}, orient="row")
        files = sorted({file for _, file in loose})
        frames.append(pl.scan_parquet(files, include_file_paths="file").join(numbers, on="file"))
    for compaction_no, wanted in merged.items():
        paths = [home.root / part.path for part in ledger.compactions.parts(compaction_no=compaction_no)]
        frames.append(pl.scan_parquet(paths).filter(pl.col("batch_no").is_in(sorted(wanted))))
    columns = [pl.col("batch_no").cast(pl.Int64), *READING]
    schema = pl.Schema({"batch_no": pl.Int64(), **READING_SCHEMA})
    return pl.concat([pl.LazyFrame(schema=schema), *(frame.select(columns) for frame in frames)])


def accepted_measures(home: Home, ledger: Ledger, batches: Iterable[Batch]) -> set[str]:
    """Measures of which some batches brought accepted rows, as the rows spell them."""
    numbers: dict[int, set[int]] = {}
    loose = set()
    for batch in batches:
        if batch.compaction_no is not None:
            numbers.setdefault(batch.compaction_no, set()).add(batch.batch_no)
        elif batch.accepted_path is not None:
            loose.add(home.root / batch.accepted_path)
    frames = [pl.scan_parquet(sorted(loose))] if loose else []
    for compaction_no, wanted in numbers.items():
        paths = [home.root / part.path for part in ledger.compactions.parts(compaction_no=compaction_no)]
        frames.append(pl.scan_parquet(paths).filter(pl.col("batch_no").is_in(sorted(wanted))))
    found = (frame.select(pl.col("measure").unique()).collect()["measure"] for frame in frames)
    return {str(measure) for measures in found for measure in measures}
