"""Lines to be killed: reads lines of home and drill, and answers with the child's wait status."""

import os
from datetime import date
from pathlib import Path

from pipelines import cadence
from tests.forked import in_child, serve

MODULES = ("great_expectations", "dbt.cli.main", "dbt.adapters.duckdb", "pipelines.line")


def run_once(home: str, kill_at: str) -> int:
    """One passage along the line."""
    from indicator_specs.home import Home
    from pipelines.installation import Installation
    from pipelines.line import run_line

    def work() -> int:
        os.environ.update(CHISO_HOME=home, CHISO_DRILL=kill_at)
        return 2 if run_line(Installation(Home(Path(home))), settle_seconds=0).missing else 0

    return in_child(work)


if __name__ == "__main__":
    cadence.FIRST_DAY = date(2026, 9, 1)  # two months of pulls are enough to die in
    serve(run_once, MODULES)
