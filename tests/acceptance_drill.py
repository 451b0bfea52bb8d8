"""A clean process that forks pulls to be killed: it has imported what they need and used none of it.

Reads lines of home, source, dataset, period and drill with tabs between, pulls and commits there in a child of its own,
and answers with the child's wait status.
"""

import importlib
import os
import sys
from pathlib import Path


def run_once(home: str, source: str, dataset: str, partition: str, kill_at: str) -> int:
    """One pull and its commit, in a child that may be made to die; its status as ``waitpid`` tells it."""
    from connectors.acceptance import commit
    from connectors.extract import extract
    from connectors.ledger import Ledger
    from indicator_specs.home import Home

    registry = importlib.import_module("tests.workbooks").registry()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.environ["CHISO_DRILL"] = kill_at
            here = Home(Path(home))
            declared = registry.sources[source]
            read = extract(declared, registry.dataset(source, dataset), here, partition or None)
            with Ledger.open(here) as ledger:
                commit(here, ledger, read)
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def main() -> None:
    """Answer until the pipe ends."""
    for module in ("polars", "duckdb", "httpx", "connectors.acceptance", "alembic.command"):
        importlib.import_module(module)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        print(run_once(*line.rstrip("\n").split("\t")), file=answers)


if __name__ == "__main__":
    main()
