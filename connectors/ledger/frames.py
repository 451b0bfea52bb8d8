"""The ledger's tables as Polars frames, for the warehouse. Reads only."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Integer, Row, Table, select

from connectors.ledger.chronicle import events
from connectors.ledger.tables import Instant, batch, finding, part, submission
from connectors.ledger.verifying import OUTCOMES, VERIFIER

WAITING = "waiting"
_VERIFICATION = {
    "batch_no": pl.Int64(),
    "outcome": pl.String(),
    "verifier": pl.String(),
    "told_at": pl.Datetime("us", "UTC"),
}

AT_ONCE = 10_000
"""Rows that are held as Python objects at a time: of these, two hundred thousand batches would be half a gigabyte."""


Parts = Mapping[str, Iterator[pl.DataFrame]]
"""Each table as frames that follow one another, the first of them empty."""


def parts(connection: Connection) -> Parts:
    """``batch``, ``submission``, ``finding``, ``part``: columns as in the ledger, ordered by number, JSON as text.

    ``verification`` is drawn from batches and events. Grain: batch that awaited a verifier, or was made by a decision:
    ``outcome`` is ``waiting`` or the kind of the decision, ``verifier`` an org unit, ``told_at`` since when that holds.
    The person who decided stays in the ledger.
    """
    tables = {table.name: _parts(connection, table) for table in (batch, submission, finding, part)}
    return {**tables, "verification": _verifications(connection)}


def whole(found: Parts) -> dict[str, pl.DataFrame]:
    """Each table in one piece."""
    return {name: pl.concat(frames, rechunk=False) for name, frames in found.items()}


def _verifications(connection: Connection) -> Iterator[pl.DataFrame]:
    decided = {
        number: (event.kind, str(event.detail["verifier"]), event.happened_at)
        for event in events(connection, kinds=OUTCOMES)
        for number in event.detail["batches"]
    }
    columns = (batch.c.batch_no, batch.c.origin, batch.c.is_provisional, batch.c.accepted_at)
    sent = select(*columns).where(batch.c.submission_no.is_not(None)).order_by(batch.c.batch_no)
    yield pl.DataFrame(schema=_VERIFICATION)
    for rows in connection.execute(sent.execution_options(yield_per=AT_ONCE)).partitions():
        found: list[tuple[object, ...]] = []
        for number, origin, is_provisional, accepted_at in rows:
            if number in decided:
                found.append((number, *decided[number]))
            elif is_provisional:
                found.append((number, WAITING, str(origin.get(VERIFIER) or ""), accepted_at))
        yield pl.DataFrame(found, schema=_VERIFICATION, orient="row")


def _parts(connection: Connection, table: Table) -> Iterator[pl.DataFrame]:
    columns = [column for column in table.columns if not column.info.get("is_internal")]
    yield pl.DataFrame(schema={column.name: _type(column) for column in columns})
    asked = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    for rows in connection.execute(asked).partitions():
        yield _part(columns, rows)


def _part(columns: Sequence[Column[Any]], rows: Sequence[Row[Any]]) -> pl.DataFrame:
    """Column by column: from rows, Polars takes twice the time and five times the memory."""
    return pl.DataFrame(
        [
            pl.Series(column.name, map(_text, values) if isinstance(column.type, JSON) else values, _type(column))
            for column, values in zip(columns, zip(*rows, strict=True), strict=True)
        ]
    )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _type(column: Column[Any]) -> pl.DataType:
    if isinstance(column.type, Instant):
        return pl.Datetime("us", "UTC")
    if isinstance(column.type, Boolean):
        return pl.Boolean()
    if isinstance(column.type, (BigInteger, Integer)):
        return pl.Int64()
    return pl.String()
