"""The commit: batch, verdict, findings, cursor and submission state in one transaction."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from connectors.ledger import receiving, tables
from connectors.ledger.chronicle import NewEvent, about_submission, record
from connectors.ledger.records import Batch, Committed, Cursor, NewBatch, State, Submission
from indicator_specs import clock, drill
from indicator_specs.findings import Finding


@dataclass(frozen=True)
class Work:
    """What one commit writes. See ``Ledger.commit``."""

    batch: NewBatch | None
    submission_no: int | None
    state: State | None
    reason: str
    source: str | None
    dataset: str | None
    time_period: str | None
    duplicate_of: int | None
    findings: tuple[Finding, ...]
    cursor: Cursor | None
    events: tuple[NewEvent, ...] = ()


def check(work: Work) -> None:
    """Refuse what cannot be committed, before the ledger is locked.

    Raises:
        ValueError: with what is missing or contradictory.
    """
    if work.batch is None and work.submission_no is None:
        raise ValueError("nothing to commit: neither a batch nor a submission")
    if (work.submission_no is None) != (work.state is None) or work.state is State.RECEIVED:
        raise ValueError("a submission needs a final state, and a state needs a submission")
    if (work.state is State.DUPLICATE) != (work.duplicate_of is not None):
        raise ValueError("state duplicate and duplicate_of go together")
    if work.cursor is not None and work.batch is None:
        raise ValueError("a cursor moves only with the batch that it stands for")


def commit(connection: Connection, work: Work) -> Committed:
    """Write ``work`` in the transaction that is open. See ``Ledger.commit``."""
    held = None if work.submission_no is None else receiving.one(connection, work.submission_no)
    if held is not None and held.is_concluded:
        return _already(connection, held, work)
    batch, is_new = _batch(connection, work)
    _findings(connection, work, batch.batch_no if batch and is_new else None)
    if work.cursor is not None and batch is not None:
        _move_cursor(connection, work.cursor, batch.batch_no)
    concluded = None if held is None else _conclude(connection, held, work, batch)
    conclusion = [] if concluded is None else [_conclusion(concluded, batch, work)]
    record(connection, *conclusion, *work.events)
    return Committed(batch, is_new, concluded)


def _conclusion(concluded: Submission, batch: Batch | None, work: Work) -> NewEvent:
    """What the chronicle says of a verdict, so that a batch or a finding that was altered later is known by it."""
    findings = [[finding.rule, finding.severity.value, finding.place, finding.message_vi] for finding in work.findings]
    return NewEvent(
        "concluded",
        about_submission(concluded.submission_no),
        {
            "state": concluded.state.value,
            "batch_no": batch.batch_no if batch else None,
            "landing_sha256": batch.landing_sha256 if batch else None,
            "accepted_sha256": batch.accepted_sha256 if batch else None,
            "findings": len(findings),
            "findings_sha256": hashlib.sha256(json.dumps(findings).encode("utf-8", "surrogatepass")).hexdigest(),
        },
    )


def before_commit() -> None:
    """The drill point inside the transaction."""
    drill.point("before_commit")


def after_commit() -> None:
    """The drill point after it."""
    drill.point("committed")


def _already(connection: Connection, held: Submission, work: Work) -> Committed:
    """A concluded submission stays: the second of two workers, or a repeat after a crash, changes nothing."""
    if work.state != held.state:
        detail = {"stands": held.state.value, "late": str(work.state)}
        record(connection, NewEvent("late_conclusion_ignored", about_submission(held.submission_no), detail))
    row = connection.execute(select(tables.batch).where(tables.batch.c.batch_no == held.batch_no)).mappings().first()
    return Committed(None if row is None else Batch(**row), False, held)


def enter_batch(connection: Connection, new: NewBatch, submission_no: int, time_period: str | None) -> Batch:
    """Another batch of a submission that is concluded: what a decision made of its figures."""
    return _enter(connection, new, _newest_of_line(connection, new, time_period), submission_no, time_period)


def _batch(connection: Connection, work: Work) -> tuple[Batch | None, bool]:
    new = work.batch
    if new is None:
        return None, False
    time_period = work.time_period if work.submission_no is not None else None
    newest = _newest_of_line(connection, new, time_period)
    if newest is not None and _same_effect(newest, new):
        detail = {"batch_no": newest.batch_no, "partition": newest.partition, "submission_no": work.submission_no}
        record(connection, NewEvent("same_content_again", f"{new.source}/{new.dataset}", detail))
        return newest, False
    return _enter(connection, new, newest, work.submission_no, time_period), True


def _enter(
    connection: Connection, new: NewBatch, newest: Batch | None, submission_no: int | None, time_period: str | None
) -> Batch:
    values = _values(connection, new, newest, submission_no, _partition(new, time_period))
    return Batch(**connection.execute(insert(tables.batch).values(values).returning(tables.batch)).mappings().one())


def _newest_of_line(connection: Connection, new: NewBatch, time_period: str | None) -> Batch | None:
    """The newest batch of the same source, dataset, sender and partition: the one that ``new`` may replace."""
    b, s = tables.batch.c, tables.submission.c
    query = select(tables.batch).outerjoin(tables.submission, b.submission_no == s.submission_no)
    query = query.where(b.source == new.source, b.dataset == new.dataset, b.partition == _partition(new, time_period))
    query = query.where(s.agency == new.agency if new.agency else b.submission_no.is_(None))
    row = connection.execute(query.order_by(b.batch_no.desc()).limit(1)).mappings().first()
    return None if row is None else Batch(**row)


def _same_effect(newest: Batch, new: NewBatch) -> bool:
    """Same rows read, same rows accepted, as final as before. A changed rule that accepts more is another effect."""
    accepted = new.accepted.sha256 if new.accepted and new.n_accepted else None
    return (newest.landing_sha256, newest.accepted_sha256, newest.is_provisional) == (
        new.landed.sha256,
        accepted,
        new.is_provisional,
    )


def _values(
    connection: Connection, new: NewBatch, newest: Batch | None, submission_no: int | None, partition: str
) -> dict[str, Any]:
    known = select(tables.batch.c.batch_no).where(tables.batch.c.batch_id == new.batch_id)
    is_known = connection.scalar(known) is not None
    taken = new.accepted if new.n_accepted else None
    return {
        "batch_id": new.batch_id_after(newest.batch_id if newest else f"partition {partition}")
        if is_known
        else new.batch_id,
        "source": new.source,
        "dataset": new.dataset,
        "submission_no": submission_no,
        "partition": partition,
        "origin": new.origin,
        "evidence_sha256": new.evidence.sha256,
        "evidence_path": new.evidence.path,
        "landing_sha256": new.landed.sha256,
        "landing_path": new.landed.path,
        "accepted_sha256": taken.sha256 if taken else None,
        "accepted_path": taken.path if taken else None,
        "n_read": new.n_read,
        "n_accepted": new.n_accepted,
        "n_returned": new.n_read - new.n_accepted,
        "spec_hash": new.spec_hash,
        "history_release": new.history_release,
        "accepted_at": clock.now(),
        "is_provisional": new.is_provisional,
    }


def _partition(new: NewBatch, time_period: str | None) -> str:
    return new.partition or time_period or ""


def _findings(connection: Connection, work: Work, batch_no: int | None) -> None:
    """Findings of content that is an existing batch belong to the submission alone: the batch has its own."""
    if not work.findings or (batch_no is None and work.submission_no is None):
        return
    connection.execute(
        insert(tables.finding),
        [
            {
                **{key: value for key, value in vars(finding).items() if key != "group"},
                "severity": finding.severity.value,
                "finding_group": finding.group,
                "batch_no": batch_no,
                "submission_no": work.submission_no,
            }
            for finding in work.findings
        ],
    )


def _move_cursor(connection: Connection, cursor: Cursor, batch_no: int) -> None:
    c = tables.cursor.c
    connection.execute(
        delete(tables.cursor).where(
            c.source == cursor.source, c.dataset == cursor.dataset, c.partition == cursor.partition
        )
    )
    connection.execute(insert(tables.cursor).values(**vars(cursor), batch_no=batch_no))


def _conclude(connection: Connection, held: Submission, work: Work, batch: Batch | None) -> Submission:
    assert work.state is not None  # noqa: S101 - checked before the ledger was locked
    said: dict[str, Any] = {
        "reason": work.reason,
        "source": work.batch.source if work.batch else work.source,
        "dataset": work.batch.dataset if work.batch else work.dataset,
        "time_period": work.time_period or (work.batch.partition if work.batch else None) or None,
        "duplicate_of": work.duplicate_of,
        "batch_no": batch.batch_no if batch else None,
    }
    mine = tables.submission.c.submission_no == held.submission_no
    connection.execute(update(tables.submission).where(mine).values(state=work.state.value, **said))
    return replace(held, state=work.state, **said)
