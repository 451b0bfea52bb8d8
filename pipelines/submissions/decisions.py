"""A verifier's workbook on its way: made from what awaits, taken back row by row, and told to the reporters.

Owns the doors of verification that are folders. What a decision does is ``verification``'s.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from connectors import durable
from connectors.accepted import accepted_rows
from connectors.intake.folders import open_folder
from connectors.intake.names import ANSWERS, EVIDENCE, safe_name
from connectors.intake.notice import Notice, write_notice
from connectors.intake.receipt import receipt_name
from connectors.ledger import OUTCOMES, Event, Lease, LedgerUnreachableError, Outcome, Submission
from connectors.workbook.decision_book import (
    APPROVE,
    SEND_BACK,
    AwaitedFigure,
    AwaitedReport,
    DecisionRow,
    check_code,
    draw,
)
from connectors.workbook.layout import normal
from connectors.workbook.stamp import stamp_key
from indicator_specs import drill, periods
from indicator_specs.errors import PlainError
from indicator_specs.findings import Finding, Severity
from indicator_specs.verification import verifiers
from pipelines.installation import Installation
from pipelines.submissions.attached import attached_to
from pipelines.submissions.awaiting import Awaiting, awaiting
from pipelines.submissions.standing import Line, line_batches, rows_of, standing
from pipelines.submissions.verification import Given, verify

BOOK, LIST = "THAM-DINH.xlsx", "THAM-DINH.json"
NOTICE = "notice_given"
Alone = Callable[[str, Path], AbstractContextManager[None]]
"""Given an agency and a path, keeps the failure of that folder to itself."""


def nobody_else(_agency: str, _path: Path) -> AbstractContextManager[None]:
    """For a caller that serves one person: a failure is theirs to hear."""
    return nullcontext()


_OUTCOMES = {normal(APPROVE).casefold(): Outcome.VERIFIED, normal(SEND_BACK).casefold(): Outcome.RETURNED}


def offer(here: Installation, alone: Alone = nobody_else) -> None:
    """Give each verifier the workbook of what awaits it, where that has changed.

    Args:
        here: whose ledger and folders.
        alone: keeps the failure of one body's folder to itself; without it, it is raised.
    """
    waiting = awaiting(here)
    for body in sorted(verifiers(here.registry.reference) & {each.verifier for each in waiting} | _offered(here)):
        with alone(body, here.home.intake / body):
            _offer(here, body, [each for each in waiting if each.verifier == body])


def _offer(here: Installation, body: str, mine: Sequence[Awaiting]) -> None:
    numbers = [each.submission.submission_no for each in mine]
    answers = open_folder(here.home, body) / ANSWERS
    if _listed(answers / LIST) == numbers:
        return
    made = max((each.submission.received_at for each in mine), default=datetime(2025, 1, 1, tzinfo=UTC))
    title = f"BÁO CÁO CHỜ THẨM ĐỊNH – {_name(here, body)} ({len(mine)})"
    reports, figures = [_report(here, each) for each in mine], list(_figures(here, mine))
    durable.write(answers / BOOK, partial(draw, title=title, reports=reports, figures=figures, made=made))
    _show_evidence(here, answers, mine)
    drill.point("offered")
    durable.write_bytes(answers / LIST, (json.dumps(numbers) + "\n").encode())


def _offered(here: Installation) -> set[str]:
    bodies = verifiers(here.registry.reference)
    return {body for body in bodies if (here.home.intake / body / ANSWERS / LIST).exists()}


def _listed(path: Path) -> list[int] | None:
    return list(json.loads(path.read_text())) if path.exists() else None


def _report(here: Installation, each: Awaiting) -> AwaitedReport:
    number = receipt_name(each.submission.submission_no)
    findings = here.ledger.findings(submission_no=each.submission.submission_no)
    count = {severity: sum(found.severity is severity for found in findings) for severity in Severity}
    explained = sum(found.rule == "explanation" for found in findings)
    return AwaitedReport(
        number,
        f"{_name(here, each.line.agency)} ({each.line.agency})",
        report_vi(here, each.line),
        f"{sum(batch.n_accepted for batch in each.batches)} số liệu; cảnh báo {count[Severity.WARNING]}, "
        f"giải trình {explained}, không tiếp nhận {count[Severity.ERROR]}; "
        f"minh chứng {_evidence(here, each, findings)}; SHA-256 {each.submission.sha256[:12]}…",
        check_code(stamp_key(here.home.root), number, each.submission.sha256, each.verifier),
    )


def _evidence(here: Installation, each: Awaiting, findings: Sequence[Finding]) -> str:
    """Number of files, and which of them stand behind other reports too."""
    reused = [found.found for found in findings if found.rule == "evidence_reused"]
    number = sum(len(attached_to(here, batch.submission_no or 0)) for batch in each.batches)
    return f"{number} tệp" + (f" (dùng lại: {', '.join(reused)})" if reused else "")


def _show_evidence(here: Installation, answers: Path, reports: Sequence[Awaiting]) -> None:
    """Put copies of the evidence beside the verifier's workbook, each under the number of its report."""
    for each in reports:
        for batch in each.batches:
            for file in attached_to(here, batch.submission_no or 0):
                name = f"{receipt_name(batch.submission_no or 0)}-{safe_name(str(file['name']))}"
                target = answers / EVIDENCE / name
                if not target.exists():
                    kept = here.home.root / str(file["path"])
                    durable.write(target, partial(shutil.copyfile, kept))


