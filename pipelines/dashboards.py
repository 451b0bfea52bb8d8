"""Whether Superset still shows what is in git: what it was last synchronised with, remembered beside its own data.

A synchronisation starts a program and takes seconds; a new release with the tables of the last one needs none.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

import superset_config
from connectors.durable import write_bytes
from indicator_specs.home import Home
from pipelines.release import CURRENT

MENDED_EVERY = 20 * 3600
"""Seconds after which all is synchronised again: what somebody changed by hand is put right once a day."""

IN_GIT = (".py", ".yml", ".yaml", ".css", ".html", ".svg", ".po", ".lock")


@dataclass(frozen=True)
class Dashboards:
    """Superset of one installation."""

    home: Home

    def are_synchronised(self) -> bool:
        """Whether the last synchronisation was of the same files and tables, and not long ago."""
        try:
            noted = json.loads(self._note.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return False
        if not 0 <= time.time() - noted["at"] < MENDED_EVERY:
            return False
        return bool(noted["superset"] == self._superset() and noted["content"] == self._content())

    def note_synchronised(self) -> None:
        """Remember what was synchronised. Call it after a success only."""
        note = {"at": time.time(), "superset": self._superset(), "content": self._content()}
        write_bytes(self._note, json.dumps(note).encode())

    @property
    def _note(self) -> Path:
        return self.home.superset / "synchronised.json"

    def _superset(self) -> list[str]:
        """Which Superset it was: its metadata database, should somebody throw it away and begin anew."""
        found = sorted(self.home.superset.glob("*.db"))
        return [f"{path.name} {path.stat().st_ino}" for path in found]

    def _content(self) -> str:
        """Hash of the files in git and of the release's tables and columns."""
        digest = hashlib.sha256()
        folder = Path(superset_config.__file__).parent
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in IN_GIT:
                digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
        release = (self.home.published / CURRENT).resolve()
        with duckdb.connect(str(release), read_only=True) as mart:
            columns = mart.execute(
                "select table_schema, table_name, column_name, data_type from information_schema.columns order by all"
            ).fetchall()
        digest.update(json.dumps(columns).encode())
        return digest.hexdigest()
