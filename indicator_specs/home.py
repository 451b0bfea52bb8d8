"""Where an installation keeps its data. Only paths: nothing here opens or writes a file."""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Home:
    """The data folder of one installation and the rooms in it."""

    root: Path
    warehouse_name: str = "warehouse"
    """Another name is another warehouse, made beside the working one from the same accepted rows."""

    @classmethod
    def current(cls) -> "Home":
        """The home that ``CHISO_HOME`` names, or ``data/`` beside the code."""
        return cls(Path(os.environ.get("CHISO_HOME") or PROJECT / "data").resolve())

    @property
    def ledger(self) -> Path:
        """The SQLite file that is the truth about what was received."""
        return self.root / "ledger.sqlite"

    @property
    def intake(self) -> Path:
        """One folder per agency: ``intake/<org unit code>/`` and ``ket_qua/`` within it."""
        return self.root / "intake"

    @property
    def evidence(self) -> Path:
        """Bytes exactly as received, by content hash."""
        return self.root / "evidence"

    @property
    def landing(self) -> Path:
        """Readings as Parquet, by content hash."""
        return self.root / "landing"

    @property
    def accepted(self) -> Path:
        """Accepted rows as Parquet, by content hash."""
        return self.root / "accepted"

    @property
    def archive(self) -> Path:
        """Files that agencies dropped, after their answer."""
        return self.root / "archive"

    @property
    def quarantine(self) -> Path:
        """Files held for inspection."""
        return self.root / "quarantine"

    @property
    def warehouse(self) -> Path:
        """The working DuckDB file: one writer, rebuildable."""
        return self.root / "warehouse" / f"{self.warehouse_name}.duckdb"

    @property
    def published(self) -> Path:
        """Sealed releases, their manifests and the symlink ``mart.duckdb``."""
        return self.root / "published"

    @property
    def dagster(self) -> Path:
        """Dagster's own home."""
        return self.root / "dagster"

    @property
    def superset(self) -> Path:
        """Superset's own home."""
        return self.root / "superset"
