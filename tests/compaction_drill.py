"""Mergers to be killed: reads lines of home and drill, and answers with the child's wait status."""

import os
from pathlib import Path

from tests.forked import in_child, serve

MODULES = ("polars", "duckdb", "pyarrow.parquet", "connectors.compaction", "pipelines.compaction")


def run_once(home: str, kill_at: str) -> int:
    """One merge of the loose files of a home."""

    def work() -> int:
        os.environ.update(CHISO_HOME=home, CHISO_DRILL=kill_at)
        from indicator_specs.home import Home
        from pipelines.compaction import compact_loose
        from pipelines.installation import Installation

        return 2 if compact_loose(Installation(Home(Path(home))), least=2).faults else 0

    return in_child(work)


if __name__ == "__main__":
    serve(run_once, MODULES)
