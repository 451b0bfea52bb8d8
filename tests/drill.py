"""Lines to be killed: reads lines of home and drill, and answers with the child's wait status.

Each is the line of a small installation, whose declarations and dbt project stand beside its home.
"""

import os
from functools import partial
from pathlib import Path

from tests.forked import in_child, serve

MODULES = ("great_expectations", "dbt.cli.main", "dbt.adapters.duckdb", "pipelines.line")


def run_once(home: str, kill_at: str) -> int:
    """One passage along the line."""
    from dbt_project.build import parse
    from indicator_specs.home import Home
    from pipelines import line
    from pipelines.compute import compute
    from pipelines.installation import Installation
    from tests.small_catalogue import Small

    specs, project = (Path(home).with_name(name) for name in ("specs", "dbt_project"))
    parse(Home(Path(home)), project)  # once: what dbt has read of the models is no file that a kill could spoil

    def work() -> int:
        os.environ.update(CHISO_HOME=home, CHISO_DRILL=kill_at)
        line.compute = partial(compute, project=project)
        here = Installation(Home(Path(home)), Small(specs).load())
        return 2 if line.run_line(here, settle_seconds=0).missing else 0

    return in_child(work)


if __name__ == "__main__":
    serve(run_once, MODULES)
