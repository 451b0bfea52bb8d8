"""The installation as assets meet it: opened once a process, and again when a declaration has changed.

A resident process takes dozens of steps an hour: each would otherwise read the catalogue and open the ledger anew.
"""

import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from indicator_specs.home import Home
from indicator_specs.registry import CATALOGUE, REFERENCE, SOURCES
from pipelines.installation import Installation

Looks = tuple[tuple[str, int, int], ...]
"""Path, time of last change and size of each file."""


def installation() -> Installation:
    """The installation that ``CHISO_HOME`` names, its catalogue as it stands now.

    Raises:
        SpecError: when its registry is asked for and a declaration has a mistake.
    """
    return _opened(Home.current().root, os.getpid(), looks((CATALOGUE, SOURCES, REFERENCE)))


@lru_cache(maxsize=1)
def _opened(root: Path, process: int, declared: Looks) -> Installation:
    # A forked child must not share its parent's connection to the ledger: hence the process.
    del process, declared
    return Installation(Home(root))


def looks(folders: Iterable[Path]) -> Looks:
    """How the files below some folders look from outside: milliseconds, where reading them takes a second."""
    return tuple(
        (entry.path, status.st_mtime_ns, status.st_size)
        for folder in folders
        for entry in _below(folder)
        if (status := entry.stat())
    )


def _below(folder: Path) -> Iterable[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        for entry in sorted(found, key=lambda each: each.name):
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _below(Path(entry.path))
            else:
                yield entry
