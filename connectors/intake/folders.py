"""Looks through the agencies' folders: what may be claimed, what must wait, what is refused, what is out of reach.

A folder that cannot be read is *unreachable*, never empty: nobody may conclude that an agency sent nothing.
Agencies take turns, so that one with ten thousand files does not delay the others.
"""

import errno
import heapq
import os
import stat
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Literal

from connectors import durable
from connectors.intake.backlog import MOST_KEPT, Entry
from connectors.intake.claim import Candidate, FileKey, Identity, SettleWatch
from connectors.intake.names import ANSWERS, is_temporary
from indicator_specs.home import Home

MOST_PER_AGENCY = 50
"""Files of one agency that one scan hands out; the rest has its turn at the next, so that a look takes seconds."""

Oddity = Literal["symlink", "hard_link", "not_a_file"]


@dataclass(frozen=True)
class OddEntry:
    """Something in a folder that is no ordinary file: never opened, held for inspection."""

    agency: str
    path: Path
    oddity: Oddity


@dataclass(frozen=True)
class Unreachable:
    """A folder that could not be looked through. ``agency`` is empty for the intake folder as a whole."""

    agency: str
    path: Path
    reason: str


@dataclass(frozen=True)
class FolderScan:
    """One look at all folders.

    ``candidates`` are settled files, agencies in turn, oldest first within an agency. ``waiting`` counts files
    that are still being written. ``reached`` names the agencies whose folder was read to its end.
    """

    candidates: tuple[Candidate, ...]
    waiting: int
    odd: tuple[OddEntry, ...]
    unreachable: tuple[Unreachable, ...]
    reached: frozenset[str]


def open_folder(home: Home, agency: str) -> Path:
    """Make an agency's folder with its folder of answers, whose presence shows that the share is mounted."""
    durable.ensure_folder(home.intake / agency / ANSWERS)
    return home.intake / agency


def scan(
    home: Home,
    watch: SettleWatch | None = None,
    expected: Collection[str] = (),
    limit: int = MOST_PER_AGENCY,
    taken_up: Collection[FileKey] = (),
) -> FolderScan:
    """Look through ``intake/`` once; opens no file but to see whether a zip is complete.

    Args:
        home: The installation.
        watch: Keep one from scan to scan; without it, only files that have been still by the server's clock count.
        expected: Agencies that should have a folder; a missing one is unreachable.
        limit: Candidates of one agency.
        taken_up: Files that an earlier look has handed out and that still lie there: passed over.
    """
    memory = watch or SettleWatch()
    looks = _Looks(memory, limit, frozenset(taken_up))
    try:
        folders = {entry.name: entry for entry in os.scandir(home.intake) if not entry.name.startswith(".")}
    except OSError as reason:
        looks.unreachable.append(Unreachable("", home.intake, reason.strerror or str(reason)))
        folders = {}
    for agency in sorted(folders):
        if folders[agency].is_dir(follow_symlinks=False):
            looks.look(agency, home.intake / agency)
        elif folders[agency].is_symlink():
            looks.unreachable.append(Unreachable(agency, home.intake / agency, "symlink"))
    for agency in sorted(set(expected) - set(folders)):
        looks.unreachable.append(Unreachable(agency, home.intake / agency, os.strerror(errno.ENOENT)))
    memory.forget_others(looks.present)
    return looks.result()


class _Looks:
    """Gathers what one scan sees."""

    def __init__(self, watch: SettleWatch, limit: int, taken_up: frozenset[FileKey]) -> None:
        self.present: set[Path] = set()
        self.unreachable: list[Unreachable] = []
        self._watch = watch
        self._limit = limit
        self._taken_up = taken_up
        self._n_taken_up = Counter(agency for agency, _, _ in taken_up)
        self._reached: set[str] = set()
        self._odd: list[OddEntry] = []
        self._queues: list[list[Candidate]] = []
        self._waiting = 0

    def look(self, agency: str, folder: Path) -> None:
        """One agency's folder."""
        try:
            entries = self._oldest(agency, folder)
            if not entries and not (folder / ANSWERS).is_dir():
                # The bare mount point of a share that is gone looks like an empty folder.
                raise FileNotFoundError(errno.ENOENT, f"{ANSWERS}/ is missing; is the share mounted?")
        except OSError as reason:
            self.unreachable.append(Unreachable(agency, folder, reason.strerror or str(reason)))
            return
        self._reached.add(agency)
        seen = [Candidate(agency, folder / name, Identity.of(status)) for _, name, status in entries]
        self.present.update(file.path for file in seen)
        files = [file for file in seen if file.key not in self._taken_up]
        settled = [file for file in files if self._watch.is_settled(file.path, file.identity)]
        self._waiting += len(files) - len(settled)
        self._queues.append(settled)

    def _oldest(self, agency: str, folder: Path) -> list[Entry]:
        limit = self._limit + self._n_taken_up[agency]
        known = self._watch.backlog.oldest(folder, limit)
        if known is not None:
            return known
        entries = heapq.nsmallest(max(limit, MOST_KEPT), self._entries(agency, folder))
        if len(entries) > limit:
            self._watch.backlog.keep(folder, entries)
        return entries[:limit]

    def _entries(self, agency: str, folder: Path) -> Iterator[Entry]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name == ANSWERS or is_temporary(entry.name):
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # Taken back by its sender since the folder was opened.
                oddity = _oddity(status)
                if oddity is not None:
                    self._odd.append(OddEntry(agency, folder / entry.name, oddity))
                elif stat.S_ISREG(status.st_mode):
                    yield status.st_ctime_ns, entry.name, status

    def result(self) -> FolderScan:
        """Agencies in turn."""
        turns = chain.from_iterable(zip_longest(*self._queues))
        return FolderScan(
            candidates=tuple(candidate for candidate in turns if candidate is not None),
            waiting=self._waiting,
            odd=tuple(sorted(self._odd, key=lambda entry: entry.path)),
            unreachable=tuple(self.unreachable),
            reached=frozenset(self._reached),
        )


def _oddity(status: os.stat_result) -> Oddity | None:
    """What keeps an entry from being a file of its own; folders are simply passed over."""
    if stat.S_ISLNK(status.st_mode):
        return "symlink"
    if stat.S_ISDIR(status.st_mode):
        return None
    if not stat.S_ISREG(status.st_mode):
        return "not_a_file"
    return "hard_link" if status.st_nlink != 1 else None
