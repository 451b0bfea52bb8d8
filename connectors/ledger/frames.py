"""The ledger's tables as Polars frames, for the warehouse. Reads only."""

import json
from typing import Any

import polars as pl
from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Integer, Table, select

from connectors.ledger.tables import Instant, batch, finding, part, submission


def frames(connection: Connection) -> dict[str, pl.DataFrame]:
    """``batch``, ``submission``, ``finding``, ``part``: columns as in the ledger, ordered by number, JSON as text."""
    return {table.name: _frame(connection, table) for table in (batch, submission, finding, part)}


def _frame(connection: Connection, table: Table) -> pl.DataFrame:
    columns = [column for column in table.columns if not column.info.get("is_internal")]
    schema = {column.name: _type(column) for column in columns}
    rows = connection.execute(select(*columns).order_by(*table.primary_key.columns)).all()
    is_json = [isinstance(column.type, JSON) for column in columns]
    plain = [tuple(_text(value) if json_ else value for value, json_ in zip(row, is_json, strict=True)) for row in rows]
    return pl.DataFrame(plain, schema=schema, orient="row")


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
