"""``Ledger``: every question to the ledger and every change of it, each in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Engine, Table, func, select

from connectors.ledger import chronicle, committing, receiving, tables, verifying
from connectors.ledger.chronicle import Audit, Event, NewEvent
from connectors.ledger.compacting import Compactions
from connectors.ledger.engine import open_engine, reading, writing
from connectors.ledger.lease import Lease, held
from connectors.ledger.records import Batch, Committed, Cursor, NewBatch, State, Submission
from connectors.ledger.reports import Reports, as_finding
from connectors.ledger.verifying import Decision
from indicator_specs.findings import Finding
from indicator_specs.home import Home

if TYPE_CHECKING:
    import polars as pl


class Ledger:
    """What was received, judged and answered. Open one per process and close it, or use ``with``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, home: Home) -> "Ledger":
        """Open the ledger of ``home``, made or migrated if need be.

        Raises:
            LedgerTooNewError: a newer program has written it.
            OSError: the home cannot be written.
        """
        return cls(open_engine(home))

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def receive(
        self, agency: str, file_name: str, *, inode: int, mtime_ns: int, sha256: str, size: int, evidence_path: str
    ) -> Submission:
        """Enter a dropped file whose bytes are kept. Calling it again for the same file changes nothing.

        The answer tells the caller what is left to do:

        * ``received``: judge it and commit (a new entry, or one that a crash left open);
        * concluded, and the same file (inode and mtime): only answer it, if unanswered, and move it;
        * ``duplicate``: a new entry; the agency's ``duplicate_of`` already brought these bytes. Bytes that
          were wholly *returned* took no effect and are judged again: the reason may have passed. So are bytes
          whose figures the agency has replaced since.

        ``sent_by_other`` names a submission of the same bytes by another agency, for the caller to judge.
        """
        file = receiving.Received(agency, file_name, inode, mtime_ns, sha256, size, evidence_path)
        return self.receive_all([file])[0]

    def receive_all(self, files: Sequence[receiving.Received]) -> list[Submission]:
        """``receive`` for several files, in their order: all of them are entered, or none."""
        with writing(self._engine) as connection:
            return [receiving.receive(connection, file) for file in files]

    def commit(
        self,
        batch: NewBatch | None = None,
        *,
        submission_no: int | None = None,
        state: State | str | None = None,
        reason: str = "",
        source: str | None = None,
        dataset: str | None = None,
        time_period: str | None = None,
        duplicate_of: int | None = None,
        findings: Sequence[Finding] = (),
        cursor: Cursor | None = None,
        events: Sequence[NewEvent] = (),
        lease: Lease | None = None,
    ) -> Committed:
        """The only commit point: batch, verdict, findings, cursor, events and submission state, or none of them.

        It may be repeated after a crash: a submission that is concluded stays as it is, and content equal
        to the newest batch of the same source, dataset, sender and partition is that batch. Content that
        comes back after other content had replaced it is a new batch, so that it counts again.

        Args:
            batch: what was read; None for a file that could not be read or was refused as a whole.
            submission_no: the file that this concludes; None for a pull.
            state: the final state of the submission.
            reason: why, in words for the agency, where it was not taken whole.
            source: whose form the file is, where known and there is no batch to say so.
            dataset: likewise.
            time_period: the period that the file speaks of, where known.
            duplicate_of: the submission that had these figures first; only with state ``duplicate``.
            findings: everything found, also what did not prevent acceptance.
            cursor: how far the source has been read; needs a batch.
            events: what else is to be recorded of it.
            lease: if given, its fence is checked in the same transaction.

        Raises:
            ValueError: neither a batch nor a submission; an open or missing state; a cursor without a batch.
            LookupError: there is no such submission.
            LeaseLostError: somebody else holds the lease by now. Nothing was written.
        """
        work = committing.Work(
            batch,
            submission_no,
            None if state is None else State(state),
            reason,
            source,
            dataset,
            time_period,
            duplicate_of,
            tuple(findings),
            cursor,
            tuple(events),
        )
        committing.check(work)
        with writing(self._engine) as connection:
            if lease is not None:
                lease.check(connection)
            committed = committing.commit(connection, work)
            committing.before_commit()
        committing.after_commit()
        return committed

    def mark_answered(self, *submission_nos: int) -> None:
        """Say that agencies have these receipts: all of them, or none. A second call changes nothing.

        Raises:
            LookupError: there is no such submission, or it is not concluded yet.
        """
        with writing(self._engine) as connection:
            receiving.mark_answered(connection, submission_nos)

    def event(self, kind: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
        """Record that something happened. Events are never changed or deleted."""
        with writing(self._engine) as connection:
            chronicle.record(connection, NewEvent(kind, subject, detail or {}))

    def decide(self, decision: Decision, lease: Lease | None = None) -> list[int]:
        """Write a verifier's decision with the batches that it makes of the figures; the numbers of those.

        Raises:
            DecidedError, LookupError: it was decided before; there is no such submission.
            LeaseLostError: somebody else holds the lease by now. Nothing was written.
        """
        with writing(self._engine) as connection:
            if lease is not None:
                lease.check(connection)
            numbers = verifying.decide(connection, decision)
            committing.before_commit()
        committing.after_commit()
        return numbers

    def unlock(self, unlocked: NewEvent, waiting: Sequence[int]) -> list[int]:
        """Record that a period was opened again, and enter what came meanwhile once more; the numbers of that."""
        with writing(self._engine) as connection:
            chronicle.record(connection, unlocked)
            return [receiving.enter_again(connection, number) for number in waiting]

    @contextmanager
    def lease(self, name: str, ttl: float = 60.0) -> Iterator[Lease]:
        """Hold ``name`` alone while the block runs; renewed in the background, given back at the end.

        Args:
            name: what is held, such as ``warehouse``.
            ttl: seconds after which a silent holder loses it. A holder that died on this machine loses it at once.

        Raises:
            LeaseHeldError: another process holds it.
        """
        with held(self._engine, name, ttl) as lease:
            yield lease

    @property
    def reports(self) -> Reports:
        """What is known of agencies' reports."""
        return Reports(self._engine)

    @property
    def compactions(self) -> Compactions:
        """Where accepted rows lie, and how many files come to lie in one."""
        return Compactions(self._engine)

    def submission(self, submission_no: int) -> Submission:
        """One submission.

        Raises:
            LookupError: there is no such submission.
        """
        with reading(self._engine) as connection:
            return receiving.one(connection, submission_no)

    def agencies(self) -> list[str]:
        """Agencies that have ever sent a file."""
        with reading(self._engine) as connection:
            return list(connection.scalars(select(tables.submission.c.agency).distinct()))

    def submissions(
        self, *, agency: str | None = None, state: State | str | None = None, inodes: Sequence[int] | None = None
    ) -> list[Submission]:
        """Submissions in the order of their receipt."""
        wanted = _named(tables.submission, agency=agency, state=None if state is None else State(state).value)
        if inodes is not None:
            wanted.append(tables.submission.c.inode.in_([str(inode) for inode in inodes]))
        return [receiving.as_submission(row) for row in self._rows(tables.submission, *wanted)]

    def unanswered(self) -> list[Submission]:
        """Concluded submissions whose agency has no receipt yet, oldest first."""
        answer_due = (
            tables.submission.c.state != State.RECEIVED.value,
            tables.submission.c.answered_at.is_(None),
        )
        return [receiving.as_submission(row) for row in self._rows(tables.submission, *answer_due)]

    def batches(
        self, *, source: str | None = None, dataset: str | None = None, submission_no: int | None = None, after: int = 0
    ) -> list[Batch]:
        """Batches in the order of their commit. What they list is all the data there is.

        Those of a submission are the ones that hold its figures: its own, or an earlier one of the same content.
        ``after`` leaves out those up to a number: in memory a batch takes two kilobytes.
        """
        wanted = [tables.batch.c.batch_no > after, *_named(tables.batch, source=source, dataset=dataset)]
        if submission_no is not None:
            sent = tables.submission.c
            wanted.append(tables.batch.c.batch_no.in_(select(sent.batch_no).where(sent.submission_no == submission_no)))
        return [Batch(**row) for row in self._rows(tables.batch, *wanted)]

    def last_batch(self) -> int:
        """Number of the newest batch; 0 where there is none."""
        with reading(self._engine) as connection:
            return connection.scalar(select(func.max(tables.batch.c.batch_no))) or 0

    def findings(self, *, submission_no: int | None = None, batch_no: int | None = None) -> list[Finding]:
        """Findings of a submission or of a batch, in the order in which they were made.

        Raises:
            ValueError: neither is given.
        """
        if submission_no is None and batch_no is None:
            raise ValueError("say whose findings: submission_no or batch_no")
        wanted = _named(tables.finding, submission_no=submission_no, batch_no=batch_no)
        return [as_finding(row) for row in self._rows(tables.finding, *wanted)]

    def cursor(self, source: str, dataset: str, partition: str = "") -> str | None:
        """How far a source has been read, or None where it never was."""
        c = tables.cursor.c
        query = select(c.value).where(c.source == source, c.dataset == dataset, c.partition == partition)
        with reading(self._engine) as connection:
            value: str | None = connection.scalar(query)
            return value

    def events(self, *, kinds: Sequence[str] = (), subjects: Sequence[str] = ()) -> list[Event]:
        """What happened, oldest first; of some kinds, or about some subjects, where any are named."""
        with reading(self._engine) as connection:
            return chronicle.events(connection, kinds=kinds, subjects=subjects)

    def audit(self) -> Audit:
        """Whether every event still follows from the one before it."""
        with reading(self._engine) as connection:
            return chronicle.audit(connection)

    @contextmanager
    def table_parts(self) -> Iterator[Mapping[str, Iterator["pl.DataFrame"]]]:
        """The ledger's tables as one consistent picture, for the warehouse: part by part, while the block runs."""
        from connectors.ledger.frames import parts  # noqa: PLC0415 - the only question that needs Polars

        with reading(self._engine) as connection:
            yield parts(connection)

    def tables(self) -> dict[str, "pl.DataFrame"]:
        """The same in one piece, instants in UTC: it takes a kilobyte for each batch."""
        from connectors.ledger.frames import whole  # noqa: PLC0415

        with self.table_parts() as parts:
            return whole(parts)

    def _rows(self, table: Table, *wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
        query = select(table).where(*wanted).order_by(*table.primary_key.columns)
        with reading(self._engine) as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _named(table: Table, **values: object) -> list[ColumnElement[bool]]:
    """That columns have these values, where there is one."""
    return [table.c[name] == value for name, value in values.items() if value is not None]
