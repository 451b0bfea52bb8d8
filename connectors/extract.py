"""``extract``: one pull of one dataset, whatever its kind.

Reads and keeps evidence; lands nothing, judges nothing.
"""

import time
from collections.abc import Mapping
from dataclasses import replace

from connectors import contracts
from connectors.differences import compared
from connectors.errors import OtherShapeError, PermanentSourceError
from connectors.extracted import FIRST, Before, Extract
from connectors.kinds import KINDS
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source

__all__ = ["Extract", "extract"]


def extract(
    source: Source, dataset: Dataset, home: Home, partition: str | None = None, before: Before = FIRST
) -> Extract:
    """Pull one dataset, of one period where it is partitioned.

    Args:
        source: a source of a kind that can be asked (``connectors.kinds``).
        dataset: one of its datasets.
        home: where the evidence is kept.
        partition: the period asked for, as SDMX text; None where one pull brings all.
        before: what the ledger lists of it, for modes that go on from there.

    Raises:
        PermanentSourceError: a person must act; also for kind ``workbook``, whose files come through intake.
        TransientSourceError: it may pass by itself; it was retried within reason.
        OSError: the evidence store cannot be written.
    """
    kind = KINDS[source.kind]
    if kind.pull is None:
        raise PermanentSourceError(
            "E-SRC-KIND",
            dataset.full_id,
            "Biểu mẫu được tiếp nhận từ thư mục của đơn vị, không kết nối để lấy số liệu.",
            "A form is taken in from the agencies' folders; it is not pulled.",
        )
    if (dataset.partition == "period") != (partition is not None):
        raise PermanentSourceError(
            "E-SRC-PERIOD",
            dataset.full_id,
            f"Tập số liệu này {'phải' if partition is None else 'không'} lấy theo kỳ.",
            f"This dataset {'needs' if partition is None else 'takes no'} period.",
        )
    began = time.monotonic()
    try:
        if kind.pull_on is not None:
            read = kind.pull_on(source, dataset, home, partition, before)
        else:
            read = kind.pull(source, dataset, home, partition)
    except OtherShapeError as error:
        contracts.hold(dataset, error.columns)  # where there is a contract, it tells the old beside the new
        raise
    if read.columns:
        read = replace(read, findings=(*contracts.hold(dataset, read.columns), *read.findings))
    if dataset.mode == "snapshot_diff":
        read = compared(read, dataset, home, before)
    return replace(read, seconds=time.monotonic() - began)


def columns_now(source: Source, dataset: Dataset, home: Home, partition: str | None) -> Mapping[str, str]:
    """The columns of a dataset with their types as the source has them now, to be frozen as its contract.

    Raises:
        SourceError: as ``extract``.
    """
    kind = KINDS[source.kind]
    if kind.columns is not None:
        return kind.columns(source, dataset, home, partition)
    return kind.pull(source, dataset, home, partition).columns if kind.pull is not None else {}
