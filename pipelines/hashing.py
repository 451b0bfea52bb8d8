"""Content hashes of tables: equal content gives an equal hash, whatever file it lies in.

DuckDB's own files differ between identical builds, so a release is compared table by table.
"""

import hashlib

import duckdb

CIRCUMSTANCES = frozenset({"batch_no", "submission_no", "last_submission_no", "release_no", "origin"})
"""Numbers given by order of arrival, and the address that a source had that day: they say nothing of the content."""


def _is_volatile(column: str) -> bool:
    return column.endswith("_at") or column in CIRCUMSTANCES


def table_hash(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> str:
    """SHA-256 of a table's rows, sorted by all columns; instants and circumstances left out.

    Each value enters as its text, length first, so that no two different rows read alike.

    Raises:
        duckdb.Error: the table does not exist.
    """
    described = connection.execute(f'describe "{schema}"."{table}"').fetchall()
    columns = sorted(str(row[0]) for row in described if not _is_volatile(str(row[0])))
    texts = [f'cast("{column}" as varchar)' for column in columns]
    # The empty first field is for a table that has nothing but circumstances.
    fields = ", ".join(["''", *(f"coalesce(length({text}) || ':' || {text}, '-')" for text in texts)])
    digest = hashlib.sha256(",".join(columns).encode())
    cursor = connection.execute(f'select concat_ws(\'|\', {fields}) as line from "{schema}"."{table}" order by line')
    while rows := cursor.fetchmany(50_000):
        for (line,) in rows:
            digest.update(line.encode())
            digest.update(b"\n")
    return digest.hexdigest()
