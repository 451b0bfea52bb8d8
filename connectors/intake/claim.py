"""When a file may be taken, and taking it: our own copy, made once and checked against what was seen.

Owns the identity of a file in a folder. Trusts no name and no sender's clock; follows no link.
"""

import os
import stat
import struct
import time
from dataclasses import dataclass, field
from pathlib import Path

from connectors.durable import Evidence, Kept
from connectors.intake.backlog import Backlog
from connectors.intake.names import safe_suffix
from indicator_specs import drill
from indicator_specs.home import Home

SETTLE_SECONDS = 2.0
"""A file that has not changed for this long is complete, unless its zip directory is still missing."""

WHOLE_SECONDS = 1.0
"""The same for a zip whose directory ends where the file does: its last byte has come, whoever wrote it in order."""

PATIENCE_SECONDS = 60.0
"""How long a zip without its directory may be a slow copy rather than a damaged file."""

EMPTY_PATIENCE_SECONDS = 900.0
"""How long an empty file may be the beginning of a copy."""

_END = b"PK\x05\x06"
_TAIL = 65_536 + 22
"""The end record of a zip stands within this many bytes of its end (APPNOTE 4.3.16)."""


@dataclass(frozen=True)
class Identity:
    """What a file looked like: if any of it differs, it is another file or was written to."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Identity":
        """From ``lstat`` or ``fstat``."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def is_same_content(self, other: "Identity") -> bool:
        """The same file, not written to: a rename changes ``ctime`` and nothing else."""
        return (self.inode, self.size, self.mtime_ns) == (other.inode, other.size, other.mtime_ns)


FileKey = tuple[str, int, int]
"""What tells a file from its copies: agency, inode and time of its content."""


@dataclass(frozen=True)
class Candidate:
    """One regular file in an agency's folder."""

    agency: str
    path: Path
    identity: Identity

    @property
    def key(self) -> FileKey:
        """Also of the submission that it becomes; a rename does not change it."""
        return self.agency, self.identity.inode, self.identity.mtime_ns

    @property
    def name(self) -> str:
        """Its name as the sender gave it: metadata, never a path of ours."""
        return self.path.name


@dataclass(frozen=True)
class OwnCopy:
    """Bytes of a candidate in the evidence store. ``path`` is relative to the home."""

    sha256: str
    path: str
    size: int
    identity: Identity


class ChangedError(Exception):
    """The file was written to, replaced or taken away while we looked; it will be looked at again."""


@dataclass
class SettleWatch:
    """Remembers how files looked at earlier scans, so that stability does not depend on any clock of a sender.

    ``backlog`` is what those scans have found of crowded folders.
    """

    settle_seconds: float = SETTLE_SECONDS
    backlog: Backlog = field(default_factory=Backlog)
    _seen: dict[Path, tuple[Identity, float]] = field(default_factory=dict)

    def is_settled(self, path: Path, identity: Identity) -> bool:
        """Whether the file has kept still for the settle interval and does not look half-written.

        ``ctime`` is the server's own and moves with every write; where it lies in the past, one look is enough.
        """
        before, since = self._seen.get(path, (None, 0.0))
        if before != identity:
            since = time.monotonic()
            self._seen[path] = (identity, since)
        still = max(time.monotonic() - since, _age(identity))
        if still < min(self.settle_seconds, WHOLE_SECONDS):
            return False
        if still < self.settle_seconds:
            return is_whole_zip(path)
        if identity.size == 0:
            return still >= EMPTY_PATIENCE_SECONDS
        return still >= PATIENCE_SECONDS or not lacks_zip_directory(path)

    def forget_others(self, present: set[Path]) -> None:
        """Drop what is no longer in any folder."""
        for path in self._seen.keys() - present:
            del self._seen[path]


def take_copy(candidate: Candidate, home: Home) -> OwnCopy:
    """Copy a settled file into the evidence store under its own hash; the same bytes are kept once.

    Raises:
        ChangedError: it is not the file that was seen, or changed while it was copied. Nothing is lost: look again.
        OSError: the folder or the store failed.
    """
    try:
        descriptor = os.open(candidate.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as reason:
        raise ChangedError(f"{candidate.path.name} was taken away") from reason
    try:
        _check_same(candidate, os.fstat(descriptor))
        # Through the descriptor: what stands at the path by now may be another file.
        kept: Kept = Evidence(home).keep(Path(f"/proc/self/fd/{descriptor}"), safe_suffix(candidate.name))
        drill.point("intake.copied")
        _check_same(candidate, os.fstat(descriptor))
        _check_same(candidate, _lstat(candidate.path))
        if kept.size != candidate.identity.size:
            raise ChangedError(f"{candidate.name} has {candidate.identity.size} bytes, {kept.size} were copied")
    finally:
        os.close(descriptor)
    return OwnCopy(kept.sha256, kept.path, kept.size, candidate.identity)


def _check_same(candidate: Candidate, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1 or Identity.of(status) != candidate.identity:
        raise ChangedError(f"{candidate.name} changed while it was read")


def _lstat(path: Path) -> os.stat_result:
    try:
        return os.lstat(path)
    except FileNotFoundError as reason:
        raise ChangedError(f"{path.name} was taken away") from reason


def _age(identity: Identity) -> float:
    """Seconds since the last change by the server's clock; negative where a clock was moved."""
    return time.time() - max(identity.ctime_ns, identity.mtime_ns) / 1e9


def lacks_zip_directory(path: Path) -> bool:
    """Whether this begins as a zip and does not end as one: a copy that has stalled, or a damaged file."""
    found = _end_of_zip(path)
    return found is not None and _END not in found[0]


def is_whole_zip(path: Path) -> bool:
    """Whether this begins as a zip and ends with the very last byte of its directory."""
    tail, n_bytes = _end_of_zip(path) or (b"", 0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        return False
    size, offset, comment = (int(number) for number in struct.unpack("<IIH", tail[at + 12 : at + 22]))
    # The end record follows the directory at once, and nothing follows it but its own comment.
    return len(tail) == at + 22 + comment and n_bytes == offset + size + 22 + comment


def _end_of_zip(path: Path) -> tuple[bytes, int] | None:
    """The last bytes of a file that begins as a zip, and its size; None of any other, and of one that cannot be read.

    Whether it can be read at all is found out, and said, when it is copied.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return None
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        return file.read(), size
