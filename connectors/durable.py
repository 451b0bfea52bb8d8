"""Files that survive a power cut: written under a temporary name, fsynced, renamed, the folder fsynced.

Owns the one way in which a file comes to stand in a store. Knows nothing of what is inside it.
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indicator_specs import drill
from indicator_specs.home import Home

TEMPORARY = ".part"
"""Suffix of a file that is still being written; whoever scans a folder passes over it."""

OURS = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
"""Failures of this machine, whichever folder met them first: work stops, and nothing acknowledged is lost."""

_CHUNK = 1 << 20


def fsync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_file(path: Path) -> None:
    """Make what stands in ``path`` durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def ensure_folder(folder: Path) -> Path:
    """Make ``folder`` and its missing parents, each one durably named in its own parent."""
    missing = []
    here = folder
    while not here.is_dir():
        missing.append(here)
        here = here.parent
    for made in reversed(missing):
        made.mkdir(exist_ok=True)
        fsync_folder(made.parent)
    return folder


def write(target: Path, fill: Callable[[Path], None]) -> Path:
    """Let ``fill`` write a temporary file beside ``target``, then put it in place in one step.

    Readers see the whole old file or the whole new one. If ``fill`` fails, nothing has changed.

    Raises:
        OSError: the disk is full, the folder cannot be written, or ``fill`` failed so.
    """
    ensure_folder(target.parent)
    temporary = target.parent / f".{secrets.token_hex(8)}{TEMPORARY}"
    try:
        fill(temporary)
        return place(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def place(file: Path, target: Path) -> Path:
    """Put a finished file of the same folder in place in one durable step."""
    drill.point("file.filled")
    fsync_file(file)
    file.replace(target)
    drill.point("file.renamed")
    fsync_folder(target.parent)
    return target


def write_bytes(target: Path, content: bytes) -> Path:
    """Put ``content`` at ``target`` in one durable step."""
    return write(target, lambda temporary: _fill(temporary, content))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


@dataclass(frozen=True)
class Kept:
    """Where a piece of evidence lies: ``path`` is relative to the home."""

    sha256: str
    path: str
    size: int


class Evidence:
    """Bytes exactly as received, each under its own SHA-256: the same bytes twice are one file."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def keep(self, content: bytes | Path, suffix: str) -> Kept:
        """Keep a copy of ``content`` (bytes, or a file that is copied and hashed as copied).

        The hash is of what was stored, so that a file which changes while it is read cannot be filed
        under the hash of something else.

        Args:
            content: the bytes themselves, or the path of a regular file.
            suffix: extension with its dot, for whoever opens the store by hand; lower-cased.

        Raises:
            OSError: the source cannot be read or the store cannot be written.
        """
        if isinstance(content, bytes):
            digest = hashlib.sha256(content).hexdigest()
            target = self._target(digest, suffix)
            if not _holds(target, digest):
                write_bytes(target, content)
            return self._kept(target, digest)
        return self._copy(content, suffix)

    def take(self, file: Path, suffix: str) -> Kept:
        """Move a finished file of this file system into the store: what a reader wrote need not be written twice.

        Raises:
            OSError: the file cannot be read or the store cannot be written.
        """
        fsync_file(file)
        digest = sha256_of(file)
        target = self._target(digest, suffix)
        if not _holds(target, digest):
            self._rename(file, target)
        return self._kept(target, digest)

    def open_path(self, relative: str) -> Path:
        """The absolute path of a kept file.

        Raises:
            FileNotFoundError: no such evidence is in the store.
        """
        path = self._home.root / relative
        if not path.is_file():
            raise FileNotFoundError(f"evidence {relative} is not in {self._home.evidence}")
        return path

    def _copy(self, source: Path, suffix: str) -> Kept:
        folder = ensure_folder(self._home.evidence)
        temporary = folder / f".{secrets.token_hex(8)}{TEMPORARY}"
        digest = hashlib.sha256()
        try:
            with source.open("rb") as read, temporary.open("wb") as written:
                while piece := read.read(_CHUNK):
                    digest.update(piece)
                    written.write(piece)
                written.flush()
                os.fsync(written.fileno())
            target = self._target(digest.hexdigest(), suffix)
            if not _holds(target, digest.hexdigest()):
                self._rename(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
        return self._kept(target, digest.hexdigest())

    def _rename(self, file: Path, target: Path) -> None:
        ensure_folder(target.parent)
        drill.point("evidence.copied")
        file.replace(target)
        drill.point("evidence.renamed")
        fsync_folder(target.parent)

    def _target(self, digest: str, suffix: str) -> Path:
        return self._home.evidence / digest[:2] / f"{digest}{suffix.lower()}"

    def _kept(self, target: Path, digest: str) -> Kept:
        return Kept(digest, target.relative_to(self._home.root).as_posix(), target.stat().st_size)


def _holds(target: Path, digest: str) -> bool:
    """Whether ``target`` is there whole: a rotten copy is written anew rather than trusted."""
    return target.is_file() and sha256_of(target) == digest


def _fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)
