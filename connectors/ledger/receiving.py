"""Entering a dropped file: is it new, left open by a crash, finished but not moved, or a duplicate?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, insert, or_, select, update

from connectors.ledger.chronicle import NewEvent, about_submission, events, record
from connectors.ledger.records import State, Submission
from connectors.ledger.tables import submission
from indicator_specs import clock


@dataclass(frozen=True)
class Received:
    """A file in an agency's folder whose bytes are kept. ``inode`` and ``mtime_ns`` tell it from its copies."""

    agency: str
    file_name: str
    inode: int
    mtime_ns: int
    sha256: str
    size: int
    evidence_path: str


def receive(connection: Connection, file: Received) -> Submission:
    """The submission of this file, found or made. See ``Ledger.receive``."""
    mine, other = _same_bytes(connection, file), _same_bytes_of_another(connection, file)
    found = _same_file(mine, file) or _left_open(mine)
    number = found.submission_no if found else _enter(connection, file, _taken_before(connection, mine))
    return _with_other(one(connection, number), other)


def one(connection: Connection, submission_no: int) -> Submission:
    """One submission.

    Raises:
        LookupError: there is no such submission.
    """
    row = (
        connection.execute(select(submission).where(submission.c.submission_no == submission_no))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise LookupError(f"submission {submission_no} is not in the ledger")
    return as_submission(dict(row))


def mark_answered(connection: Connection, submission_nos: Sequence[int]) -> None:
    """See ``Ledger.mark_answered``."""
    numbered = submission.c.submission_no
    rows = connection.execute(select(submission).where(numbered.in_(submission_nos))).mappings()
    held = {row["submission_no"]: as_submission(dict(row)) for row in rows}
    for number in submission_nos:
        if number not in held:
            raise LookupError(f"submission {number} is not in the ledger")
        if not held[number].is_concluded:
            raise LookupError(f"submission {number} is not concluded yet; it has no answer to give")
    due = [number for number in dict.fromkeys(submission_nos) if held[number].answered_at is None]
    connection.execute(update(submission).where(numbered.in_(due)).values(answered_at=clock.now()))
    record(connection, *(NewEvent("answered", about_submission(number)) for number in due))


def enter_again(connection: Connection, submission_no: int) -> int:
    """Enter the kept bytes of a submission once more, to be judged anew: what kept them out has been lifted."""
    held = one(connection, submission_no)
    file = Received(held.agency, held.file_name, 0, 0, held.sha256, held.size, held.evidence_path)
    number = _enter(connection, file, None)
    record(connection, NewEvent("entered_again", about_submission(number), {"from": submission_no}))
    return number


def as_submission(row: dict[str, Any]) -> Submission:
    """A row of the table as a value."""
    return Submission(**{**row, "inode": int(row["inode"]), "state": State(row["state"])})


def _same_bytes(connection: Connection, file: Received) -> list[Submission]:
    """Submissions of these bytes by this agency that may stand for the file; those that came to nothing are left out.

    A folder full of copies of one file that is returned would else be read once more for each of them.
    """
    c = submission.c
    is_this = and_(c.inode == str(file.inode), c.mtime_ns == file.mtime_ns)
    counts = c.state.not_in([State.RETURNED.value, State.DUPLICATE.value])
    query = select(submission).where(c.sha256 == file.sha256, c.agency == file.agency, or_(is_this, counts))
    return [as_submission(dict(row)) for row in connection.execute(query.order_by(c.submission_no)).mappings()]


def _same_bytes_of_another(connection: Connection, file: Received) -> int | None:
    """The first submission of these bytes by another agency."""
    c = submission.c
    query = select(c.submission_no).where(c.sha256 == file.sha256, c.agency != file.agency)
    number: int | None = connection.scalar(query.order_by(c.submission_no).limit(1))
    return number


def _same_file(mine: list[Submission], file: Received) -> Submission | None:
    identity = (file.inode, file.mtime_ns)
    return next((entry for entry in reversed(mine) if (entry.inode, entry.mtime_ns) == identity), None)


def _left_open(mine: list[Submission]) -> Submission | None:
    return next((entry for entry in mine if not entry.is_concluded), None)


TAKEN = (State.ACCEPTED, State.PARTLY_ACCEPTED)


def _taken_before(connection: Connection, mine: list[Submission]) -> int | None:
    """The first submission of these bytes that is in effect or held.

    Bytes that were returned, by judgement or by a verifier, may be sent again, and so may bytes that others have
    replaced since: an officer who goes
    back to the first figures means it.
    """
    for entry in mine:
        if entry.state is State.QUARANTINED:
            return entry.submission_no
        if entry.state in TAKEN and not _is_replaced(connection, entry) and not _was_sent_back(connection, entry):
            return entry.submission_no
    return None


def _is_replaced(connection: Connection, entry: Submission) -> bool:
    """Whether the agency has since sent other figures of the same form and period, and they were taken."""
    c = submission.c
    later = select(c.submission_no).where(
        c.submission_no > entry.submission_no,
        c.agency == entry.agency,
        c.source == entry.source,
        c.dataset == entry.dataset,
        c.time_period == entry.time_period,
        c.sha256 != entry.sha256,
        c.state.in_([state.value for state in TAKEN]),
    )
    return connection.scalar(later.limit(1)) is not None


def _was_sent_back(connection: Connection, entry: Submission) -> bool:
    """Whether its verifier gave it back: its figures count no more, so the same bytes ask to be looked at again."""
    about = [about_submission(entry.submission_no)]
    return bool(events(connection, kinds=("verification_returned",), subjects=about))


def _enter(connection: Connection, file: Received, duplicate_of: int | None) -> int:
    state = State.RECEIVED if duplicate_of is None else State.DUPLICATE
    number = connection.scalar(
        insert(submission)
        .values(
            agency=file.agency,
            file_name=_writable(file.file_name),
            inode=str(file.inode),
            mtime_ns=file.mtime_ns,
            sha256=file.sha256,
            size=file.size,
            evidence_path=file.evidence_path,
            received_at=clock.now(),
            state=state.value,
            reason="",
            duplicate_of=duplicate_of,
        )
        .returning(submission.c.submission_no)
    )
    assert number is not None  # noqa: S101 - an insert that returns nothing has raised
    detail = {"agency": file.agency, "sha256": file.sha256, "size": file.size, "duplicate_of": duplicate_of}
    record(connection, NewEvent("received", about_submission(number), detail))
    return int(number)


def _writable(name: str) -> str:
    """A name from any file system: bytes that are not UTF-8 are shown as escapes, since SQL text cannot hold them."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _with_other(entry: Submission, other: int | None) -> Submission:
    return Submission(**{**vars(entry), "sent_by_other": other})
