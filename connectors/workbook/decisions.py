"""Reads a verifier's workbook in the throw-away child."""

from pathlib import Path

from connectors.workbook.decision_book import DecisionRow
from connectors.workbook.reading import WorkbookRefused
from connectors.workbook.sandbox import asked_of


def decisions_in_sandbox(path: Path) -> list[DecisionRow] | WorkbookRefused | None:
    """What a verifier decided; None where the file is no workbook of decisions.

    Raises:
        OSError: the helper process cannot be started, or our own copy cannot be read.
    """
    rows: list[DecisionRow] | WorkbookRefused | None = asked_of(path, "decisions")
    return rows
