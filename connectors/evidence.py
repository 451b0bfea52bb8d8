"""Back to the bytes: the original text of one published value, read from the kept evidence alone.

Owns the way back for what a machine brought. Workbooks are read back by ``connectors.workbook``.
"""

import re

from connectors import database, rest
from connectors.durable import Evidence
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset

_ROW = re.compile(r"row (\d+)")


def reread(home: Home, evidence_path: str, dataset: Dataset, place: str, measure: str) -> str | None:
    """The text of one value as it was received; None where the source gave no value.

    Args:
        home: the installation.
        evidence_path: of the batch, relative to the home.
        dataset: whose batch it is; of a source of kind ``database`` or ``rest``.
        place: of the reading: ``row 12`` or ``page 2 item 5``.
        measure: measure id.

    Raises:
        FileNotFoundError: the evidence is not in the store.
        LookupError: the place is not in it, or does not carry that measure.
        ValueError: the dataset comes in workbooks, or the evidence was altered.
    """
    file = Evidence(home).open_path(evidence_path)
    if dataset.source.kind == "rest":
        return rest.original_text(file, dataset, place, measure)
    match = _ROW.fullmatch(place)
    if dataset.source.kind != "database" or match is None:
        raise ValueError(f"{dataset.full_id} is of kind {dataset.source.kind}; {place!r} is not a place in a result")
    return database.original_text(file, dataset, int(match[1]), measure)
