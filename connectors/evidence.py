"""Back to the bytes: the original text of one published value, read from the kept evidence alone."""

from connectors.differences import WITHDRAWN
from connectors.durable import Evidence
from connectors.kinds import KINDS
from indicator_specs.home import Home
from indicator_specs.source_spec import Dataset


def reread(home: Home, evidence_path: str, dataset: Dataset, place: str, measure: str) -> str | None:
    """The text of one value as it was received; None where the source gave no value.

    Args:
        home: the installation.
        evidence_path: of the batch, relative to the home.
        dataset: whose batch it is.
        place: of the reading: ``Sheet!C7``, ``row 12``, ``page 2 item 5``, or ``withdrawn`` of what is no longer given.
        measure: measure id.

    Raises:
        FileNotFoundError: the evidence is not in the store.
        LookupError: the place is not in it, or does not carry that measure.
        ValueError: the evidence was altered.
    """
    if place == WITHDRAWN:
        return None
    file = Evidence(home).open_path(evidence_path)
    return KINDS[dataset.source.kind].original_text(file, dataset, place, measure)
