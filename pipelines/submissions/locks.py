"""Periods that are closed to changes: locked by somebody, or approved when a report was verified; and their opening.

The state of a report is that of its last event in the ledger. A file for a closed period waits in the ledger: opening
the period enters it once more, so that its sender need not send it again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.ledger import Event, Ledger, NewEvent, Submission
from indicator_specs.clock import HANOI
from indicator_specs.findings import Finding, Severity
from pipelines.submissions.standing import Line

LOCKED, APPROVED, UNLOCKED, QUEUED = "period_locked", "period_approved", "period_unlocked", "queued_late"
"""Kinds of events about a report."""

RULE = "period_closed"


@dataclass(frozen=True)
class Closing:
    """Why a report takes no changes now."""

    event: Event

    @property
    def is_approval(self) -> bool:
        """Whether it was verified, rather than locked by hand."""
        return self.event.kind == APPROVED

    @property
    def who(self) -> str:
        """Who has closed it."""
        return str(self.event.detail.get("who") or "")


def closing(ledger: Ledger, line: Line) -> Closing | None:
    """What closes a report, or None while it is open."""
    found = ledger.events(kinds=(LOCKED, APPROVED, UNLOCKED), subjects=(line.subject, line.everybody))
    return Closing(found[-1]) if found and found[-1].kind != UNLOCKED else None


def lock(ledger: Ledger, line: Line, who: str, why: str) -> None:
    """Close a report of one agency, or of all where ``line.agency`` is empty."""
    ledger.event(LOCKED, _subject(line), {"who": who, "why": why})


def unlock(ledger: Ledger, line: Line, who: str, why: str) -> list[int]:
    """Open it again; what had come while it was closed is entered once more, under the numbers that are returned."""
    waiting = [number for each in _lines(ledger, line) for number in queued(ledger, each)]
    return ledger.unlock(NewEvent(UNLOCKED, _subject(line), {"who": who, "why": why, "taken": waiting}), waiting)


def queued(ledger: Ledger, line: Line) -> list[int]:
    """The last file of an agency that waits for its period to be opened: at most one."""
    waits: list[int] = []
    for event in ledger.events(kinds=(QUEUED, UNLOCKED), subjects=(line.subject, line.everybody)):
        waits = [int(event.detail["submission_no"])] if event.kind == QUEUED else []
    return waits


def answer_to_late(line: Line, closed: Closing, submission: Submission, receiver: str) -> tuple[Finding, NewEvent]:
    """The finding that tells how to ask for an opening, and the event that keeps the file's place."""
    moment = f"{closed.event.happened_at.astimezone(HANOI):%d/%m/%Y}"
    number = f"PTN-{submission.submission_no:06d}"
    cause_vi = "đã được thẩm định" if closed.is_approval else "đã khoá"
    cause_en = "verified" if closed.is_approval else "locked"
    finding = Finding(
        RULE,
        Severity.ERROR,
        "",
        line.time_period,
        "mở khoá kỳ báo cáo",
        f"Báo cáo kỳ {line.time_period} của đơn vị {cause_vi} ngày {moment} ({closed.who or '—'}); tệp "
        "được giữ trong hàng chờ, chưa thay đổi số liệu. "
        f"Đề nghị đơn vị gửi văn bản tới {receiver}, nêu số phiếu {number} và lý do điều chỉnh; khi kỳ được mở, tệp "
        "này được xét ngay, đơn vị không phải gửi lại.",
        f"The report for {line.time_period} was {cause_en} on {moment} ({closed.who or '—'}); the "
        "file waits and has changed nothing. "
        f"Please write to {receiver}, quoting {number} and the reason; once the period is opened the file is judged at "
        "once and need not be sent again.",
        time_period=line.time_period,
    )
    return finding, NewEvent(QUEUED, line.subject, {"submission_no": submission.submission_no})


def _subject(line: Line) -> str:
    return line.subject if line.agency else line.everybody


def _lines(ledger: Ledger, line: Line) -> Iterable[Line]:
    if line.agency:
        return [line]
    agencies = {
        each.agency
        for each in ledger.submissions()
        if f"{each.source}.{each.dataset}" == line.dataset and each.time_period == line.time_period
    }
    return [Line(line.dataset, line.time_period, agency) for agency in sorted(agencies)]
