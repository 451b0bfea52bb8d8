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
from indicator_specs.errors import both
from indicator_specs.home import Home
from pipelines.built import build_stamp, built_since, to_read
from pipelines.release_file import Note, ReleaseError, patch_marts, write_marts

__all__ = ["CURRENT", "Known", "Note", "Release", "ReleaseError", "current", "known_to", "releases", "rollback", "seal"]
__all__ += ["require_reason", "verify", "write_marts"]

MOST_PATCHES = 20
"""Then a release is written whole: patching leaves gaps in the file."""

CURRENT = "mart.duckdb"
_MANIFEST = re.compile(r"mart@(\d+)\.json")


@dataclass(frozen=True)
class Known:
    """What a warehouse was computed from: numbers of the ledger, and the day that its models took for today."""

    last_batch: int | None = None
    last_submission: int | None = None
    as_of_date: str | None = None


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
    built: str = ""
    """The build of the warehouse that it was made from; blank where that is not known."""
    n_patches: int = 0
    """How many releases were patched onto the last one that was written whole, this one included."""

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

    As ``seal_from``, of the warehouse as it lies there.
    """
    with to_read(home) as warehouse:
        return seal_from(warehouse, home, spec_hash, kind=kind, reason=reason, keep=keep)


def seal_from(
    warehouse: duckdb.DuckDBPyConnection,
    home: Home,
    spec_hash: str,
    *,
    kind: str = "regular",
    reason: str = "",
    keep: int = 5,
) -> Release:
    """Seal the marts of a warehouse that is open as the next release and make it current.

    When nothing differs from the newest release, the one in force is returned: the same input twice is one release, and
    one that somebody went back to stays until figures differ.

    Args:
        warehouse: opened, by whoever keeps it.
        home: the installation.
        spec_hash: hash of the catalogue and sources that the marts were computed from.
        kind: ``regular``, or ``correction`` (*đính chính*), which must give its reason.
        reason: why a correction was made.
        keep: how many releases stay for rollback; the current one always stays.

    Raises:
        ReleaseError: a correction without a reason, or a warehouse without marts.
    """
    if kind == "correction":
        require_reason(reason)
    home.published.mkdir(parents=True, exist_ok=True)
    _sweep(home)
    kept = releases(home)
    number = kept[-1].number + 1 if kept else 1
    draft = home.published / f".mart@{number}.draft"
    newest = kept[-1] if kept else None
    stamp = build_stamp(warehouse)
    if newest and kind == "regular" and stamp and stamp == newest.built:
        return _in_force_since(home, newest) or _point_at(home, newest)
    tables, n_patches = _write(warehouse, home, draft, Note.of(number, kind, reason, spec_hash), newest)
    if newest and newest.tables == tables and kind == "regular":
        draft.unlink()
        return _in_force_since(home, newest) or _point_at(home, newest)
    drill.point("release_drafted")
    sealed_at, known = clock.now().isoformat(), known_to(warehouse)
    release = Release(
        number,
        kind,
        reason,
        sealed_at,
        spec_hash,
        sha256_of(draft),
        tables,
        **asdict(known),
        built=stamp,
        n_patches=n_patches,
    )
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


def require_reason(reason: str) -> None:
    """Refuse a correction that does not say why.

    Raises:
        ReleaseError: the reason is blank.
    """
    if not reason.strip():
        raise ReleaseError(both("Bản đính chính phải nêu lý do", "A correction needs its reason"))


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


def _write(
    warehouse: duckdb.DuckDBPyConnection, home: Home, file: Path, note: Note, newest: Release | None
) -> tuple[dict[str, str], int]:
    """The tables of the next release: patched where it is known what was built since the newest release."""
    if newest is not None and newest.n_patches < MOST_PATCHES and _is_intact(home, newest):
        built = built_since(warehouse, newest.built)
        if built is not None:
            before = newest.file_in(home.published)
            tables = patch_marts(warehouse, file, note, before, built, newest.tables)
            return tables, newest.n_patches + 1
    return write_marts(warehouse, file, note), 0


def _is_intact(home: Home, release: Release) -> bool:
    try:
        verify(home, release)
    except ReleaseError:
        return False
    return True


def known_to(warehouse: duckdb.DuckDBPyConnection) -> Known:
    """How far the ledger had come when the inputs of a warehouse were loaded."""
    if not warehouse.execute("select 1 from information_schema.tables where table_schema = 'ledger'").fetchone():
        return Known()
    row = warehouse.execute(
        """select (select max(batch_no) from ledger.batch), (select max(submission_no) from ledger.submission),
            (select cast(as_of_date as varchar) from ledger.clock)"""
    ).fetchall()[0]
    return Known(*row)


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
