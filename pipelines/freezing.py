"""Freezing a source: its columns and types as it has them now become its contract."""

from pathlib import Path

from connectors import contracts
from connectors.extract import columns_now
from indicator_specs.errors import PlainError, both
from indicator_specs.home import Home
from indicator_specs.source_spec import Source
from pipelines.cadence import partitions_due


def freeze_source(source: Source, home: Home) -> Path:
    """Ask a source for the columns of every dataset, of the newest period where it is partitioned; the file written.

    Raises:
        PlainError: nobody asks this source, or it does not tell its columns.
        SourceError: it cannot be read.
    """
    told = {
        dataset.id: dict(columns_now(source, dataset, home, partitions_due(dataset)[-1])) for dataset in source.datasets
    }
    if not all(told.values()):
        raise PlainError(both(f"{source.id}: nguồn không cho biết các cột", f"{source.id} does not tell its columns"))
    return contracts.freeze(source, told)
