"""Dagster's own SQLite files, while a run of this process writes into them.

Dagster opens, commits and closes a file anew for every event, and whoever closes a file of SQLite last folds its
journal into it: three waits for the disk for each of a thousand events, which were most of the time of a small run
(measured). While a run lasts, this process holds the files open and lets a journal be synced when it is folded. A power
cut may then cost Dagster the last events of that run, and never a file. What is true stands in the ledger, which is not
touched here.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry


@contextmanager
def held_open(folder: Path) -> Iterator[None]:
    """Hold every SQLite file under ``folder`` open from its first use in the block to the block's end.

    At the end journals are folded into their files, by which Dagster's page knows that there are new events. One block
    at a time in a process.

    Raises:
        RuntimeError: another block holds files already.
    """
    held = _Held(folder.resolve())
    _holder.begin(held)
    try:
        yield
    finally:
        try:
            for let_go in _holder.end():
                let_go()
        finally:
            held.close()


def until_let_go(let_go: Callable[[], None]) -> bool:
    """Have ``let_go`` called when the block ends in which files are held; False where there is none now."""
    return _holder.until_end(let_go)


class _Held:
    """A connection of our own to each file: it reads once, writes nothing and so is in nobody's way."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[Path, sqlite3.Connection] = {}

    def take_up(self, raw: sqlite3.Connection) -> None:
        """Hold the file of a new connection, if it is one of the folder's."""
        file = Path(raw.execute("pragma database_list").fetchone()[2] or "/")
        if not file.is_relative_to(self._folder):
            return
        raw.execute("pragma synchronous=normal")
        if file not in self._open:
            self._open[file] = sqlite3.connect(file, check_same_thread=False)
        # A connection counts as a reader of the journal from its first reading of it; a new file has none at first.
        self._open[file].execute("select count(*) from sqlite_master").fetchone()

    def close(self) -> None:
        """Let go of every file."""
        for connection in self._open.values():
            connection.close()


class _Holder:
    """Whoever holds files now, if anybody: told of each new connection of this process, by whatever thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: _Held | None = None
        self._at_end: list[Callable[[], None]] = []

    def begin(self, held: _Held) -> None:
        with self._lock:
            if self._now is not None:
                raise RuntimeError("Dagster's files are held open already")
            self._now = held

    def until_end(self, let_go: Callable[[], None]) -> bool:
        """Whether there is a block, at whose end this will be called."""
        with self._lock:
            if self._now is not None and let_go not in self._at_end:
                self._at_end.append(let_go)
            return self._now is not None

    def end(self) -> list[Callable[[], None]]:
        """From here on nothing is taken up any more: what was begun has ended. Gives back whom to tell."""
        with self._lock:
            self._now, at_end, self._at_end = None, self._at_end, []
            return at_end

    def on_connect(self, raw: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        if isinstance(raw, sqlite3.Connection):
            with self._lock:
                if self._now is not None:
                    self._now.take_up(raw)


_holder = _Holder()
# Once, as this module is read: threads that connect go through the list of listeners, so nothing may alter it later.
event.listen(Engine, "connect", _holder.on_connect)
