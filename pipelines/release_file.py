"""The file of a release: the marts and their lineage, copied whole or patched onto the file before, and hashed.

Both ways give the same tables and the same hashes. Numbers no release and moves no symlink; computes no figure.
"""

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from dbt_project.selection import FROM_CATALOGUE
from indicator_specs import clock, drill
from indicator_specs.errors import PlainError, both
from indicator_specs.keys import stable_key
from pipelines.built import Slices
from pipelines.hashing import among, in_slices, joint_hash, slice_hashes, slice_name, table_hash

SCHEMAS = ("marts", "lineage")
STORAGE_VERSION = "v1.2.0"
"""Readable by every DuckDB from 1.2 on, so that Superset's may lag behind the pipeline's."""

SLICED = {
    "fct_indicator_value": ("indicator_key", "period_key"),
    "lineage_indicator_value": ("indicator", "time_period"),
    "lineage_measure_value": ("measure", "time_period"),
    "lineage_observation": ("measure", "time_period"),
    "lineage_version": ("measure", "time_period"),
    "mart_discrepancy": ("indicator", "time_period"),
    "mart_scoreboard": ("indicator", "time_period"),
    "mart_trend": ("indicator", "time_period"),
    "mart_vintage": ("indicator", "time_period"),
}
"""Large tables, and the columns by which they are patched and hashed: what a build in part replaces of them, and the
period, since a new figure changes few of those."""


CATALOGUE = FROM_CATALOGUE | {"lineage_ancestor", "lineage_declaration", "lineage_event", "lineage_indicator_measure"}
"""Tables that the catalogue and the reference tables make alone: no build in part changes them."""

NOTED = "hash_of_slice"
"""The table of a file in which the hashes of its slices are noted."""

Replaced = Mapping[str, str]
"""Slices of a table that were written anew, each with its value of the first column."""

AT_ONCE = 2
"""Tables that are hashed side by side: one of few rows keeps one thread busy."""


class ReleaseError(PlainError):
    """A release cannot be sealed, found or trusted; the text says why."""


@dataclass(frozen=True)
class Note:
    """What a file of marts says of itself."""

    number: int | None
    kind: str
    reason: str
    spec_hash: str
    summary_vi: str

    @classmethod
    def of(cls, number: int, kind: str, reason: str, spec_hash: str) -> "Note":
        """What a release says of itself."""
        kind_vi = "đính chính" if kind == "correction" else "định kỳ"
        return cls(number, kind, reason, spec_hash, f"Bản chốt số liệu {kind_vi}")


def write_marts(warehouse: duckdb.DuckDBPyConnection, file: Path, note: Note) -> dict[str, str]:
    """Copy the marts and their lineage into a file of their own, with the one row that says what file it is.

    Args:
        warehouse: opened by the name that its views call it.
        file: the file to make.
        note: what it says of itself.

    Returns:
        ``schema.table`` → content hash.

    Raises:
        ReleaseError: the warehouse holds no marts.
    """
    file.unlink(missing_ok=True)
    with warehouse.cursor() as connection:
        connection.execute(f"attach {_quoted(file)} as draft (read_write, storage_version '{STORAGE_VERSION}')")
        for schema, table in _tables(connection, "warehouse"):
            _copy_table(connection, schema, table)
        _write_note(connection, note)
        return _sealed(connection, None, {})


def patch_marts(
    warehouse: duckdb.DuckDBPyConnection,
    file: Path,
    note: Note,
    before: Path,
    built: Slices,
    known: Mapping[str, str],
) -> dict[str, str]:
    """Copy the file of the release before and replace in it what was built since.

    Args:
        warehouse: where the tables come from, as for ``write_marts``.
        file: the file to make.
        note: what it says of itself.
        before: the sealed file of a release that was made from an earlier build of this warehouse.
        built: the slices that were built since that build.
        known: the content hashes of the release before.

    Returns:
        ``schema.table`` → content hash, the same as ``write_marts`` gives.

    Raises:
        ReleaseError: the warehouse holds no marts.
    """
    shutil.copyfile(before, file)
    drill.point("release_copied")
    replaced: dict[str, Replaced] = {}
    with warehouse.cursor() as connection:
        connection.execute(f"attach {_quoted(file)} as draft (read_write)")
        for schema, table in _tables(connection, "warehouse"):
            values = _values(table, built)
            if _stands(schema, table, known):
                continue
            if values is None:
                _copy_table(connection, schema, table)
            else:
                replaced[f"{schema}.{table}"] = _replace_slices(connection, schema, table, values)
        _write_note(connection, note)
        drill.point("release_patched")
        return _sealed(connection, replaced, known)


