"""``extract``: one pull of one dataset, whatever its kind.

Reads and keeps evidence; lands nothing, judges nothing.
"""

from connectors.errors import PermanentSourceError
from connectors.extracted import Extract
from connectors.kinds import KINDS
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source

__all__ = ["Extract", "extract"]


def extract(source: Source, dataset: Dataset, home: Home, partition: str | None = None) -> Extract:
    """Pull one dataset, of one period where it is partitioned.

    Args:
        source: a source of a kind that can be asked (``connectors.kinds``).
        dataset: one of its datasets.
        home: where the evidence is kept.
        partition: the period asked for, as SDMX text; None where one pull brings all.

    Raises:
        PermanentSourceError: a person must act; also for kind ``workbook``, whose files come through intake.
        TransientSourceError: it may pass by itself; it was retried within reason.
        OSError: the evidence store cannot be written.
    """
    pull = KINDS[source.kind].pull
    if pull is None:
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
    return pull(source, dataset, home, partition)
