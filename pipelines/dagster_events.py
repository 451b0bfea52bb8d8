"""Dagster's events in SQLite, with an engine kept for each file.

Dagster makes an engine anew for every look into a file and every event, and an engine begins with an empty cache: each
statement was compiled again, which was most of what an event cost (measured). It also looks up anew, several times an
event, which tables and columns there are. Files and tables are Dagster's own; so is the time for which a file is open,
but while a run of ours holds it open the connection is kept too.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

from pipelines.dagster_files import until_let_go

MOST_ENGINES = 20
"""Each run has a file of its own; an engine that is not kept is made again."""


class EventFiles(SqliteEventLogStorage):
    """As its parent; named in ``dagster.yaml``, where ``base_dir`` is Dagster's home."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._kept: dict[str, Connection] = {}
        self._one_at_a_time = threading.Lock()
        self._present: set[tuple[str, str]] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "EventFiles":
        """Called by Dagster with what ``dagster.yaml`` says."""
        return cls(str(Path(config_value["base_dir"]) / "history" / "runs"), inst_data)

    def run_connection(self, run_id: str | None = None) -> Any:
        """A connection to the file of a run, in a transaction of its own."""
        return self._connected(str(run_id))

    def index_connection(self) -> AbstractContextManager[Connection]:
        """A connection to what concerns all runs, in a transaction of its own."""
        return self._connected(INDEX_SHARD_NAME)

    def has_table(self, table_name: str) -> bool:
        """Whether there is such a table: one that was there stays."""
        return self._is_present("table", table_name, super().has_table)

    def has_secondary_index(self, name: str) -> bool:
        """Whether a summary of this name has been made: one that was made stays."""
        return self._is_present("index", name, super().has_secondary_index)

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        return self._is_present("column", column_name, partial(super()._has_asset_key_col_on_connection, conn))

    def _is_present(self, kind: str, name: str, look: Callable[[str], bool]) -> bool:
        if (kind, name) not in self._present:
            if not look(name):
                return False
            self._present.add((kind, name))
        return True

    @contextmanager
    def _connected(self, shard: str) -> Iterator[Connection]:
        with self._one_at_a_time:
            if until_let_go(self._let_go):
                if shard not in self._kept:
                    self._kept[shard] = self._engine(shard).connect()
                with self._kept[shard].begin():
                    yield self._kept[shard]
            else:
                with self._engine(shard).begin() as connection:
                    yield connection

    def _let_go(self) -> None:
        """Close the connections that were kept: whoever closes a file last folds its journal into it."""
        with self._one_at_a_time:
            while self._kept:
                self._kept.popitem()[1].close()

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.pop(shard, None)
        if engine is None:
            with super().run_connection(shard):
                pass  # It makes the tables of a file that is new.
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=NullPool,
                # One at a time uses it, but not always the thread that opened it.
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
        self._engines[shard] = engine
        while len(self._engines) > MOST_ENGINES:
            self._engines.popitem(last=False)[1].dispose()
        return engine
