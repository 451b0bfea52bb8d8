"""Incremental pulls to be killed: reads lines of home, source folder, seconds; answers with the status of a child."""

from pathlib import Path

from tests.forked import in_child, serve

MODULES = ("polars", "duckdb", "pyarrow.parquet", "connectors.acceptance", "pipelines.pulling", "alembic.command")
INCREMENTAL = {"mode": "incremental", "cursor": {"column": "seen", "start": "2026-01-01 00:00:00", "lag": "2 days"}}


def run_once(home: str, folder: str, seconds: str) -> int:
    """One pull of what is new and its commit, in a child that has so many seconds; all it wants where none are told."""
    from connectors.acceptance import commit
    from indicator_specs.home import Home
    from pipelines.installation import Installation
    from pipelines.pulling import pull
    from tests.machine_sources import source

    def work() -> int:
        here = Installation(Home(Path(home)))
        candidate = pull(here, *source("database", Path(folder), query="counts.sql", **INCREMENTAL), None)
        if candidate is not None:
            commit(here.home, here.ledger, candidate.extract)
        return 0

    return in_child(work, float(seconds) if seconds else None)


if __name__ == "__main__":
    serve(run_once, MODULES)
