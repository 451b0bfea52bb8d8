"""Pulls to be killed: reads lines of home, source, dataset, period, drill; answers with the wait status of a child."""

import importlib
import os
from pathlib import Path

from tests.forked import in_child, serve

MODULES = ("polars", "duckdb", "httpx", "connectors.acceptance", "alembic.command")


def run_once(home: str, source: str, dataset: str, partition: str, kill_at: str) -> int:
    """One pull and its commit."""
    from connectors.acceptance import commit
    from connectors.extract import extract
    from connectors.ledger import Ledger
    from indicator_specs.home import Home

    registry = importlib.import_module("tests.workbooks").registry()

    def work() -> int:
        os.environ["CHISO_DRILL"] = kill_at
        here = Home(Path(home))
        declared = registry.sources[source]
        read = extract(declared, registry.dataset(source, dataset), here, partition or None)
        with Ledger.open(here) as ledger:
            commit(here, ledger, read)
        return 0

    return in_child(work)


if __name__ == "__main__":
    serve(run_once, MODULES)
