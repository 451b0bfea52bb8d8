"""Whole pulls to be killed: reads lines of home, kind, seconds; answers with the wait status of a child."""

from pathlib import Path

from tests.forked import in_child, serve

MODULES = (
    "polars",
    "httpx",
    "fsspec",
    "connectors.sdmx",
    "connectors.acceptance",
    "pipelines.pulling",
    "alembic.command",
)
PERIOD = "2026-09"


def run_once(home: str, kind: str, seconds: str) -> int:
    """One pull and its commit, in a child that has so many seconds; all it wants where none are told."""
    from connectors.acceptance import commit
    from indicator_specs.home import Home
    from pipelines.installation import Installation
    from pipelines.pulling import pull
    from tests.live_sources import HOW
    from tests.machine_sources import measure, source

    how = {"partition": "period", "connection": {"settle_seconds": "0.02"}, **HOW[kind]}
    if kind == "sdmx":
        how["measures"] = [measure("received", "RC"), measure("online", "ON")]
    declared = source(kind, Path(), **how)

    def work() -> int:
        here = Installation(Home(Path(home)))
        candidate = pull(here, *declared, PERIOD)
        assert candidate is not None
        commit(here.home, here.ledger, candidate.extract)
        return 0

    return in_child(work, float(seconds) if seconds else None)


if __name__ == "__main__":
    serve(run_once, MODULES)
