"""Parts of compactions held against the ledger: the bytes that were listed, as many rows of a batch as it accepted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl

from connectors.durable import sha256_of
from connectors.ledger import Batch, Part
from indicator_specs.home import Home


def faults_of_parts(home: Home, parts: Sequence[Part], batches: Sequence[Batch]) -> Iterator[str]:
    """What is wrong with the parts that hold the rows of compacted batches, in sentences.

    That the rows are those that were accepted was seen when they were merged; since then the bytes stand for it.
    """
    wanted = {batch.compaction_no for batch in batches}
    held: Counter[int] = Counter()
    altered = set()
    for part in parts:
        if part.compaction_no in wanted:
            counted = _count(home, part)
            if counted is None:
                altered.add(part.compaction_no)
                yield f"{part.path} is missing or does not hold what was written"
            held.update(counted or {})
    for batch in batches:
        if held[batch.batch_no] != batch.n_accepted and batch.compaction_no not in altered:
            found = held[batch.batch_no]
            yield f"batch {batch.batch_no}: parts hold {found} rows, the ledger says {batch.n_accepted}"


def _count(home: Home, part: Part) -> dict[int, int] | None:
    path = home.root / part.path
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return _look(path, part.sha256, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=10_000)
def _look(path: Path, sha256: str, changed: int, size: int) -> dict[int, int] | None:
    """Rows of each batch; None where the bytes are others. Remembered while the file keeps still."""
    del changed, size
    if sha256_of(path) != sha256:
        return None
    counted = pl.scan_parquet(path).group_by("batch_no").len().collect()
    return dict(counted.iter_rows())
