"""intake: claim → own copy → received → read in a child → judge → commit → answer → archive.

Each stage takes up what an earlier run left: a file is found again in its folder, an open submission in the ledger, a
missing answer there too. Two processes never work at the same time: a lease in the ledger decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from connectors.durable import Kept
from connectors.extract import Extract
from connectors.intake.claim import Candidate as DroppedFile
from connectors.intake.claim import ChangedError, SettleWatch, take_copy
from connectors.intake.folders import OddEntry, Unreachable, scan
from connectors.intake.settle import archive, quarantine, quarantine_odd
from connectors.ledger import Lease, State, Submission
from connectors.workbook.reading import WorkbookReading, WorkbookRefused
from connectors.workbook.refusals import finding_of
from connectors.workbook.sandbox import read_in_sandbox
from connectors.workbook.stamp import Stamp, stamp_key
from indicator_specs import drill
from indicator_specs.findings import Finding
from indicator_specs.home import Home
from pipelines.admission import Admitted, Candidate, admit
from pipelines.answering import answer
from pipelines.installation import Installation
from pipelines.turns import INTAKE, turn

AT_ONCE = 200
"""Files that are judged together: enough to share one judgement, few enough that the first answer comes soon."""


@dataclass
class IntakeReport:
    """What one look at the folders led to."""

    admitted: list[Admitted] = field(default_factory=list)
    answers: list[Submission] = field(default_factory=list)
    unreachable: tuple[Unreachable, ...] = ()


def take_in(installation: Installation, settle_seconds: float | None = None) -> IntakeReport:
    """Answer every settled file of every agency.

    Args:
        installation: whose folders.
        settle_seconds: how long a file must have kept still; the protocol's own default if None.

    Raises:
        LeaseHeldError: another process is at it and did not end in time.
        OSError: a store cannot be written. Nothing acknowledged is lost; call again.
    """
    report = IntakeReport()
    with turn(installation.ledger, INTAKE) as lease:
        watch = SettleWatch() if settle_seconds is None else SettleWatch(settle_seconds)
        found = scan(installation.home, watch)
        report.unreachable = found.unreachable
        for entry in found.odd:
            _hold(installation, entry)
        for dropped in found.candidates:
            _receive(installation, dropped)
        for submissions in _in_turns(installation.ledger.submissions(state=State.RECEIVED)):
            report.admitted += _judge(installation, submissions, lease)
            report.answers += _answer(installation)
        report.answers += _answer(installation)
        for dropped in found.candidates:
            _clear(installation, dropped)
    return report


def _hold(installation: Installation, entry: OddEntry) -> None:
    """A link or a device in a folder is moved away unopened."""
    held = quarantine_odd(installation.home, entry)
    installation.ledger.event(
        "odd_entry_held", entry.agency, {"name": entry.path.name, "kind": entry.oddity, "at": held.name}
    )


def _receive(installation: Installation, dropped: DroppedFile) -> None:
    try:
        copy = take_copy(dropped, installation.home)
    except ChangedError:
        return  # still being written, or taken back: the next look decides
    drill.point("copied")
    installation.ledger.receive(
        dropped.agency,
        dropped.name,
        inode=dropped.identity.inode,
        mtime_ns=dropped.identity.mtime_ns,
        sha256=copy.sha256,
        size=copy.size,
        evidence_path=copy.path,
    )
    drill.point("received")


def _judge(installation: Installation, submissions: Sequence[Submission], lease: Lease) -> list[Admitted]:
    """Read each file; refuse those that cannot be read, judge the others together."""
    key = stamp_key(installation.home.root)
    candidates = []
    for submission in submissions:
        read = read_in_sandbox(installation.home.root / submission.evidence_path, installation.registry, key)
        drill.point("read")
        refusal = _refusal(submission, read)
        if refusal is not None:
            _refuse(installation, submission, refusal, read)
        elif isinstance(read, WorkbookReading):
            candidates.append(_candidate(submission, read))
    return admit(installation, candidates, lease) if candidates else []


def _refusal(submission: Submission, read: WorkbookReading | WorkbookRefused) -> tuple[Finding, ...] | None:
    """Why nothing of the file can be taken: unreadable, or not this agency's form."""
    if isinstance(read, WorkbookRefused):
        return read.findings
    if read.agency != submission.agency:
        return (finding_of("E-STAMP-AGENCY", found=read.agency, expected=submission.agency),)
    return None


def _refuse(
    installation: Installation,
    submission: Submission,
    findings: tuple[Finding, ...],
    read: WorkbookReading | WorkbookRefused,
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
    return Candidate(extract, submission, read.time_period, read.key_columns, read.findings)


def _answer(installation: Installation) -> list[Submission]:
    """Answer every concluded submission that has no receipt yet, also those that a crash left without."""
    answered = installation.ledger.unanswered()
    for submission in answered:
        answer(installation, submission)
        drill.point("answered")
        installation.ledger.mark_answered(submission.submission_no)
    return answered


def _clear(installation: Installation, dropped: DroppedFile) -> None:
    """Take an answered original out of its folder."""
    home: Home = installation.home
    identity = (dropped.identity.inode, dropped.identity.mtime_ns)
    for submission in installation.ledger.submissions(agency=dropped.agency):
        if (submission.inode, submission.mtime_ns) == identity and submission.answered_at is not None:
            move = quarantine if submission.state is State.QUARANTINED else archive
            move(home, dropped.agency, submission.submission_no, dropped.path, dropped.identity)


def _in_turns(submissions: Sequence[Submission]) -> Iterator[Sequence[Submission]]:
    for first in range(0, len(submissions), AT_ONCE):
        yield submissions[first : first + AT_ONCE]
