"""What a killed writer has left: files and folders under temporary names of ours that nobody will ever finish.

They are no data: a file exists when it has its name. Only names that this program gives itself are touched
(``.<16 hex digits>.part``), only in rooms that it writes itself, of an agency's folder only in its answers, and only
what has been still for a day by the machine's own clock (also where ours is held): no writer is.
"""

import os
import re
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from connectors.durable import TEMPORARY
from connectors.intake.names import ANSWERS
from indicator_specs.home import Home
from pipelines.installation import Installation

STILL_FOR = timedelta(days=1)
"""The longest write, a pull of millions of rows, is over within the hour that Dagster allows it."""

_OURS = re.compile(rf"\.[0-9a-f]{{16}}{re.escape(TEMPORARY)}")


def unfinished(home: Home, before: float) -> list[Path]:
    """What has not been touched since ``before`` (seconds of the epoch), by path; links are passed over."""
    rooms = (home.evidence, home.landing, home.accepted, home.archive, home.quarantine, home.published)
    answers = home.intake.glob(f"*/{ANSWERS}") if home.intake.is_dir() else ()
    found = [path for room in (home.root, *rooms, *answers) for path in _ours(room, deep=room != home.root)]
    return sorted(path for path in found if _touched(path) < before)


def remove_unfinished(here: Installation) -> list[Path]:
    """Remove it, and say in the ledger how much went.

    Raises:
        OSError: a file cannot be removed.
    """
    gone = unfinished(here.home, time.time() - STILL_FOR.total_seconds())
    for path in gone:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    if gone:
        here.ledger.event("pruned", "unfinished", {"files": len(gone)})
    return gone


def _ours(folder: Path, *, deep: bool) -> Iterator[Path]:
    """Names of ours in a folder and, where asked, below it."""
    if not folder.is_dir() or folder.is_symlink():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            if _OURS.fullmatch(entry.name) and (is_folder or entry.is_file(follow_symlinks=False)):
                yield Path(entry.path)
            elif is_folder and deep:
                yield from _ours(Path(entry.path), deep=True)


def _touched(path: Path) -> float:
    """When it last changed, or anything in it; a writer that has just put it in place leaves nothing to ask."""
    touched = 0.0
    try:
        for each in (path, *(path.rglob("*") if path.is_dir() else ())):
            touched = max(touched, each.lstat().st_ctime)
    except FileNotFoundError:
        return time.time()
    return touched
