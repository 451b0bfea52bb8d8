"""Questions about one agency's report on a form and period, answered by the database: a country has many."""

from typing import Any

from sqlalchemy import Connection, String, cast, exists, literal, select

from connectors.ledger import tables
from connectors.ledger.records import Batch
from connectors.ledger.verifying import OUTCOMES
from indicator_specs.findings import Finding, Severity


def report_batches(
    connection: Connection, source: str, dataset: str, time_period: str, agency: str, since: int = 0
) -> list[Batch]:
    """Batches of one report from the number ``since`` on, in the order of their commit."""
    b, s = tables.batch.c, tables.submission.c
    query = select(tables.batch).join(tables.submission, b.submission_no == s.submission_no)
    query = query.where(b.source == source, b.dataset == dataset, b.partition == time_period, s.agency == agency)
    query = query.where(b.batch_no >= since)
    return [Batch(**row) for row in connection.execute(query.order_by(b.batch_no)).mappings()]


def undecided_batches(connection: Connection) -> list[Batch]:
    """Provisional batches of submissions on which nobody has decided, in the order of their commit."""
    b, e = tables.batch.c, tables.event.c
    about = literal("submission ").concat(cast(b.submission_no, String))
    decided = exists().where(e.subject == about, e.kind.in_(OUTCOMES))
    query = select(tables.batch).where(b.is_provisional, ~decided).order_by(b.batch_no)
    return [Batch(**row) for row in connection.execute(query).mappings()]


def as_finding(row: dict[str, Any]) -> Finding:
    """A row of the ledger as the finding that was entered."""
    kept = {key: row[key] for key in row if key not in {"finding_no", "batch_no", "submission_no", "finding_group"}}
    kept["severity"] = Severity(kept["severity"])
    return Finding(**kept, group=row["finding_group"])