def _figures(here: Installation, reports: Sequence[Awaiting]) -> Iterator[AwaitedFigure]:
    measures = here.registry.measures
    for each in reports:
        official = [batch for batch in line_batches(here.ledger, each.line) if not batch.is_provisional]
        before = standing(here, official)
        found = here.ledger.findings(submission_no=each.submission.submission_no)
        told: dict[str, list[str]] = {}
        for finding in found:
            if finding.rule != "explanation" and finding.place:
                told.setdefault(finding.place, []).append(finding.message_vi)
        for batch in each.batches:
            rows = accepted_rows(here.home, here.ledger, batch)
            for key, stated in rows_of(rows, batch.submission_no or 0):
                name = measures[key[0]].name.vi if key[0] in measures else key[0]
                yield AwaitedFigure(
                    receipt_name(batch.submission_no or 0),
                    stated.place,
                    f"{_name(here, key[1])} ({key[1]})",
                    name,
                    key[2],
                    stated.text,
                    before[key].text if key in before else "",
                    " ".join(told.get(stated.place, ())),
                )


def take_decisions(
    here: Installation, submission: Submission, rows: list[DecisionRow], lease: Lease | None
) -> tuple[int, tuple[Finding, ...]]:
    """Take each row's decision; how many were taken, and what to say of each row."""
    key, told = stamp_key(here.home.root), []
    if not rows:
        vi, en = "Tệp không có ý kiến thẩm định nào ở các ô nền vàng.", "the file holds no decision"
        told.append(Finding("decision_refused", Severity.ERROR, "", "", f"{APPROVE}, {SEND_BACK}", vi, en))
    reports = awaiting(here, submission.agency)
    for row in rows:
        try:
            given = _given(here, submission, row, key)
            if not _is_taken(here, given):
                verify(here, given, lease, reports)
            drill.point("decided")
            vi, en = ("đã ghi nhận: đồng ý", "recorded: verified")
            if given.outcome is Outcome.RETURNED:
                vi, en = ("đã ghi nhận: trả lại", "recorded: returned")
            told.append(_said(row, "decision_taken", Severity.INFO, f"Phiếu {row['submission']} {vi}.", en))
        except LedgerUnreachableError:
            raise  # Nothing that the verifier could mend.
        except PlainError as error:
            vi, _, en = str(error).partition(" / ")
            told.append(_said(row, "decision_refused", Severity.ERROR, f"{vi}.", en))
    return sum(each.severity is Severity.INFO for each in told), tuple(told)


def _given(here: Installation, submission: Submission, row: DecisionRow, key: bytes) -> Given:
    number = row["submission"]
    digits = number.removeprefix("PTN-")
    outcome = _OUTCOMES.get(normal(row["decision"]).casefold())
    if outcome is None:
        wanted = f"{APPROVE} hoặc {SEND_BACK}"
        raise PlainError(f"Ý kiến “{row['decision'][:40]}” không hợp lệ; đề nghị ghi {wanted} / Not a decision")
    if not digits.isdecimal():
        raise PlainError(f"“{number[:40]}” không phải số phiếu / Not the number of a receipt")
    try:
        bytes_decided = here.ledger.submission(int(digits)).sha256
    except LookupError as error:
        raise PlainError(f"Không có phiếu {number[:40]} / There is no such receipt") from error
    if row["check"] != check_code(key, number, bytes_decided, submission.agency):
        raise PlainError(f"Mã kiểm tra của {number} không đúng; lấy lại tệp {BOOK} / The check code does not hold")
    return Given(int(digits), outcome, submission.agency, row["who"], row["reason"], submission.submission_no)


def _is_taken(here: Installation, given: Given) -> bool:
    """Whether this very file took the decision already, before a crash."""
    made = here.ledger.events(kinds=OUTCOMES, subjects=[f"submission {given.submission_no}"])
    return bool(made) and made[-1].detail["by_submission"] == given.by_submission


def _said(row: DecisionRow, rule: str, severity: Severity, vi: str, en: str) -> Finding:
    return Finding(rule, severity, row["place"], row["decision"][:80], "", vi, f"{row['submission']}: {en}.")


def untold(here: Installation) -> list[Event]:
    """Decisions that the reporter was not told of yet, oldest first."""
    if not here.registry.reference.verifications:
        return []
    told = {event.subject for event in here.ledger.events(kinds=[NOTICE])}
    return [event for event in here.ledger.events(kinds=OUTCOMES) if event.subject not in told]


def give_notices(here: Installation, alone: Alone = nobody_else) -> None:
    """Tell the reporters of decisions that they were not told of yet. ``alone`` as in ``offer``."""
    for event in untold(here):
        submission = here.ledger.submission(int(event.subject.removeprefix("submission ")))
        with alone(submission.agency, here.home.intake / submission.agency):
            write_notice(open_folder(here.home, submission.agency), _notice(here, submission, event))
            drill.point("noticed")
            here.ledger.event(NOTICE, event.subject)


def _notice(here: Installation, submission: Submission, event: Event) -> Notice:
    line = Line(f"{submission.source}.{submission.dataset}", submission.time_period or "", submission.agency)
    return Notice(
        submission.submission_no,
        report_vi(here, line),
        event.kind == Outcome.VERIFIED.value,
        _name(here, event.detail["verifier"]),
        event.detail["who"],
        event.detail["reason"],
        event.happened_at,
    )


def report_vi(here: Installation, line: Line) -> str:
    """Form and period in words: ``BM-XA-01 · Tháng 10/2026``."""
    dataset = here.registry.datasets[line.dataset]
    form = dataset.form.code if dataset.form else line.dataset
    return f"{form} · {periods.parse(line.time_period).label_vi}"


def _name(here: Installation, code: str) -> str:
    unit = here.registry.reference.org_units.get(code)
    return unit.name_vi if unit else code
