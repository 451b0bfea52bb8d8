"""Puts the marked workbook into an agency's ``ket_qua/``, drawn in the throw-away child."""

import logging
from collections.abc import Sequence
from pathlib import Path

from connectors import durable
from connectors.intake.names import ANSWERS
from connectors.intake.receipt import one_line, receipt_name
from connectors.workbook.annotate import asked
from connectors.workbook.sandbox import NURSERY
from connectors.workbook.sandbox_child import Limits
from indicator_specs.findings import Finding

_LOG = logging.getLogger(__name__)


class _NotDrawnError(Exception):
    """The child could not mark the workbook."""


def write_annotated(
    folder: Path,
    submission_no: int,
    original: Path,
    findings: Sequence[Finding],
    summary: Sequence[str],
    *,
    was_read: bool = False,
) -> Path | None:
    """Hand the officer's workbook back with its findings marked, as ``ket_qua/PTN-000012.xlsx``.

    Args:
        folder: ``intake/<agency>``.
        submission_no: Names the file.
        original: Our own copy, which could be read.
        findings: All findings of the file.
        summary: Head lines of the first sheet.
        was_read: The file was read to its end: that it may be opened need not be found out again.

    Returns:
        The path; None where the file must not be opened or is too complex to be drawn again. The receipt then
        carries the findings alone.

    Raises:
        OSError: the agency's folder cannot be written; call again, the same file comes of it.
    """
    target = folder / ANSWERS / f"{receipt_name(submission_no)}.xlsx"

    def draw(temporary: Path) -> None:
        answer = NURSERY.ask("annotate", asked(original, findings, summary, temporary, was_read=was_read), Limits())
        if "result" not in answer:
            raise _NotDrawnError(str(answer))
        if answer["result"]:
            _LOG.warning("%s was not marked in place but written anew: %s", target.name, one_line(answer["result"]))

    try:
        return durable.write(target, draw)
    except _NotDrawnError as reason:
        _LOG.warning("%s is not made, the receipt goes alone: %s", target.name, one_line(str(reason)))
        return None
