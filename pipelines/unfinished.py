"""What a killed writer has left: files and folders under temporary names of ours that nobody will ever finish.

They are no data: a file exists when it has its name. Only names that this program gives itself are touched
(``.<16 hex digits>.part``), only in rooms that it writes itself, of an agency's folder only in its answers, and only
what has been still for a day by the machine's own clock (also where ours is held): no writer is.
"""

import re
import shutil
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from connectors.durable import TEMPORARY
from indicator_specs.home import Home
from pipelines.installation import Installation
from pipelines.rooms import Troubles, answer_folders, entries

STILL_FOR = timedelta(days=1)
"""The longest write, a pull of millions of rows, is over within the hour that Dagster allows it."""

_OURS = re.compile(rf"\.[0-9a-f]{{16}}{re.escape(TEMPORARY)}")


@dataclass(frozen=True)
class Unfinished:
    """A file or folder that was never finished, and the bytes in it."""

    path: Path
    size: int


def unfinished(home: Home, troubles: Troubles) -> list[Unfinished]:
    """What may go now, by path."""
    before = time.time() - STILL_FOR.total_seconds()
    paths = {path for path, _ in entries(home.root, troubles) if _OURS.fullmatch(path.name)}
    rooms = (home.evidence, home.landing, home.accepted, home.archive, home.quarantine, home.published)
    for room in (*rooms, *answer_folders(home, troubles)):
        paths.update(_ours(room, troubles))
    found = []
    for path in sorted(paths):
        with troubles.alone(path):
            touched, size = _seen(path)
            if touched < before:
                found.append(Unfinished(path, size))
    return found


def remove_unfinished(here: Installation, troubles: Troubles) -> list[Unfinished]:
    """Remove it, and say in the ledger how much went."""
    gone = []
    for each in unfinished(here.home, troubles):
        with troubles.alone(each.path):
            shutil.rmtree(each.path) if each.path.is_dir() else each.path.unlink()
            gone.append(each)
    if gone:
        here.ledger.event("pruned", "unfinished", {"files": len(gone)})
    return gone


def _ours(folder: Path, troubles: Troubles) -> Iterator[Path]:
    """Names of ours in a folder and below it."""
    for path, is_folder in entries(folder, troubles):
        if _OURS.fullmatch(path.name):
            yield path
        elif is_folder:
            yield from _ours(path, troubles)


def _seen(path: Path) -> tuple[float, int]:
    """When it last changed, or anything in it, and the bytes of all of it.

    Raises:
        OSError: not all of it can be looked at; also where its writer has just put it in place.
    """
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        return status.st_ctime, status.st_size
    inside = [_seen(each) for each in path.iterdir()]
    return max(status.st_ctime, *(when for when, _ in inside), 0.0), sum(size for _, size in inside)
