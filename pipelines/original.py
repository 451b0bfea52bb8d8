"""Reading one value again from the bytes as received, whatever kind of source brought them."""

from pathlib import Path

from connectors.evidence import reread
from indicator_specs.home import Home
from indicator_specs.registry import Registry


def original_text(
    home: Home, registry: Registry, source: str, dataset: str, evidence: Path, place: str, measure: str
) -> str | None:
    """The text of one value as it stands in the evidence, or None where nothing stands there.

    Args:
        home: whose evidence.
        registry: tells how the source is read.
        source: source id.
        dataset: dataset id.
        evidence: path of the evidence, relative to the home.
        place: ``Sheet!C7``, ``row 12`` or ``page 2 item 5``.
        measure: measure id, for rows that hold several.
    """
    return reread(home, evidence.as_posix(), registry.dataset(source, dataset), place, measure)
