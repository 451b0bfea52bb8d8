"""Content hashes of tables: equal content gives an equal hash, whatever file it lies in.

DuckDB's own files differ between identical builds, so a release is compared table by table. A table may be hashed in
slices, the rows that share the values of some columns: then a change costs the slices that it concerns.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence

import duckdb

CIRCUMSTANCES = frozenset({"batch_no", "submission_no", "last_submission_no", "release_no", "compaction_no", "origin"})
"""Numbers given by order of arrival, where rows lie, and the address that a source had that day: not the content."""

AT_ONCE = 500_000
"""Rows that are sorted and hashed inside DuckDB at once: some hundred megabytes of text."""


def table_hash(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    """SHA-256 of a table's rows, sorted by all columns; instants and circumstances left out.

    Each value enters as its text, length first, so that no two different rows read alike.

    Raises:
        duckdb.Error: the table does not exist.
    """
    columns = _columns(connection, schema, table)
    digest = hashlib.sha256(",".join(columns).encode())
    cursor = connection.execute(f'select {_line(columns)} as line from "{schema}"."{table}" order by line')
    while rows := cursor.fetchmany(50_000):
        for (line,) in rows:
            digest.update(line.encode())
            digest.update(b"\n")
    return digest.hexdigest()


def slice_hashes(
    connection: duckdb.DuckDBPyConnection,
    schema: str,
    table: str,
    by: Sequence[str],
    only: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """SHA-256 of the rows of each slice of a table, by its name as in ``slice_name``; rows read as in ``table_hash``.

    Args:
        connection: where the table is.
        schema: its schema.
        table: its name.
        by: the columns that share one value of each in a slice.
        only: the slices wanted, each with its value of the first column; None for all. One without rows has no hash.

    Raises:
        duckdb.Error: the table or a column does not exist.
    """
    line = _line(_columns(connection, schema, table))
    counted = connection.execute(
        f"""select {_text(by[0])} as value, {slice_name(by)} as slice, count(*) from "{schema}"."{table}"
        where {"true" if only is None else in_slices(by, only)}
        group by value, slice order by value, slice""",
        [] if only is None else [list(only)],
    ).fetchall()
    hashes: dict[str, str] = {}
    for group in _groups(counted):
        hashes |= connection.execute(
            # The text of a row is made once, in a query of its own: it is what takes the time.
            f"""select slice, sha256(string_agg(line, chr(10) order by line)) from (
                select {slice_name(by)} as slice, {line} as line from "{schema}"."{table}"
                where {in_slices(by, group)}
            ) group by slice""",
            [list(group)],
        ).fetchall()
    return hashes


def slice_name(by: Sequence[str]) -> str:
    """The name of a row's slice, as an SQL expression: the values of these columns as text."""
    return f"concat_ws('@', {', '.join(_text(column) for column in by)})"


def in_slices(by: Sequence[str], slices: Mapping[str, str]) -> str:
    """A condition on rows: of one of these slices, each with its first value. Their names are its parameter."""
    return f"{among(by[0], set(slices.values()))} and {slice_name(by)} in (select unnest(?::varchar[]))"


def among(column: str, values: Collection[str]) -> str:
    """A condition on the column itself, not on its text: an expression would be compared value by value."""
    named = ", ".join(_literal(value) for value in sorted(values) if value) or "null"
    return f'("{column}" in ({named})' + (f" or {_text(column)} = '')" if "" in values else ")")


def joint_hash(slices: Mapping[str, str]) -> str:
    """The hash of a table from those of its slices, whichever of them were taken when."""
    digest = hashlib.sha256()
    for value, slice_hash in sorted(slices.items()):
        digest.update(f"{len(value)}:{value} {slice_hash}\n".encode())
    return digest.hexdigest()


def _groups(counted: list[tuple[str, str, int]]) -> list[dict[str, str]]:
    """Slices that are hashed together, each with its value of the first column."""
    groups: list[dict[str, str]] = []
    room = 0
    for value, slice_, n_rows in counted:
        if not groups or n_rows > room:
            groups.append({})
            room = AT_ONCE
        groups[-1][slice_] = value
        room -= n_rows
    return groups


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[str]:
    described = connection.execute(f'describe "{schema}"."{table}"').fetchall()
    return sorted(str(row[0]) for row in described if not _is_volatile(str(row[0])))


def _is_volatile(column: str) -> bool:
    return column.endswith("_at") or column in CIRCUMSTANCES


def _line(columns: list[str]) -> str:
    texts = [f'cast("{column}" as varchar)' for column in columns]
    # The empty first field is for a table that has nothing but circumstances.
    fields = ", ".join(["''", *(f"coalesce(length({text}) || ':' || {text}, '-')" for text in texts)])
    return f"concat_ws('|', {fields})"


def _text(column: str) -> str:
    return f"coalesce(cast(\"{column}\" as varchar), '')"


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
