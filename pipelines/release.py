"""Sealed releases: a numbered, read-only DuckDB file with a manifest, and the symlink that readers follow.

A release exists when its manifest does. The order is: file, manifest, symlink; a crash in between leaves an earlier
release current and is mended by the next call. Nothing here computes a figure.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from connectors.durable import fsync_file, fsync_folder, sha256_of, write_bytes
from indicator_specs import clock, drill
from indicator_specs.errors import PlainError, both
from indicator_specs.home import Home
from pipelines.hashing import table_hash

SCHEMAS = ("marts", "lineage")
STORAGE_VERSION = "v1.2.0"
"""Readable by every DuckDB from 1.2 on, so that Superset's may lag behind the pipeline's."""

CURRENT = "mart.duckdb"
_MANIFEST = re.compile(r"mart@(\d+)\.json")


KINDS_VI = {"regular": "định kỳ", "correction": "đính chính"}


class ReleaseError(PlainError):
    """A release cannot be sealed, found or trusted; the text says why."""


@dataclass(frozen=True)
class Known:
    """What a warehouse was computed from: numbers of the ledger, and the day that its models took for today."""

    last_batch: int | None = None
    last_submission: int | None = None
    as_of_date: str | None = None


@dataclass(frozen=True)
class Note:
    """What a file of marts says of itself."""

    number: int | None
    kind: str
    reason: str
    spec_hash: str


@dataclass(frozen=True)
class Release:
    """One sealed release, as its manifest tells it."""

    number: int
    kind: str
    reason: str
    sealed_at: str
    spec_hash: str
    file_sha256: str
    tables: dict[str, str]
    """``schema.table`` → content hash."""
    last_batch: int | None = None
    """The newest batch that the ledger listed when the marts were computed; None in manifests of before."""
    last_submission: int | None = None
    """Likewise the newest file that was received."""
    as_of_date: str | None = None
    """The day in Việt Nam on which deadlines were read (ISO)."""

    def file_in(self, published: Path) -> Path:
        """Where the sealed DuckDB file lies."""
        return published / f"mart@{self.number}.duckdb"


def releases(home: Home) -> list[Release]:
    """Every release kept, oldest first."""
    manifests = [path for path in home.published.glob("mart@*.json") if _MANIFEST.fullmatch(path.name)]
    found = [Release(**json.loads(path.read_text(encoding="utf-8"))) for path in manifests]
    return sorted(found, key=lambda release: release.number)


def current(home: Home) -> Release | None:
    """The release that readers see, or None before the first."""
    link = home.published / CURRENT
    if not link.is_symlink():
        return None
    manifest = home.published / link.readlink().with_suffix(".json").name
    return Release(**json.loads(manifest.read_text(encoding="utf-8")))


def seal(home: Home, spec_hash: str, *, kind: str = "regular", reason: str = "", keep: int = 5) -> Release:
    """Seal the marts of the warehouse as the next release and make it current.

    When nothing differs from the newest release, the one in force is returned: the same input twice is one release, and
    one that somebody went back to stays until figures differ.

    Args:
        home: the installation.
        spec_hash: hash of the catalogue and sources that the marts were computed from.
        kind: ``regular``, or ``correction`` (*đính chính*), which must give its reason.
        reason: why a correction was made.
        keep: how many releases stay for rollback; the current one always stays.

    Raises:
        ReleaseError: a correction without a reason, or a warehouse without marts.
    """
    if kind == "correction" and not reason.strip():
        raise ReleaseError(both("Bản đính chính phải nêu lý do", "A correction needs its reason"))
    home.published.mkdir(parents=True, exist_ok=True)
    _sweep(home)
    kept = releases(home)
    number = kept[-1].number + 1 if kept else 1
    draft = home.published / f".mart@{number}.draft"
    tables = write_marts(home.warehouse, draft, Note(number, kind, reason, spec_hash))
    newest = kept[-1] if kept else None
    if newest and newest.tables == tables and kind == "regular":
        draft.unlink()
        return _in_force_since(home, newest) or _point_at(home, newest)
    drill.point("release_drafted")
    sealed_at, known = clock.now().isoformat(), known_to(home.warehouse)
    release = Release(number, kind, reason, sealed_at, spec_hash, sha256_of(draft), tables, **asdict(known))
    draft.chmod(0o444)
    fsync_file(draft)
    draft.rename(release.file_in(home.published))
    fsync_folder(home.published)
    drill.point("release_sealed")
    manifest = json.dumps(asdict(release), ensure_ascii=False, indent=1, sort_keys=True)
    write_bytes(home.published / f"mart@{number}.json", manifest.encode())
    drill.point("release_listed")
    _point_at(home, release)
    _retire(home, [*kept, release], keep)
    return release


def rollback(home: Home, number: int) -> Release:
    """Make an earlier release current again.

    Raises:
        ReleaseError: no such release is kept, or its file is not the one that was sealed.
    """
    for release in releases(home):
        if release.number == number:
            verify(home, release)
            return _point_at(home, release)
    kept = ", ".join(str(release.number) for release in releases(home)) or "—"
    raise ReleaseError(
        both(f"Không còn lưu bản chốt số {number}; còn: {kept}", f"Release {number} is not kept; kept: {kept}")
    )


def verify(home: Home, release: Release) -> None:
    """Check that a release's file is byte for byte the one that was sealed.

    Raises:
        ReleaseError: the file is missing or has changed.
    """
    path = release.file_in(home.published)
    if not path.exists():
        raise ReleaseError(both(f"Không thấy {path.name}", f"{path.name} is missing"))
    if sha256_of(path) != release.file_sha256:
        raise ReleaseError(
            both(
                f"{path.name} không còn là tệp đã chốt: mã băm khác bản kê",
                f"{path.name} is not the file that was sealed: its hash differs from the manifest's",
            )
        )


def write_marts(warehouse: Path, file: Path, note: Note) -> dict[str, str]:
    """Copy the marts and their lineage into a file of their own, with the one row that says what file it is.

    Returns:
        ``schema.table`` → content hash.

    Raises:
        ReleaseError: the warehouse holds no marts.
    """
    file.unlink(missing_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"attach {_quoted(warehouse)} as warehouse (read_only)")
        connection.execute(f"attach {_quoted(file)} as draft (storage_version '{STORAGE_VERSION}')")
        for schema, table in _tables_of(connection, "warehouse", SCHEMAS):
            connection.execute(f'create schema if not exists draft."{schema}"')
            connection.execute(
                f'create table draft."{schema}"."{table}" as from warehouse."{schema}"."{table}" order by all'
            )
        _write_note(connection, note)
        connection.execute("use draft")
        tables = {
            f"{schema}.{table}": table_hash(connection, schema, table)
            for schema, table in _tables_of(connection, "draft", SCHEMAS)
        }
        connection.execute("use memory")
        connection.execute("checkpoint draft")
        connection.execute("detach draft")
    return tables


def _write_note(connection: duckdb.DuckDBPyConnection, note: Note) -> None:
    connection.execute(
        """create table draft.marts.mart_release as
        select cast(? as integer) as release_no, ? as kind, ? as reason, cast(? as timestamp) as sealed_at,
            ? as spec_hash, (select count(*) from draft.lineage.lineage_batch) as n_batches,
            ? as summary_vi""",
        [
            note.number,
            note.kind,
            note.reason,
            clock.now().replace(tzinfo=None),
            note.spec_hash,
            f"Bản chốt số liệu {KINDS_VI[note.kind]}",
        ],
    )


def known_to(warehouse: Path) -> Known:
    """How far the ledger had come when the inputs of a warehouse were loaded."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        if not connection.execute("select 1 from information_schema.tables where table_schema = 'ledger'").fetchone():
            return Known()
        row = connection.execute(
            """select (select max(batch_no) from ledger.batch), (select max(submission_no) from ledger.submission),
                (select cast(as_of_date as varchar) from ledger.clock)"""
        ).fetchall()[0]
    return Known(*row)


