"""intake: claim → own copy → received → read in a child → judge → commit → answer → archive.

Files pass through in one stream, some at every stage. Each stage takes up what an earlier run left: a file is found
again in its folder, an open submission in the ledger, a missing answer there too. What is wrong with one agency's
folder holds up no other agency: it is told at the end. Two processes never work at the same time: a lease in the ledger
decides.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path

from connectors.durable import Kept
from connectors.extract import Extract
from connectors.intake.claim import SettleWatch
from connectors.intake.scanner import infection
from connectors.ledger import Lease, NewEvent, State, Submission
from connectors.workbook.decision_book import DecisionRow
from connectors.workbook.decisions import decisions_in_sandbox
from connectors.workbook.reading import WorkbookReading, WorkbookRefused, refused
from connectors.workbook.sandbox import read_in_sandbox
from connectors.workbook.stamp import Stamp, stamp_key
from indicator_specs import drill
from indicator_specs.findings import Finding
from indicator_specs.verification import verifiers
from pipelines.admission import admit
from pipelines.answers import Answers
from pipelines.authority import refusal_of, told_apart
from pipelines.candidates import Admitted, Candidate, concluding_state
from pipelines.installation import Installation
from pipelines.intake_report import IntakeReport
from pipelines.receiving import Incoming
from pipelines.submissions.completing import verifier_of_line
from pipelines.submissions.decisions import give_notices, offer, take_decisions
from pipelines.submissions.locks import Closing, answer_to_late, closing
from pipelines.submissions.standing import Line
from pipelines.together import in_turns, side_by_side
from pipelines.turns import INTAKE, turn

Content = WorkbookReading | WorkbookRefused | list[DecisionRow]
"""What a file says: a form, that it cannot be read, or the decisions of a verifier."""

LookedInto = tuple[Submission, Callable[[], Content]]
"""A file that is being read, and a function that waits for what it says."""

AT_ONCE = 50
"""Files that are judged together: enough to share one judgement, few enough that the first answer comes soon."""


def take_in(
    installation: Installation, settle_seconds: float | None = None, settle: SettleWatch | None = None
) -> IntakeReport:
    """Answer every settled file of every agency.

    Args:
        installation: whose folders.
        settle_seconds: how long a file must have kept still; the protocol's own default if None.
        settle: what earlier looks have seen, kept by a resident process; without it, only a file that has been still by
            the server's clock is taken.

    Raises:
        LeaseHeldError: another process is at it and did not end in time.
        OSError: a store cannot be written. Nothing acknowledged is lost; call again.
    """
    report = IntakeReport()
    watch = settle or (SettleWatch() if settle_seconds is None else SettleWatch(settle_seconds))
    with (
        turn(installation.ledger, INTAKE) as lease,
        Incoming(installation, watch, report, at_once=AT_ONCE) as incoming,
    ):
        while incoming.looks_left:
            n_answered = len(report.answers)
            _take(installation, incoming, lease, report)
            if len(report.answers) == n_answered:
                break
    return report


def _take(installation: Installation, incoming: Incoming, lease: Lease, report: IntakeReport) -> None:
    """Answer what lies in the folders, and what an earlier run has left."""
    look_into = partial(_look_into, installation, stamp_key(installation.home.root))
    with Answers(installation, report) as answers:
        answers.begin()
        # While one turn is judged, the next is looked for and read, and the one before it is answered and cleared.
        for turn_of_files in in_turns(side_by_side(look_into, incoming.received()), AT_ONCE):
            report.admitted += _judge(installation, turn_of_files, lease, report)
            answers.begin()
            incoming.clear()
        answers.begin()
    report.answers += answers.given
    give_notices(installation, report.alone)
    offer(installation, report.alone)
    incoming.clear()
    incoming.leave()


def _judge(
    installation: Installation, turn_of_files: Sequence[LookedInto], lease: Lease, report: IntakeReport
) -> list[Admitted]:
    """Refuse the files that could not be read, judge the others together."""
    admitted: list[Admitted] = []
    candidates: list[Candidate] = []
    # A heap has few reports that it says something of; only a decision closes one of them meanwhile.
    closing_of = lru_cache(maxsize=None)(partial(closing, installation.ledger))
    for submission, look_into in turn_of_files:
        decisions = None
        with report.alone(submission.agency, installation.home.root / submission.evidence_path):
            read = look_into()
            decisions = read if isinstance(read, list) else None
            if not isinstance(read, list):
                candidate = _read(installation, submission, read, closing_of)
                candidates += [candidate] if candidate is not None else []
        if decisions is not None:
            # What was received before a decision is in the ledger before it.
            admitted += admit(installation, candidates, lease) if candidates else []
            candidates = []
            _decide(installation, submission, decisions, lease)
            closing_of.cache_clear()
    return admitted + (admit(installation, candidates, lease) if candidates else [])


def _look_into(installation: Installation, key: bytes, submission: Submission) -> Content:
    """What a file says: a form, or the decisions of a verifier. Writes nothing, so that several are read at once."""
    copy = installation.home.root / submission.evidence_path
    if infected := infection(copy):
        return refused("E-FILE-INFECTED", found=infected)
    decisions = _decisions(installation, submission, copy)
    if decisions is not None:
        return decisions
    return read_in_sandbox(copy, installation.registry, key, file_name=submission.file_name)


def _read(
    installation: Installation,
    submission: Submission,
    read: WorkbookReading | WorkbookRefused,
    closing_of: Callable[[Line], Closing | None],
) -> Candidate | None:
    """A form on its way to judgement; None where nothing of it can be taken, which is concluded then."""
    drill.point("read")
    refusal = refusal_of(installation.registry, read, submission.agency, submission.file_name)
    late = _late(installation, submission, read, closing_of) if refusal is None else None
    if refusal is not None:
        _refuse(installation, submission, refusal, read)
    elif late is not None:
        _refuse(installation, submission, (late[0],), read, (late[1],))
    elif isinstance(read, WorkbookReading):
        return _candidate(submission, read)
    return None


def _decisions(installation: Installation, submission: Submission, copy: Path) -> list[DecisionRow] | None:
    """Rows of a verifier's workbook; None where the file is none, or cannot be opened: then it is read as a form."""
    if submission.agency not in verifiers(installation.registry.reference):
        return None
    rows = decisions_in_sandbox(copy)
    return None if isinstance(rows, WorkbookRefused) else rows


