"""Looking at a table of a ministry's database before anything is declared: columns, their kinds, the key, some rows.

Reads as every pull does: with the same rights, limits and words. Guesses nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from connectors.databases.attached import Attached, attached
from connectors.errors import PermanentSourceError
from connectors.secrets import resolve

ColumnKind = Literal["number", "text", "date", "truth", "other"]

_TABLE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)?")
_KINDS: tuple[tuple[str, ColumnKind], ...] = (
    ("DECIMAL", "number"), ("BIGINT", "number"), ("INTEGER", "number"), ("SMALLINT", "number"), ("TINYINT", "number"),
    ("HUGEINT", "number"), ("UBIGINT", "number"), ("UINTEGER", "number"), ("DOUBLE", "number"), ("FLOAT", "number"),
    ("VARCHAR", "text"), ("DATE", "date"), ("TIMESTAMP", "date"), ("BOOLEAN", "truth"),
)  # fmt: skip
_SAMPLE = 50


@dataclass(frozen=True)
class Column:
    """A column or field: its name, what it holds, whether it is part of the key, and some of its values as text."""

    name: str
    kind: ColumnKind
    is_key: bool = False
    sample: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """What stands in a database under a name."""

    name: str
    engine: str
    columns: tuple[Column, ...]
    more: Mapping[str, str] = field(default_factory=dict)


def table(secret: str, name: str, seconds: float = 30) -> Table:
    """Look at one table or view.

    Args:
        secret: name of the secret that leads to the database.
        name: ``schema.table`` or ``table``.
        seconds: the longest that a statement may take.

    Raises:
        SourceError: it cannot be reached, or there is no such table for us.
    """
    if not _TABLE.fullmatch(name):
        raise PermanentSourceError(
            "E-SRC-QUERY",
            name,
            "Tên bảng phải là schema.bảng, chỉ gồm chữ, số và dấu gạch dưới.",
            "A table is named schema.table, in letters, digits and underscores.",
        )
    with attached(resolve(secret), name, seconds) as database:
        kinds = database.columns(f"select * from {name}")
        rows = database.fetch(f"select * from {name} limit {_SAMPLE}")
        keys = _keys(database, name)
    columns = (
        Column(column, _kind(kind), column in keys, tuple(str(value) for value in rows[column].drop_nulls().to_list()))
        for column, kind in kinds.items()
    )
    return Table(name, database.engine.name, tuple(columns))


def _keys(database: Attached, name: str) -> set[str]:
    """Columns of the primary key; none of a view. PostgreSQL's information_schema hides it from who may only read."""
    schema, _, table_name = name.rpartition(".")
    if database.engine.name == "postgres":
        statement = (
            "select a.attname::text as name from pg_index i join pg_attribute a"
            " on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indisprimary"
            f" and i.indrelid = '{name}'::regclass"
        )
    else:
        where = f"'{schema}'" if schema else "database()"
        statement = (
            "select column_name as name from information_schema.key_column_usage"
            f" where constraint_name = 'PRIMARY' and table_name = '{table_name}' and table_schema = {where}"
        )
    return {str(column) for column in database.fetch(statement)["name"].to_list()}


def _kind(duckdb_type: str) -> ColumnKind:
    return next((kind for start, kind in _KINDS if duckdb_type.startswith(start)), "other")