def _replace_slices(connection: duckdb.DuckDBPyConnection, schema: str, table: str, values: frozenset[str]) -> Replaced:
    """Replace the slices of these values that differ from the file's; returns which they were."""
    if not values:
        return {}
    name, slice_ = f'"{schema}"."{table}"', slice_name(SLICED[table])
    value, wanted = slice_name(SLICED[table][:1]), among(SLICED[table][0], values)
    differing = dict(
        connection.execute(
            f"""with fresh as (
                select {slice_} as slice, {value} as value, count(*) as n_rows, sum(hash(each_row)) as digest
                from warehouse.{name} as each_row where {wanted} group by slice, value
            ), stale as (
                select {slice_} as slice, {value} as value, count(*) as n_rows, sum(hash(each_row)) as digest
                from draft.{name} as each_row where {wanted} group by slice, value
            )
            select slice, value from fresh full outer join stale using (slice, value)
            where fresh.n_rows is distinct from stale.n_rows or fresh.digest is distinct from stale.digest"""
        ).fetchall()
    )
    if differing:
        these = in_slices(SLICED[table], differing)
        connection.execute(f"delete from draft.{name} where {these}", [list(differing)])
        connection.execute(f"insert into draft.{name} from warehouse.{name} where {these}", [list(differing)])
    return differing


def _write_note(connection: duckdb.DuckDBPyConnection, note: Note) -> None:
    connection.execute(
        """create or replace table draft.marts.mart_release as
        select cast(? as integer) as release_no, ? as kind, ? as reason, cast(? as timestamp) as sealed_at,
            ? as spec_hash, (select count(*) from draft.lineage.lineage_batch) as n_batches,
            ? as summary_vi""",
        [
            note.number,
            note.kind,
            note.reason,
            clock.now().replace(tzinfo=None),
            note.spec_hash,
            note.summary_vi,
        ],
    )


def _stands(schema: str, table: str, known: Mapping[str, str]) -> bool:
    """Whether a table is in the file already, as it was hashed then."""
    return table in CATALOGUE and f"{schema}.{table}" in known


def _sealed(
    connection: duckdb.DuckDBPyConnection, replaced: Mapping[str, Replaced] | None, known: Mapping[str, str]
) -> dict[str, str]:
    """Hash the tables of the draft, those of slices that nothing has changed from what is noted in it."""
    connection.execute("use draft")
    if not connection.execute("select 1 from duckdb_tables() where table_name = ?", [NOTED]).fetchone():
        connection.execute(f"create table main.{NOTED} (name varchar, slice varchar, sha256 varchar)")
        replaced = None  # The file before notes none, or those of slices that were cut otherwise.
    hashes, sliced = {}, []
    for schema, table in _tables(connection, "draft"):
        name = f"{schema}.{table}"
        if _stands(schema, table, known):
            hashes[name] = known[name]
        elif table not in SLICED:
            hashes[name] = table_hash(connection, schema, table)
        else:
            sliced.append((schema, table, None if replaced is None else replaced.get(name)))
    with ThreadPoolExecutor(AT_ONCE) as hands:
        fresh = hands.map(partial(_slice_hashes, connection), sliced)
        for (schema, table, slices), found in zip(sliced, fresh, strict=True):
            hashes[f"{schema}.{table}"] = _hash_of_slices(connection, f"{schema}.{table}", slices, found)
    connection.execute("use warehouse")
    connection.execute("checkpoint draft")
    connection.execute("detach draft")
    return hashes


def _slice_hashes(connection: duckdb.DuckDBPyConnection, sliced: tuple[str, str, Replaced | None]) -> dict[str, str]:
    """Hashes of these slices of a table, by a cursor of its own."""
    schema, table, slices = sliced
    if slices is not None and not slices:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("use draft")
        return slice_hashes(cursor, schema, table, SLICED[table], slices)


def _hash_of_slices(
    connection: duckdb.DuckDBPyConnection, name: str, slices: Replaced | None, fresh: Mapping[str, str]
) -> str:
    """Note the hashes of slices that are new; the table's, from those and from what is noted of the others."""
    gone, these = ("true", []) if slices is None else ("slice in (select unnest(?::varchar[]))", [list(slices)])
    connection.execute(f"delete from main.{NOTED} where name = ? and {gone}", [name, *these])
    connection.execute(
        f"insert into main.{NOTED} select ?, unnest(?::varchar[]), unnest(?::varchar[])",
        [name, list(fresh.keys()), list(fresh.values())],
    )
    kept = connection.execute(f"select slice, sha256 from main.{NOTED} where name = ?", [name]).fetchall()
    return joint_hash(dict(kept))


def _values(table: str, built: Slices) -> frozenset[str] | None:
    """The values whose slices of a table were built; None: it is to be taken whole."""
    if table not in SLICED:
        return None
    column, _ = SLICED[table]
    if column == "indicator_key":
        indicators = built["indicator"]
        return None if indicators is None else frozenset(str(stable_key(name)) for name in indicators)
    return built[column]


def _copy_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> None:
    name = f'"{schema}"."{table}"'
    connection.execute(f'create schema if not exists draft."{schema}"')
    connection.execute(f"create or replace table draft.{name} as from warehouse.{name} order by all")


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> Sequence[tuple[str, str]]:
    found = connection.execute(
        """select table_schema, table_name from information_schema.tables
        where table_catalog = ? and list_contains(?, table_schema) order by all""",
        [database, list(SCHEMAS)],
    ).fetchall()
    if not any(schema == "marts" for schema, _ in found):
        raise ReleaseError(
            both("Kho chưa có bảng trình bày: cần tính trước khi chốt", "The warehouse holds no marts: compute first")
        )
    return [(str(schema), str(table)) for schema, table in found]


def _quoted(path: Path) -> str:
    return _text(str(path))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
