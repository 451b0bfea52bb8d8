"""Questions about agencies' reports on forms and periods, answered by the database: a country has many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, String, cast, exists, func, literal, select, tuple_

from connectors.ledger import tables
from connectors.ledger.engine import reading
from connectors.ledger.records import Batch
from connectors.ledger.verifying import OUTCOMES
from indicator_specs.findings import Finding, Severity

Spoken = tuple[str, str, str]
"""Source, dataset and period; an empty one for what came without."""


class Reports:
    """The reports of one ledger."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def batches(self, source: str, dataset: str, time_period: str, agency: str, since: int = 0) -> list[Batch]:
        """Batches of one agency's report on a form and period, from a number on, in the order of their commit."""
        b, s = tables.batch.c, tables.submission.c
        query = select(tables.batch).join(tables.submission, b.submission_no == s.submission_no)
        query = query.where(b.source == source, b.dataset == dataset, b.partition == time_period, s.agency == agency)
        return self._batches(query.where(b.batch_no >= since))

    def undecided(self) -> list[Batch]:
        """Provisional batches of submissions on which no verifier has decided, in the order of their commit."""
        b, e = tables.batch.c, tables.event.c
        decided = exists().where(e.subject == _about(b.submission_no), e.kind.in_(OUTCOMES))
        return self._batches(select(tables.batch).where(b.is_provisional, ~decided))

    def opened_at(self) -> datetime | None:
        """The instant of the first submission or batch; None where there was none."""
        firsts = select(func.min(tables.submission.c.received_at)), select(func.min(tables.batch.c.accepted_at))
        with reading(self._engine) as connection:
            return min(filter(None, map(connection.scalar, firsts)), default=None)

    def extent(self, lines: Sequence[Spoken]) -> list[list[Any]]:
        """How much is known of periods: batches, concluded files, their answers, decisions on them, each by line.

        Nothing that is counted is ever altered or taken away, so that the same numbers are the same reports.
        """
        b, s, e = tables.batch.c, tables.submission.c, tables.event.c
        spoken = s.source, s.dataset, s.time_period
        queries = (
            _counted((b.source, b.dataset, b.partition), lines, func.count()),
            _counted(spoken, lines, func.count(), func.count(s.answered_at)),
            _counted(spoken, lines, func.count()).where(e.subject == _about(s.submission_no), e.kind.in_(OUTCOMES)),
        )
        with reading(self._engine) as connection:
            return [[list(row) for row in connection.execute(query)] for query in queries]

    def _batches(self, query: Select[Any]) -> list[Batch]:
        with reading(self._engine) as connection:
            return [Batch(**row) for row in connection.execute(query.order_by(tables.batch.c.batch_no)).mappings()]


def _about(submission_no: ColumnElement[Any]) -> ColumnElement[str]:
    """The subject of events about a submission."""
    return literal("submission ").concat(cast(submission_no, String))


def _counted(line: tuple[ColumnElement[Any], ...], lines: Sequence[Spoken], *counts: ColumnElement[Any]) -> Select[Any]:
    return select(*line, *counts).where(tuple_(*line).in_(lines)).group_by(*line).order_by(*line)


def as_finding(row: dict[str, Any]) -> Finding:
    """A row of the ledger as the finding that was entered."""
    kept = {key: row[key] for key in row if key not in {"finding_no", "batch_no", "submission_no", "finding_group"}}
    kept["severity"] = Severity(kept["severity"])
    return Finding(**kept, group=row["finding_group"])
