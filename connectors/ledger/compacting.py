"""Compactions in the ledger: which accepted files lie loose, which parts hold the rows of others, and the swap.

A batch keeps its own address for good; a compaction only says where its rows lie now. What it makes of many files is
listed in one transaction, so that a reader sees the old files or the new parts and never half of each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, delete, func, insert, select, update

from connectors.ledger import committing, tables
from connectors.ledger.chronicle import NewEvent, record
from connectors.ledger.engine import reading, writing
from connectors.ledger.lease import Lease
from connectors.ledger.records import Batch
from indicator_specs import clock


@dataclass(frozen=True, order=True)
class Group:
    """Batches that are compacted together: those of one dataset and one period (blank where a pull brings all)."""

    source: str
    dataset: str
    partition: str

    def __str__(self) -> str:
        return f"{self.source}.{self.dataset}" + (f" {self.partition}" if self.partition else "")


@dataclass(frozen=True)
class Part:
    """One file of a compaction. ``path`` is relative to the home; ``sha256`` is of its bytes."""

    part_no: int
    compaction_no: int
    source: str
    dataset: str
    path: str
    sha256: str
    n_rows: int
    size: int


@dataclass(frozen=True)
class NewPart:
    """A part before it is listed."""

    path: str
    sha256: str
    n_rows: int
    size: int


@dataclass(frozen=True)
class NewCompaction:
    """What is swapped: the batches whose rows the parts hold, and the compactions whose parts they replace."""

    group: Group
    batches: tuple[int, ...]
    parts: tuple[NewPart, ...]
    replaces: tuple[int, ...] = ()


class SwapError(Exception):
    """The batches are no longer where they were when the parts were made. Nothing was written."""


class Compactions:
    """The compactions of one ledger."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def loose_groups(self, least: int) -> list[Group]:
        """Groups of which at least so many accepted files lie loose, in order."""
        b = tables.batch.c
        query = select(b.source, b.dataset, b.partition).where(*_loose())
        query = query.group_by(b.source, b.dataset, b.partition).having(func.count(b.accepted_path.distinct()) >= least)
        with reading(self._engine) as connection:
            return sorted(Group(*row) for row in connection.execute(query))

    def loose_batches(self, group: Group) -> list[Batch]:
        """Batches of a group whose accepted rows lie in files of their own, in the order of their commit."""
        query = select(tables.batch).where(*_of(group), *_loose()).order_by(tables.batch.c.batch_no)
        with reading(self._engine) as connection:
            return [Batch(**row) for row in connection.execute(query).mappings()]

    def batches_in(self, compaction_no: int) -> list[int]:
        """Numbers of the batches whose rows a compaction holds."""
        b = tables.batch.c
        query = select(b.batch_no).where(b.compaction_no == compaction_no).order_by(b.batch_no)
        with reading(self._engine) as connection:
            return list(connection.scalars(query))

    def parts(self, *, group: Group | None = None, compaction_no: int | None = None) -> list[Part]:
        """The parts that hold accepted rows now: all, those of a group, or those of one compaction."""
        p, c = tables.part.c, tables.compaction.c
        query = select(tables.part).order_by(p.part_no)
        if compaction_no is not None:
            query = query.where(p.compaction_no == compaction_no)
        if group is not None:
            of_group = (c.source == group.source, c.dataset == group.dataset, c.partition == group.partition)
            query = query.join(tables.compaction, p.compaction_no == c.compaction_no).where(*of_group)
        with reading(self._engine) as connection:
            return [Part(**row) for row in connection.execute(query).mappings()]

    def last(self) -> int:
        """The number of the newest compaction; 0 where there was none."""
        with reading(self._engine) as connection:
            return connection.scalar(select(func.max(tables.compaction.c.compaction_no))) or 0

    def datasets_since(self, compaction_no: int) -> set[str]:
        """Datasets (``source.dataset``) that were compacted after a compaction."""
        c = tables.compaction.c
        query = select(c.source, c.dataset).where(c.compaction_no > compaction_no).distinct()
        with reading(self._engine) as connection:
            return {f"{source}.{dataset}" for source, dataset in connection.execute(query)}

    def swap(self, new: NewCompaction, lease: Lease) -> int:
        """List parts in place of the files and parts whose rows they hold, in one transaction; the compaction's number.

        Raises:
            SwapError: a batch is not where it was by now. Nothing was written.
            LeaseLostError: somebody else compacts by now. Nothing was written.
        """
        with writing(self._engine) as connection:
            lease.check(connection)
            number = _swap(connection, new)
            committing.before_commit()
        committing.after_commit()
        return number


def _swap(connection: Connection, new: NewCompaction) -> int:
    number = _enter(connection, new)
    moved = _move(connection, new, number)
    if moved != len(new.batches):
        raise SwapError(f"{new.group}: {len(new.batches)} batches were merged, {moved} are where they were")
    _retire(connection, new.replaces, number)
    detail = {
        "compaction_no": number,
        "batches": len(new.batches),
        "parts": [[part.path, part.sha256, part.n_rows] for part in new.parts],
    }
    record(connection, NewEvent("compacted", str(new.group), detail))
    return number


def _enter(connection: Connection, new: NewCompaction) -> int:
    group = {"source": new.group.source, "dataset": new.group.dataset}
    made = {**group, "partition": new.group.partition, "n_batches": len(new.batches), "made_at": clock.now()}
    entered = insert(tables.compaction).values(made).returning(tables.compaction.c.compaction_no)
    number: int = connection.execute(entered).scalar_one()
    connection.execute(insert(tables.part), [{**vars(part), **group, "compaction_no": number} for part in new.parts])
    return number


def _move(connection: Connection, new: NewCompaction, number: int) -> int:
    """Say of the batches where their rows lie now; how many there are."""
    b = tables.batch.c
    connection.execute(update(tables.batch).where(b.compaction_no.in_(new.replaces)).values(compaction_no=number))
    moving = update(tables.batch).where(b.batch_no == bindparam("moved"), *_of(new.group), *_loose())
    moving = moving.values(compaction_no=number, compacted_at=clock.now())
    connection.execute(moving, [{"moved": batch_no} for batch_no in new.batches])
    return connection.scalar(select(func.count()).where(b.compaction_no == number)) or 0


def _retire(connection: Connection, replaced: Sequence[int], by: int) -> None:
    """Parts of replaced compactions are listed no longer."""
    c = tables.compaction.c
    connection.execute(delete(tables.part).where(tables.part.c.compaction_no.in_(replaced)))
    connection.execute(update(tables.compaction).where(c.compaction_no.in_(replaced)).values(replaced_by=by))


def _of(group: Group) -> Iterable[ColumnElement[bool]]:
    b = tables.batch.c
    return (b.source == group.source, b.dataset == group.dataset, b.partition == group.partition)


def _loose() -> Iterable[ColumnElement[bool]]:
    b = tables.batch.c
    return (b.accepted_path.is_not(None), b.compaction_no.is_(None))
