"""From a verdict on a report to what is committed of it: beside what stands, explained, provisional or not.

Runs once for each report, in the order of receipt, right before its commit: an earlier report of the same look at the
folders has been committed by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from connectors.ledger import NewEvent, Submission
from connectors.workbook.rows import Explanation
from expectations import Verdict
from indicator_specs import periods
from indicator_specs.findings import Finding, Severity
from indicator_specs.verification import verifier_of
from pipelines.installation import Installation
from pipelines.submissions import changes
from pipelines.submissions.absent import missing_units
from pipelines.submissions.attached import attach
from pipelines.submissions.explanations import with_explanations
from pipelines.submissions.standing import Line, Standing, standing_of


@dataclass(frozen=True)
class Completed:
    """What is committed: accepted rows, findings, events, and who still has to look at it."""

    accepted: pl.DataFrame
    findings: tuple[Finding, ...]
    events: tuple[NewEvent, ...] = ()
    verifier: str = ""
    """Code of the body whose verification the figures await; empty where nobody's."""
    stands: Standing | None = None
    """What stands of the report once it is committed; its batch is not known before."""


def complete(
    here: Installation,
    line: Line,
    submission: Submission,
    verdict: Verdict,
    explanations: Sequence[Explanation],
    notes: Sequence[Finding],
    stands: Standing | None = None,
) -> Completed:
    """Complete the verdict on one report.

    Args:
        here: the installation.
        line: whose report on what.
        submission: the file that it came in.
        verdict: the judge's.
        explanations: what the officer wrote beside the figures.
        notes: what the reader had to say of the file.
        stands: what will stand before it, where that is not committed yet; None: what the ledger has.

    Raises:
        OSError: as ``attach``.
    """
    before = stands or standing_of(here, line)
    if before.newest > submission.submission_no:
        return Completed(verdict.accepted.clear(), (*notes, _overtaken(before.newest)))
    attached = attach(here, line, submission, verdict)
    verdict = attached.verdict
    found = changes.compare(verdict, before.figures, submission.submission_no)
    missing = missing_units(here.registry.reference, line, verdict, (unit for _, unit, _, _ in before.figures))
    told = with_explanations((*notes, *verdict.findings, *attached.findings, *missing), explanations)
    findings = changes.findings(found, told)
    events = (*attached.events, *((found.event(submission.submission_no),) if found.changes else ()))
    verifier = verifier_of_line(here, line)
    if verifier and found.accepted.height:
        findings = (*findings, _awaits(here, verifier))
    after = Standing({**before.figures, **found.said}, submission.submission_no)
    return Completed(found.accepted, findings, events, verifier, after)


def verifier_of_line(here: Installation, line: Line) -> str:
    """Code of the body that verifies a report; empty where nobody needs to."""
    last_day = periods.parse(line.time_period).end_date
    return verifier_of(here.registry.reference, line.dataset, line.agency, last_day)


def _overtaken(newest: int) -> Finding:
    number = f"PTN-{newest:06d}"
    return Finding(
        "overtaken",
        Severity.ERROR,
        "",
        number,
        "",
        f"Tệp gửi sau ({number}) đã được tiếp nhận trước khi tệp này được xử lí, nên tệp này không thay đổi số liệu. "
        "Nếu tệp này mới là bản đúng, đề nghị gửi lại.",
        f"A file that came later ({number}) was accepted before this one was judged, so this one changes nothing. If "
        "this is the right one, please send it again.",
    )


def _awaits(here: Installation, verifier: str) -> Finding:
    unit = here.registry.reference.org_units.get(verifier)
    name = unit.name_vi if unit else verifier
    return Finding(
        "awaits_verification",
        Severity.INFO,
        "",
        verifier,
        "",
        f"Số liệu được ghi nhận là chưa thẩm định, chờ {name} thẩm định; kết quả thẩm định sẽ có trong thư mục này.",
        f"The figures are provisional until {unit.name_en if unit else verifier} has verified them; the result will "
        "stand in this folder.",
    )
