"""Reads a verifier's workbook in the throw-away child."""

from pathlib import Path

from connectors.workbook.decision_book import DecisionRow
from connectors.workbook.reading import WorkbookRefused, refused
from connectors.workbook.sandbox import NURSERY
from connectors.workbook.sandbox_child import Limits


def decisions_in_sandbox(path: Path) -> list[DecisionRow] | WorkbookRefused | None:
    """What a verifier decided; None where the file is no workbook of decisions.

    Raises:
        OSError: the helper process cannot be started, or our own copy cannot be read.
    """
    with path.open("rb"):
        pass  # Our own copy: not to be able to read it is our fault, not the verifier's.
    answer = NURSERY.ask("decisions", {"path": str(path.resolve())}, Limits())
    if "died" in answer:
        return refused("E-FILE-COMPLEX")
    if "refused" in answer:
        return refused(**answer["refused"])
    rows: list[DecisionRow] | None = answer["result"]
    return rows