def _tables_of(connection: duckdb.DuckDBPyConnection, database: str, schemas: Sequence[str]) -> list[tuple[str, str]]:
    found = connection.execute(
        """select table_schema, table_name from information_schema.tables
        where table_catalog = ? and list_contains(?, table_schema) order by all""",
        [database, list(schemas)],
    ).fetchall()
    if not any(schema == "marts" for schema, _ in found):
        raise ReleaseError(
            both("Kho chưa có bảng trình bày: cần tính trước khi chốt", "The warehouse holds no marts: compute first")
        )
    return [(str(schema), str(table)) for schema, table in found]


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _in_force_since(home: Home, newest: Release) -> Release | None:
    """The release in force, if the symlink was set after the newest was listed; one that is older a crash has left."""
    link, manifest = home.published / CURRENT, home.published / f"mart@{newest.number}.json"
    is_later = link.is_symlink() and link.lstat().st_mtime_ns >= manifest.stat().st_mtime_ns
    return current(home) if is_later else None


def _point_at(home: Home, release: Release) -> Release:
    """Swap the symlink in one step: readers see the old release or the new one."""
    link = home.published / CURRENT
    fresh = home.published / f".{CURRENT}.next"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(release.file_in(home.published).name)
    fresh.replace(link)
    fsync_folder(home.published)
    return release


def _retire(home: Home, known: Sequence[Release], keep: int) -> None:
    shown = current(home)
    for release in known[: max(0, len(known) - keep)]:
        if shown is None or release.number != shown.number:
            (home.published / f"mart@{release.number}.json").unlink(missing_ok=True)
            release.file_in(home.published).unlink(missing_ok=True)


def _sweep(home: Home) -> None:
    """Drop what a crash left: drafts, and sealed files that no manifest names."""
    for draft in home.published.glob(".mart@*.draft*"):
        draft.unlink()
    listed = {release.file_in(home.published).name for release in releases(home)}
    for path in home.published.glob("mart@*.duckdb"):
        if path.name not in listed:
            path.unlink()
