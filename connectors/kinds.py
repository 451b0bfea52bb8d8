"""The kinds of sources: how each one is pulled, and how one value of it is read again from the kept evidence.

Owns the table that ``extract``, ``explain`` and the assets go by. A new kind is a module and a line here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from connectors import file_source, own_conduct, rest
from connectors.databases import pull as database
from connectors.extracted import FIRST, Before, Extract
from connectors.workbook.one_cell import cell_text
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset, Source

Pull = Callable[[Source, Dataset, Home, str | None], Extract]
"""One pull of a dataset, of one period where it is partitioned. Raises ``SourceError``."""
PullOn = Callable[[Source, Dataset, Home, str | None, Before], Extract]
"""The same, told what the ledger has: for kinds that go on from a cursor, and for the ledger itself."""
ColumnsNow = Callable[[Source, Dataset, Home, str | None], Mapping[str, str]]
"""The columns of a dataset with their types, as the source has them now. Raises ``SourceError``."""
OriginalText = Callable[[Path, Dataset, str, str], str | None]
"""Evidence, dataset, place, measure: the text as received. Raises ``LookupError`` where nothing stands there."""


@dataclass(frozen=True)
class SourceKind:
    """``pull`` is None where figures are sent to us; ``technology`` is what the map of assets calls it.

    ``pull_on`` is given where the kind asks what the ledger has, ``columns`` where it can tell the source's columns
    without a pull.
    """

    pull: Pull | None
    original_text: OriginalText
    technology: Callable[[Source], str]
    pull_on: PullOn | None = None
    columns: ColumnsNow | None = None


_text_of_cell = lru_cache(maxsize=4096)(cell_text)
"""A trace meets the same cell many times, and opening a workbook is slow."""


def _cell(evidence: Path, _: Dataset, place: str, _measure: str) -> str | None:
    return _text_of_cell(evidence, place)


def _sdmx_pull(source: Source, dataset: Dataset, home: Home, partition: str | None, before: Before = FIRST) -> Extract:
    from connectors import sdmx  # noqa: PLC0415 - a third of a second that only SDMX sources pay

    return sdmx.pull(source, dataset, home, partition, before)


def _sdmx_text(evidence: Path, dataset: Dataset, place: str, measure: str) -> str | None:
    from connectors import sdmx  # noqa: PLC0415 - as above

    return sdmx.original_text(evidence, dataset, place, measure)


KINDS: Mapping[str, SourceKind] = {
    "database": SourceKind(
        database.pull,
        database.original_text,
        lambda source: source.connection.engine,
        pull_on=database.pull,
        columns=database.columns,
    ),
    "rest": SourceKind(rest.pull, rest.original_text, lambda _: "api", pull_on=rest.pull),
    "file": SourceKind(file_source.pull, file_source.original_text, lambda _: "file"),
    "sdmx": SourceKind(_sdmx_pull, _sdmx_text, lambda _: "sdmx", pull_on=_sdmx_pull),
    "ledger": SourceKind(own_conduct.pull, own_conduct.original_text, lambda _: "ledger", pull_on=own_conduct.pull),
    "workbook": SourceKind(None, _cell, lambda _: "excel"),
}
"""By the ``kind`` of a ``source.yml``."""
