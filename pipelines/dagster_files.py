"""Dagster's own SQLite files, while a run of this process writes into them.

Dagster opens, commits and closes a file anew for every event, and whoever closes a file of SQLite last folds its
journal into it: three waits for the disk for each of a thousand events, which were most of the time of a small run
(measured). While a run lasts, this process holds the files open and lets a journal be synced when it is folded. A power
cut may then cost Dagster the last events of that run, and never a file. What is true stands in the ledger, which is not
touched here.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry


@contextmanager
def held_open(folder: Path) -> Iterator[None]:
    """Hold every SQLite file under ``folder`` open from its first use in the block to the block's end.

    At the end journals are folded into their files, by which Dagster's page knows that there are new events.
    """
    held = _Held(folder.resolve())
    event.listen(Engine, "connect", held.take_up)
    try:
        yield
    finally:
        event.remove(Engine, "connect", held.take_up)
        held.close()


class _Held:
    """A connection of our own to each file: it reads once, writes nothing and so is in nobody's way."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._open: dict[Path, sqlite3.Connection] = {}

    def take_up(self, raw: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        """Called with each new connection, whoever makes it."""
        if not isinstance(raw, sqlite3.Connection):
            return
        file = Path(raw.execute("pragma database_list").fetchone()[2] or "/")
        if not file.is_relative_to(self._folder):
            return
        raw.execute("pragma synchronous=normal")
        with self._lock:
            if file not in self._open:
                self._open[file] = sqlite3.connect(file, check_same_thread=False)
            # A connection counts as a reader of the journal from its first reading of it; a new file has none at first.
            self._open[file].execute("select count(*) from sqlite_master").fetchone()

    def close(self) -> None:
        with self._lock:
            for connection in self._open.values():
                connection.close()
            self._open.clear()
