"""rebuild: the warehouse made anew from the ledger and the accepted rows alone, and held against the one that stands.

Nothing of the standing warehouse enters the new one: equal content hashes, table by table, show that it can be lost.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors import durable
from dbt_project.layout import PROJECT_DIR
from indicator_specs.home import Home
from pipelines.beside import beside
from pipelines.compute import compute_in_turn
from pipelines.hashing import table_hash
from pipelines.installation import Installation
from pipelines.turns import WAREHOUSE, turn

SCHEMAS = ("reference", "spec", "staging", "intermediate", "indicators", "marts", "lineage")
"""All that a build makes. The ledger's own tables are copied into a warehouse, not made."""


@dataclass(frozen=True)
class Rebuilt:
    """``schema.table`` → content hash, of the rebuilt warehouse and of the one that stood; none where none did."""

    tables: dict[str, str]
    before: dict[str, str] | None

    @property
    def differing(self) -> list[str]:
        """Tables that are not equal, or that only one of the two has."""
        before = self.tables if self.before is None else self.before
        return sorted(name for name in before.keys() | self.tables.keys() if before.get(name) != self.tables.get(name))


def rebuild(here: Installation, *, project: Path = PROJECT_DIR) -> Rebuilt:
    """Bring the standing warehouse up to date, build another beside it, compare them, and put the new one in place.

    Raises:
        BuildError: a model or a test failed; the standing warehouse stays.
        LeaseHeldError: another process keeps the warehouse.
    """
    with turn(here.ledger, WAREHOUSE):
        before = None
        if here.home.warehouse.exists():
            compute_in_turn(here, project=project).raise_on_failure()
            before = content_hashes(here.home)
        with beside(here.home) as apart:
            compute_in_turn(Installation(apart, here.registry), full=True, project=project).raise_on_failure()
            tables = content_hashes(apart)
            durable.fsync_file(apart.warehouse)
            apart.warehouse.replace(here.home.warehouse)
            durable.fsync_folder(here.home.warehouse.parent)
    return Rebuilt(tables, before)


def content_hashes(home: Home) -> dict[str, str]:
    """``schema.table`` → content hash of all that a build has made in a warehouse."""
    with duckdb.connect(str(home.warehouse), read_only=True) as warehouse:
        found = warehouse.execute(
            """select table_schema, table_name from information_schema.tables
            where list_contains(?, table_schema) order by all""",
            [list(SCHEMAS)],
        ).fetchall()
        return {f"{schema}.{name}": table_hash(warehouse, schema, name) for schema, name in found}
