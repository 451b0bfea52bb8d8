"""A clean process that forks lines to be killed: it has imported what they need and used none of it.

Forking the test process itself would hand its children the locks of threads that do not exist in them. Reads
``<home>\\t<point>`` lines, runs the line there in a child of its own, and answers with the child's wait status.
"""

import importlib
import os
import sys
from datetime import date
from pathlib import Path

from pipelines import cadence


def run_once(home: str, kill_at: str) -> int:
    """The line, in a child that may be made to die; its status as ``waitpid`` tells it."""
    from indicator_specs.home import Home
    from pipelines.installation import Installation
    from pipelines.line import run_line

    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.environ["CHISO_HOME"] = home
            os.environ["CHISO_DRILL"] = kill_at
            report = run_line(Installation(Home(Path(home))), settle_seconds=0)
            code = 2 if report.missing else 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def main() -> None:
    """Answer until the pipe ends."""
    cadence.FIRST_DAY = date(2026, 9, 1)  # two months of pulls are enough to die in
    for module in ("great_expectations", "dbt.cli.main", "dbt.adapters.duckdb", "pipelines.line"):
        importlib.import_module(module)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        home, _, point = line.rstrip("\n").partition("\t")
        print(run_once(home, point), file=answers)


if __name__ == "__main__":
    main()