def _decide(installation: Installation, submission: Submission, rows: list[DecisionRow], lease: Lease) -> None:
    """Take the decisions of a verifier's workbook, and conclude it."""
    n_taken, findings = take_decisions(installation, submission, rows, lease)
    state = concluding_state(n_taken, findings)
    installation.ledger.commit(
        submission_no=submission.submission_no,
        state=state,
        reason="" if state is State.ACCEPTED else next((each.message_vi for each in findings), ""),
        findings=findings,
        lease=lease,
    )


def _late(
    installation: Installation,
    submission: Submission,
    read: WorkbookReading | WorkbookRefused,
    closing_of: Callable[[Line], Closing | None],
) -> tuple[Finding, NewEvent] | None:
    """What to answer to a file for a period that takes no changes now."""
    if isinstance(read, WorkbookRefused):
        return None
    line = Line(f"{read.source}.{read.dataset}", read.time_period, submission.agency)
    # Asked anew before a file is put in the queue: who has opened the period meanwhile has emptied that.
    closed = closing(installation.ledger, line) if closing_of(line) else None
    if closed is None:
        return None
    receiver = installation.registry.dataset(read.source, read.dataset).owner
    unit = installation.registry.reference.org_units.get(verifier_of_line(installation, line) or receiver)
    return answer_to_late(line, closed, submission, unit.name_vi if unit else receiver)


def _refuse(
    installation: Installation,
    submission: Submission,
    findings: tuple[Finding, ...],
    read: WorkbookReading | WorkbookRefused,
    events: tuple[NewEvent, ...] = (),
) -> None:
    hostile = isinstance(read, WorkbookRefused) and read.is_hostile
    stamp: Stamp | None = read.stamp
    installation.ledger.commit(
        submission_no=submission.submission_no,
        state=State.QUARANTINED if hostile else State.RETURNED,
        reason=findings[0].message_vi,
        source=stamp.source if stamp else None,
        dataset=stamp.dataset if stamp else None,
        time_period=stamp.time_period if stamp else None,
        findings=findings,
        events=events,
    )
    if told_apart(findings):
        # Both sides' administrators see it in the events; neither sees the other's figures.
        installation.ledger.event(
            "stamp_of_another_agency", submission.agency, {"submission": submission.submission_no}
        )


def _candidate(submission: Submission, read: WorkbookReading) -> Candidate:
    extract = Extract(
        read.source,
        read.dataset,
        read.rows,
        Kept(submission.sha256, submission.evidence_path, submission.size),
        {"agency": submission.agency, "file": submission.file_name},
        partition=read.time_period,
    )
    return Candidate(extract, submission, read.time_period, read.key_columns, read.findings, read.explanations)
