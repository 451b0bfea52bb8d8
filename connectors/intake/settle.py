"""Takes originals out of the agencies' folders once they are answered: into the archive, or into quarantine.

Every step can be repeated after a crash. A file that is no longer the one that was answered stays where it is:
it is the next submission.
"""

import errno
import os
import shutil
import stat
from pathlib import Path

from connectors import durable
from connectors.intake.claim import Identity
from connectors.intake.folders import OddEntry
from connectors.intake.names import safe_name
from connectors.intake.receipt import receipt_name
from connectors.ledger import Submission
from indicator_specs import drill
from indicator_specs.home import Home


def archive(home: Home, agency: str, submission_no: int, original: Path, identity: Identity) -> Path:
    """Move an answered file to ``archive/<agency>/PTN-000012-<name>``; many that go together are synced together.

    A move that a power cut undoes is made again: the file lies in its folder, and is known there as answered.

    Returns:
        Where it lies in the archive (also where an earlier, interrupted call has put it). Where the sender has
        meanwhile taken it away or replaced it, nothing is moved; the evidence holds what was answered.
    """
    return _move(home.archive, agency, submission_no, original, identity)


def quarantine(home: Home, agency: str, submission_no: int, original: Path, identity: Identity) -> Path:
    """As ``archive``, into ``quarantine/``; the file is made read-only."""
    target = _move(home.quarantine, agency, submission_no, original, identity)
    if target.exists():
        target.chmod(0o400)
    return target


def keep_in_archive(home: Home, room: Path, submission: Submission) -> Path:
    """Lay a copy of what was received into the archive or the quarantine, for a file that came from another store.

    Raises:
        OSError: our own store cannot be read or written.
    """
    target = room / submission.agency / f"{receipt_name(submission.submission_no)}-{safe_name(submission.file_name)}"
    if not target.exists():
        durable.write(target, lambda temporary: _copy(home.root / submission.evidence_path, temporary))
        target.chmod(0o400 if room == home.quarantine else 0o644)
    return target


def quarantine_odd(home: Home, entry: OddEntry) -> Path:
    """Move a link or a special file itself, not what it points at, into ``quarantine/<agency>/``.

    Raises:
        OSError: it cannot be renamed: the folder is read-only, or lies on another file system.
    """
    folder = durable.ensure_folder(home.quarantine / entry.agency)
    target = folder / f"{entry.oddity}-{os.lstat(entry.path).st_ino}-{safe_name(entry.path.name)}"
    entry.path.rename(target)
    durable.fsync_folder(folder)
    durable.fsync_folder(entry.path.parent)
    return target


def _move(room: Path, agency: str, submission_no: int, original: Path, identity: Identity) -> Path:
    target = room / agency / f"{receipt_name(submission_no)}-{safe_name(original.name)}"
    if not _is_still(original, identity):
        return target
    durable.ensure_folder(target.parent)
    try:
        original.rename(target)
    except OSError as reason:
        if reason.errno != errno.EXDEV:
            raise
        _copy_across(original, target, identity)
    else:
        if not _is_still(target, identity):
            # Replaced between the look and the rename: what we hold is a new submission. Put it back.
            _put_back(target, original)
    drill.point("intake.moved")
    return target


def _copy_across(original: Path, target: Path, identity: Identity) -> None:
    """To another file system: copy durably, then remove the original if it is still the same."""
    durable.write(target, lambda temporary: _copy(original, temporary))
    if _is_still(original, identity):
        original.unlink()


def _copy(original: Path, temporary: Path) -> None:
    shutil.copyfile(original, temporary, follow_symlinks=False)


def _put_back(target: Path, original: Path) -> None:
    """Give the name back without trampling on yet another file that may stand there by now."""
    try:
        os.link(target, original)
    except FileExistsError:
        return  # Two newer files: the one at the folder is read next, the other one is kept here.
    target.unlink()


def _is_still(path: Path, identity: Identity) -> bool:
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and Identity.of(status).is_same_content(identity)
