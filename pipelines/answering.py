"""The answer to a submission, from the ledger alone: a receipt, and the officer's own workbook with its cells marked.

Deterministic: writing it again after a crash gives the same files once.
"""

from pathlib import Path
from typing import Any

from connectors.intake.answer import write_annotated
from connectors.intake.folders import open_folder
from connectors.intake.names import ANSWERS
from connectors.intake.receipt import Receipt, receipt_name, summary, write_receipt
from connectors.ledger import State, Submission, about_submission
from connectors.workbook.reading import WorkbookRefused
from connectors.workbook.sandbox import read_in_sandbox
from connectors.workbook.stamp import stamp_key
from connectors.workbook.template import build_template
from indicator_specs import periods
from indicator_specs.findings import Finding, Severity
from pipelines.installation import Installation
from pipelines.submissions.changes import CHANGED

WITH_MARKS = (State.PARTLY_ACCEPTED, State.RETURNED, State.ACCEPTED)


def answer(installation: Installation, submission: Submission) -> None:
    """Write the receipt of a concluded submission, and its marked workbook where cells are to be looked at.

    Raises:
        OSError: the agency's folder cannot be written; call again, nothing is doubled.
    """
    folder = open_folder(installation.home, submission.agency)
    findings = tuple(installation.ledger.findings(submission_no=submission.submission_no))
    receipt = receipt_of(installation, submission, findings)
    if _has_marks(submission, findings):
        original = installation.home.root / submission.evidence_path
        told, was_read = summary(receipt), receipt.n_read > 0
        if write_annotated(folder, receipt.submission_no, original, findings, told, was_read=was_read) is None:
            receipt = receipt_of(installation, submission, findings, annotated="")
    if any(finding.rule == "E-FORM-VERSION" for finding in findings):
        _add_fresh_form(installation, submission, folder)
    write_receipt(folder, receipt)


def _add_fresh_form(installation: Installation, submission: Submission, folder: Path) -> None:
    """A form of today's version beside the receipt, for a file whose old form lacks columns, with what that has."""
    dataset = installation.registry.datasets[f"{submission.source}.{submission.dataset}"]
    period = submission.time_period or ""
    name = f"{receipt_name(submission.submission_no)}-bieu-moi-{period}.xlsx"
    key = stamp_key(installation.home.root)
    old = read_in_sandbox(installation.home.root / submission.evidence_path, installation.registry, key)
    typed = old.typed if isinstance(old, WorkbookRefused) else {}
    build_template(installation.registry, dataset, submission.agency, period, folder / ANSWERS / name, typed, key=key)


def _has_marks(submission: Submission, findings: tuple[Finding, ...]) -> bool:
    """Something stands at a cell, and the file could be read."""
    return submission.state in WITH_MARKS and any(
        "!" in finding.place and finding.severity is not Severity.INFO for finding in findings
    )


def receipt_of(
    installation: Installation,
    submission: Submission,
    findings: tuple[Finding, ...] | None = None,
    annotated: str | None = None,
) -> Receipt:
    """The receipt of a submission, from the ledger alone.

    Args:
        installation: whose ledger.
        submission: concluded or not.
        findings: its findings, where they are at hand.
        annotated: name of the workbook that is handed back, where it is not the one that follows from the findings.
    """
    if findings is None:
        findings = tuple(installation.ledger.findings(submission_no=submission.submission_no))
    told = installation.ledger.events(kinds=[CHANGED], subjects=[about_submission(submission.submission_no)])
    changed: dict[str, Any] = told[-1].detail if told else {}
    batches = installation.ledger.batches(submission_no=submission.submission_no)
    named = f"{receipt_name(submission.submission_no)}.xlsx" if _has_marks(submission, findings) else ""
    registry, unit = installation.registry, installation.registry.reference.org_units.get(submission.agency)
    form = title = label = deadline = ""
    dataset = registry.datasets.get(f"{submission.source}.{submission.dataset}")
    if dataset is not None:
        form, title = dataset.form.code if dataset.form else "", dataset.name.vi
        if submission.time_period:
            period = periods.parse(submission.time_period)
            label = period.label_vi
            due = registry.reference.calendars.due(dataset.full_id, period, dataset.deadline_days)
            deadline = f"{due:%d/%m/%Y}" if dataset.deadline_days else ""
    return Receipt(
        submission_no=submission.submission_no,
        agency=submission.agency,
        agency_name_vi=unit.name_vi if unit else submission.agency,
        file_name=submission.file_name,
        sha256=submission.sha256,
        size=submission.size,
        received_at=submission.received_at,
        state=submission.state.value,
        form=form,
        form_title_vi=title,
        time_period=submission.time_period or "",
        period_label_vi=label,
        n_read=sum(batch.n_read for batch in batches),
        n_accepted=sum(batch.n_accepted for batch in batches),
        n_returned=sum(batch.n_returned for batch in batches),
        findings=findings,
        duplicate_of=submission.duplicate_of,
        annotated=named if annotated is None else annotated,
        deadline_vi=deadline,
        changes=tuple(changed.get("changes", ())),
        replaces=tuple(receipt_name(number) for number in changed.get("replaces", ())),
    )
